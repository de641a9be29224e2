/**
 * What the fields of a map demand of each other: the ways in which it can be filled in. A key is the end of a path, `*`
 * stands for an item or a key; the longest that fits counts.
 */
import fc, { type Arbitrary } from "fast-check";
import { valueAt } from "../../../machine-configs/plain-data";
import { isAtLeast } from "../../../machine-configs/releases";
import { keys, methods, type Target } from "./forms";
import { certificate, hexBytes, hostName, name, network4, network6, text, word } from "./values";

/** One way to fill in a map. Paths are those inside of it. A list that is required has an item. */
export interface Variant {
  readonly with?: Readonly<Record<string, Arbitrary<unknown>>>;
  readonly without?: readonly string[];
  readonly required?: readonly string[];
}

export function variantsFor({ talos, role }: Target): Readonly<Record<string, readonly Variant[]>> {
  const since = (minor: string) => isAtLeast(talos, minor);
  const isWorker = role === "worker";
  return {
    // Links
    BGPInstanceConfig: [{ without: ["vrf"] }, { without: ["neighbors.*.bfd"] }],
    "BGPInstanceConfig.neighbors.*": eitherOf("address", "link"),
    DHCPv4Config: DHCP,
    DHCPv6Config: DHCP,
    LinkAliasConfig: [{ required: ["selector.match"] }],
    RoutingRuleConfig: [
      { required: ["table"], with: { table: word("main", "5") }, without: ["fwMask"] },
      {
        required: ["action", "fwMark", "fwMask"],
        with: { action: word("blackhole", "prohibit"), fwMark: fc.constant(7) },
      },
    ],

    // Names, time and what else is asked over the network
    NetworkRuleConfig: [{ required: ["portSelector.protocol"] }],
    HostnameConfig: [
      { required: ["hostname", "auto"], with: { auto: word("off") } },
      { required: ["auto"], without: ["hostname"] },
    ],
    ResolverConfig: [
      {
        with: { "nameservers.*.protocol": word("Do53") },
        without: ["nameservers.*.tlsServerName", "hostDNS.forwardKubeDNSToHost", "hostDNS.resolveMemberNames"],
      },
      ...(since("1.14") ? [ENCRYPTED_DNS] : []),
    ],
    TimeSyncConfig: [{ without: ["ptp"] }, { without: ["ntp"] }],
    KmsgLogConfig: [{ required: ["url"] }],

    // The machine
    "ContainerConfig.mounts.*": eitherOf("userVolume", "tmpfs", "hostPath"),
    ExtensionServiceConfig: [{ required: ["configFiles"] }, { required: ["environment"] }],
    "ImageVerificationConfig.rules.*": [
      { ...RULE, required: ["image", "skip"], without: ["deny", "publicKey", "keyless"] },
      { ...RULE, required: ["image", "deny"], without: ["skip", "publicKey", "keyless"] },
      { ...RULE, required: ["image", "keyless"], without: ["publicKey", "deny", "skip"] },
      { ...RULE, required: ["image", "publicKey.certificate"], without: ["keyless", "deny", "skip"] },
    ],
    "ImageVerificationConfig.rules.*.publicKey": [{ required: ["certificate"], with: { certificate: certificate() } }],
    "ImageVerificationConfig.rules.*.keyless": [
      { required: ["issuer", "subject"], with: { issuer: text(), subject: text() } },
      { required: ["issuer", "subjectRegex"], with: { issuer: text(), subjectRegex: text() } },
    ],
    RegistryAuthConfig: AUTHENTICATION,
    UnattendedInstallConfig: [{ required: ["provisioning.diskSelector.match"] }],
    WatchdogTimerConfig: [{ required: ["device"] }],

    // Volumes
    encryption: [{ required: ["provider", "keys"] }],
    ExistingVolumeConfig: [{ required: ["discovery.volumeSelector.match"] }],
    ExternalVolumeConfig: [{ required: ["mount.virtiofs.tag"] }],
    LVMLogicalVolumeConfig: [
      { ...CUT, without: ["mirrors", "stripes", "type", "provisioning.minSize"] },
      logicalVolume("linear"),
      logicalVolume("raid0", "stripes"),
      logicalVolume("raid1", "mirrors"),
      logicalVolume("raid10", "mirrors", "stripes"),
    ],
    LVMVolumeGroupConfig: [{ required: ["provisioning.volumeSelector.match"] }],
    RAIDArrayConfig: [{ required: ["provisioning.volumeSelector.match"] }],
    RawVolumeConfig: PARTITION,
    SwapVolumeConfig: PARTITION,
    UserVolumeConfig: [
      ...PARTITION.map((variant) => withType(variant, "partition")),
      ...(since("1.12") ? [WHOLE_DISK, directory(since("1.14"))] : []),
    ],
    "UserVolumeConfig.filesystem": [
      { with: { type: word("xfs") } },
      {
        required: ["type"],
        with: { type: word("ext4", ...(since("1.14") ? ["btrfs"] : [])) },
        without: ["projectQuotaSupport", "xfs"],
      },
    ],
    VolumeConfig: [
      {
        with: { name: word("STATE"), "encryption.keys": keys(methods(since("1.12")), false) },
        without: ["provisioning", "mount"],
      },
      { with: { name: word("IMAGECACHE") }, without: ["mount", "filesystem.xfs", "provisioning.minSize"] },
      { with: { name: word("EPHEMERAL") }, without: ["provisioning.minSize"] },
      { with: { name: word("EPHEMERAL") }, without: ["provisioning.maxSize"] },
      ...(since("1.14")
        ? [
            { with: { name: word("ETCD", "CRI") }, without: ["mount", "provisioning.minSize"] },
            {
              with: { name: word("KUBELET", "LOG") },
              required: ["provisioning.grow"],
              without: ["provisioning.maxSize"],
            },
          ]
        : []),
    ],

    // Kubernetes
    issuingCA: [{ required: ["cert"] }],
    KubeAggregatorCAConfig: [{ required: ["issuingCA"] }],
    KubeAuthorizerConfig: [
      { with: { type: word("Webhook") }, required: ["webhook"] },
      { with: { type: word("Node", "RBAC") } },
    ],
    KubeControllerManagerConfig: [{ required: ["image"] }],
    KubeSchedulerConfig: [{ required: ["image"] }],
    KubeProxyConfig: [{ required: ["image"] }],
    KubeEtcdEncryptionConfig: [{ required: ["config"] }],
    KubeFlannelCNIConfig: [{ required: ["backendType"] }],
    KubeNetworkConfig: [[network4()], [network6()], [network4(), network6()]].map((networks) => ({
      with: {
        podSubnets: fc.tuple(...networks),
        serviceSubnets: fc.tuple(...networks),
        nodeCIDRMaskSizeIPv4: fc.integer({ min: 24, max: 28 }),
        nodeCIDRMaskSizeIPv6: fc.integer({ min: 64, max: 80 }),
      },
    })),

    // Sections of the v1alpha1 document
    "machine.disks.*.partitions.*": [{ required: ["size"] }],
    "machine.features": [
      {
        with: { rbac: fc.constant(true) },
        required: ["rbac"],
        without: isWorker ? ["kubernetesTalosAPIAccess.enabled"] : [],
      },
    ],
    "features.hostDNS": [
      { with: { enabled: fc.constant(true) }, required: ["enabled"] },
      { without: ["forwardKubeDNSToHost"] },
    ],
    "logging.destinations.*": [{ required: ["endpoint", "format"] }],
    "systemDiskEncryption.state": [{ required: ["keys"] }],
    "systemDiskEncryption.ephemeral": [{ required: ["keys"] }],
    "machine.network.interfaces.*": DEVICES.map((variant) => ({
      ...variant,
      without: [...(variant.without ?? []), ...(isWorker ? ["vip", "vlans.*.vip"] : [])],
    })),
    "interfaces.*.vlans.*": [{ without: ["cidr"] }, { without: ["addresses"] }],
    "interfaces.*.vip": [{ required: ["ip"] }],
    "interfaces.*.routes.*": [{ required: ["gateway"] }, { required: ["network"] }],
    "interfaces.*.wireguard": [{ required: ["privateKey"] }],
    "interfaces.*.wireguard.peers.*": [{ required: ["publicKey"] }],
    "interfaces.*.bond": BONDS,
    "cluster.ca": [{ required: ["crt", ...(isWorker ? [] : ["key"])], without: isWorker ? ["key"] : [] }],
    "cluster.controlPlane": [{ required: ["endpoint"] }],
    "cluster.etcd": [
      { required: ["ca"], without: ["advertisedSubnets"] },
      { required: ["ca"], without: ["subnet"] },
    ],
    "cluster.network.cni": [
      { with: { name: word("flannel") }, required: ["name"], without: ["urls"] },
      { with: { name: word("custom") }, required: ["name"], without: ["flannel"] },
      { with: { name: word("none") }, required: ["name"], without: ["flannel", "urls"] },
    ],
    "cluster.discovery": [{ with: { enabled: fc.constant(true) }, required: ["enabled"] }],
    "cluster.externalCloudProvider": [
      { required: ["enabled"], with: { enabled: fc.constant(true) } },
      { without: ["manifests"] },
    ],
    "inlineManifests.*": [{ required: ["name"] }],
    "authorizationConfig.*": [{ required: ["name", "type"] }],
  };
}

