import { intentNeedsContract, type Problem, wrongValue } from "../../errors";
import { type MachineTarget, placesIn } from "../document";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesKubeDocuments } from "../releases";
import { isSubdomain } from "../rules/names";

/** A service that kube-apiserver asks whether a request is allowed. */
export interface WebhookAuthorizer {
  /**
   * A kubeconfig that says where the service is and how to log in there. Secret where it holds a token or a key: pass
   * those as Terraform values.
   */
  readonly kubeconfig: string;
  /** What an answer that does not come means: the request is refused, or the next authorizer is asked. */
  readonly failurePolicy: "Deny" | "NoOpinion";
  /**
   * How long to wait for an answer, at most `30s`.
   *
   * @default "3s"
   */
  readonly timeout?: string;
  /**
   * Expressions in CEL that must all hold for the service to be asked, such as `has(request.resourceAttributes)`.
   *
   * @default - it is asked about every request
   */
  readonly matchConditions?: readonly string[];
}

/**
 * Webhooks that kube-apiserver asks after Node and RBAC, by name and in the order of the names. kube-apiserver restarts
 * on each control plane; nothing on workers.
 *
 * Up to contract 1.13 only. kube-apiserver takes a webhook's address from a kubeconfig alone, and from contract 1.14 on
 * nothing can be mounted into its pod. The file becomes part of the machine, whose change restarts it.
 */
export function authorizers(webhooks: Readonly<Record<string, WebhookAuthorizer>>): Intent {
  return {
    name: "authorizers",
    documents: ({ role, contract }) => {
      if (role === "worker" || usesKubeDocuments(contract)) return [];
      const named = Object.entries(webhooks);
      const apiServer = {
        authorizationConfig: named.map(([name, webhook]) => ({
          type: "Webhook",
          name,
          webhook: settings(name, webhook),
        })),
        extraVolumes: [{ hostPath: DIRECTORY, mountPath: DIRECTORY, readonly: true }],
      };
      const files = named.map(([name, { kubeconfig }]) => ({
        path: pathOf(name),
        op: "create",
        permissions: 0o644,
        content: kubeconfig,
      }));
      return [v1alpha1.build({ machine: { files }, cluster: { apiServer } })];
    },
    problems: (machine) => (machine.role === "worker" ? [] : authorizerProblems(webhooks, machine)),
  };
}

/** Only /var is writable, and only what is mounted there reaches kube-apiserver. */
const DIRECTORY = "/var/lib/kube-apiserver-authorizers";

function pathOf(name: string): string {
  return `${DIRECTORY}/${name}.kubeconfig`;
}

/** The webhook in kube-apiserver's own words. */
function settings(name: string, { failurePolicy, timeout = "3s", matchConditions = [] }: WebhookAuthorizer) {
  return {
    failurePolicy,
    timeout,
    subjectAccessReviewVersion: "v1",
    matchConditionSubjectAccessReviewVersion: "v1",
    connectionInfo: { type: "KubeConfigFile", kubeConfigFile: pathOf(name) },
    matchConditions: matchConditions.map((expression) => ({ expression })),
  };
}

function authorizerProblems(
  webhooks: Readonly<Record<string, WebhookAuthorizer>>,
  machine: MachineTarget,
): readonly Problem[] {
  const at = placesIn(machine, "authorizers");
  if (usesKubeDocuments(machine.contract)) {
    const remedy = "Use RBAC, or a ValidatingAdmissionPolicy in Kubernetes.";
    return [intentNeedsContract(at(), "A webhook that authorizes", "1.11 to 1.13", machine.contract, remedy)];
  }
  return Object.keys(webhooks)
    .filter((name) => !isSubdomain(name) || ["node", "rbac"].includes(name))
    .map((name) => wrongValue(at(name), name, "a name in lower case other than those of Talos, node and rbac"));
}
