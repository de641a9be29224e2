/** Every measured patch, migrated: it is still accepted, and does what it did. */
import { join } from "node:path";
import { renderDocuments } from "../../../machine-configs";
import { judge, type NamedText } from "../../../machine-configs/judge";
import { migrate } from "../../../machine-configs/migrate";
import { expectGolden } from "../../helpers/golden";
import { refused, roles, type Verdict, verdicts } from "../verdicts";
import { baseFor, differences, linesOf, releaseOf, steps } from "./lines";

const targets = [...steps, { from: "1.11", to: "1.14" } as const].flatMap((step) =>
  roles.map((role) => ({ ...step, role, title: `${step.from}-${step.to}.${role}` })),
);

describe.each(targets)("from $from to $to, for a $role", ({ from, to, role, title }) => {
  const cases = verdicts
    .filter(({ verdict }) => verdict[releaseOf(from)][role] === "ok")
    .map((one) => {
      const migrations = one.patches.map((text, index) => migrate({ name: `${index}`, text }, { from, to, role }));
      const left = migrations.flatMap((each) =>
        each.left.map(({ problem }) => `left ${problem.code} ${problem.where}`),
      );
      const problems = migrations.flatMap((each) => each.problems.map(({ code, where }) => `refused ${code} ${where}`));
      const patches = migrations.map(({ text }, index) => ({ name: `${index}`, text }));
      const after = judge({ name: "base", text: baseFor(to, role) }, withContent(patches), { talos: releaseOf(to) });
      const moved = migrations.some((each) => each.moved.length > 0);
      return { ...one, patches, original: one.patches, after, moved, told: [...left, ...problems] };
    });

  test("what was accepted still is, or somebody is told why not", () => {
    expect(cases.length).toBeGreaterThan(100);
    expect(cases.filter(({ after, told }) => refused(after) && told.length === 0).map(nameOf)).toEqual([]);
  });

  test("what somebody is told is known", () => {
    const lines = cases.flatMap((one) => one.told.map((line) => `${nameOf(one)}: ${line}\n`));
    expectGolden(join(__dirname, "golden", `verdicts.${title}.txt`), lines.join(""));
  });

  test("a migrated patch makes of a migrated configuration what the configuration with the patch becomes", () => {
    const base = migrate({ name: "base", text: baseFor(from, role) }, { from, to }).text;
    const differing = cases
      .filter(({ moved, told }) => moved && told.length === 0)
      .flatMap((one) => {
        const patched = judge({ name: "base", text: base }, withContent(one.patches), { talos: releaseOf(to) });
        const original = one.original.map((text, index) => ({ name: `${index}`, text }));
        const before = judge({ name: "base", text: baseFor(from, role) }, original, { talos: releaseOf(from) });
        const whole = migrate({ name: "patch.yaml", text: renderDocuments(before.documents) }, { from, to });
        const lines = differences(linesOf(renderDocuments(patched.documents), to), linesOf(whole.text, to));
        return lines.filter((line) => !ANONYMOUS.test(line)).map((line) => `${nameOf(one)}: ${line}`);
      });
    expect(differing).toEqual([]);
  });
});

/** A patch leaves this as the newer contract generates it, and a configuration as it was. */
const ANONYMOUS = /KubeAuthenticationConfig\.configuration\.anonymous\./;

/** An empty text is no patch. */
function withContent(patches: readonly NamedText[]): readonly NamedText[] {
  return patches.filter(({ text }) => text.trim() !== "");
}

function nameOf(one: Pick<Verdict, "case">): string {
  return one.case;
}
