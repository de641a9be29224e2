/** Who may use the Talos API from Kubernetes. */
import { type Problem, wrongValue } from "../../errors";
import type { At } from "../document";

const ROLES = ["os:admin", "os:reader", "os:operator", "os:etcd:backup", "os:impersonator"];

/** Roles that Talos does not have. */
export function roleProblems(roles: readonly string[], at: At): readonly Problem[] {
  return roles.flatMap((role, index) =>
    ROLES.includes(role) ? [] : [wrongValue(at(index), role, `a role of the Talos API: ${ROLES.join(", ")}`)],
  );
}
