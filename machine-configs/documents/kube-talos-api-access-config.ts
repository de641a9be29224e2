import type { Problem } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { roleProblems } from "../rules/api-access";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    allowedRoles: z.array(z.string()).optional(),
    allowedKubernetesNamespaces: z.array(z.string()).optional(),
  });

/** Which pods may use the Talos API. */
export type KubeTalosApiAccessFields = FieldsOf<typeof fields>;

export const kubeTalosApiAccessConfig = defineDocument({
  kind: "KubeTalosAPIAccessConfig",
  since: "1.14",
  fields,
  controlPlaneOnly: true,
  keyed: [{ path: ["allowedRoles"] }, { path: ["allowedKubernetesNamespaces"] }],
  problems,
});

function problems({ allowedRoles = [] }: KubeTalosApiAccessFields, at: At): readonly Problem[] {
  return roleProblems(allowedRoles, (...path) => at("allowedRoles", ...path));
}
