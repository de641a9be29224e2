/** Values that Talos takes and nothing can use. */
import { partNeeded, uselessValue, uselessWithout } from "../../errors";
import { identityOf, kindOf, type Path, ROOT_KIND, type TalosDocument } from "../document";
import { own, pathsMatching, plainText, valueAt } from "../plain-data";
import { isAddress } from "../rules/addresses";
import type { PlacedProblem } from "../rules/conflicts";
import { A_HARDWARE_ADDRESS, isHardwareAddress } from "../rules/links";
import { urlParts } from "../rules/urls";

/** A field that Talos does not look into, and what it should be. */
interface Expectation {
  readonly kind: string;
  /** `*` stands for every item or key. */
  readonly path: readonly string[];
  readonly expected: string;
  readonly holds: (value: unknown) => boolean;
}

const EXPECTATIONS: readonly Expectation[] = [
  ofRoot("version", '"v1alpha1"', (value) => value === "v1alpha1"),
  ofRoot("machine.network.nameservers.*", "an IP address", isAddressText),
  ofRoot("machine.network.extraHostEntries.*.ip", "an IP address", isAddressText),
  ofRoot("machine.network.interfaces.*.vlans.*.vlanId", "a VLAN id from 1 to 4094", isBetween(1, 4094)),
  ofRoot("machine.network.interfaces.*.vlans.*.vip.ip", "an IP address", isAddressText),
  ofRoot("machine.registries.mirrors.*.endpoints.*", "an http:// or https:// URL", isHttpUrl),
  ofRoot("machine.features.kubePrism.port", "a port from 1 to 65535", isBetween(1, 65535)),
  ofRoot("cluster.proxy.mode", '"iptables", "ipvs" or "nftables"', isOneOf("iptables", "ipvs", "nftables")),
  ...[
    { kind: "KubeAPIServerConfig", section: "apiServer" },
    { kind: "KubeControllerManagerConfig", section: "controllerManager" },
    { kind: "KubeSchedulerConfig", section: "scheduler" },
  ].flatMap(({ kind, section }) => {
    const facts = { expected: "an amount, such as 500m or 512Mi", holds: isQuantity };
    const path = ["resources", "*", "*"];
    return [
      { kind, path, ...facts },
      { kind: ROOT_KIND, path: ["cluster", section, ...path], ...facts },
    ];
  }),
  ...["BondConfig", "BridgeConfig", "DummyLinkConfig", "VRFConfig"].map((kind) => ({
    kind,
    path: ["hardwareAddr"],
    expected: A_HARDWARE_ADDRESS,
    holds: (value: unknown) => value === "" || (typeof value === "string" && isHardwareAddress(value)),
  })),
  {
    kind: "TrustedRootsConfig",
    path: ["certificates"],
    expected: "a list of PEM certificates",
    holds: (value) =>
      typeof value === "string" && /-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/.test(value),
  },
];

function ofRoot(path: string, expected: string, holds: (value: unknown) => boolean): Expectation {
  return { kind: ROOT_KIND, path: path.split("."), expected, holds };
}

/** Fields without which a document does nothing. */
const NEEDED: Readonly<Record<string, readonly string[]>> = { PCIDriverRebindConfig: ["name", "targetDriver"] };

/** Values without any use, and documents without any effect. */
export function valueProblems(documents: readonly TalosDocument[]): readonly PlacedProblem[] {
  return documents.flatMap((document) => {
    const identity = identityOf(document);
    const placed = (path: Path, problem: PlacedProblem["problem"]): PlacedProblem => ({ identity, path, problem });
    const useless = EXPECTATIONS.filter(({ kind }) => kind === kindOf(document)).flatMap(({ path, expected, holds }) =>
      pathsMatching(document, path).flatMap((place) => {
        const value = valueAt(document, place);
        return holds(value) ? [] : [placed(place, uselessValue(identity, value, expected))];
      }),
    );
    const missing = (own(NEEDED, kindOf(document)) ?? [])
      .filter((field) => document[field] === undefined || document[field] === "")
      .map((field) => placed([field], uselessWithout(identity, field)));
    return [...useless, ...missing];
  });
}

/** Parts that the validator does not ask for, and the machine does. */
export function neededParts(documents: readonly TalosDocument[]): readonly PlacedProblem[] {
  const root = documents.find((document) => kindOf(document) === ROOT_KIND);
  const found: PlacedProblem[] = [];
  const type = valueAt(root, ["machine", "type"]);
  if (type === undefined) return [];
  const add = (path: Path, part: string, consequence: string) =>
    found.push({ identity: ROOT_KIND, path, problem: partNeeded(ROOT_KIND, part, consequence) });
  if (valueAt(root, ["machine", "kubelet"]) === undefined && !documents.some(({ kind }) => kind === "KubeletConfig")) {
    add(["machine"], "KubeletConfig", "the machine becomes no Kubernetes node");
  }
  if (type === "controlplane" && valueAt(root, ["cluster", "etcd"]) === undefined) {
    add(["cluster"], "cluster.etcd", "a control plane has no certificates for etcd, which does not start");
  }
  return found;
}

function isAddressText(value: unknown): boolean {
  return typeof value === "string" && isAddress(value);
}

/** What is no text is refused by the schema. */
function isHttpUrl(value: unknown): boolean {
  if (typeof value !== "string") return true;
  const parts = urlParts(value);
  return parts !== undefined && ["http", "https"].includes(parts.scheme) && parts.host !== "";
}

/** Whether Kubernetes reads an amount; an empty text stands for none. */
function isQuantity(value: unknown): boolean {
  return (
    value === null || /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?)?$/.test(plainText(value))
  );
}

function isBetween(least: number, most: number): (value: unknown) => boolean {
  return (value) => typeof value === "number" && value >= least && value <= most;
}

function isOneOf(...known: readonly string[]): (value: unknown) => boolean {
  return (value) => typeof value === "string" && known.includes(value);
}
