/** What only the documents of a configuration together can show. */
import {
  controlPlaneOnly,
  discoveryNeeded,
  etcdEncryptionMissing,
  hostDnsNeeded,
  identityMissing,
  type Problem,
  partMissing,
} from "../../errors";
import { isDeletion } from "../deletions";
import { identityOf, kindOf, type Path, ROOT_KIND, type TalosDocument } from "../document";
import { isMap, valueAt } from "../plain-data";
import { isAtLeast } from "../releases";
import type { PlacedProblem } from "./conflicts";

/**
 * Everything that is wrong with the documents together.
 *
 * @param controlPlaneKinds the kinds that a machine refuses which is no control plane.
 */
export function containerProblems(
  documents: readonly TalosDocument[],
  talos: string,
  controlPlaneKinds: ReadonlySet<string>,
): readonly PlacedProblem[] {
  const configuration = new Configuration(documents);
  return [
    ...parts(configuration),
    ...roleRules(configuration, controlPlaneKinds),
    ...(isAtLeast(talos, "1.14") ? [...etcdEncryption(configuration), ...encryptedDns(configuration)] : []),
    ...(isAtLeast(talos, "1.14") ? kubeSpanIdentity(configuration) : kubeSpanDiscovery(configuration)),
  ];
}

/** Documents that are asked for their fields. */
class Configuration {
  constructor(readonly documents: readonly TalosDocument[]) {}

  /** A field of the first document of a kind. */
  field(kind: string, ...path: Path): unknown {
    return valueAt(this.first(kind), path);
  }

  first(kind: string): TalosDocument | undefined {
    return this.documents.find((document) => kindOf(document) === kind);
  }

  get usesKubeSpan(): boolean {
    const document = this.first("KubeSpanConfig");
    const legacy = this.field(ROOT_KIND, "machine", "network", "kubespan", "enabled");
    return (document === undefined ? legacy : document["enabled"]) === true;
  }

  get isControlPlane(): boolean {
    const type = this.field(ROOT_KIND, "machine", "type");
    return type === "controlplane" || type === "init";
  }
}

function parts(configuration: Configuration): readonly PlacedProblem[] {
  return (["machine", "cluster"] as const).flatMap((part) =>
    isMap(configuration.field(ROOT_KIND, part)) ? [] : [placed(ROOT_KIND, [part], (where) => partMissing(where, part))],
  );
}

function roleRules(configuration: Configuration, controlPlaneKinds: ReadonlySet<string>): readonly PlacedProblem[] {
  if (configuration.isControlPlane) return [];
  return configuration.documents
    .filter((document) => controlPlaneKinds.has(kindOf(document)))
    .map((document) => placed(identityOf(document), [], (where) => controlPlaneOnly(where, kindOf(document))));
}

function etcdEncryption(configuration: Configuration): readonly PlacedProblem[] {
  const { isControlPlane } = configuration;
  const keys = ["secretboxEncryptionSecret", "aescbcEncryptionSecret"];
  const legacy = keys.some((key) => isText(configuration.field(ROOT_KIND, "cluster", key)));
  const runsApiServer = configuration.field("KubeAPIServerConfig", "enabled") !== false;
  if (!isControlPlane || !runsApiServer || legacy) return [];
  if (configuration.first("KubeEtcdEncryptionConfig") !== undefined) return [];
  return [placed(ROOT_KIND, ["cluster"], etcdEncryptionMissing)];
}

function encryptedDns(configuration: Configuration): readonly PlacedProblem[] {
  const nameservers = configuration.field("ResolverConfig", "nameservers");
  const encrypted = (Array.isArray(nameservers) ? nameservers : []).findIndex((one) => {
    const protocol = valueAt(one, ["protocol"]);
    return protocol === "DoT" || protocol === "DoH";
  });
  const hostDns =
    configuration.field("ResolverConfig", "hostDNS") ??
    configuration.field(ROOT_KIND, "machine", "features", "hostDNS");
  if (encrypted === -1 || valueAt(hostDns, ["enabled"]) === true) return [];
  return [placed("ResolverConfig", ["nameservers", encrypted, "protocol"], hostDnsNeeded)];
}

function kubeSpanIdentity(configuration: Configuration): readonly PlacedProblem[] {
  if (!configuration.usesKubeSpan) return [];
  const fields = [
    ["clusterID", "id"],
    ["clusterSecret", "secret"],
  ] as const;
  return fields.flatMap(([field, old]) => {
    const value =
      configuration.field("DiscoveryIdentityConfig", field) ?? configuration.field(ROOT_KIND, "cluster", old);
    return isText(value) ? [] : [placed("KubeSpanConfig", ["enabled"], (where) => identityMissing(where, field))];
  });
}

/** Until 1.13, the members of KubeSpan find each other by the discovery that the v1alpha1 document turns on. */
function kubeSpanDiscovery(configuration: Configuration): readonly PlacedProblem[] {
  if (!configuration.usesKubeSpan || configuration.field(ROOT_KIND, "cluster", "discovery", "enabled") === true)
    return [];
  return [placed(ROOT_KIND, ["cluster", "discovery", "enabled"], discoveryNeeded)];
}

/** A change that turns KubeSpan on, and off what its members find each other by. */
export function kubeSpanAlone(documents: readonly TalosDocument[]): readonly PlacedProblem[] {
  const configuration = new Configuration(documents);
  if (!configuration.usesKubeSpan) return [];
  const services = documents.filter((document) => kindOf(document) === "DiscoveryServiceConfig");
  const [deleted] = services.every(isDeletion) ? services : [];
  if (deleted !== undefined) return [placed(identityOf(deleted), [], discoveryNeeded)];
  const path = ["cluster", "discovery", "enabled"];
  return configuration.field(ROOT_KIND, ...path) === false ? [placed(ROOT_KIND, path, discoveryNeeded)] : [];
}

function placed(identity: string, path: Path, problem: (where: string) => Problem): PlacedProblem {
  return { identity, path, problem: problem([identity, ...path].join(".")) };
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}
