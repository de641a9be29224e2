import { type Problem, wrongValue } from "../../errors";
import type { At } from "../document";
import { type DocumentScope, defineDocument, type FieldsOf } from "../kind";
import { celProblems } from "../rules/cel";
import { duration, isNegative } from "../rules/durations";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    triggerExpression: z.string().optional(),
    cgroupRankingExpression: z.string().optional(),
    strictCgroupClassOrdering: z.boolean().optional(),
    sampleInterval: duration().optional(),
  });

/** What Talos does before the machine is out of memory. */
export type OomFields = FieldsOf<typeof fields>;

export const oomConfig = defineDocument({ kind: "OOMConfig", since: "1.12", fields, problems });

function problems(oom: OomFields, at: At, { talos }: DocumentScope): readonly Problem[] {
  const { triggerExpression = "", cgroupRankingExpression = "", sampleInterval } = oom;
  const found: Problem[] = [];
  if (triggerExpression !== "") {
    found.push(...celProblems(triggerExpression, "oomTrigger", "bool", at("triggerExpression"), talos));
  }
  if (cgroupRankingExpression !== "") {
    found.push(...celProblems(cgroupRankingExpression, "oomRanking", "double", at("cgroupRankingExpression"), talos));
  }
  if (isNegative(sampleInterval)) {
    found.push(wrongValue(at("sampleInterval"), sampleInterval, "a duration that is not negative"));
  }
  return found;
}
