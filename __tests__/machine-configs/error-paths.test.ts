/** Where Talos' own validator says which field is wrong, we say the same one: needs its words, in TALOS_VERDICTS. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { MachineRole } from "../../machine-configs";
import { judged, type MeasuredRelease, refused, releases, verdicts } from "./verdicts";

interface Refusal {
  readonly case: string;
  readonly role: MachineRole;
  readonly error: string;
}

/** The part of the refusals of which we name the same field. Not to be lowered: the goal is 90 %. */
const floor = 0.98;

/** The fields that a refusal names: `machine.install.disk`, or the nested keys that it did not know. */
function namedIn(error: string): readonly (readonly string[])[] {
  const [, unknown] = /unknown keys found during decoding:\s*(.*)$/s.exec(error) ?? [];
  if (unknown !== undefined) {
    const keys = [...unknown.matchAll(/(?:^|[\s{])-?\s*"?([\w./-]+)"?:(?=\s|$)/g)];
    return [keys.flatMap(([, key = ""]) => key.split("."))];
  }
  return [...error.matchAll(/\b(?:machine|cluster)(?:\.[a-zA-Z][\w-]*)+/g)].map(([path]) =>
    (MISNAMED[path] ?? path).split("."),
  );
}

/** Fields that Talos itself names wrongly. */
const MISNAMED: Readonly<Record<string, string>> = {
  "machine.cluster.network": "cluster.network",
  "machine.cluster.proxy": "cluster.proxy",
  "machine.controlplane.controllerManager": "machine.controlPlane.controllerManager",
  "machine.controlplane.scheduler": "machine.controlPlane.scheduler",
};

/** Whether one path begins as the other does, without the places in lists. */
function isSame(named: readonly string[], ours: readonly (string | number)[]): boolean {
  const keys = ours.filter((key) => typeof key === "string").flatMap((key) => key.split("."));
  const shorter = Math.min(named.length, keys.length);
  return shorter > 0 && named.slice(0, shorter).every((key, index) => key === keys[index]);
}

const results = releases.map((release) => {
  const refusals = errorsOf(release).filter(({ error }) => namedIn(error).length > 0);
  const differing = refusals.filter(({ case: name, role, error }) => {
    const one = verdicts.find((verdict) => verdict.case === name);
    if (one === undefined) throw new Error(`There is no case "${name}".`);
    const ours = judged(one, release, role);
    return !refused(ours) || !namedIn(error).some((named) => ours.problems.some(({ path }) => isSame(named, path)));
  });
  return { release, measured: refusals.length, differing };
});

test.each(results)("$release: the path that Talos names", ({ measured, differing }) => {
  expect(measured).toBeGreaterThan(100);
  expect(1 - differing.length / measured).toBeGreaterThanOrEqual(floor);
});

afterAll(() => {
  const lines = results.map(({ release, measured, differing }) => {
    const names = [...new Set(differing.map(({ case: name }) => name))];
    return `${release}: ${measured - differing.length} of ${measured}${names.map((name) => `\n  other path: ${name}`).join("")}`;
  });
  process.stdout.write(`\nPaths that Talos names\n${lines.join("\n")}\n`);
});

function errorsOf(release: MeasuredRelease): readonly Refusal[] {
  const folder = process.env["TALOS_VERDICTS"];
  if (folder === undefined) throw new Error("TALOS_VERDICTS has to name the folder with Talos' own refusals.");
  return readFileSync(join(folder, "errors", `${release}.jsonl`), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}
