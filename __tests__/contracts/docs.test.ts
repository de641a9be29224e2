import { existsSync, readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { transformSync } from "@swc/core";
import { driftClasses, findingsOf } from "../../analysis/drift-classes";
import { resultOf } from "../../analysis/drift-result";
import { noRules, readRules } from "../../analysis/drift-rules";
import { checkGate, gates } from "../../analysis/gates";
import { decideStageC, outcomes, rules } from "../../analysis/gates/decision";
import { readEvidence } from "../../analysis/gates/evidence";
import { figures } from "../../analysis/gates/figures";
import { defaultMaxMachines, guardRules, judgePlans } from "../../analysis/plan-guard";
import { readPlan } from "../../analysis/plan-objects";
import { vmChanges } from "../../analysis/vm-changes";
import { metricsText } from "../../cli/drift-metrics";
import { driftText } from "../../cli/drift-report";
import { decisionText, gateText } from "../../cli/gate-report";
import { guardText } from "../../cli/guard-report";
import { talosMetricsText, talosStates } from "../../cli/talos-metrics";
import * as cloudInit from "../../cloud-init";
import * as errors from "../../errors";
import * as library from "../../index";
import * as machineConfigs from "../../machine-configs";
import { type AlertRule, driftAlerts, talosDriftAlerts } from "../../manifests";
import { integrityAlerts } from "../../manifests/aide/alerts";
import { everyClass } from "../cli/support/drift-result";
import { vmPropTable } from "../constructs/vm-props";
import { expectGolden } from "../helpers/golden";
import { inFolder } from "../helpers/synth";
import { typeCheck } from "../helpers/type-check";
import { needTable } from "../machine-configs/intents";
import { moveTable, remainingTable } from "../machine-configs/migrate/table";

/**
 * What the pages say is true: their TypeScript compiles and runs, what they show as output is what comes out, and what
 * they name exists. The words after ``` say what a block is:
 *
 * - `ts`: a whole module. One with `new App(` is run and must synthesize; one with `test(` is run as the test it is.
 * - `ts fragment`: goes on with the app above it on the page, just before `app.synth()`.
 * - `ts refused`: the same, but the synth is refused.
 * - `… output`: what the block above it prints, or the refusal; `UPDATE_GOLDEN=1` writes it anew. The guard prints what
 *   it says about a recorded plan, and gates what they say about recorded evidence.
 *
 * A block with the comment `// …` leaves something out and is not checked.
 */
interface Block {
  /** Page and line. */
  readonly title: string;
  readonly language: string;
  readonly kind: string;
  readonly text: string;
}

/** A block as it is compiled and run. */
interface Program {
  readonly title: string;
  readonly kind: string;
  readonly text: string;
}

const root = path.resolve(__dirname, "../..");
const packageJson: { name: string; scripts: object } = JSON.parse(read("package.json"));
const pages = ["README.md", "CHANGELOG.md", "SECURITY.md", ...markdownBelow("docs")];
const prose = pages.map(read).join("\n");
const programs = pages.flatMap(programsOf);
const apps = programs.filter(({ text, kind }) => /new App\(|console\.log\(/.test(text) && kind !== "test");

/** What a page may import, by name. */
const modules: Readonly<Record<string, object>> = {
  [packageJson.name]: library,
  [`${packageJson.name}/machine-configs`]: machineConfigs,
  [`${packageJson.name}/cloud-init`]: cloudInit,
};

test("every TypeScript block type-checks", () => {
  expect(typeCheck(programs, Object.keys(modules).map(roomOf))).toBe("");
});

test.each(apps.map((app) => [app.title, app] as const))("%s runs, and is refused only where it says so", (_, app) => {
  const { refused, stacks } = run(app.text);
  expect(refused).toBe(app.kind === "refused");
  expect(stacks > 0).toBe(app.text.includes("new App(") && app.kind !== "refused");
});

const shown = pages.filter((page) =>
  /^```\w+ output$|^<!-- (?:problems|needs|rules|vm-props|moves|gates) -->$/m.test(read(page)),
);

test.each(shown)("%s shows what comes out, and the problems, needs, props and moves that there are", (page) => {
  expectGolden(path.join(root, page), withTables(withOutputs(page)));
});

describe.each(programs.filter(({ kind }) => kind === "test").map((program) => [program.title, program] as const))(
  "%s",
  (_, program) => evaluate(program.text),
);

test("the README's first block is the cluster of fifteen lines", () => {
  const [first] = blocksOf("README.md").filter(({ language }) => language === "ts");
  expect(first?.text).toContain("new App(");
  expect(first?.text.split("\n").filter((line) => line.trim() !== "").length).toBeLessThanOrEqual(15);
});

test("the README shows the two small examples as they are", () => {
  for (const name of ["single-node", "three-nodes"]) {
    expect(read("README.md")).toContain(`(examples/${name}.ts)`);
  }
});

test.each(pages)("every link of %s leads somewhere", (page) => {
  expect(linksOf(page).filter((link) => !leadsSomewhere(page, link))).toEqual([]);
});

test("every page is linked from another one", () => {
  const linked = pages.flatMap((page) =>
    linksOf(page).map((link) => path.join(path.dirname(page), link.replace(/#.*/, ""))),
  );
  expect(pages.filter((page) => page !== "README.md" && !linked.includes(page))).toEqual([]);
});

test("every public name is mentioned", () => {
  const names = [...publicNames(), ...Object.keys(machineConfigs), ...Object.keys(cloudInit)];
  expect(names.length).toBeGreaterThan(60);
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(prose))).toEqual([]);
});

test("every npm script that a page names exists", () => {
  const named = [...prose.matchAll(/\bnpm (?:run (?:--silent )?([\w:]+)|(test)\b)/g)].map(([, run, own]) => run ?? own);
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((name) => !(String(name) in packageJson.scripts))).toEqual([]);
});

test("the page about drift names every class and every metric, and its rules can be read", () => {
  const page = read("docs/drift.md");
  const metrics = [...metricsText(everyClass()).matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name);
  for (const word of [...driftClasses, ...metrics]) expect(page).toContain(`\`${word}\``);
  const [rules] = blocksOf("docs/drift.md").filter(({ language }) => language === "json");
  expect(readRules(JSON.parse(rules?.text ?? ""), "docs/drift.md").ignore).toHaveLength(2);
});

test("the page about Talos machines names every metric and every state", () => {
  const page = read("docs/talos-drift.md");
  const metrics = [
    ...talosMetricsText([], { started: new Date(0), ended: new Date(0) }, "").matchAll(/^# TYPE (\w+)/gm),
  ];
  expect(metrics.length).toBeGreaterThan(3);
  for (const word of [...metrics.map(([, name]) => name), ...talosStates]) expect(page).toContain(`\`${word}\``);
});

const alertsOf: Readonly<Record<string, readonly AlertRule[]>> = {
  "docs/drift.md": driftAlerts({ shards: 1, stacks: 1, toleratedHours: 1, silenceSeconds: 1 }),
  "docs/talos-drift.md": talosDriftAlerts({ cluster: "lab", longestGapSeconds: 1, silenceSeconds: 1 }),
  "docs/file-integrity.md": integrityAlerts({
    namespace: "a",
    name: "a",
    longestSilenceMinutes: 1,
  }),
};

test.each(Object.entries(alertsOf))(
  "%s says below a heading of its own what to do about each alert",
  (page, alerts) => {
    const headings = [...read(page).matchAll(/^#+ (\w+)$/gm)].map(([, heading]) => heading);
    expect(alerts.map(({ alert }) => alert).filter((alert) => !headings.includes(alert))).toEqual([]);
  },
);

// --- Blocks -------------------------------------------------------------------------------------------------------

function blocksOf(page: string): Block[] {
  const text = read(page);
  return [...text.matchAll(/^```(\w*) *(\w*).*\n([\s\S]*?)^```$/gm)].map((match) => {
    const [, language = "", kind = "", content = ""] = match;
    return { title: `${page}:${text.slice(0, match.index).split("\n").length}`, language, kind, text: content };
  });
}

function programsOf(page: string): Program[] {
  const blocks = blocksOf(page);
  return blocks.flatMap(({ title, language, kind, text }, index) => {
    if (language !== "ts" || text.includes("// …")) {
      return [];
    }
    if (kind !== "") {
      return [{ title, kind, text: continued(title, text, blocks.slice(0, index)) }];
    }
    return [{ title, kind: /^(?:test|describe)\(/m.test(text) ? "test" : "", text }];
  });
}

/** The page with every output as it comes out. */
function withOutputs(page: string): string {
  const blocks = blocksOf(page);
  let index = -1;
  return read(page).replace(/^(```.*\n)[\s\S]*?(^```$)/gm, (whole: string, head: string, end: string) => {
    index += 1;
    if (blocks[index]?.kind !== "output") {
      return whole;
    }
    return `${head}${printedBy(blocks[index - 1]).trimEnd()}\n${end}`;
  });
}

function printedBy(block: Block | undefined): string {
  if (block?.language === "sh" && block.text.includes("npm run synth")) {
    return run('require("../../main");').printed.replace(/^.*(?=\/stacks\/)/gm, "cdktf.out");
  }
  if (block?.language === "sh" && block.text.includes("guard plan.json")) {
    return guarded("two-control-planes-restart/lab-cluster.json");
  }
  if (block?.language === "sh" && block.text.includes("gate check stage-b")) {
    return gateText(checkGate("stage-b", evidenceOf("old-backup.json")));
  }
  if (block?.language === "sh" && block.text.includes("gate decide")) {
    return decisionText(decideStageC(evidenceOf("evidence.json")));
  }
  if (block?.language === "sh" && block.text.includes("drift classify plan.json")) {
    return classified("drift-only/lab-cluster.json");
  }
  const program = programs.find(({ title }) => title === block?.title);
  if (program === undefined) {
    throw new Error(`${block?.title} is no program, so it prints nothing.`);
  }
  return run(program.text).printed;
}

/** What the guard says about a recorded plan. */
function guarded(file: string): string {
  const plan = readPlan(JSON.parse(read(`__tests__/analysis/golden/plans/${file}`)), "plan.json");
  return guardText(judgePlans([plan], { maxMachines: defaultMaxMachines, allowances: [] }));
}

/** Recorded evidence. */
function evidenceOf(file: string) {
  return readEvidence(JSON.parse(read(`__tests__/analysis/golden/gates/${file}`)), file);
}

/** What `drift` says about a recorded plan. */
function classified(file: string): string {
  const plan = findingsOf(JSON.parse(read(`__tests__/analysis/golden/plans/${file}`)), "plan.json");
  const now = new Date(0);
  const facts = { started: now, ended: now, all: ["plan.json"], skipped: [] };
  return driftText(
    resultOf(facts, [{ name: "plan.json", confirmed: true, outcome: { kind: "planned", plan } }], noRules),
  );
}

/** The app with a fragment in it, and an import of the public names that only the fragment uses. */
function continued(title: string, fragment: string, above: readonly Block[]): string {
  const app = above.findLast(({ kind, text }) => kind === "" && text.includes("app.synth()"))?.text;
  if (app === undefined) {
    throw new Error(`${title} goes on with an app, but there is none above it.`);
  }
  const names = Object.keys(library).filter(
    (name) => new RegExp(`\\b${name}\\(`).test(fragment) && !new RegExp(`\\b${name}\\b`).test(app),
  );
  const imports = names.length === 0 ? "" : `import { ${names.join(", ")} } from "${packageJson.name}";\n`;
  return imports + app.replace("app.synth()", () => `${fragment}\napp.synth()`);
}

/** Runs a module with a folder of its own to synthesize to. */
function run(text: string) {
  const log = jest.spyOn(console, "log").mockImplementation(() => undefined);
  return inFolder((outdir) => {
    process.env["CDKTF_OUTDIR"] = outdir;
    let refusal = "";
    try {
      evaluate(text);
    } catch (error) {
      if (!library.ProblemsError.is(error)) {
        throw error;
      }
      refusal = error.message;
    } finally {
      delete process.env["CDKTF_OUTDIR"];
    }
    const printed = log.mock.calls.map(([line]) => String(line)).join("\n");
    log.mockRestore();
    const stacks = path.join(outdir, "stacks");
    return {
      printed: printed + refusal,
      refused: refusal !== "",
      stacks: existsSync(stacks) ? readdirSync(stacks).length : 0,
    };
  });
}

/** `machine-configs` of the name under which it is imported; `index` of the package's own. */
function roomOf(name: string): string {
  return name.slice(packageJson.name.length + 1) || "index";
}

function evaluate(text: string): void {
  const { code } = transformSync(text, {
    jsc: { parser: { syntax: "typescript" }, target: "es2023" },
    module: { type: "commonjs" },
  });
  new Function("require", "exports", code)((name: string) => modules[name] ?? require(name), {});
}

// --- Names, links and problems --------------------------------------------------------------------------------------

/** The names in index.ts, types among them. */
function publicNames(): string[] {
  const lists = [...read("index.ts").matchAll(/^export \{([^}]+)\}/gm)].map(([, list = ""]) => list);
  return lists.flatMap((list) => list.split(",")).flatMap((name) => name.replace(/\btype /, "").trim() || []);
}

/** Those within the repository. */
function linksOf(page: string): string[] {
  const text = read(page).replace(/^```[\s\S]*?^```$/gm, "");
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = ""]) => (link.startsWith("https:") ? [] : [link]));
}

function leadsSomewhere(page: string, link: string): boolean {
  const [file = "", anchor] = link.split("#");
  const target = file === "" ? page : path.join(path.dirname(page), file);
  return existsSync(path.join(root, target)) && (anchor === undefined || anchorsOf(target).includes(anchor));
}

/** As GitHub makes them. */
function anchorsOf(page: string): string[] {
  return [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

/** A page with the tables that come from the code, where it has one. */
function withTables(text: string): string {
  return text
    .replace(/(?<=<!-- problems -->\n)[\s\S]*(?=<!-- end of problems -->)/, () => `\n${problemTable()}\n`)
    .replace(/(?<=<!-- needs -->\n)[\s\S]*(?=<!-- end of needs -->)/, () => `\n${needTable()}\n\n`)
    .replace(/(?<=<!-- rules -->\n)[\s\S]*(?=<!-- end of rules -->)/, () => `\n${ruleTable(true)}\n\n`)
    .replace(/(?<=<!-- notes -->\n)[\s\S]*(?=<!-- end of notes -->)/, () => `\n${ruleTable(false)}\n\n`)
    .replace(/(?<=<!-- gates -->\n)[\s\S]*(?=<!-- end of gates -->)/, () => `\n${gateTable()}\n\n`)
    .replace(/(?<=<!-- outcomes -->\n)[\s\S]*(?=<!-- end of outcomes -->)/, () => `\n${outcomeTable()}\n\n`)
    .replace(/(?<=<!-- figures -->\n)[\s\S]*(?=<!-- end of figures -->)/, () => `\n${figureTable()}\n\n`)
    .replace(/(?<=<!-- vm changes -->\n)[\s\S]*(?=<!-- end of vm changes -->)/, () => `\n${vmChangeTable()}\n\n`)
    .replace(/(?<=<!-- vm-props -->\n)[\s\S]*(?=<!-- end of vm-props -->)/, () => `\n${vmPropTable()}\n\n`)
    .replace(/(?<=<!-- moves -->\n)[\s\S]*(?=<!-- end of moves -->)/, () => `\n${moveTable()}\n\n`)
    .replace(/(?<=<!-- remaining -->\n)[\s\S]*(?=<!-- end of remaining -->)/, () => `\n${remainingTable()}\n\n`);
}

/** One table per section of errors.ts; "…" stands for a value. */
function problemTable(): string {
  const [, ...sections] = read("errors.ts").split(/^\/\/ --- (?=\w)/m);
  return sections
    .map((section) => {
      const title = section.slice(0, section.search(/ -+\n/));
      return `### ${title}\n\n| code | meaning | remedy |\n| --- | --- | --- |\n${rowsOf(section).join("\n")}\n`;
    })
    .join("\n");
}

/** What the guard refuses, or else what it only says, as errors.ts has it. */
function ruleTable(refused: boolean): string {
  const [, section = ""] = read("errors.ts").split(/^\/\/ --- Plans /m);
  const rows = rowsOf(section.split(/^\/\/ --- /m)[0] ?? "");
  const ofRules = rows.filter((row) => guardRules().some((rule) => row.startsWith(`| \`${rule}\``)) === refused);
  const told = ofRules.filter((row) => !row.startsWith("| `not-a-plan`"));
  return [`| ${refused ? "rule" : "note"} | meaning | remedy |`, "| --- | --- | --- |", ...told].join("\n");
}

/** What each gate asks for. */
function gateTable(): string {
  const rows = Object.entries(gates).flatMap(([gate, { criteria }]) =>
    criteria.map(({ id, asks, figures: judgedBy }) => {
      const names = judgedBy.map((figure) => `\`${figure}\``).join(", ");
      return `| \`${gate}\` | \`${id}\` | ${asks} | ${names} |`;
    }),
  );
  return ["| gate | criterion | asks | judged by |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

/** The rules of the decision, in their order. */
function outcomeTable(): string {
  const rows = rules.map(({ rule, when, outcome }, index) => {
    const { number, title } = outcomes[outcome];
    return `| ${index + 1} | \`${rule}\` | ${when} | ${number}, \`${outcome}\`: ${title} |`;
  });
  return ["| | rule | applies when | outcome |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

/** Where each figure of the evidence comes from. */
function figureTable(): string {
  const rows = Object.entries(figures).map(([figure, source]) => `| \`${figure}\` | ${source} |`);
  return ["| figure | what it is, and where it comes from |", "| --- | --- |", ...rows].join("\n");
}

/** The attributes of a VM by what their change does. */
function vmChangeTable(): string {
  const effects = [...new Set(vmChanges.map(({ effect }) => effect))];
  const rows = effects.map((effect) => {
    const attributes = vmChanges
      .filter((change) => change.effect === effect)
      .sort((a, b) => (a.path < b.path ? -1 : 1));
    const names = attributes.map(({ path: name, unless }) => {
      const exception = unless === undefined ? "" : ` (unless ${unless.when}: ${unless.effect})`;
      return `\`${name}\`${exception}`;
    });
    return `| ${effect} | ${names.join(", ")} |`;
  });
  return ["| effect | attributes |", "| --- | --- |", ...rows].join("\n");
}

const makers = new Map<string, unknown>(Object.entries(errors));

function rowsOf(section: string): string[] {
  const functions = section.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport function (\w+)\(([^)]*)\): Problem/g);
  return [...functions].flatMap(([, comment = "", name = "", parameters = ""]) => {
    const meaning = comment
      .replace(/^ *\* ?/gm, "")
      .trim()
      .replace(/\n/g, " ");
    const types = parameters.split(/,\s*/).flatMap((parameter) => parameter.split(": ")[1] ?? []);
    const codes = types.includes("Claim") ? claims() : [undefined];
    return codes.map((claim) => {
      const { code, remedy, severity } = (makers.get(name) as (...values: unknown[]) => errors.Problem)(
        ...types.map((type) => (type === "Claim" ? claim : placeholder(type))),
      );
      return `| \`${code}\`${severity === "warning" ? " (warning)" : ""} | ${cell(meaning)} | ${cell(remedy)} |`;
    });
  });
}

/** The kinds of values that only one thing may have, as errors.ts lists them. */
function claims(): string[] {
  const [, kinds = ""] = /export type Claim =([^;]+);/.exec(read("errors.ts")) ?? [];
  return [...kinds.matchAll(/"([^"]+)"/g)].flatMap(([, kind]) => kind ?? []);
}

function placeholder(type: string): unknown {
  if (type === "Problem") return { code: "…", where: "…", message: "…", remedy: "…" };
  return type === "number" ? new Ellipsis() : type.endsWith("[]") ? ["…"] : "…";
}

/** Shows as "…" where it is written, and counts as a number where it is calculated with. */
class Ellipsis {
  [Symbol.toPrimitive](hint: string): string | number {
    return hint === "string" ? "…" : 2;
  }
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}

function markdownBelow(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => path.join(folder, file))
    .sort();
}

function read(file: string): string {
  return readFileSync(path.join(root, file), "utf8");
}
