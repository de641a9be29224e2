import {
  daysNotMeasured,
  figureNotKnown,
  gateNotPassed,
  type Problem,
  reviewMissing,
  soakTooShort,
} from "../../errors";
import { type Gate, isKnown } from "./criterion";
import { type Day, daysAfter, daysBetween } from "./days";
import type { Evidence, Review } from "./evidence";
import type { Figure } from "./figures";
import { stageA } from "./stage-a";
import { stageB } from "./stage-b";

/** How Stage C may end. */
export type Outcome = keyof typeof outcomes;

/** The outcomes with their numbers in the plan. */
export const outcomes = {
  stop: {
    number: 1,
    title: "Stop after Stage B",
    next: "Ubuntu stays, the sandbox stays for learning. Look at what was not caught, and let file integrity watch it.",
  },
  talos: {
    number: 2,
    title: "Move to Talos",
    next: "Begin Stage D with what it needs.",
  },
  defer: {
    number: 3,
    title: "Defer Talos",
    next: "Spend the time on what had to wait. Decide anew if something drifts within twelve months.",
  },
  stay: {
    number: 4,
    title: "Stay on Ubuntu with Stage A",
    next: "Turn admission policies from audit to enforce where they fit. Look at Stage D again in six months.",
  },
} as const;

export type Decision = Decided | NotDecided;

export interface Decided {
  readonly decided: true;
  readonly outcome: Outcome;
  /** The first rule that applied. */
  readonly rule: string;
  readonly because: string;
  /** Single facts that would have led to another outcome. */
  readonly wouldChange: readonly { readonly if: string; readonly rule: string; readonly outcome: Outcome }[];
  /** Days of soak with reviewed evidence: those on which nothing was measured are none. */
  readonly days: number;
  readonly totals: Totals;
}

export interface NotDecided {
  readonly decided: false;
  readonly refusals: readonly Problem[];
}

/** All reviews together. */
export interface Totals {
  readonly caught: number;
  readonly caughtIncidents: number;
  readonly uncaught: number;
  readonly uncaughtIncidents: number;
  readonly sshMissed: number;
  readonly unmeasuredDays: number;
}

/** Days of evidence that a decision needs: six weeks, and not the two of earlier plans. */
export const soakDays = 42;

/** Hours of work that a move to Talos takes at least (GATE-6). */
export const hoursOfTalos = 100;

/** What decides, in as few steps as the rules tell apart. */
export interface Situation {
  readonly caught: Drift;
  readonly uncaught: Drift;
  readonly sandbox: NonNullable<NonNullable<Evidence["stageC"]>["sandbox"]>;
  /** Whether the owner has {@link hoursOfTalos}. */
  readonly hasHours: boolean;
}

/** Whether something changed that nobody planned, and whether it caused or risked an incident. */
type Drift = "none" | "harmless" | "harmful";

interface Rule {
  readonly rule: string;
  readonly when: string;
  readonly applies: (situation: Situation) => boolean;
  readonly outcome: Outcome;
}

/**
 * The first one that applies decides. Drift comes before wishes, and what cannot be done before what should be: the
 * evidence of six weeks is what the plan was made for. The last one is for what the source's table leaves open.
 */
export const rules: readonly Rule[] = [
  {
    rule: "no-drift",
    when: "Nothing changed that nobody planned.",
    applies: ({ caught, uncaught }) => caught === "none" && uncaught === "none",
    outcome: "defer",
  },
  {
    rule: "contained",
    when: "All that changed and nobody planned was caught, and none of it caused or risked an incident.",
    applies: ({ caught, uncaught }) => caught === "harmless" && uncaught === "none",
    outcome: "stay",
  },
  {
    rule: "show-stopper",
    when: "The sandbox showed that Talos cannot do what this site needs.",
    applies: ({ sandbox }) => sandbox === "show-stopper",
    outcome: "defer",
  },
  {
    rule: "uncaught-harm",
    when: "Something that was not caught caused or risked an incident.",
    applies: ({ uncaught }) => uncaught === "harmful",
    outcome: "talos",
  },
  {
    rule: "clean-sandbox",
    when: `Not all was contained, the sandbox is clean, and the owner has ${hoursOfTalos} hours.`,
    applies: ({ sandbox, hasHours }) => sandbox === "clean" && hasHours,
    outcome: "talos",
  },
  {
    rule: "review",
    when: "Not all was contained, and no rule says that Talos is the answer: a person has to look at it.",
    applies: () => true,
    outcome: "stop",
  },
];

