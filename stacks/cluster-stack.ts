import type { Construct } from "constructs";
import type { StackState } from "../constructs/proxmox-site";
import { TalosCluster, type TalosClusterProps } from "../constructs/talos-cluster";
import type { TalosNodeProps } from "../constructs/talos-node";
import { SiteStack } from "./site-stack";

export interface ClusterStackProps<Host extends string, Datastore extends string>
  extends TalosClusterProps<Host, Datastore> {
  /**
   * Name of the cluster, where a site has several: the stack is then called after it as well. Part of every Terraform
   * address.
   *
   * @default - the site's name, in a stack called `<site>-cluster`
   */
  readonly clusterName?: string;

  /** Where its state is kept. @default - where the site says */
  readonly state?: StackState;

  /** The control planes by name, in the order in which they are changed. The first one bootstraps the cluster. */
  readonly controlPlanes: Readonly<Record<string, TalosNodeProps<NoInfer<Host>, NoInfer<Datastore>>>>;

  /** The workers by name. @default - none */
  readonly workers?: Readonly<Record<string, TalosNodeProps<NoInfer<Host>, NoInfer<Datastore>>>>;
}

/** `<site>-cluster`, or `<site>-<clusterName>`: the machines of a cluster with Talos and Kubernetes on them. */
export class ClusterStack<Host extends string, Datastore extends string> extends SiteStack {
  readonly cluster: TalosCluster<Host, Datastore>;

  constructor(scope: Construct, props: ClusterStackProps<Host, Datastore>) {
    super(scope, props.clusterName ?? "cluster", props);
    const { clusterName = props.site.name, controlPlanes, workers, state: _, ...cluster } = props;
    this.cluster = new TalosCluster(this, clusterName, cluster);
    for (const [name, node] of Object.entries(controlPlanes)) {
      this.cluster.addControlPlane(name, node);
    }
    for (const [name, node] of Object.entries(workers ?? {})) {
      this.cluster.addWorker(name, node);
    }
  }
}
