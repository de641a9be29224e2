import * as z from "zod";
import {
  backupsOfOtherSite,
  backupsUnreadable,
  malformedEvidence,
  type Problem,
  ProblemsError,
  unknownFigure,
} from "../../errors";
import { dayOf, daysBetween, isDay } from "./days";
import { type Figure, figures } from "./figures";

/** Not known yet, if it is null or left out. */
function figure<Schema extends z.ZodType>(name: Figure, schema: Schema) {
  return schema.nullish().describe(figures[name]);
}

const count = z.int().min(0);
const name = z.string().min(1);
const day = z.iso.date();
const moment = z.iso.datetime({ offset: true });

const review = z
  .strictObject({
    from: day.describe(figures["stageC.reviews.from"]),
    until: day.describe(figures["stageC.reviews.until"]),
    unmeasuredDays: figure("stageC.reviews.unmeasuredDays", count),
    unmeasuredBecause: figure("stageC.reviews.unmeasuredBecause", name),
    caught: figure("stageC.reviews.caught", count),
    caughtIncidents: figure("stageC.reviews.caughtIncidents", count),
    uncaught: figure("stageC.reviews.uncaught", count),
    uncaughtIncidents: figure("stageC.reviews.uncaughtIncidents", count),
    sshMissed: figure("stageC.reviews.sshMissed", count),
  })
  .check(
    notMore("caughtIncidents", "caught"),
    notMore("uncaughtIncidents", "uncaught"),
    z.refine(({ from, until }) => from <= until, { path: ["until"], error: "is before from" }),
    z.refine(({ from, until, unmeasuredDays }) => (unmeasuredDays ?? 0) <= daysBetween(from, until) + 1, {
      path: ["unmeasuredDays"],
      error: "is more days than it is about",
    }),
  );

const protectedData = z.strictObject({ data: name, backup: name, offsite: name, drill: name });
const unprotectedData = z.strictObject({ data: name, reason: name });
const heldData = z.array(z.union([protectedData, unprotectedData])).min(1);
/** The table that synth writes where the app has a BackupPolicy. */
const backupTable = z.strictObject({ site: name, data: heldData });

/** What gates are judged by: one file per site, filled in over the months. */
const evidence = z
  .strictObject({
    site: name.describe(figures.site),
    measuredAt: moment.describe(figures.measuredAt),
    start: z
      .strictObject({
        stagedPath: figure("start.stagedPath", z.boolean()),
        stageAOn: figure("start.stageAOn", day),
        partMaySuffice: figure("start.partMaySuffice", z.boolean()),
        competingTasks: figure("start.competingTasks", z.array(name)),
      })
      .optional(),
    health: z
      .strictObject({
        failedBefore: figure("health.failedBefore", z.array(name)),
        failed: figure("health.failed", z.array(name)),
        warnings: figure("health.warnings", z.array(name)),
      })
      .optional(),
    fileIntegrity: z
      .strictObject({
        nodes: figure("fileIntegrity.nodes", count),
        running: figure("fileIntegrity.running", count),
        baselines: figure("fileIntegrity.baselines", count),
        since: figure("fileIntegrity.since", day),
      })
      .check(notMore("running", "nodes"), notMore("baselines", "nodes"))
      .optional(),
    drift: z
      .strictObject({
        lastCompleteRun: figure("drift.lastCompleteRun", moment),
        stacks: figure("drift.stacks", count),
        measured: figure("drift.measured", count),
      })
      .check(notMore("measured", "stacks"))
      .optional(),
    backups: z
      .strictObject({
        policy: figure("backups.policy", heldData),
        s3Answers: figure("backups.s3Answers", z.boolean()),
        s3Monitored: figure("backups.s3Monitored", z.boolean()),
        walSince: figure("backups.walSince", moment),
        vaultSnapshot: figure("backups.vaultSnapshot", moment),
        vaultOffsite: figure("backups.vaultOffsite", moment),
      })
      .optional(),
    stageA: z
      .strictObject({
        sshMasked: figure("stageA.sshMasked", z.record(name, z.boolean().nullable())),
        rescueTestedOn: figure("stageA.rescueTestedOn", z.array(name)),
        hardenedTemplate: figure("stageA.hardenedTemplate", z.boolean()),
        passedOn: figure("stageA.passedOn", day),
      })
      .optional(),
    stageB: z
      .strictObject({
        vaultDrillMinutes: figure("stageB.vaultDrillMinutes", z.number().positive()),
        postgresDrillMinutes: figure("stageB.postgresDrillMinutes", z.number().positive()),
        passedOn: figure("stageB.passedOn", day),
      })
      .optional(),
    stageC: z
      .strictObject({
        reviews: figure("stageC.reviews", z.array(review)),
        sandbox: figure("stageC.sandbox", z.enum(["not-explored", "clean", "show-stopper"])),
        hoursForTalos: figure("stageC.hoursForTalos", z.number().min(0)),
        outcome: figure("stageC.outcome", z.enum(["stop", "talos", "defer", "stay"])),
        outcomeBecause: figure("stageC.outcomeBecause", name),
        decisionRecord: figure("stageC.decisionRecord", name),
      })
      .optional(),
    stageD: z
      .strictObject({
        prerequisites: figure("stageD.prerequisites", z.record(name, z.boolean().nullable())),
        cutOverOn: figure("stageD.cutOverOn", day),
        soakIncidents: figure("stageD.soakIncidents", count),
        oldClusterGone: figure("stageD.oldClusterGone", z.boolean()),
      })
      .optional(),
  })
  .check((context) => {
    const { value } = context;
    for (const path of ahead(value)) {
      const input = path.reduce<unknown>((part, key) => Object(part)[key], value);
      context.issues.push({ code: "custom", path, input, message: "is after measuredAt" });
    }
  });