/** Every value of every fact, in words. */
const variations: readonly { readonly if: string; readonly fact: Partial<Situation> }[] = [
  { if: "nothing had been caught", fact: { caught: "none" } },
  { if: "something had been caught, and had done no harm", fact: { caught: "harmless" } },
  { if: "something had been caught, and had caused or risked an incident", fact: { caught: "harmful" } },
  { if: "all changes had been caught", fact: { uncaught: "none" } },
  { if: "something had not been caught, and had done no harm", fact: { uncaught: "harmless" } },
  { if: "something had not been caught, and had caused or risked an incident", fact: { uncaught: "harmful" } },
  { if: "the sandbox had not been explored", fact: { sandbox: "not-explored" } },
  { if: "the sandbox were clean", fact: { sandbox: "clean" } },
  { if: "the sandbox had shown a show-stopper", fact: { sandbox: "show-stopper" } },
  { if: `the owner had fewer than ${hoursOfTalos} hours`, fact: { hasHours: false } },
  { if: `the owner had ${hoursOfTalos} hours`, fact: { hasHours: true } },
];

/**
 * What six weeks of evidence say about a move to Talos (GATE-6), or why they say nothing yet: a gate that is not passed,
 * fewer than {@link soakDays} days, days that nobody reviewed or nothing measured, figures that are not known (GATE-7).
 */
export function decideStageC(evidence: Evidence): Decision {
  const begin = soakBegin(evidence);
  // What was before it happened to other machines: without the gates, or without a baseline.
  const reviews = (evidence.stageC?.reviews ?? []).filter(({ until }) => until > (begin ?? ""));
  const soak = soakOf(begin, reviews);
  const refusals = [
    ...gateProblems("stage-a", stageA, evidence),
    ...gateProblems("stage-b", stageB, evidence),
    ...unknownFigures(evidence).map((figure) => figureNotKnown(figure)),
    ...soak.problems,
    ...reviews
      .filter(isUnmeasured)
      .map(({ from, until, unmeasuredDays: days }) => daysNotMeasured(from, until, days ?? 0)),
  ];
  const { sandbox, hoursForTalos } = evidence.stageC ?? {};
  if (refusals.length > 0 || !isKnown(sandbox) || !isKnown(hoursForTalos)) {
    return { decided: false, refusals };
  }
  const totals = totalsOf(reviews);
  const situation: Situation = {
    caught: driftOf(totals.caught, totals.caughtIncidents),
    uncaught: driftOf(totals.uncaught, totals.uncaughtIncidents),
    sandbox,
    hasHours: hoursForTalos >= hoursOfTalos,
  };
  return { decided: true, ...ruling(situation), days: soak.days, totals };
}

/** What the rules say about a situation, and what would have to be different for another outcome. */
export function ruling(situation: Situation): Pick<Decided, "outcome" | "rule" | "because" | "wouldChange"> {
  const { rule, outcome, when } = firstRule(situation);
  const wouldChange = variations
    .map((variation) => ({ if: variation.if, other: firstRule({ ...situation, ...variation.fact }) }))
    .filter(({ other }) => other.outcome !== outcome)
    .map((variation) => ({ if: variation.if, rule: variation.other.rule, outcome: variation.other.outcome }));
  return { outcome, rule, because: when, wouldChange };
}

