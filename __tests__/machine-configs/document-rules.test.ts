/** What the kinds refuse beyond their shape: the field and the code. */
import { documentKinds } from "../../machine-configs/documents";
import { certificate } from "./machines";

function found(name: string, fields: Readonly<Record<string, unknown>>, talos?: string, complete?: boolean) {
  const kind = documentKinds.find((one) => one.kind === name);
  const header = name === "v1alpha1" ? {} : { apiVersion: "v1alpha1", kind: name };
  const at = (...path: readonly (string | number)[]) => path.join(".");
  const problems = kind?.documentProblems({ ...header, ...fields }, at, { talos, complete: complete ?? false });
  return problems?.map(({ where, code }) => `${where}: ${code}`);
}

const disk = { diskSelector: { match: "system_disk" } };
const key = { slot: 0, nodeID: {} };

test.each<[string, Readonly<Record<string, unknown>>]>([
  ["BondConfig", { name: "bond0", links: ["eth0"], bondMode: "802.3ad", lacpRate: "fast" }],
  ["BondConfig", { name: "bond0", links: ["eth0"], bondMode: "Active-Backup", failOverMac: "active" }],
  ["RoutingRuleConfig", { name: "1000", table: "MAIN" }],
  ["EthernetConfig", { name: "eth0", wakeOnLan: ["Magic"] }],
  ["v1alpha1", { machine: { features: { nodeAddressSortAlgorithm: "V2" } } }],
  ["VethConfig", { name: "a", peer: { name: "b" } }],
  ["NetworkRuleConfig", { name: "a", portSelector: { ports: [50000, "30000-32767"], protocol: "tcp" } }],
  ["UserVolumeConfig", { name: "data", provisioning: { ...disk, minSize: "10GiB", maxSize: "80%" } }],
  ["UserVolumeConfig", { name: "data", volumeType: "directory" }],
  ["VolumeConfig", { name: "STATE", encryption: { provider: "luks2", keys: [key] } }],
  ["KubeServiceAccountConfig", { accepted: { issuers: ["kubernetes/serviceaccount", "https://k8s.example.com"] } }],
  ["KubeNodeConfig", { labels: { [`${"a".repeat(64)}.example.com/b`]: "c" } }],
  ["KubeProxyConfig", { enabled: false, image: "any" }],
  ["KubeStaticPodConfig", { name: "a", pod: JSON.parse('{"__proto__": "a"}') }],
  ["KubeletConfig", { image: "ghcr.io/siderolabs/kubelet:v1.37.0@sha256:0" }],
  ["WatchdogTimerConfig", { device: "/dev/watchdog0", timeout: "2m" }],
  ["ContainerConfig", { name: "a", image: "localhost/a:v1" }],
  ["ContainerConfig", { name: "a", image: `registry.example.com:5000/b/c:V1@sha256:${"0".repeat(64)}` }],
  ["ContainerConfig", { name: "a", image: "nginx", mounts: [{ tmpfs: { destination: "/tmp" } }] }],
  ["ImageVerificationConfig", { rules: [{ image: "*", skip: true }] }],
  ["DummyLinkConfig", { name: "a", hardwareAddr: "bc2411000001" }],
  ["KubeSpanEndpointsConfig", { extraAnnouncedEndpoints: ["10.0.0.1:51820", "[fd00::1%eth0]:0"] }],
  ["SideroLinkConfig", { apiUrl: "https://omni.example.com:8090/?jointoken=a" }],
  [
    "CRIBaseRuntimeSpecConfig",
    { overrides: { process: { rlimits: [{ type: "RLIMIT_NOFILE", hard: 2 ** 64 }] }, mounts: [null], "x-a": [1] } },
  ],
])("%s accepts %j", (kind, fields) => {
  expect(found(kind, fields)).toEqual([]);
});

type Refused = [string, Readonly<Record<string, unknown>>, readonly string[]];

