/** The form of the evidence. */
import Ajv from "ajv/dist/2020";
import { type Evidence, evidenceSchema, readEvidence } from "../../../analysis/gates/evidence";
import { figures } from "../../../analysis/gates/figures";
import { formatProblem, malformedEvidence, type Problem, ProblemsError, unknownFigure } from "../../../errors";
import { evidenceWith } from "./support";

test("everything that is wrong is said at once, with its place and value", () => {
  const problems = problemsOf({
    ...evidenceWith(),
    measuredAt: "yesterday",
    driftt: {},
    drift: { stacks: "126", measured: -1 },
    stageA: { sshMasked: { "k8s-node2": "yes" }, passdOn: "2026-06-06" },
    stageC: { sandbox: "nice", reviews: [{ from: "2026-06-14" }] },
  });
  expect(problems.map(({ code, where }) => `${code} ${where}`).sort()).toEqual([
    "malformed-evidence evidence.json drift.measured",
    "malformed-evidence evidence.json drift.stacks",
    "malformed-evidence evidence.json measuredAt",
    "malformed-evidence evidence.json stageA.sshMasked.k8s-node2",
    "malformed-evidence evidence.json stageC.reviews.0.until",
    "malformed-evidence evidence.json stageC.sandbox",
    "unknown-figure evidence.json driftt",
    "unknown-figure evidence.json stageA.passdOn",
  ]);
  expect(problems.map(formatProblem)).toContain(formatProblem(unknownFigure("evidence.json driftt")));
  expect(problems).toContainEqual(
    malformedEvidence("evidence.json drift.stacks", "126", "expected number, received string"),
  );
});

test.each<[object, string]>([
  [{ fileIntegrity: { nodes: 5, running: 6 } }, "6 does not fit: is more than nodes."],
  [{ drift: { stacks: 5, measured: 6 } }, "6 does not fit: is more than stacks."],
  [{ drift: { lastCompleteRun: "2026-07-25T08:00:01Z" } }, "is after measuredAt"],
  [{ backups: { walSince: "2026-07-25T08:00:01Z" } }, "is after measuredAt"],
  [{ backups: { vaultSnapshot: "2026-07-25T08:00:01Z" } }, "is after measuredAt"],
  [{ backups: { vaultOffsite: "2026-07-25T08:00:01Z" } }, "is after measuredAt"],
  [{ fileIntegrity: { since: "2027-06-13" } }, "is after measuredAt"],
  [{ stageA: { passedOn: "2027-06-13" } }, "is after measuredAt"],
  [{ stageB: { passedOn: "2027-06-13" } }, "is after measuredAt"],
  [{ stageD: { cutOverOn: "2027-06-13" } }, "is after measuredAt"],
  [{ stageC: { reviews: [{ from: "2026-06-14", until: "2026-06-13" }] } }, "is before from"],
  [{ stageC: { reviews: [{ from: "2026-07-25", until: "2026-07-26" }] } }, "is after measuredAt"],
  [
    { stageC: { reviews: [{ from: "2026-06-14", until: "2026-06-20", caught: 1, caughtIncidents: 2 }] } },
    "2 does not fit: is more than caught.",
  ],
])("%j is refused: figures that contradict each other", (changes, message) => {
  const { site, measuredAt } = evidenceWith();
  expect(problemsOf({ site, measuredAt, ...changes }).map((problem) => problem.message)).toEqual([
    expect.stringContaining(message),
  ]);
});

test("a day is that of the place where the figures were read", () => {
  const early = { site: "lab", measuredAt: "2026-07-25T00:30:00+02:00", stageA: { passedOn: "2026-07-25" } };
  expect(problemsOf(early)).toEqual([]);
});

test("null and nothing are the same: not known", () => {
  const { site, measuredAt } = evidenceWith();
  const evidence: Evidence = { site, measuredAt, drift: { stacks: null }, stageA: {} };
  expect(problemsOf(evidence)).toEqual([]);
});

test("the JSON Schema accepts what is accepted, and says of each figure where it comes from", () => {
  const schema = evidenceSchema();
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
  expect(validate(evidenceWith())).toBe(true);
  expect(validate({ ...evidenceWith(), drift: { stacks: "126" } })).toBe(false);
  const text = JSON.stringify(schema);
  expect(Object.values(figures).filter((source) => !text.includes(JSON.stringify(source)))).toEqual([]);
});

function problemsOf(json: unknown): readonly Problem[] {
  try {
    readEvidence(json, "evidence.json");
    return [];
  } catch (error) {
    if (!ProblemsError.is(error)) throw error;
    return error.problems;
  }
}
