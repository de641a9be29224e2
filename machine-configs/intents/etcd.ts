import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";

export interface EtcdProps {
  /**
   * Subnets from which each member takes the address that it tells the others, such as `10.0.0.0/24`; with `!` before
   * it, one to leave out. Needed where control planes have several networks.
   *
   * @default - the first routable address of the machine
   */
  readonly advertisedSubnets?: readonly string[];
  /**
   * Subnets on whose addresses etcd listens, written like `advertisedSubnets`.
   *
   * @default - as `advertisedSubnets`; without those on all addresses
   */
  readonly listenSubnets?: readonly string[];
  /**
   * Arguments without the leading dashes, such as `{ "quota-backend-bytes": "8589934592" }`; a list, from Talos 1.13 on,
   * repeats the argument.
   *
   * @default - none beyond those of Talos
   */
  readonly extraArgs?: Readonly<Record<string, string | readonly string[]>>;
}

/**
 * Settings of etcd, the same in every contract. A change takes effect when the machine restarts: restart one control
 * plane after the other, each when all members are healthy again. Nothing on workers.
 */
export function etcd(props: EtcdProps): Intent {
  return {
    name: "etcd",
    documents: ({ role }) => (role === "worker" ? [] : [v1alpha1.build({ cluster: { etcd: props } })]),
  };
}
