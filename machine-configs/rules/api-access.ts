/** Who may use the Talos API from Kubernetes. */
import { type Problem, wrongValue } from "../../errors";
import type { At } from "../document";

/** A role of the Talos API. */
export type TalosRole = "os:admin" | "os:reader" | "os:operator" | "os:etcd:backup" | "os:impersonator";

const ROLES: readonly TalosRole[] = ["os:admin", "os:reader", "os:operator", "os:etcd:backup", "os:impersonator"];

/** Roles that Talos does not have. */
export function roleProblems(roles: readonly string[], at: At): readonly Problem[] {
  return roles.flatMap((role, index) =>
    ROLES.some((known) => known === role)
      ? []
      : [wrongValue(at(index), role, `a role of the Talos API: ${ROLES.join(", ")}`)],
  );
}