test.each<Refused>([
  ["LinkConfig", { name: "a", addresses: [{ address: "0.0.0.0/8" }] }, ["addresses.0.address: wrong-value"]],
  ["LinkConfig", { name: "a", routes: [{ gateway: "::" }] }, ["routes.0.gateway: wrong-value"]],
  ["BondConfig", { name: "a", links: [], bondMode: "802.3ad" }, ["links: wrong-value"]],
  ["BondConfig", { name: "a", links: ["b"], bondMode: "broadcast", failOverMac: "None" }, ["failOverMac: wrong-value"]],
  ["KubeNodeConfig", { annotations: { a: "b".repeat(262_144) } }, ["annotations: wrong-value"]],
  ["TCPProbeConfig", { name: "a", endpoint: "b:1", failureThreshold: -1 }, ["failureThreshold: wrong-value"]],
  ["EtcFileConfig", { name: "xattr.conf" }, ["name: wrong-value"]],
  ["CRIBaseRuntimeSpecConfig", { overrides: { mounts: ["/a"] } }, ["overrides.mounts.0: wrong-value"]],
  [
    "v1alpha1",
    {
      machine: {
        baseRuntimeSpecOverrides: {
          hostname: 1,
          process: { user: { uid: -1 } },
          linux: {
            devices: [[]],
            gidMappings: [{ size: 0.5 }],
            namespaces: [1],
            resources: { memory: { limit: "1" } },
          },
        },
      },
    },
    [
      "process.user.uid",
      "hostname",
      "linux.gidMappings.0.size",
      "linux.resources.memory.limit",
      "linux.namespaces.0",
      "linux.devices.0",
    ].map((field) => `machine.baseRuntimeSpecOverrides.${field}: wrong-value`),
  ],
  [
    "VolumeConfig",
    { name: "STATE", encryption: { provider: "luks2", keys: [{ ...key, lockToState: true }] } },
    ["encryption.keys.0.lockToState: field-not-allowed"],
  ],
  [
    "v1alpha1",
    { machine: { network: { interfaces: [{ interface: "bond0", bond: { interfaces: ["a"], tlbDynamicLb: 1 } }] } } },
    ["machine.network.interfaces.0.bond.tlbDynamicLb: field-not-allowed"],
  ],
  ["KubeAuthorizerConfig", { name: "a", type: "node" }, ["type: wrong-value"]],
  ["ContainerConfig", { name: "a", image: "Nginx" }, ["image: wrong-value"]],
  ["ContainerConfig", { name: "a", image: "docker.io/nginx latest" }, ["image: wrong-value"]],
  ["ContainerConfig", { name: "a", image: "nginx@sha256:0" }, ["image: wrong-value"]],
  ["RoutingRuleConfig", { name: "1000", table: "UNSPEC" }, ["table: field-missing"]],
  ["VRFConfig", { name: "a", table: "Main" }, ["table: wrong-value"]],
  ["VRFConfig", { name: "a", table: "main" }, ["table: wrong-value"]],
  ["VethConfig", { name: "a", peer: { name: "a" } }, ["peer.name: duplicate-entry"]],
  ["LinkAliasConfig", { name: "net%s", selector: { match: "true" } }, ["name: wrong-value"]],
  ["LinkAliasConfig", { name: "net0" }, ["selector.match: field-missing"]],
  ["DHCPv4Config", { name: "a", clientIdentifier: "duid" }, ["duidRaw: field-missing"]],
  ["DHCPv4Config", { name: "a", duidRaw: "00:01" }, ["duidRaw: field-not-allowed"]],
  ["DHCPv6Config", { name: "a", clientIdentifier: "mac", duidRaw: "00:01" }, ["duidRaw: field-not-allowed"]],
  ...["10.0.0.1", "fd00::1:51820", "[10.0.0.1]:51820", "node.example.com:51820", "10.0.0.1:65536"].map(
    (endpoint): Refused => [
      "KubeSpanEndpointsConfig",
      { extraAnnouncedEndpoints: [endpoint] },
      ["extraAnnouncedEndpoints.0: wrong-value"],
    ],
  ),
  ["NetworkRuleConfig", { name: "a", portSelector: { ports: ["443"] } }, ["portSelector.ports.0: wrong-value"]],
  ...["bc-24-11-00-00-01", "bc24.1100.0001", "bc:24:11:00:00:1"].map(
    (hardwareAddr): Refused => ["DummyLinkConfig", { name: "a", hardwareAddr }, ["hardwareAddr: wrong-value"]],
  ),
  ["WatchdogTimerConfig", { device: "/dev/watchdog0", timeout: "" }, ["timeout: wrong-value"]],
  ["SideroLinkConfig", { apiUrl: "https://omni.example.com/join" }, ["apiUrl: wrong-value"]],
  ["TimeSyncConfig", { bootTimeout: "-1s", ntp: {}, ptp: {} }, ["bootTimeout: wrong-value", "ptp: fields-exclude"]],
  ["TimeSyncConfig", { ntp: { servers: ["10.0.0.1"], useNTS: true } }, ["ntp.servers.0: wrong-value"]],
  ["RoutingRuleConfig", { name: "32766" }, ["name: wrong-value", "table: field-missing"]],
  ["RoutingRuleConfig", { name: "1", table: "5", fwMask: 1 }, ["fwMark: field-missing"]],
  [
    "ResolverConfig",
    { hostDNS: { enabled: false, resolveMemberNames: true } },
    ["hostDNS.resolveMemberNames: host-dns-disabled"],
  ],
  [
    "ResolverConfig",
    { nameservers: [{ address: "1.1.1.1", tlsServerName: "a" }] },
    ["nameservers.0.tlsServerName: field-not-allowed"],
  ],
  ["NetworkRuleConfig", { name: "a", portSelector: { ports: ["9-1"] } }, ["portSelector.ports.0: wrong-value"]],
  ["NetworkRuleConfig", { name: "a", portSelector: { ports: ["1-9", 5] } }, ["portSelector.ports.1: ports-overlap"]],
  ["KubeSpanConfig", { mtu: 1000 }, ["mtu: wrong-value"]],
  ["HTTPProbeConfig", { name: "a", url: "http://a", interval: "-1s" }, ["interval: wrong-value"]],
  [
    "BGPInstanceConfig",
    { name: "a", localASN: 1, neighbors: [{ address: "10.0.0.1", link: "eth0" }] },
    ["neighbors.0.link: fields-exclude"],
  ],
  [
    "BGPInstanceConfig",
    { name: "a", localASN: 1, vrf: "b", neighbors: [{ link: "eth0", bfd: {} }] },
    ["neighbors.0.bfd: field-not-allowed"],
  ],
  [
    "BGPInstanceConfig",
    { name: "a", localASN: 1, importRoutes: [{ bgpInstance: "a", prefixes: ["10.0.0.1/8", "10.1.0.0/16"] }] },
    [
      "importRoutes.0.bgpInstance: wrong-value",
      "importRoutes.0.prefixes.0: wrong-value",
      "importRoutes.0.prefixes.1: duplicate-entry",
    ],
  ],
  [
    "UserVolumeConfig",
    { name: "a" },
    ["provisioning.diskSelector.match: field-missing", "provisioning.maxSize: field-missing"],
  ],
  [
    "UserVolumeConfig",
    { name: "a", volumeType: "disk", provisioning: { ...disk, maxSize: "1GB" } },
    ["provisioning.maxSize: field-not-allowed"],
  ],
  ["UserVolumeConfig", { name: "a", volumeType: "directory", provisioning: disk }, ["provisioning: field-not-allowed"]],
  [
    "UserVolumeConfig",
    { name: "a", provisioning: { ...disk, minSize: "2GB", maxSize: "1GB" } },
    ["provisioning.maxSize: sizes-reversed"],
  ],
  ["VolumeConfig", { name: "STATE", provisioning: disk }, ["provisioning: field-not-allowed"]],
  ["VolumeConfig", { name: "LOG", mount: { secure: true } }, ["provisioning: field-missing"]],
  [
    "VolumeConfig",
    { name: "EPHEMERAL", encryption: { keys: [{ slot: 1 }, { ...key, slot: 1 }] } },
    [
      "encryption.provider: field-missing",
      "encryption.keys.0: field-missing",
      "encryption.keys.1.slot: duplicate-entry",
    ],
  ],
  [
    "LVMLogicalVolumeConfig",
    { name: "a", mirrors: 1 },
    ["mirrors: field-not-allowed", "provisioning.volumeGroup: field-missing", "provisioning.maxSize: field-missing"],
  ],
  ["ExternalVolumeConfig", { name: "a", filesystemType: "virtiofs" }, ["mount.virtiofs.tag: field-missing"]],
  ["ExtensionServiceConfig", { name: "a" }, ["configFiles: field-missing"]],
  ["EtcFileConfig", { name: "../hosts" }, ["name: wrong-value"]],
  ["EtcFileConfig", { name: "cri/conf.d/a" }, ["name: wrong-value"]],
  ["CRICustomizationConfig", { name: "customization" }, ["name: wrong-value"]],
  ["KmsgLogConfig", { name: "a", url: "udp://10.0.0.1" }, ["url: wrong-value"]],
  ["WatchdogTimerConfig", { timeout: "5s" }, ["device: field-missing", "timeout: wrong-value"]],
  ["ImageVerificationConfig", { rules: [{ image: "*", skip: true, deny: true }] }, ["rules.0.deny: fields-exclude"]],
  [
    "ImageVerificationConfig",
    { rules: [{ image: "*", deny: true, publicKey: { certificate } }] },
    ["rules.0.publicKey: fields-exclude"],
  ],
  [
    "ImageVerificationConfig",
    { rules: [{ image: "*", keyless: { issuer: "a", subject: "b", rekorURL: "https://rekor.example.com" } }] },
    ["rules.0.keyless.rekorURL: field-unknown"],
  ],
  ["RegistryAuthConfig", { name: "a", username: "b", identityToken: "c" }, ["identityToken: fields-exclude"]],
  ["ContainerConfig", { name: "a", image: "bb", mounts: [{}] }, ["mounts.0: field-missing"]],
  [
    "ContainerConfig",
    { name: "a", image: "bb", dependsOn: { containers: ["a"] } },
    ["dependsOn.containers.0: wrong-value"],
  ],
  ["KubeletConfig", { image: "kubelet:latest" }, ["image: kubernetes-image-unversioned"]],
  ["KubeletConfig", { image: "kubelet:v1.20.0" }, ["image: kubernetes-image-unsupported"]],
  ["KubeAPIServerConfig", { resources: { limits: { gpu: 1 } } }, ["resources.limits.gpu: field-unknown"]],
  ["KubeNetworkConfig", { podSubnets: ["10.0.0.1/8"] }, ["podSubnets.0: wrong-value"]],
  ["KubeAuthorizerConfig", { name: "a", type: "Webhook" }, ["webhook: field-missing"]],
  ["KubeTalosAPIAccessConfig", { allowedRoles: ["admin"] }, ["allowedRoles.0: wrong-value"]],
  ["KubeAPIServerCAConfig", { issuingCA: { cert: certificate, key: "x" } }, ["issuingCA.key: not-a-key"]],
])("%s refuses %j", (kind, fields, problems) => {
  expect(found(kind, fields)).toEqual(problems);
});

