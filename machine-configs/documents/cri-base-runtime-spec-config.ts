import { defineDocument, type FieldsOf } from "../kind";
import { runtimeSpecProblems } from "../rules/runtime-spec";
import { anyMap } from "../rules/values";
import { z } from "../zod";

const fields = () => z.strictObject({ overrides: anyMap().optional() });

/** What every container gets, in the words of the OCI runtime specification. */
export type CriBaseRuntimeSpecFields = FieldsOf<typeof fields>;

export const criBaseRuntimeSpecConfig = defineDocument({
  kind: "CRIBaseRuntimeSpecConfig",
  since: "1.14",
  fields,
  problems: ({ overrides = {} }, at) => runtimeSpecProblems(overrides, (...path) => at("overrides", ...path)),
});
