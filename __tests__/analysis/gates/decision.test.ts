/** The decision after Stage C. */
import * as path from "node:path";
import { type Decision, decideStageC, outcomes, rules, ruling, type Situation } from "../../../analysis/gates/decision";
import { expectGolden } from "../../helpers/golden";
import { evidenceWith, review } from "./support";

const levels = ["none", "harmless", "harmful"] as const;
const sandboxes = ["not-explored", "clean", "show-stopper"] as const;

/** Everything that the rules tell apart. */
const situations: readonly Situation[] = levels.flatMap((caught) =>
  levels.flatMap((uncaught) =>
    sandboxes.flatMap((sandbox) => [false, true].map((hasHours) => ({ caught, uncaught, sandbox, hasHours }))),
  ),
);

test("GATE-6, X-2, X-3: every combination has one of the four outcomes", () => {
  const rows = situations.map((situation) => {
    const { caught, uncaught, sandbox, hasHours } = situation;
    const { outcome, rule } = ruling(situation);
    return `${caught.padEnd(8)} | ${uncaught.padEnd(8)} | ${sandbox.padEnd(12)} | ${hasHours ? "100 h" : "-    "} | ${outcomes[outcome].number} ${rule}`;
  });
  const head = "caught   | uncaught | sandbox      | hours | outcome and rule";
  expectGolden(path.join(__dirname, "../golden/gates/decisions.txt"), `${[head, ...rows].join("\n")}\n`);
});

test("GATE-2, GATE-3, GATE-4, GATE-5: each of the four outcomes is reached, and by each rule", () => {
  const reached = situations.map((situation) => ruling(situation));
  expect([...new Set(reached.map(({ outcome }) => outcomes[outcome].number))].sort()).toEqual([1, 2, 3, 4]);
  expect(new Set(reached.map(({ rule }) => rule))).toEqual(new Set(rules.map(({ rule }) => rule)));
});

/** The rows of the source's table, and what they say. */
const rows: readonly { readonly outcome: string; readonly applies: (situation: Situation) => boolean }[] = [
  { outcome: "defer", applies: ({ caught, uncaught }) => caught === "none" && uncaught === "none" },
  { outcome: "stay", applies: ({ caught, uncaught }) => caught === "harmless" && uncaught === "none" },
  { outcome: "talos", applies: ({ uncaught }) => uncaught === "harmful" },
  { outcome: "defer", applies: ({ sandbox }) => sandbox === "show-stopper" },
  { outcome: "talos", applies: ({ sandbox, hasHours }) => sandbox === "clean" && hasHours },
];

test("GATE-6: where the source's rows agree, the outcome is theirs; where none applies, a person reviews", () => {
  for (const situation of situations) {
    const said = new Set(rows.filter(({ applies }) => applies(situation)).map(({ outcome }) => outcome));
    const { outcome, rule } = ruling(situation);
    expect([situation, said.size === 0 ? [outcome, rule] : said.has(outcome)]).toEqual([
      situation,
      said.size === 0 ? ["stop", "review"] : true,
    ]);
  }
});

test.each<[string, Partial<Situation>, string]>([
  ["no drift before a wish for Talos", { sandbox: "clean", hasHours: true }, "no-drift"],
  ["contained drift before a wish for Talos", { caught: "harmless", sandbox: "clean", hasHours: true }, "contained"],
  ["contained drift before a show-stopper", { caught: "harmless", sandbox: "show-stopper" }, "contained"],
  ["a show-stopper before a need for Talos", { uncaught: "harmful", sandbox: "show-stopper" }, "show-stopper"],
])("X-3: where rows overlap, %s", (_, facts, rule) => {
  const nothing: Situation = { caught: "none", uncaught: "none", sandbox: "not-explored", hasHours: false };
  expect(ruling({ ...nothing, ...facts }).rule).toBe(rule);
});

test("what would change the outcome is true, and complete", () => {
  for (const situation of situations) {
    const { outcome, wouldChange } = ruling(situation);
    expect(wouldChange.every((change) => change.outcome !== outcome)).toBe(true);
    const neighbours = situations.filter(
      (other) => Object.entries(other).filter(([fact, level]) => Object(situation)[fact] !== level).length === 1,
    );
    const elsewhere = neighbours.map((other) => ruling(other)).filter((other) => other.outcome !== outcome);
    expect(wouldChange.map(({ rule }) => rule).sort()).toEqual(elsewhere.map(({ rule }) => rule).sort());
  }
});

test("GATE-8: the reviews of six weeks are added up, and decide", () => {
  expect(decideStageC(evidenceWith())).toEqual({
    decided: true,
    outcome: "stay",
    rule: "contained",
    because: expect.any(String),
    wouldChange: expect.arrayContaining([{ if: "nothing had been caught", outcome: "defer", rule: "no-drift" }]),
    days: 42,
    totals: { caught: 3, caughtIncidents: 0, uncaught: 0, uncaughtIncidents: 0, sshMissed: 1, unmeasuredDays: 0 },
  });
});

test.each([
  [99, "review"],
  [100, "clean-sandbox"],
])("the owner's %d hours lead to the rule %s", (hoursForTalos, rule) => {
  const reviews = [{ ...review("2026-06-14", "2026-07-25"), uncaught: 1 }];
  expect(decideStageC(evidenceWith({ stageC: { reviews, hoursForTalos } }))).toMatchObject({ rule });
});