test.each<[Readonly<Record<string, unknown>>, readonly string[]]>([
  [{ network: { interfaces: [{}] } }, ["machine.network.interfaces.0.interface: field-missing"]],
  [
    { network: { interfaces: [{ interface: "eth0", routes: [{}], addresses: ["a"] }] } },
    [
      "machine.network.interfaces.0.addresses.0: wrong-value",
      "machine.network.interfaces.0.routes.0.network: field-missing",
    ],
  ],
  [
    {
      network: { interfaces: [{ interface: "bond0", bond: { mode: "active-backup", lacpRate: "fast", updelay: 1 } }] },
    },
    [
      "machine.network.interfaces.0.bond.miimon: field-missing",
      "machine.network.interfaces.0.bond.lacpRate: field-not-allowed",
    ],
  ],
  [
    { type: "worker", network: { interfaces: [{ interface: "a", vip: { ip: "10.0.0.1" } }] } },
    ["machine.network.interfaces.0.vip: field-not-allowed"],
  ],
  [{ type: "master" }, ["machine.type: wrong-value"]],
  [
    { logging: { destinations: [{ endpoint: "http://a" }] } },
    ["machine.logging.destinations.0.endpoint: wrong-value", "machine.logging.destinations.0.format: wrong-value"],
  ],
  [{ systemDiskEncryption: { state: {} } }, ["machine.systemDiskEncryption.state.keys: field-missing"]],
  [
    { features: { hostDNS: { forwardKubeDNSToHost: true } } },
    ["machine.features.hostDNS.forwardKubeDNSToHost: host-dns-disabled"],
  ],
])("machine refuses %j", (machine, problems) => {
  expect(found("v1alpha1", { machine })).toEqual(problems);
});

