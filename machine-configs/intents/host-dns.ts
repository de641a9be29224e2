import { resolverConfig } from "../documents/resolver-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesMachineDocuments } from "../releases";

export type HostDnsProps =
  | {
      /** Off: programs of the machine ask the nameservers themselves. */
      readonly enabled: false;
      readonly forwardKubeDNSToHost?: never;
      readonly resolveMemberNames?: never;
    }
  | {
      readonly enabled?: true;
      /**
       * Whether CoreDNS asks the machine instead of the nameservers. Off where pods cannot reach it, as with Cilium's
       * `bpf.masquerade`.
       *
       * @default - as generated, on
       */
      readonly forwardKubeDNSToHost?: boolean;
      /** Whether the names of the cluster's machines are known, as discovery finds them. @default false */
      readonly resolveMemberNames?: boolean;
    };

/**
 * The DNS resolver of the machine, which caches what the nameservers say and is on unless it is turned off. Applied
 * without a restart.
 */
export function hostDns(props: HostDnsProps): Intent {
  return {
    name: "hostDns",
    documents: ({ contract }) => {
      const { enabled = true, forwardKubeDNSToHost, resolveMemberNames } = props;
      // What is generated forwards to it, which Talos refuses once it is off.
      const hostDNS = enabled
        ? { enabled, forwardKubeDNSToHost, resolveMemberNames }
        : { enabled, forwardKubeDNSToHost: false };
      return [
        usesMachineDocuments(contract)
          ? resolverConfig.build({ hostDNS })
          : v1alpha1.build({ machine: { features: { hostDNS } } }),
      ];
    },
  };
}