function firstRule(situation: Situation): Rule {
  const [first] = rules.filter(({ applies }) => applies(situation));
  if (first === undefined) throw new Error("The last rule applies to everything.");
  return first;
}

function driftOf(changes: number, incidents: number): Drift {
  return changes === 0 ? "none" : incidents === 0 ? "harmless" : "harmful";
}

function totalsOf(reviews: readonly Review[]): Totals {
  const sum = (read: (review: Review) => number | null | undefined) =>
    reviews.reduce((total, review) => total + (read(review) ?? 0), 0);
  return {
    caught: sum(({ caught }) => caught),
    caughtIncidents: sum(({ caughtIncidents }) => caughtIncidents),
    uncaught: sum(({ uncaught }) => uncaught),
    uncaughtIncidents: sum(({ uncaughtIncidents }) => uncaughtIncidents),
    sshMissed: sum(({ sshMissed }) => sshMissed),
    unmeasuredDays: sum(({ unmeasuredDays }) => unmeasuredDays),
  };
}

function gateProblems(name: string, { criteria }: Gate, evidence: Evidence): Problem[] {
  const open = criteria.filter(({ judge }) => judge(evidence).state !== "met").map(({ id }) => id);
  return open.length === 0 ? [] : [gateNotPassed(name, open)];
}

/** What has to be known beyond the gates, and is not. */
function unknownFigures({ stageA, stageB, stageC, fileIntegrity }: Evidence): string[] {
  const figures: readonly (readonly [Figure, unknown])[] = [
    ["stageA.passedOn", stageA?.passedOn],
    ["stageB.passedOn", stageB?.passedOn],
    ["fileIntegrity.since", fileIntegrity?.since],
    ["stageC.reviews", stageC?.reviews],
    ["stageC.sandbox", stageC?.sandbox],
    ["stageC.hoursForTalos", stageC?.hoursForTalos],
  ];
  const ofReviews = (stageC?.reviews ?? []).flatMap((review, index) =>
    countsOfReview.filter((count) => !isKnown(review[count])).map((count) => `stageC.reviews.${index}.${count}`),
  );
  return [...figures.filter(([, value]) => !isKnown(value)).map(([figure]) => figure), ...ofReviews];
}

const countsOfReview = [
  "unmeasuredDays",
  "caught",
  "caughtIncidents",
  "uncaught",
  "uncaughtIncidents",
  "sshMissed",
] as const satisfies readonly (keyof Review)[];

function isUnmeasured({ unmeasuredDays, unmeasuredBecause }: Review): boolean {
  return (unmeasuredDays ?? 0) > 0 && !isKnown(unmeasuredBecause);
}

/** The day from which both gates are passed and all nodes have a baseline, if that is known. */
function soakBegin({ stageA, stageB, fileIntegrity }: Evidence): Day | undefined {
  const begins = [stageA?.passedOn, stageB?.passedOn, fileIntegrity?.since].filter(isKnown);
  return begins.length < 3 ? undefined : begins.toSorted().at(-1);
}

/**
 * The days from the begin up to the last one that somebody reviewed, without those on which nothing was measured: a
 * reason makes them no evidence. Days between two reviews are a gap.
 */
function soakOf(from: Day | undefined, reviews: readonly Review[]) {
  if (from === undefined) {
    return { days: 0, problems: [] };
  }
  const problems: Problem[] = [];
  let reviewed: Day = from;
  for (const review of reviews.toSorted((one, other) => (one.from < other.from ? -1 : 1))) {
    if (review.from > daysAfter(reviewed, 1)) {
      problems.push(reviewMissing(daysAfter(reviewed, 1), daysAfter(review.from, -1)));
    }
    reviewed = review.until > reviewed ? review.until : reviewed;
  }
  const days = daysBetween(from, reviewed) - totalsOf(reviews).unmeasuredDays;
  return { days, problems: days < soakDays ? [...problems, soakTooShort(from, days, soakDays)] : problems };
}
