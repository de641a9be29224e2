import { defineDocument, type FieldsOf } from "../kind";
import { runtimeSpec } from "../rules/runtime-spec";
import { z } from "../zod";

const fields = () => z.strictObject({ overrides: runtimeSpec().optional() });

/** What every container gets, in the words of the OCI runtime specification. */
export type CriBaseRuntimeSpecFields = FieldsOf<typeof fields>;

export const criBaseRuntimeSpecConfig = defineDocument({
  kind: "CRIBaseRuntimeSpecConfig",
  since: "1.14",
  fields,
});
