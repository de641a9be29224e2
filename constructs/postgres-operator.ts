import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { BackupForm } from "../manifests";
import { charts } from "../versions";
import { HelmChart } from "./helm-chart";
import { KubernetesNamespace } from "./kubernetes-namespace";

/** What a cluster has to know about its operator, also about one that is there already. */
export interface PostgresOperatorFacts {
  /** Version of CloudNativePG: all three numbers. */
  readonly version: string;

  /** Who makes the backups: the Barman Cloud Plugin, or, before 1.31, the operator by itself. */
  readonly backups: BackupForm;

  /** Namespace that it runs in. */
  readonly namespaceName: string;

  /** What has to be applied before a cluster. @default - nothing */
  readonly resources?: readonly ITerraformDependable[];
}

export interface PostgresOperatorProps {
  /**
   * Who makes the backups. The plugin needs cert-manager in the cluster. Changing it changes all clusters at the next
   * apply, and restarts their instances one by one (T-26).
   *
   * @default "plugin"
   */
  readonly backups?: BackupForm;

  /** Another release of the operator: its chart, and the version in it. @default - chart 0.29.0 with 1.30.0 */
  readonly chart?: { readonly version: string; readonly appVersion: string };

  /** Another release of the plugin's chart. @default "0.7.0" */
  readonly pluginChart?: string;
}

/**
 * CloudNativePG in a namespace named after the construct's id, with the plugin that makes backups. It serves all
 * namespaces.
 *
 * @example
 * const operator = new PostgresOperator(stack, "cnpg-system");
 */
export class PostgresOperator extends Construct implements PostgresOperatorFacts {
  readonly namespaceName: string;
  readonly version: string;
  readonly backups: BackupForm;
  readonly resources: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: PostgresOperatorProps = {}) {
    super(scope, id);
    const { backups = "plugin", chart = charts.cloudNativePg, pluginChart = charts.barmanCloudPlugin.version } = props;
    const namespace = new KubernetesNamespace(this, id);
    this.namespaceName = namespace.namespaceName;
    this.version = chart.appVersion;
    this.backups = backups;
    const operator = new HelmChart(this, "cnpg", {
      ...charts.cloudNativePg,
      version: chart.version,
      namespace: id,
      dependsOn: [namespace.resource],
    });
    const plugin =
      backups === "plugin"
        ? new HelmChart(this, "barman-cloud", {
            ...charts.barmanCloudPlugin,
            version: pluginChart,
            namespace: id,
            dependsOn: [operator.resource],
          })
        : undefined;
    this.resources = [operator.resource, ...(plugin === undefined ? [] : [plugin.resource])];
  }
}
