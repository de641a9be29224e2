import * as z from "zod";
import { ProblemsError, unknownPlanFormat } from "../errors";

/** What a plan does to an object. A new action is refused rather than ignored: it might destroy something. */
export const planAction = z.enum(["no-op", "read", "create", "update", "delete", "forget", "open"]);

export type PlanAction = z.infer<typeof planAction>;

/** The version of `terraform show -json`, which Terraform and OpenTofu have in common. */
export const planVersion = z.string().regex(/^1\./, "is not 1.x");

/** A plan as a schema describes it. Throws a {@link ProblemsError} about any other format, without values of the plan. */
export function readPlanJson<Schema extends z.ZodType>(schema: Schema, plan: unknown, where: string): z.infer<Schema> {
  const parsed = schema.safeParse(plan);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ProblemsError([unknownPlanFormat(where, `${issue?.path.join(".") || "plan"}: ${issue?.message}`)]);
  }
  return parsed.data;
}

/** Destroyed and created again, in whichever order. */
export function isReplacement(actions: readonly PlanAction[]): boolean {
  return actions.includes("create") && actions.includes("delete");
}
