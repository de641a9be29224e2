import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { backupDashboard } from "../manifests";
import { KubernetesObjects } from "./kubernetes-objects";
import { given } from "./private/given";

export interface BackupDashboardProps {
  /** Namespace in which Grafana's sidecar looks for dashboards, which has to be there. */
  readonly namespace: string;

  /** @default - none */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/**
 * One dashboard of Grafana for all backups and stores whose metrics a Prometheus has (MON-3): how old the newest of each
 * is, and how much of its limit that is; what drills proved, and when; whether WAL is archived; how stores answer, and
 * when their certificates end. Grafana's sidecar finds it by the label `grafana_dashboard`; links, by the uid `backups`.
 *
 * @example
 * new BackupDashboard(stack, "backup-dashboard", { namespace: "monitoring" });
 */
export class BackupDashboard extends Construct {
  readonly objects: KubernetesObjects;

  constructor(scope: Construct, id: string, { namespace, dependsOn }: BackupDashboardProps) {
    super(scope, id);
    this.objects = new KubernetesObjects(this, id, {
      namespace,
      objects: [backupDashboard(id, namespace)],
      ...given({ dependsOn }),
    });
  }
}
