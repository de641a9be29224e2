import { AssetType, type ITerraformDependable, TerraformAsset, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import type { Problem } from "../errors";
import { type KubernetesObject, objectProblems, renderValues } from "../manifests";
import { Release } from "../providers/helm/release";
import { addCheck } from "./private/checks";
import { packageFile } from "./private/package-files";
import { releaseProblems } from "./private/release-problems";
import { terraformYaml } from "./private/terraform-text";

export interface KubernetesObjectsProps {
  /** Namespace of the release. Objects have their own; the namespaces have to be there. Changing it replaces all. */
  readonly namespace: string;

  /** The objects. A change is made in place, an object that is no longer there is deleted. */
  readonly objects: readonly KubernetesObject[];

  /** @default - none */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/**
 * Objects of any kind, custom resources among them, as a Helm release named after the construct's id. They are in the
 * values of a chart that writes them as they are: a plan needs no cluster that knows their kinds, and shows what changes
 * in them (`kubernetes_manifest` does not plan before there is a cluster with the kinds).
 *
 * @example
 * new KubernetesObjects(stack, "quota", {
 *   namespace: "drills",
 *   objects: [
 *     {
 *       apiVersion: "v1",
 *       kind: "ResourceQuota",
 *       metadata: { name: "drills", namespace: "drills" },
 *       spec: { hard: { pods: "10" } },
 *     },
 *   ],
 * });
 */
export class KubernetesObjects extends Construct {
  readonly objects: readonly KubernetesObject[];
  readonly resource: Release;

  constructor(scope: Construct, id: string, props: KubernetesObjectsProps) {
    super(scope, id);
    const { namespace, objects, dependsOn } = props;
    this.objects = objects;
    this.resource = new Release(this, "Resource", {
      name: id,
      chart: chartOf(TerraformStack.of(this)).path,
      namespace,
      values: [terraformYaml({ objects }, renderValues)],
      ...(dependsOn === undefined ? {} : { dependsOn: [...dependsOn] }),
    });
    addCheck(this, () => this.#problems(namespace));
  }

  #problems(namespace: string): Problem[] {
    const where = this.node.path;
    return [...releaseProblems(where, this.node.id, namespace), ...objectProblems(where, this.objects)];
  }
}

/** The chart that writes objects as they are, once in a stack. */
function chartOf(stack: TerraformStack): TerraformAsset {
  const known = stack.node.tryFindChild("ObjectsChart");
  if (known instanceof TerraformAsset) {
    return known;
  }
  return new TerraformAsset(stack, "ObjectsChart", {
    path: packageFile("charts", "objects"),
    type: AssetType.DIRECTORY,
  });
}
