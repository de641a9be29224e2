import * as z from "zod";
import { defineDocument } from "../kind";
import { runtimeSpec } from "../rules/runtime-spec";

const fields = () => z.strictObject({ overrides: runtimeSpec().optional() });

/** What every container gets, in the words of the OCI runtime specification. */
export type CriBaseRuntimeSpecFields = z.infer<ReturnType<typeof fields>>;

export const criBaseRuntimeSpecConfig = defineDocument({
  kind: "CRIBaseRuntimeSpecConfig",
  since: "1.14",
  fields,
  excludes: [["machine", "baseRuntimeSpecOverrides"]],
});
