/** What stacks put into clusters, read back from what they are synthesized to. */
import { parse } from "yaml";
import type { KubernetesObject } from "../../index";
import { type Attributes, resources, type Synthesized } from "./synth";

/**
 * All objects of a stack: its namespaces, its secrets with made-up values, and what its {@link KubernetesObjects} have.
 * Those of other people's charts are not among them.
 */
export function objectsOf(stack: Synthesized): readonly KubernetesObject[] {
  const text = (value: string) => inKubernetes(stack, value);
  return [
    ...resources(stack, "kubernetes_namespace_v1").map(({ metadata }) => ({
      apiVersion: "v1",
      kind: "Namespace",
      metadata,
    })),
    ...resources(stack, "kubernetes_secret_v1").map(({ metadata, type, data_wo }) => ({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { ...metadata, namespace: text(metadata.namespace) },
      type,
      stringData: Object.fromEntries(Object.keys(data_wo).map((key) => [key, "made-up"])),
    })),
    ...objectReleases(stack).flatMap((release) => parse(helmValuesOf(stack, release)).objects),
  ];
}

/** The releases of the chart that writes objects as they are. */
export function objectReleases(stack: Synthesized | undefined): readonly Attributes[] {
  return resources(stack, "helm_release").filter(({ chart }) => chart.startsWith("assets/ObjectsChart/"));
}

/** The values of a release as Helm gets them from Terraform. */
export function helmValuesOf(stack: Synthesized, { values: [text] }: Attributes): string {
  return inKubernetes(stack, text);
}

/** What a Terraform string becomes. What is known only when Terraform runs is made up; it is the end of a line of YAML. */
function inKubernetes(stack: Synthesized, text: string): string {
  return text
    .replace(/(?<!\$)\$\{(.*)\}$/gm, (_, expression: string) => {
      const [, namespace = ""] = /^(?:jsonencode\()?kubernetes_namespace_v1\.([\w-]+)\.metadata/.exec(expression) ?? [];
      return stack.resource["kubernetes_namespace_v1"]?.[namespace]?.["metadata"].name ?? "made-up";
    })
    .replace(/([$%])\1\{/g, "$1{");
}
