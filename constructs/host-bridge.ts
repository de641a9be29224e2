import { Construct } from "constructs";
import { malformedHostInterface, type Problem } from "../errors";
import { NetworkLinuxBridge } from "../providers/proxmox/network-linux-bridge";
import { hostOf, staticAddressProblems } from "./cluster-network";
import { recordBridge } from "./private/bridges";
import { addCheck } from "./private/checks";
import { claim } from "./private/claims";
import { given } from "./private/given";
import { boundsProblems } from "./private/numbers";
import type { ProxmoxSite } from "./proxmox-site";

/** What one host puts into a bridge. */
export interface HostBridgePorts {
  /** Interfaces of the host: `eno1`, `bond0`. @default - none, for a network inside of the host */
  readonly ports?: readonly string[];

  /** The host's own address on the bridge, with prefix length. @default - none */
  readonly address?: string;

  /** The host's default route; a host has one. @default - none */
  readonly gateway?: string;
}

export interface HostBridgeProps<Host extends string = string> {
  readonly site: ProxmoxSite<Host>;

  /** The hosts that have the bridge. */
  readonly hosts: Readonly<Partial<Record<NoInfer<Host>, HostBridgePorts>>>;

  /** Whether network cards of machines may have a VLAN tag. @default false */
  readonly vlanAware?: boolean;

  /** Largest packet, in bytes. @default - 1500 */
  readonly mtu?: number;
}

/**
 * A Linux bridge of the same name, that of the construct's id, on several hosts. A change reloads the host's network,
 * which interrupts its machines for a moment.
 */
export class HostBridge<Host extends string = string> extends Construct {
  readonly bridgeName: string;

  constructor(scope: Construct, id: string, { site, hosts, vlanAware, mtu }: HostBridgeProps<Host>) {
    super(scope, id || "unnamed");
    this.bridgeName = id;
    const byHost = Object.entries<HostBridgePorts | undefined>(hosts);
    for (const [host, { ports, address, gateway } = {}] of byHost) {
      new NetworkLinuxBridge(this, host || "unnamed", {
        nodeName: host,
        name: id,
        ...(ports === undefined ? {} : { ports: [...ports] }),
        ...(address === undefined ? {} : { [address.includes(":") ? "address6" : "address"]: address }),
        ...(gateway === undefined ? {} : { [gateway.includes(":") ? "gateway6" : "gateway"]: gateway }),
        ...(vlanAware === undefined ? {} : { vlanAware }),
        ...(mtu === undefined ? {} : { mtu }),
      });
    }
    recordBridge(site, this, {
      name: id,
      isVlanAware: vlanAware ?? false,
      hosts: new Map(byHost.map(([host, { ports = [] } = {}]) => [host, ports.length > 0])),
    });
    claim(this, site, "interface", () => byHost.map(([host]) => `${id} of ${host}`));
    claim(this, site, "port", () =>
      byHost.flatMap(([host, { ports = [] } = {}]) => ports.map((it) => `${it} of ${host}`)),
    );
    // A bridge that does not lead out may have the same address on every host.
    claim(this, site, "address", () =>
      byHost.flatMap(([, { ports = [], address } = {}]) => (ports.length === 0 ? [] : (hostOf(address) ?? []))),
    );
    addCheck(this, (): Problem[] => [
      ...byHost.flatMap(([host, { address, gateway } = {}]) => [
        ...site.hostProblems(this, host),
        ...(address === undefined ? [] : staticAddressProblems(this.node.path, { address, ...given({ gateway }) })),
      ]),
      ...boundsProblems(this.node.path, [["mtu", mtu, 1280, 65_520]]),
      ...(/^[A-Za-z]\w{0,9}$/.test(id) ? [] : [malformedHostInterface(this.node.path, "bridge", id, "vmbr1")]),
    ]);
  }
}
