/** What becomes of representative patches, of what Talos generates, and of what the intents write. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Problem } from "../../../errors";
import { type Contract, composeConfiguration, renderDocuments } from "../../../machine-configs";
import { judge } from "../../../machine-configs/judge";
import { type Migration, migrate, type Remark } from "../../../machine-configs/migrate";
import { expectGolden } from "../../helpers/golden";
import { examples, machineOf } from "../intents";
import { contracts } from "../machines";
import { roles } from "../verdicts";
import { baseFor, differences, linesOf, steps } from "./lines";

describe.each(readdirSync(join(__dirname, "patches")))("the patch %s", (file) => {
  const original = readFileSync(join(__dirname, "patches", file), "utf8");

  test.each(steps)("goes from $from to $to", ({ from, to }) => {
    const result = migrate({ name: file, text: patchFor(from, original) }, { from, to, role: "controlplane" });
    expectGolden(golden(file, to), reportOf(result) + result.text);
  });

  test("becomes the same at once as in steps", () => {
    const { text } = migrate({ name: file, text: original }, { from: "1.11", to: "1.14", role: "controlplane" });
    expect(linesOf(text, "1.14")).toEqual(linesOf(patchFor("1.14", original), "1.14"));
  });
});

describe.each(roles)("the configuration of a %s", (role) => {
  test.each(steps)("that $from generated is accepted at $to, and differs from the one that $to generates", (step) => {
    const { from, to } = step;
    const result = migrate({ name: "patch.yaml", text: baseFor(from, role) }, step);
    expect({ left: result.left, problems: result.problems }).toEqual({ left: [], problems: [] });
    const lines = differences(linesOf(result.text, to), linesOf(baseFor(to, role), to));
    expectGolden(golden(`${role}.txt`, to), `${lines.join("\n")}\n`);
  });
});

describe.each(steps)("from $from to $to, what an intent writes", ({ from, to }) => {
  const those = examples
    .filter(({ contracts: some = contracts }) => some.includes(from) && some.includes(to))
    .map((example) => {
      const { role } = machineOf(example, to);
      const written = (contract: Contract) =>
        renderDocuments(composeConfiguration(machineOf(example, contract), [example.intent(contract)]).documents);
      const machineWith = (text: string) => {
        const patches = [{ name: "patch", text }];
        const { documents } = judge({ name: "", text: baseFor(to, role) }, patches, { talos: `${to}.0` });
        return withoutAliases(linesOf(renderDocuments(documents), to));
      };
      const result = migrate({ name: "patch.yaml", text: written(from) }, { from, to, role });
      return { title: example.title, left: result.left, compare: () => [result.text, written(to)].map(machineWith) };
    });

  test.each(those.filter(({ left }) => left.length === 0))("becomes what it writes there: $title", ({ compare }) => {
    const [migrated = [], wanted = []] = compare();
    const differing = differences(migrated, wanted);
    expect(differing.filter((line) => !MAY_DIFFER.some((one) => one.test(line)))).toEqual([]);
  });

  test("is left where it is known", () => {
    const lines = those.flatMap(({ title, left }) => left.map(({ problem }) => `${title}: ${textOf(problem)}\n`));
    expectGolden(golden("intents.txt", to), lines.join(""));
  });
});

/** What an intent does not say in the same way, although it means the same. */
const MAY_DIFFER = [
  // Each contract has an image of its own.
  /^. (?:machine\.install|UnattendedInstallConfig\.installer)\.image = /,
  // A link is up anyway, and one that only has a virtual address is told of as well.
  /^. \w+Config\/\w+(?:\.\d+)?\.up = true$/,
  /^- (?:Link|VLAN)Config\/\S+\.(?:apiVersion|kind|name|parent|vlanID) = /,
  // The document would send the address of the link where the section sends nothing.
  /^- DHCPv4Config\/\w+\.clientIdentifier = "none"$/,
  // From 1.13 on the driver does not need it.
  /^- machine\.sysctls\["net\.core\.bpf_jit_harden"\] = /,
  // A name follows from the file or the address, where somebody has chosen one.
  /^. (?:CRICustomizationConfig|KubeExternalManifestConfig)\//,
  // A worker does without the part that each node gets.
  /^\+ KubeNetworkConfig\.nodeCIDRMaskSizeIPv4 = /,
];

/** Lines in which the hardware address of a link stands for the alias that it was given. */
function withoutAliases(lines: readonly string[]): readonly string[] {
  const aliases = lines.flatMap((line) => {
    const [, name, address] = /^LinkAliasConfig\/([^.]+)\.selector\.match = .*((?:\w\w:){5}\w\w)/.exec(line) ?? [];
    return name === undefined || address === undefined ? [] : [{ name, address: address.replaceAll(":", "") }];
  });
  const rename = (line: string) =>
    aliases.reduce(
      (text, { name, address }) => text.replaceAll(new RegExp(`(?<=[/"])${name}(?=[."])`, "g"), address),
      line,
    );
  return lines.map(rename);
}

/** A patch of the first contract in the form of another one. */
function patchFor(contract: Contract, original: string): string {
  const until = steps.filter(({ to }) => contracts.indexOf(to) <= contracts.indexOf(contract));
  return until.reduce(
    (text, step) => migrate({ name: "patch.yaml", text }, { ...step, role: "controlplane" }).text,
    original,
  );
}

/** What a person is told, as comments. */
function reportOf({ moved, left, notes, problems }: Migration): string {
  const remark = (word: string) => (one: Remark) => `${one.line}:${one.column}: ${word}: ${textOf(one.problem)}`;
  const lines = [
    ...moved.map(({ from, to, line, column }) => `${line}:${column}: ${from} → ${to}`),
    ...left.map(remark("left")),
    ...notes.map(remark("note")),
    ...problems.map(({ severity, code, where }) => `${severity}: ${code} ${where}`),
  ];
  return lines.map((line) => `# ${line}\n`).join("");
}

function textOf({ code, where }: Problem): string {
  return `${code} ${where}`;
}

function golden(file: string, contract: Contract): string {
  return join(__dirname, "golden", file.replace(".", `.${contract}.`));
}

test.each(["worker", "join"])(
  "a patch that says that its machines are of type %s is judged as one of workers",
  (type) => {
    const file = { name: "patch.yaml", text: `machine: {type: ${type}, nodeLabels: {a: b}}\n` };
    for (const role of [undefined, ...roles]) {
      const { problems, notes } = migrate(file, { from: "1.13", to: "1.14", ...(role === undefined ? {} : { role }) });
      expect([...problems, ...notes].map((one) => JSON.stringify(one))).toEqual([]);
    }
  },
);
