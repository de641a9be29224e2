import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { Release } from "../../providers/helm/release";
import { NamespaceV1 } from "../../providers/kubernetes/namespace-v1";
import { KubernetesProvider } from "../../providers/kubernetes/provider";

/** The context of the cluster that a construct's stack is for. */
export function clusterOf(scope: IConstruct): string | undefined {
  const provider = TerraformStack.of(scope).node.children.find((child) => child instanceof KubernetesProvider);
  return provider instanceof KubernetesProvider ? provider.configContext : undefined;
}

/** The namespaces that an app makes, or has something in, in the cluster that a construct's stack is for. */
export function namespacesBeside(scope: IConstruct): readonly string[] {
  const cluster = clusterOf(scope);
  return scope.node.root.node.findAll().flatMap((one) => {
    const namespace = namespaceOf(one);
    return namespace !== undefined && clusterOf(one) === cluster ? [namespace] : [];
  });
}

function namespaceOf(one: IConstruct): string | undefined {
  if (one instanceof Release) return one.namespaceInput;
  return one instanceof NamespaceV1 ? one.metadataInput?.name : undefined;
}
