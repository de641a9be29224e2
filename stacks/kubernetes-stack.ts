import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { ProxmoxSite, StackState } from "../constructs/proxmox-site";
import { HelmProvider } from "../providers/helm/provider";
import { KubernetesProvider } from "../providers/kubernetes/provider";
import { placeState, stackName } from "./site-state";

export interface KubernetesStackProps {
  readonly site: ProxmoxSite;

  /** Where its state is kept. @default - where the site says */
  readonly state?: StackState;

  /**
   * Context of the kubeconfig, so that nothing is put into another cluster. Talos calls it `admin@<cluster>`, kubeadm
   * `kubernetes-admin@kubernetes`.
   */
  readonly kubeContext: string;
}

/**
 * A stack of a site with what is inside of its Kubernetes cluster: the providers, and its state. The stack is called
 * `<site>-<id>`. Apply it after the cluster.
 *
 * The kubeconfig comes from the environment variable `KUBE_CONFIG_PATH` when Terraform runs.
 */
export class KubernetesStack extends TerraformStack {
  readonly site: ProxmoxSite;
  readonly kubernetes: KubernetesProvider;
  readonly helm: HelmProvider;

  constructor(scope: Construct, id: string, props: KubernetesStackProps) {
    super(scope, stackName(props.site, id));
    const { site, kubeContext, state } = props;
    this.site = site;
    this.kubernetes = new KubernetesProvider(this, "KubernetesProvider", { configContext: kubeContext });
    this.helm = new HelmProvider(this, "HelmProvider", { kubernetes: { configContext: kubeContext } });
    placeState(this, site, state);
  }
}
