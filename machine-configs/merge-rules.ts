/** Where merging is not what it is everywhere else: lists append, maps merge, and the last scalar wins. */
import { type Path, ROOT_KIND } from "./document";
import { own } from "./plain-data";

/** Lists, maps and items that a change replaces. */
export const REPLACED: Readonly<Record<string, readonly string[]>> = {
  [ROOT_KIND]: ["cluster.network.podSubnets", "cluster.network.serviceSubnets", "cluster.apiServer.auditPolicy"],
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
    "cluster.apiServer.authorizationConfig": ["name"],
  },
  ExtensionServiceConfig: { configFiles: ["mountPath"] },
  ImageVerificationConfig: { rules: ["image"] },
};

/** Expressions and sizes: a change of the document empties each that it does not repeat. */
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

/** Whether a change replaces what is at a path. */
export function isReplaced(kind: string, path: Path): boolean {
  return own(REPLACED, kind)?.includes(pattern(path)) ?? false;
}

/** What tells an item of a list from the others; nothing when items are only appended. */
export function itemKey(kind: string, list: Path, item: Readonly<Record<string, unknown>>): string | undefined {
  const by = own(own(KEYED, kind) ?? {}, pattern(list))?.find((field) => item[field] !== undefined);
  return by === undefined ? undefined : JSON.stringify([by, item[by]]);
}

/** The fields of a kind that merging empties. */
export function erasedFields(kind: string): readonly (readonly string[])[] {
  return (own(ERASED, kind) ?? []).map((path) => path.split("."));
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