describe("GATE-7: nothing is decided", () => {
  const six = review("2026-06-14", "2026-07-25");

  test.each<[string, Parameters<typeof evidenceWith>[0], readonly string[]]>([
    [
      "X-1: before 42 days",
      { stageC: { reviews: [review("2026-06-14", "2026-07-24")] } },
      ["soak-too-short stageC.reviews"],
    ],
    ["from the later of both gates", { stageA: { passedOn: "2026-06-14" } }, ["soak-too-short stageC.reviews"]],
    [
      "before all nodes have a baseline for that long",
      { fileIntegrity: { since: "2026-06-14" } },
      ["soak-too-short stageC.reviews"],
    ],
    [
      "with days between reviews",
      { stageC: { reviews: [review("2026-06-14", "2026-07-01"), review("2026-07-03", "2026-07-25")] } },
      ["review-missing stageC.reviews"],
    ],
    [
      "with reviews that begin late",
      { stageC: { reviews: [review("2026-06-15", "2026-07-25")] } },
      ["review-missing stageC.reviews"],
    ],
    [
      "with days that were not measured",
      { stageC: { reviews: [{ ...six, unmeasuredDays: 1 }] } },
      ["soak-too-short stageC.reviews", "days-not-measured stageC.reviews, 2026-06-14 to 2026-07-25"],
    ],
    [
      "with counts that are not known",
      { stageC: { reviews: [{ ...six, uncaught: null }] } },
      ["figure-not-known stageC.reviews.0.uncaught"],
    ],
    ["while the gate of Stage A is not passed", { stageA: { hardenedTemplate: false } }, ["gate-not-passed stage-a"]],
    ["while the gate of Stage B is not passed", { backups: { s3Answers: null } }, ["gate-not-passed stage-b"]],
    [
      "without the day of a gate, the sandbox and the owner's hours",
      { stageB: { passedOn: null }, stageC: { sandbox: null, hoursForTalos: null } },
      ["figure-not-known stageB.passedOn", "figure-not-known stageC.sandbox", "figure-not-known stageC.hoursForTalos"],
    ],
    [
      "without a review",
      { stageC: { reviews: null } },
      ["figure-not-known stageC.reviews", "soak-too-short stageC.reviews"],
    ],
  ])("%s", (_, changes, refusals) => {
    expect(refusalsOf(decideStageC(evidenceWith(changes)))).toEqual(refusals);
  });

  test("and every reason is said at once", () => {
    const { site, measuredAt } = evidenceWith();
    const codes = refusalsOf(decideStageC({ site, measuredAt }));
    expect(codes).toEqual([
      "gate-not-passed stage-a",
      "gate-not-passed stage-b",
      ...["stageA.passedOn", "stageB.passedOn", "fileIntegrity.since"].map((figure) => `figure-not-known ${figure}`),
      ...["reviews", "sandbox", "hoursForTalos"].map((figure) => `figure-not-known stageC.${figure}`),
    ]);
  });
});

describe("days that were not measured for an accepted reason", () => {
  const moved = { unmeasuredDays: 2, unmeasuredBecause: "the host was moved" };

  test("make the soak longer: they are no evidence", () => {
    const reviews = [review("2026-07-01", "2026-07-25"), { ...review("2026-06-12", "2026-07-05"), ...moved }];
    const earlier = { stageB: { passedOn: "2026-06-11" }, fileIntegrity: { since: "2026-06-06" } };
    expect(decideStageC(evidenceWith({ ...earlier, stageC: { reviews } }))).toMatchObject({
      outcome: "defer",
      days: 42,
      totals: { unmeasuredDays: 2 },
    });
  });

  test("do not count, even if all are accepted", () => {
    const reviews = [{ ...review("2026-06-14", "2026-07-25"), ...moved, unmeasuredDays: 42 }];
    expect(refusalsOf(decideStageC(evidenceWith({ stageC: { reviews } })))).toEqual(["soak-too-short stageC.reviews"]);
  });

  test("are not more than the days of the review", () => {
    const reviews = [{ ...review("2026-06-14", "2026-06-20"), ...moved, unmeasuredDays: 8 }];
    expect(() => evidenceWith({ stageC: { reviews } })).toThrow("is more days than it is about");
  });
});

test("what was reviewed before the soak decides nothing", () => {
  const before = { ...review("2026-06-01", "2026-06-13"), uncaught: 1, uncaughtIncidents: 1, unmeasuredDays: 1 };
  const reviews = [before, review("2026-06-14", "2026-07-25")];
  expect(decideStageC(evidenceWith({ stageC: { reviews } }))).toMatchObject({ rule: "no-drift", days: 42 });
});

test("overlapping reviews and those in disorder are no gap", () => {
  const reviews = [review("2026-07-01", "2026-07-25"), review("2026-06-14", "2026-07-05")];
  expect(decideStageC(evidenceWith({ stageC: { reviews } }))).toMatchObject({ outcome: "defer", days: 42 });
});

function refusalsOf(decision: Decision): string[] {
  return decision.decided ? [] : decision.refusals.map(({ code, where }) => `${code} ${where}`);
}
