import type { DriftFinding } from "../../../analysis/drift-classes";
import { type DriftResult, type Measurement, resultOf } from "../../../analysis/drift-result";
import { readRules } from "../../../analysis/drift-rules";

/** A site with a stack of every class, and what was there the day before. */
export function everyClass(): DriftResult {
  const before = resultOf(facts("2026-11-20T06:00:00Z"), yesterday, rules);
  return resultOf(
    { ...facts("2026-11-21T06:00:00Z"), commit: "0123456789abcdef0123456789abcdef01234567" },
    today,
    rules,
    before,
  );
}

const rules = readRules(
  {
    ignore: [
      { address: "*", attributes: ["description"], reason: "written by the backup", until: "2026-12-31" },
      { address: "vm.old", reason: "until the move", until: "2026-11-19" },
    ],
  },
  "rules",
);

const yesterday = [
  planned("apps", found("drift", "vm.a"), found("drift", "vm.gone")),
  planned("broken"),
  planned("cut-off", found("drift", "vm.kept")),
  planned("fine"),
  planned("left"),
];

const today = [
  planned("apps", found("drift", "vm.a"), found("drift", 'vm.b["<script>alert(1)</script>"]'), found("drift", "vm.c")),
  { name: "broken", confirmed: true, outcome: { kind: "error", reason: "terraform plan failed: Missing <argument>" } },
  { name: "cut-off", confirmed: false, outcome: { kind: "not measured", reason: "ended by SIGTERM" } },
  planned("fine", { ...found("drift", "vm.f"), attributes: ["description"] }),
  planned("later", found("pending apply", "vm.d")),
  planned("silent", found("silent drift", "vm.e")),
  { name: "told", seconds: 1, confirmed: true, outcome: { kind: "planned", plan: { findings: [], outputs: ["url"] } } },
] satisfies Measurement[];

function facts(time: string) {
  const ended = new Date(time);
  const started = new Date(ended.getTime() - 90_000);
  const all = ["apps", "broken", "cut-off", "fine", "later", "silent", "told"];
  return { started, ended, all, skipped: [{ name: "_template", reason: "a scaffold" }] };
}

function planned(name: string, ...findings: DriftFinding[]): Measurement {
  return { name, seconds: 2.5, confirmed: true, outcome: { kind: "planned", plan: { findings, outputs: [] } } };
}

function found(kind: DriftFinding["kind"], address: string): DriftFinding {
  return { kind, address, action: "update", attributes: ["tags"] };
}
