/** Who may use the Talos API from Kubernetes. */
import { type Problem, wrongValue } from "../../errors";
import { type At, kindOf, ROOT_KIND, type TalosDocument } from "../document";

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

/** Whether pods of a namespace may ask for a role, by the documents of a control plane in either form. */
export function allowsTalosApi(documents: readonly TalosDocument[], role: TalosRole, namespace: string): boolean {
  return documents.some((document) => {
    const access =
      kindOf(document) === ROOT_KIND
        ? member(member(member(document, "machine"), "features"), "kubernetesTalosAPIAccess")
        : document;
    return lists(access, "allowedRoles", role) && lists(access, "allowedKubernetesNamespaces", namespace);
  });
}

function lists(access: unknown, field: string, value: string): boolean {
  const values = member(access, field);
  return Array.isArray(values) && values.includes(value);
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
