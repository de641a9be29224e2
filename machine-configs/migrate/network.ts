/** Moves of the network's settings that belong to no link. */
import { hostnameConfig } from "../documents/hostname-config";
import { kubePrismConfig } from "../documents/kube-prism-config";
import { resolverConfig } from "../documents/resolver-config";
import { staticHostConfig } from "../documents/static-host-config";
import { timeSyncConfig } from "../documents/time-sync-config";
import {
  becomes,
  becomesNothing,
  type Move,
  move,
  type Outcome,
  rename,
  type Scope,
  undecided,
  type ValueOf,
  withoutDocument,
} from "./move";

export const networkMoves: readonly Move[] = [
  move("machine.network.hostname", ["HostnameConfig"], (hostname) =>
    becomes([hostnameConfig.build({ hostname, auto: "off" })]),
  ),
  move("machine.features.stableHostname", ["HostnameConfig"], (stable, { root }) => {
    if (root.machine?.network?.hostname) return becomesNothing("the hostname is given");
    return stable
      ? becomes([hostnameConfig.build({ auto: "stable" })])
      : withoutDocument("Give the machine a hostname, or keep the section, which Talos still reads.");
  }),
  move("machine.network.nameservers", ["ResolverConfig"], (addresses) =>
    becomes([resolverConfig.build({ nameservers: addresses.map((address) => ({ address })) })]),
  ),
  rename("machine.network.searchDomains", "ResolverConfig.searchDomains.domains"),
  rename("machine.network.disableSearchDomain", "ResolverConfig.searchDomains.disableDefault"),
  rename("machine.features.hostDNS", "ResolverConfig.hostDNS", {
    since: "1.14",
    deletion: () => ({ apiVersion: "v1alpha1", kind: "ResolverConfig", hostDNS: { $patch: "delete" } }),
  }),
  move("machine.network.extraHostEntries.*", ["StaticHostConfig"], ({ ip = "", aliases = [] }) =>
    becomes([staticHostConfig.build({ name: ip, hostnames: aliases })]),
  ),
  move("machine.time", ["TimeSyncConfig"], timeOutcome),
  rename("machine.network.kubespan", "KubeSpanConfig"),
  move("machine.features.kubePrism", ["KubePrismConfig"], kubePrismOutcome, {
    deletion: kubePrismConfig.deletion,
  }),
];

/** Among the servers could be the clocks of the machine itself. */
function timeOutcome({ disabled, servers = [], bootTimeout }: NonNullable<ValueOf<"machine.time">>): Outcome {
  const devices = servers.filter((server) => server.startsWith("/dev/"));
  if (devices.length > 0 && devices.length < servers.length) {
    return undecided("Take the time from servers or from devices, not from both.");
  }
  const ntp = devices.length === 0 && servers.length > 0 ? { servers } : undefined;
  const ptp = devices.length > 0 ? { devices } : undefined;
  return becomes([
    timeSyncConfig.build({ enabled: disabled === undefined ? undefined : !disabled, ntp, ptp, bootTimeout }),
  ]);
}

/** What Talos takes, and its generator writes. */
const KUBE_PRISM_PORT = 7445;

function kubePrismOutcome(
  { enabled, port }: NonNullable<ValueOf<"machine.features.kubePrism">>,
  { whole }: Scope,
): Outcome {
  if (enabled ?? !whole) return becomes([kubePrismConfig.build({ port: port || KUBE_PRISM_PORT })]);
  return whole ? becomesNothing("it is off, as it is without KubePrismConfig") : becomes([kubePrismConfig.deletion()]);
}
