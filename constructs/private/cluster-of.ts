import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { KubernetesProvider } from "../../providers/kubernetes/provider";

/** The context of the cluster that a construct's stack is for. */
export function clusterOf(scope: IConstruct): string | undefined {
  const provider = TerraformStack.of(scope).node.children.find((child) => child instanceof KubernetesProvider);
  return provider instanceof KubernetesProvider ? provider.configContext : undefined;
}