test.each<[Readonly<Record<string, unknown>>, readonly string[]]>([
  [{ network: { cni: { name: "cilium" } } }, ["cluster.network.cni.name: wrong-value"]],
  [{ network: { cni: { flannel: { extraArgs: ["--iface=eth0"] } } } }, ["cluster.network.cni.name: field-missing"]],
  [{ network: { cni: { name: "none", urls: ["https://a"] } } }, ["cluster.network.cni.urls: field-not-allowed"]],
  [{ inlineManifests: [{ name: "a" }, { name: "a" }] }, ["cluster.inlineManifests.1.name: duplicate-entry"]],
  [
    { etcd: { subnet: "10.0.0.0/8", advertisedSubnets: ["10.0.0.0/8"] } },
    ["cluster.etcd.advertisedSubnets: fields-exclude"],
  ],
  [{ etcd: { subnet: "10.0.0.0/33" } }, ["cluster.etcd.subnet: wrong-value"]],
  [{ externalCloudProvider: { manifests: ["https://a"] } }, ["cluster.externalCloudProvider.enabled: field-missing"]],
  [
    { apiServer: { authorizationConfig: [{ type: "ABAC" }] } },
    [
      "cluster.apiServer.authorizationConfig.0.type: wrong-value",
      "cluster.apiServer.authorizationConfig.0.name: field-missing",
    ],
  ],
])("cluster refuses %j", (cluster, problems) => {
  expect(found("v1alpha1", { cluster })).toEqual(problems);
});

