import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { malformedNamespace } from "../errors";
import { isDnsLabel } from "../manifests";
import { NamespaceV1 } from "../providers/kubernetes/namespace-v1";
import { addCheck } from "./private/checks";

/** The least that pods may not do, from the least restricted to the most. */
export type PodSecurityLevel = "privileged" | "baseline" | "restricted";

export interface KubernetesNamespaceProps {
  /**
   * What Kubernetes refuses pods of the namespace. Changing it changes the namespace in place; pods that run stay.
   *
   * @default "restricted"
   */
  readonly podSecurity?: PodSecurityLevel;

  /** Labels beside those of pod security. @default - none */
  readonly labels?: Readonly<Record<string, string>>;

  /** @default - none */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/**
 * A namespace, named after its id, in which pods may do no more than is said here. Terraform does not destroy it with
 * what is in it as long as the code has it; taking it out of the code destroys both.
 *
 * @example
 * const backups = new KubernetesNamespace(stack, "backups");
 */
export class KubernetesNamespace extends Construct {
  readonly namespaceName: string;
  readonly resource: NamespaceV1;

  constructor(scope: Construct, id: string, props: KubernetesNamespaceProps = {}) {
    super(scope, id);
    const { podSecurity = "restricted", labels, dependsOn } = props;
    this.namespaceName = id;
    this.resource = new NamespaceV1(this, "Resource", {
      metadata: {
        name: id,
        labels: {
          ...labels,
          ...Object.fromEntries(
            ["enforce", "audit", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, podSecurity]),
          ),
        },
      },
      ...(dependsOn === undefined ? {} : { dependsOn: [...dependsOn] }),
    });
    addCheck(this, () => (isDnsLabel(id) ? [] : [malformedNamespace(this.node.path, id)]));
  }
}