/** Lists of which no two items may be about the same. */
export const DIFFERENT: Readonly<Record<string, (item: unknown) => unknown>> = {
  "BGPInstanceConfig.neighbors": (item) => valueAt(item, ["address"]) ?? valueAt(item, ["link"]),
  "ContainerConfig.mounts": (item) =>
    JSON.stringify(Object.values(Object(item)).map((one) => valueAt(one, ["destination"]))),
  "ExtensionServiceConfig.configFiles": (item) => valueAt(item, ["mountPath"]),
  "ImageVerificationConfig.rules": (item) => valueAt(item, ["image"]),
  "install.extensions": (item) => valueAt(item, ["image"]) ?? "",
  "cluster.inlineManifests": (item) => valueAt(item, ["name"]),
  // Two devices that have members could have one in common.
  "machine.network.interfaces": (item) =>
    (valueAt(item, ["bond"]) ?? valueAt(item, ["bridge"])) === undefined ? valueAt(item, ["interface"]) : "members",
};

/** With one of some fields, and without the others. */
function eitherOf(...fields: readonly string[]): readonly Variant[] {
  return fields.map((field) => ({ required: [field], without: fields.filter((other) => other !== field) }));
}

const DHCP: readonly Variant[] = [
  { with: { clientIdentifier: word("none", "mac") }, without: ["duidRaw"] },
  { with: { clientIdentifier: word("duid"), duidRaw: hexBytes() }, required: ["clientIdentifier", "duidRaw"] },
];