/** The figures that gates are judged by. */
export type Evidence = z.infer<typeof evidence>;

/** A weekly review. */
export type Review = z.infer<typeof review>;

/** The evidence in a file. Throws a {@link ProblemsError} with everything that is wrong with it. */
export function readEvidence(json: unknown, where: string): Evidence {
  const parsed = evidence.safeParse(json);
  if (!parsed.success) {
    throw new ProblemsError(parsed.error.issues.flatMap((issue) => problemsOf(issue, json, where)));
  }
  return parsed.data;
}

/** The same evidence with the table of backups in another file, which has to be of the same site, as its policy. */
export function withBackups(before: Evidence, json: unknown, where: string): Evidence {
  const parsed = backupTable.safeParse(json);
  if (!parsed.success) {
    throw new ProblemsError(
      parsed.error.issues.map(({ path, message }) => backupsUnreadable(placeOf(where, path), reasonOf(message))),
    );
  }
  const { site, data } = parsed.data;
  if (site !== before.site) throw new ProblemsError([backupsOfOtherSite(where, site, before.site)]);
  return { ...before, backups: { ...before.backups, policy: data } };
}

/** The form of the evidence, for editors and for programs that collect it. */
export function evidenceSchema(): object {
  return z.toJSONSchema(evidence);
}

function problemsOf(issue: z.core.$ZodIssue, json: unknown, where: string): Problem[] {
  const at = (path: readonly PropertyKey[]) => placeOf(where, path);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownFigure(at([...issue.path, key])));
  }
  const value = issue.path.reduce<unknown>((part, key) => Object(part)[key], json);
  return [malformedEvidence(at(issue.path), value, reasonOf(issue.message))];
}

function placeOf(where: string, path: readonly PropertyKey[]): string {
  return `${where} ${path.map(String).join(".") || "(the whole)"}`;
}

function reasonOf(message: string): string {
  return message.replace(/^Invalid input: /, "");
}

/** A part may not be larger than its whole. */
function notMore<Part extends string, Whole extends string>(part: Part, whole: Whole) {
  type Numbers = { readonly [name in Part | Whole]?: number | null | undefined };
  return z.refine<Numbers>((row) => (row[part] ?? 0) <= (row[whole] ?? Number.POSITIVE_INFINITY), {
    path: [part],
    error: `is more than ${whole}`,
  });
}

/** What would have happened after the figures were read: a wrong year, or new figures under an old date. */
function ahead({ measuredAt, drift, backups, stageA, stageB, stageC, stageD, fileIntegrity }: Evidence): string[][] {
  const isAhead = (time: string) =>
    isDay(time) ? time > dayOf(measuredAt) : Date.parse(time) > Date.parse(measuredAt);
  const times: readonly (readonly [readonly string[], string | null | undefined])[] = [
    [["drift", "lastCompleteRun"], drift?.lastCompleteRun],
    [["backups", "walSince"], backups?.walSince],
    [["backups", "vaultSnapshot"], backups?.vaultSnapshot],
    [["backups", "vaultOffsite"], backups?.vaultOffsite],
    [["fileIntegrity", "since"], fileIntegrity?.since],
    [["stageA", "passedOn"], stageA?.passedOn],
    [["stageB", "passedOn"], stageB?.passedOn],
    [["stageD", "cutOverOn"], stageD?.cutOverOn],
    ...(stageC?.reviews ?? []).map(
      ({ until }, index) => [["stageC", "reviews", String(index), "until"], until] as const,
    ),
  ];
  return times.flatMap(([path, time]) => (time && isAhead(time) ? [[...path]] : []));
}
