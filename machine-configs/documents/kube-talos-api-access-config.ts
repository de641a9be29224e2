import * as z from "zod";
import type { Problem } from "../../errors";
import type { At } from "../document";
import { defineDocument } from "../kind";
import { roleProblems } from "../rules/api-access";

const fields = () =>
  z.strictObject({
    allowedRoles: z.array(z.string()).optional(),
    allowedKubernetesNamespaces: z.array(z.string()).optional(),
  });

/** Which pods may use the Talos API. */
export type KubeTalosApiAccessFields = z.infer<ReturnType<typeof fields>>;

export const kubeTalosApiAccessConfig = defineDocument({
  kind: "KubeTalosAPIAccessConfig",
  since: "1.14",
  fields,
  controlPlaneOnly: true,
  excludes: [["machine", "features", "kubernetesTalosAPIAccess"]],
  problems,
});

function problems({ allowedRoles = [] }: KubeTalosApiAccessFields, at: At): readonly Problem[] {
  return roleProblems(allowedRoles, (...path) => at("allowedRoles", ...path));
}
