import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type Problem, unpinnedChart } from "../errors";
import { outdatedApiProblems, renderValues } from "../manifests";
import { Release } from "../providers/helm/release";
import { addCheck } from "./private/checks";
import { releaseProblems } from "./private/release-problems";
import { terraformYaml } from "./private/terraform-text";

export interface HelmChartProps {
  /** Name of the chart in its repository. */
  readonly chart: string;

  /** URL of the repository: `https://…`, or `oci://…`. Terraform reads it when it plans. */
  readonly repository: string;

  /** Exact version of the chart. */
  readonly version: string;

  /** Namespace, which has to be there. Changing it replaces the release. */
  readonly namespace: string;

  /**
   * Values of the chart. They are in the state and in plans, so a secret has no place in them. Objects in them are in a
   * form that is served (GATE-13).
   *
   * @default - the chart's
   */
  readonly values?: Readonly<Record<string, unknown>>;

  /** @default - none */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/**
 * A chart of somebody else, as a release named after the construct's id.
 *
 * @example
 * new HelmChart(stack, "cnpg", {
 *   repository: "https://cloudnative-pg.github.io/charts",
 *   chart: "cloudnative-pg",
 *   version: "0.29.0",
 *   namespace: "cnpg-system",
 * });
 */
export class HelmChart extends Construct {
  readonly resource: Release;

  constructor(scope: Construct, id: string, props: HelmChartProps) {
    super(scope, id);
    const { chart, repository, version, namespace, values, dependsOn } = props;
    this.resource = new Release(this, "Resource", {
      name: id,
      chart,
      repository,
      version,
      namespace,
      ...(values === undefined ? {} : { values: [terraformYaml(values, renderValues)] }),
      ...(dependsOn === undefined ? {} : { dependsOn: [...dependsOn] }),
    });
    addCheck(this, () => this.#problems(props));
  }

  #problems({ chart, version, namespace, values }: HelmChartProps): Problem[] {
    const where = this.node.path;
    return [
      ...releaseProblems(where, this.node.id, namespace),
      ...(/^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.test(version)
        ? []
        : [unpinnedChart(where, chart, version)]),
      ...outdatedApiProblems(where, values),
    ];
  }
}
