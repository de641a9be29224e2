/** Where merging is not what it is everywhere else: lists append, maps merge, and the last scalar wins. */
import { type Path, ROOT_KIND } from "./document";
import { isMap, own } from "./plain-data";
import { isAtLeast, type TalosMinor } from "./releases";

/** Arguments, of which each is a text or a list. */
const EXTRA_ARGS = [
  "machine.kubelet.extraArgs",
  ...["apiServer", "controllerManager", "scheduler", "proxy", "etcd"].map((one) => `cluster.${one}.extraArgs`),
];

/** A rule for the documents of all that Kubernetes runs. */
function ofKubernetes(path: string): Readonly<Record<string, readonly string[]>> {
  const programs = ["Kubelet", "KubeAPIServer", "KubeControllerManager", "KubeScheduler", "KubeProxy"];
  return Object.fromEntries(programs.map((program) => [`${program}Config`, [path]] as const));
}

/** Certificates and keys, which are bytes: no bytes are a change as well, and a certificate and its key are one. */
const BYTES = [
  ...["machine.ca", "cluster.ca", "cluster.aggregatorCA", "cluster.etcd.ca", "cluster.serviceAccount"],
  ...["ca", "clientIdentity"].map((field) => `machine.registries.config.*.tls.${field}`),
];

/** Lists, maps and items that a change replaces; `*` stands for every key or item. */
export const REPLACED: Readonly<Record<string, readonly string[]>> = {
  [ROOT_KIND]: [
    "cluster.network.podSubnets",
    "cluster.network.serviceSubnets",
    "cluster.apiServer.auditPolicy",
    ...BYTES,
    ...EXTRA_ARGS.map((path) => `${path}.*`),
  ],
  NetworkRuleConfig: ["portSelector.ports", "ingress"],
  ...ofKubernetes("extraArgs.*"),
  KubeNetworkConfig: ["podSubnets", "serviceSubnets"],
  KubeAuditPolicyConfig: ["configuration"],
  KubeAuthenticationConfig: ["configuration"],
  KubeCredentialProviderConfig: ["configuration"],
  KubeStaticPodConfig: ["pod"],
  ImageVerificationConfig: ["rules.*"],
};

/** Lists whose items are told apart by a field: an item with the same one is merged, unless it is replaced. */
export const KEYED: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  [ROOT_KIND]: {
    "machine.network.interfaces": ["interface", "deviceSelector"],
    "machine.network.interfaces.*.vlans": ["vlanId"],
    "cluster.apiServer.admissionControl": ["name"],
  },
  ExtensionServiceConfig: { configFiles: ["mountPath"] },
  ImageVerificationConfig: { rules: ["image"] },
};

/**
 * Expressions and sizes: a change of the document empties each that it does not repeat. A size that may be a percentage,
 * which is a maximum since 1.12, stays.
 */
export const ERASED: Readonly<Record<string, readonly string[]>> = {
  VolumeConfig: ["provisioning.diskSelector.match", "provisioning.minSize", "provisioning.maxSize"],
  UserVolumeConfig: ["provisioning.diskSelector.match", "provisioning.minSize", "provisioning.maxSize"],
  RawVolumeConfig: ["provisioning.diskSelector.match", "provisioning.minSize", "provisioning.maxSize"],
  SwapVolumeConfig: ["provisioning.diskSelector.match", "provisioning.minSize", "provisioning.maxSize"],
  ExistingVolumeConfig: ["discovery.volumeSelector.match"],
  LVMVolumeGroupConfig: ["provisioning.volumeSelector.match"],
  LVMLogicalVolumeConfig: ["provisioning.minSize", "provisioning.maxSize"],
  RAIDArrayConfig: ["provisioning.volumeSelector.match"],
  UnattendedInstallConfig: ["provisioning.diskSelector.match"],
  LinkAliasConfig: ["selector.match"],
  OOMConfig: ["triggerExpression", "cgroupRankingExpression"],
};

/** Fields that hold a URL: a change replaces the parts of it that it has. */
export const URLS: Readonly<Record<string, readonly string[]>> = {
  [ROOT_KIND]: ["cluster.controlPlane.endpoint"],
  KubeClusterConfig: ["endpoint"],
  KubeServiceAccountConfig: ["issuer.issuerURL"],
  KubeExternalManifestConfig: ["url"],
  DiscoveryServiceConfig: ["endpoint"],
  KmsgLogConfig: ["url"],
  SideroLinkConfig: ["apiUrl"],
  HTTPProbeConfig: ["url"],
};

/** What Talos cannot merge into what is there: fields, or with an empty path documents as a whole. */
export const UNMERGEABLE: Readonly<Record<string, readonly Unmergeable[]>> = {
  [ROOT_KIND]: [{ path: "machine.install.diskSelector.size" }],
  RoutingRuleConfig: [{ path: "", until: "1.14" }],
};

interface Unmergeable {
  readonly path: string;
  /** The release that merges it. @default - none does */
  readonly until?: TalosMinor;
}

/** Whether a release refuses a change of what is at a path. */
export function isUnmergeable(kind: string, path: Path, talos: string): boolean {
  const found = own(UNMERGEABLE, kind)?.find((one) => one.path === pattern(path));
  return found !== undefined && (found.until === undefined || !isAtLeast(talos, found.until));
}