const ENCRYPTED_DNS: Variant = {
  with: {
    "nameservers.*.protocol": word("DoT", "DoH"),
    "nameservers.*.tlsServerName": hostName(),
    "hostDNS.enabled": fc.constant(true),
  },
  required: ["nameservers.*.protocol", "nameservers.*.tlsServerName", "hostDNS.enabled"],
};

const RULE: Variant = { with: { image: text(), skip: fc.constant(true), deny: fc.constant(true) } };

const AUTHENTICATION: readonly Variant[] = [
  { without: ["auth", "identityToken"] },
  { without: ["username", "identityToken"] },
  { without: ["username", "auth"] },
];

const CUT: Variant = { required: ["provisioning.volumeGroup", "provisioning.maxSize"] };

function logicalVolume(type: string, ...counts: readonly string[]): Variant {
  const without = ["mirrors", "stripes"].filter((count) => !counts.includes(count));
  return {
    with: {
      type: word(type),
      mirrors: fc.integer({ min: 1, max: 8 }),
      stripes: fc.integer({ min: 2, max: 8 }),
      "provisioning.minSize": word("", "1GiB"),
      "provisioning.maxSize": word("1GiB", "1TB", "80%"),
    },
    without,
    required: ["type", "provisioning.volumeGroup", "provisioning.maxSize"],
  };
}