test("a value that came later than its field needs the later Talos", () => {
  const volume = { name: "LOG", provisioning: { maxSize: "80%" } };
  const late = ["name: value-too-new", "provisioning.maxSize: value-too-new"];
  expect([found("VolumeConfig", volume, "1.11"), found("VolumeConfig", volume, "1.14")]).toEqual([late, []]);
  const args = { machine: { kubelet: { extraArgs: { "node-ip": ["10.0.0.1"] } } } };
  expect(found("v1alpha1", args, "1.12")).toEqual(["machine.kubelet.extraArgs.node-ip: value-too-new"]);
  expect(found("v1alpha1", args, "1.13")).toEqual([]);
});

test("how the image cache is mounted is refused since 1.14", () => {
  const volume = { name: "IMAGECACHE", mount: { secure: true } };
  const since = found("VolumeConfig", volume, "1.14");
  expect([found("VolumeConfig", volume, "1.13"), since]).toEqual([[], ["mount: field-not-allowed"]]);
});

test("a directory has no mount of its own until it can be made secure", () => {
  const directory = { name: "data", volumeType: "directory", mount: { secure: true } };
  const found13 = found("UserVolumeConfig", directory, "1.13");
  expect([found13, found("UserVolumeConfig", directory, "1.14")]).toEqual([["mount.secure: field-not-allowed"], []]);
});

test("what the generator writes is missing only where the document is all that there is", () => {
  expect([found("KubeletConfig", {}), found("KubeletConfig", {}, "1.14", true)]).toEqual([
    [],
    ["image: field-missing"],
  ]);
  const rule = { name: "a", portSelector: { ports: [443] } };
  expect(found("NetworkRuleConfig", rule, "1.14", true)).toEqual(["portSelector.protocol: field-missing"]);
  expect(found("KubeProxyConfig", {}, "1.14", true)).toEqual(["image: field-missing"]);
  expect(found("HostnameConfig", {}, "1.14", true)).toEqual(["hostname: field-missing"]);
});