/** Whether a change replaces what is at a path. */
export function isReplaced(kind: string, path: Path): boolean {
  return isAmong(REPLACED, kind, path);
}

/** Whether a path is one of those that a table has for a kind. */
function isAmong(table: Readonly<Record<string, readonly string[]>>, kind: string, path: Path): boolean {
  return (own(table, kind) ?? []).some((rule) => {
    const keys = rule.split(".");
    return keys.length === path.length && keys.every((key, index) => key === "*" || key === path[index]);
  });
}

/** Whether a change replaces what is at a path even by nothing. */
export function isEmptied(kind: string, path: Path): boolean {
  return isAmong({ [ROOT_KIND]: BYTES }, kind, path);
}

/**
 * What tells an item of a list from the others; nothing when items are only appended. Where one field tells them apart,
 * all items without it are one.
 */
export function itemKey(kind: string, list: Path, item: Readonly<Record<string, unknown>>): string | undefined {
  const fields = own(own(KEYED, kind) ?? {}, pattern(list)) ?? [];
  const by = fields.find((field) => item[field]) ?? (fields.length === 1 ? fields[0] : undefined);
  if (by === undefined) return undefined;
  const value = item[by] || "";
  // Talos compares where this is written down, which never is the same place.
  if (isMap(value) && value["physical"] !== undefined) return undefined;
  return JSON.stringify([by, isMap(value) ? Object.entries(value).sort() : value]);
}

/** Whether a list has items that are told apart: in one change as well, items with one key become one. */
export function isKeyed(kind: string, list: Path): boolean {
  return own(own(KEYED, kind) ?? {}, pattern(list)) !== undefined;
}

/** The fields of a kind that merging empties. */
export function erasedFields(kind: string, talos: string): readonly (readonly string[])[] {
  const paths = (own(ERASED, kind) ?? []).filter((path) => !isPerhapsPercentage(path, talos));
  return paths.map((path) => path.split("."));
}

/** Whether a release keeps a size and a percentage for a field side by side, and of both takes the size. */
export function keepsSize(kind: string, path: Path, talos: string): boolean {
  const field = pattern(path);
  return isPerhapsPercentage(field, talos) && (own(ERASED, kind)?.includes(field) ?? false);
}

function isPerhapsPercentage(path: string, talos: string): boolean {
  return path === "provisioning.maxSize" && isAtLeast(talos, "1.12");
}

/** Numbers and arguments that can be set to nothing since 1.13: everywhere else that changes nothing. */
export const CLEARABLE: Readonly<Record<string, readonly string[]>> = {
  [ROOT_KIND]: ["machine.network.kubespan.mtu", ...EXTRA_ARGS.map((path) => `${path}.*`)],
  KubeSpanConfig: ["mtu"],
  ZswapConfig: ["maxPoolPercent"],
  EthernetConfig: [
    ...["rx", "tx", "rx-mini", "rx-jumbo", "rx-buf-len", "cqe-size", "tx-push-buf-len"].map((one) => `rings.${one}`),
    ...["rx", "tx", "other", "combined"].map((one) => `channels.${one}`),
  ],
  BondConfig: [
    ...["miimon", "updelay", "downdelay", "arpInterval", "adActorSysPrio", "adUserPortKey", "resendIGMP", "minLinks"],
    ...["lpInterval", "packetsPerSlave", "numPeerNotif", "tlbLogicalLb", "allSlavesActive", "peerNotifDelay"],
    "missedMax",
  ],
  ...ofKubernetes("extraArgs.*"),
};

/** Words that Talos takes for no change. */
export const EMPTY_WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  NetworkDefaultActionConfig: { ingress: "accept" },
};

/** Whether a value changes nothing where there is another one. */
export function isEmptyChange(kind: string, path: Path, value: unknown, talos: string): boolean {
  if (value === 0 || value === "") return !(isAtLeast(talos, "1.13") && isAmong(CLEARABLE, kind, path));
  return value !== undefined && value === own(own(EMPTY_WORDS, kind) ?? {}, pattern(path));
}

/** Whether a field holds a URL. */
export function isUrl(kind: string, path: Path): boolean {
  return own(URLS, kind)?.includes(pattern(path)) ?? false;
}

/** A URL with the parts of another one: `https://a:6443` and `10.0.0.10` are `https://a:6443/10.0.0.10`. */
export function mergeUrls(left: string, right: string): string {
  const old = partsOf(left);
  const change = partsOf(right);
  const part = (key: keyof Parts) => (change[key] === "" ? old[key] : change[key]);
  const host = part("host");
  const path = part("path");
  const slash = host !== "" && path !== "" && !path.startsWith("/") ? "/" : "";
  const authority = host === "" ? "" : `//${host}`;
  return `${part("scheme")}${authority}${slash}${path}${part("query")}${part("fragment")}`;
}

interface Parts {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
}

function partsOf(url: string): Parts {
  const match = /^([A-Za-z][A-Za-z0-9+.-]*:)?(?:\/\/([^/?#]*))?([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(url);
  const [, scheme = "", host = "", path = "", query = "", fragment = ""] = match ?? [];
  return { scheme, host, path, query, fragment };
}

function pattern(path: Path): string {
  return path.map((key) => (typeof key === "number" ? "*" : key)).join(".");
}