const DISK = "provisioning.diskSelector.match";

const PARTITION: readonly Variant[] = [
  { required: [DISK, "provisioning.maxSize"], without: ["provisioning.minSize"] },
  { required: [DISK, "provisioning.minSize"], without: ["provisioning.maxSize"] },
  {
    required: [DISK, "provisioning.minSize"],
    with: { "provisioning.minSize": word("1GiB", "1000"), "provisioning.maxSize": word("1GiB", "1.5 TB") },
  },
];

function withType(variant: Variant, type: string): Variant {
  return { ...variant, with: { ...variant.with, volumeType: word(type) } };
}

const WHOLE_DISK: Variant = {
  required: ["volumeType", DISK],
  with: { volumeType: word("disk") },
  without: ["provisioning.minSize", "provisioning.maxSize", "provisioning.grow"],
};

const directory = (mayBeSecure: boolean): Variant => ({
  required: ["volumeType"],
  with: { volumeType: word("directory") },
  without: ["provisioning", "encryption", "filesystem", mayBeSecure ? "mount.disableAccessTime" : "mount"],
});

/** A device by its name or by a selector; members of a bond or bridge have names of their own. */
const DEVICES: readonly Variant[] = [
  { required: ["interface"], without: ["deviceSelector", "bond", "bridge", "cidr"] },
  { required: ["deviceSelector.driver"], without: ["interface", "bond", "bridge", "addresses"] },
  {
    required: ["interface", "bond"],
    with: { "bond.interfaces": MEMBERS() },
    without: ["deviceSelector", "bridge", "cidr"],
  },
  {
    required: ["interface", "bridge"],
    with: { "bridge.interfaces": MEMBERS() },
    without: ["deviceSelector", "bond", "cidr"],
  },
];

function MEMBERS(): Arbitrary<string[]> {
  return fc.array(
    name().map((one) => `member-${one}`),
    { maxLength: 2 },
  );
}

/** Options of a bond that some modes do not have, and those that none has. */
const OPTIONS = ["lacpRate", "arpValidate", "primary", "arpInterval", "packetsPerSlave", "tlbDynamicLb"];
const LACP = ["lacpRate", "adActorSysPrio", "adUserPortKey"];
const NEVER = ["arpIPTarget", "adActorSystem"];

const BONDS: readonly Variant[] = [
  ...bonds(["balance-rr"], "arpValidate", "arpInterval", "packetsPerSlave"),
  ...bonds(["active-backup"], "arpValidate", "arpInterval", "primary"),
  ...bonds(["802.3ad"], ...LACP),
  ...bonds(["balance-tlb", "balance-alb"], "primary", "tlbDynamicLb"),
];

function bonds(modes: readonly string[], ...options: readonly string[]): readonly Variant[] {
  const without = [...NEVER, ...[...OPTIONS, ...LACP].filter((option) => !options.includes(option))];
  const delay = fc.constantFrom(0, 100, 300);
  const forms = {
    mode: word(...modes),
    miimon: fc.constant(100),
    updelay: delay,
    downdelay: delay,
    xmitHashPolicy: word("", "layer2", "encap3+4"),
    lacpRate: word("slow", "fast"),
    arpValidate: word("none", "all"),
    arpAllTargets: word("any", "all"),
    primaryReselect: word("always", "failure"),
    failOverMac: word("none", "follow"),
    adSelect: word("stable", "count"),
  };
  return ["interfaces", "deviceSelectors"].map((members) => ({
    with: forms,
    required: ["mode", "miimon"],
    without: [...without, members],
  }));
}
