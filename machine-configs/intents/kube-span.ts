import { kubeSpanConfig } from "../documents/kubespan-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesEnvironmentDocuments } from "../releases";

export interface KubeSpanProps {
  /**
   * Which addresses of its machines the others use: subnets, with `!` before those that are left out.
   *
   * @default - all
   */
  readonly endpoints?: readonly string[];
  /** Whether the pods' networks are routed through it as well, instead of by the network plugin. @default false */
  readonly advertiseKubernetesNetworks?: boolean;
  /** Whether packets go unencrypted to machines that cannot be reached through it. @default false */
  readonly allowDownPeerBypass?: boolean;
  /** Whether addresses that others see a machine under, behind NAT, are tried as well. @default false */
  readonly harvestExtraEndpoints?: boolean;
  /** Largest packet, in bytes, at least 1280: 80 below the networks' own. @default 1420 */
  readonly mtu?: number;
}

/**
 * An encrypted network between all machines of a cluster, for one that spans sites or networks that are not trusted.
 * They find each other by discovery, which therefore has to be on, and reach each other on UDP port 51820.
 *
 * For all machines of a cluster; applied without a restart.
 */
export function kubeSpan({ endpoints, ...props }: KubeSpanProps = {}): Intent {
  return {
    name: "kubeSpan",
    documents: ({ contract }) => {
      const kubespan = { enabled: true, ...props, filters: endpoints === undefined ? undefined : { endpoints } };
      return [
        usesEnvironmentDocuments(contract)
          ? kubeSpanConfig.build(kubespan)
          : v1alpha1.build({ machine: { network: { kubespan } } }),
      ];
    },
  };
}
