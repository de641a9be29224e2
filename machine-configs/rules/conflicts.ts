/** What excludes each other in one configuration: the old and the new shape of a setting, and documents of one name. */
import { documentsConflict, documentTwice, linkConflict, type Problem, sectionConflicts } from "../../errors";
import { identityOf, kindOf, type Path, ROOT_KIND, type TalosDocument } from "../document";
import { plainText, valueAt } from "../plain-data";
import { isAtLeast, type TalosMinor } from "../releases";

/** A section of the v1alpha1 document that excludes a kind of document. */
interface Conflict {
  readonly kind: string;
  readonly since: TalosMinor;
  readonly sections: readonly string[];
  /** Empty values count as well: the section's mere presence excludes the document. */
  readonly whenPresent?: true;
}

/** Kinds that are not here may be mixed with the sections that they replace. */
const CONFLICTS: readonly Conflict[] = [
  { kind: "HostnameConfig", since: "1.12", sections: ["machine.network.hostname", "machine.features.stableHostname"] },
  { kind: "ResolverConfig", since: "1.12", sections: ["machine.network.nameservers", "machine.network.searchDomains"] },
  { kind: "ResolverConfig", since: "1.12", sections: ["machine.network.disableSearchDomain"] },
  { kind: "ResolverConfig", since: "1.14", sections: ["machine.features.hostDNS"], whenPresent: true },
  { kind: "TimeSyncConfig", since: "1.12", sections: ["machine.time"], whenPresent: true },
  { kind: "KubeSpanConfig", since: "1.13", sections: ["machine.network.kubespan"], whenPresent: true },
  ...whole("ImageCacheConfig", "machine.features.imageCache"),
  ...whole("UnattendedInstallConfig", "machine.install"),
  ...whole("KubeletConfig", "machine.kubelet"),
  ...filled("KubeCredentialProviderConfig", "machine.kubelet.credentialProviderConfig"),
  ...filled("KubeNodeConfig", "machine.nodeLabels", "machine.nodeAnnotations", "machine.nodeTaints"),
  ...whole("KubeNodeConfig", "machine.kubelet.nodeIP"),
  ...filled("KubeNodeConfig", "machine.kubelet.registerWithFQDN", "machine.kubelet.skipNodeRegistration"),
  ...filled("CRIBaseRuntimeSpecConfig", "machine.baseRuntimeSpecOverrides"),
  ...whole("KubePrismConfig", "machine.features.kubePrism"),
  ...whole("KubeTalosAPIAccessConfig", "machine.features.kubernetesTalosAPIAccess"),
  ...filled("KubeClusterConfig", "cluster.clusterName", "cluster.controlPlane.endpoint"),
  ...filled("KubeAPIServerConfig", "cluster.controlPlane.localAPIServerPort"),
  ...whole("KubeAPIServerConfig", "cluster.apiServer"),
  ...whole("KubeControllerManagerConfig", "cluster.controllerManager", "machine.controlPlane.controllerManager"),
  ...whole("KubeSchedulerConfig", "cluster.scheduler", "machine.controlPlane.scheduler"),
  ...whole("KubeProxyConfig", "cluster.proxy"),
  ...whole("KubeNetworkConfig", "cluster.network"),
  ...whole("KubeFlannelCNIConfig", "cluster.network"),
  ...whole("KubeCoreDNSConfig", "cluster.coreDNS"),
  ...filled("KubeAdmissionControlConfig", "cluster.apiServer.admissionControl"),
  // Talos asks for the wrong section here.
  ...filled("KubeAuthorizerConfig", "cluster.apiServer.admissionControl"),
  ...filled("KubeAuditPolicyConfig", "cluster.apiServer.auditPolicy"),
  ...whole("KubeAPIServerCAConfig", "cluster.ca"),
  ...filled("KubeAPIServerCAConfig", "cluster.acceptedCAs"),
  ...whole("KubeAggregatorCAConfig", "cluster.aggregatorCA"),
  ...whole("KubeServiceAccountConfig", "cluster.serviceAccount"),
  ...filled("KubeEtcdEncryptionConfig", "cluster.secretboxEncryptionSecret", "cluster.aescbcEncryptionSecret"),
  ...whole("DiscoveryServiceConfig", "cluster.discovery"),
  ...filled("DiscoveryIdentityConfig", "cluster.id", "cluster.secret"),
];

function whole(kind: string, ...sections: readonly string[]): readonly Conflict[] {
  return [{ kind, since: "1.14", sections, whenPresent: true }];
}

function filled(kind: string, ...sections: readonly string[]): readonly Conflict[] {
  return [{ kind, since: "1.14", sections }];
}

/** The sections of the v1alpha1 document that a release does not take beside a kind of document. */
export function sectionsBeside(kind: string, talos: string): readonly Path[] {
  return CONFLICTS.filter((conflict) => conflict.kind === kind && isAtLeast(talos, conflict.since)).flatMap(
    ({ sections }) => sections.map((section) => section.split(".")),
  );
}

