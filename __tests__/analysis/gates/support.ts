import { readFileSync } from "node:fs";
import * as path from "node:path";
import { type Evidence, readEvidence } from "../../../analysis/gates/evidence";

/** A site that has passed all gates up to Stage C. A test names what it changes; sections are merged. */
export function evidenceWith(changes: Changes = {}): Evidence {
  const sections = Object.entries(changes).map(([name, section]) => [name, merged(complete[name], section)]);
  return readEvidence({ ...complete, ...Object.fromEntries(sections) }, "evidence.json");
}

type Changes = { readonly [Section in keyof Evidence]?: Partial<Evidence[Section]> };

const complete: Readonly<Record<string, unknown>> = JSON.parse(
  readFileSync(path.join(__dirname, "../golden/gates/evidence.json"), "utf8"),
);

function merged(section: unknown, changes: unknown): unknown {
  return typeof changes === "object" ? { ...Object(section), ...changes } : changes;
}

/** A weekly review in which nothing happened. */
export function review(from: string, until: string) {
  const nothing = { unmeasuredDays: 0, caught: 0, caughtIncidents: 0, uncaught: 0, uncaughtIncidents: 0, sshMissed: 0 };
  return { from, until, ...nothing };
}
