import { kubeProxyConfig } from "../documents/kube-proxy-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesKubeDocuments } from "../releases";

export interface KubeProxyProps {
  /**
   * How services are reached.
   *
   * @default "nftables" - as Talos sets it from Kubernetes 1.31 on
   */
  readonly mode?: "nftables" | "iptables" | "ipvs";
  /**
   * Where metrics are served, such as `0.0.0.0:10249` to let Prometheus fetch them.
   *
   * @default "127.0.0.1:10249"
   */
  readonly metricsBindAddress?: string;
}

/**
 * Settings of kube-proxy; see `withoutKubeProxy` for none. Nothing on workers: the control planes apply its manifest, in
 * a cluster that runs at the next upgrade of Kubernetes only.
 */
export function kubeProxy({ mode, metricsBindAddress }: KubeProxyProps): Intent {
  return {
    name: "kubeProxy",
    documents: ({ role, contract }) => {
      if (role === "worker") return [];
      if (usesKubeDocuments(contract)) {
        const config = metricsBindAddress === undefined ? {} : { config: { metricsBindAddress } };
        return [kubeProxyConfig.build({ enabled: true, mode, ...config })];
      }
      const args =
        metricsBindAddress === undefined ? {} : { extraArgs: { "metrics-bind-address": metricsBindAddress } };
      return [v1alpha1.build({ cluster: { proxy: { disabled: false, mode, ...args } } })];
    },
  };
}