/** A problem with the place that it is about. */
export interface PlacedProblem {
  readonly identity: string;
  readonly path: Path;
  readonly problem: Problem;
}

/** Sections of the v1alpha1 document for which there is a document as well. */
export function shapeConflicts(documents: readonly TalosDocument[], talos: string): readonly PlacedProblem[] {
  const root = documents.find((document) => kindOf(document) === ROOT_KIND);
  if (root === undefined) return [];
  const found = new Map<string, PlacedProblem>();
  for (const conflict of CONFLICTS) {
    if (!isAtLeast(talos, conflict.since) || !documents.some(({ kind }) => kind === conflict.kind)) continue;
    for (const section of conflict.sections) {
      const path = section.split(".");
      const value = valueAt(root, path);
      const set = conflict.whenPresent ? value !== undefined && value !== null : !isEmpty(value);
      const problem = sectionConflicts(`${ROOT_KIND}.${section}`, section, conflict.kind);
      if (set && !found.has(section)) found.set(section, { identity: ROOT_KIND, path, problem });
    }
  }
  return [...found.values(), ...encryptionConflicts(root, documents)];
}

/** The encryption of a system volume is in one place only. */
function encryptionConflicts(root: TalosDocument, documents: readonly TalosDocument[]): readonly PlacedProblem[] {
  return ["state", "ephemeral"].flatMap((volume) => {
    const path = ["machine", "systemDiskEncryption", volume];
    const document = documents.find(({ kind, name }) => kind === "VolumeConfig" && name === volume.toUpperCase());
    if (document === undefined || isEmpty(document["encryption"]) || isEmpty(valueAt(root, path))) return [];
    const problem = sectionConflicts(`${ROOT_KIND}.${path.join(".")}`, path.join("."), identityOf(document));
    return [{ identity: ROOT_KIND, path, problem }];
  });
}

/** Kinds that make a link, or configure one. */
export const LINK_KINDS: readonly string[] = [
  "LinkConfig",
  "BondConfig",
  "BridgeConfig",
  "VLANConfig",
  "DummyLinkConfig",
  "WireguardConfig",
  "VRFConfig",
  "VethConfig",
];

/** Kinds of which no two documents may have one name. */
const NAMESAKES: readonly { readonly since: TalosMinor; readonly kinds: readonly string[] }[] = [
  { since: "1.12", kinds: LINK_KINDS },
  { since: "1.12", kinds: ["Layer2VIPConfig", "HCloudVIPConfig"] },
  { since: "1.12", kinds: ["ExistingVolumeConfig", "UserVolumeConfig"] },
];

/** Documents that are about one thing: of one kind, or of kinds that exclude each other. */
export function namesakes(documents: readonly TalosDocument[], talos: string): readonly PlacedProblem[] {
  const named = NAMESAKES.filter(({ since }) => isAtLeast(talos, since)).flatMap(({ kinds }) => {
    const seen = new Map<unknown, TalosDocument>();
    return documents.flatMap((document) => {
      if (!kinds.includes(kindOf(document)) || document.name === undefined) return [];
      const other = seen.get(document.name);
      seen.set(document.name, document);
      const identity = identityOf(document);
      if (other === undefined || other.kind === document.kind) return [];
      return [{ identity, path: [], problem: documentsConflict(identity, identityOf(other)) }];
    });
  });
  return [...repeated(documents), ...named, ...vethPeers(documents)];
}

/** Documents of one kind and name, each after the first. */
function repeated(documents: readonly TalosDocument[]): readonly PlacedProblem[] {
  const identities = documents.map(identityOf);
  const later = identities.filter((identity, index) => identities.indexOf(identity) < index);
  return [...new Set(later)].map((identity) => ({ identity, path: [], problem: documentTwice(identity, identity) }));
}

/** A pair of virtual links makes two links, each of which no other document may make. */
function vethPeers(documents: readonly TalosDocument[]): readonly PlacedProblem[] {
  const made = documents
    .filter((document) => LINK_KINDS.includes(kindOf(document)))
    .flatMap((document) => [
      { document, path: ["name"], name: document.name },
      ...(document.kind === "VethConfig"
        ? [{ document, path: ["peer", "name"], name: valueAt(document, ["peer", "name"]) }]
        : []),
    ]);
  return made.flatMap(({ document, path, name }, index) => {
    const other = made.slice(0, index).find((one) => one.name === name);
    // Two documents that have one name themselves are namesakes.
    if (other === undefined || name === undefined || (path.length === 1 && other.path.length === 1)) return [];
    const identity = identityOf(document);
    return [{ identity, path, problem: linkConflict(identity, plainText(name), identityOf(other.document)) }];
  });
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === 0 || value === false) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
