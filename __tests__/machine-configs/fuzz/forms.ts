/**
 * The forms of values that the schemas of the model do not tell. A key is the end of a path, `*` stands for an item or a
 * key; the longest that fits counts.
 */
import fc, { type Arbitrary } from "fast-check";
import type { MachineRole } from "../../../machine-configs";
import { isAtLeast } from "../../../machine-configs/releases";
import {
  address,
  anyMap,
  anyText,
  byteSize,
  bytes32,
  certificate,
  duration,
  encoded,
  hardwareAddress,
  hexBytes,
  hostAndPort,
  hostName,
  ipv4,
  ipv6,
  key,
  kubernetesImage,
  name,
  prefix,
  privateKey,
  qualifiedName,
  secret,
  secretBytes,
  selector,
  server,
  size,
  taint,
  text,
  url,
  word,
  words,
} from "./values";

/** What a configuration is made for. */
export interface Target {
  /** The minor release of Talos that reads it. */
  readonly talos: string;
  readonly role: MachineRole;
}

const PATH = fc.array(name(), { minLength: 1, maxLength: 3 }).map((steps) => `/${steps.join("/")}`);
const SUBNET_FILTER = fc.tuple(fc.constantFrom("", "!"), fc.oneof(prefix(), address())).map((parts) => parts.join(""));
const ADDRESS_OR_PREFIX = fc.oneof(address(), prefix());
const TABLE = fc.oneof(word("main", "local", "default", "unspec"), fc.integer({ min: 1, max: 252 }).map(String));
const ROLES = words("os:admin", "os:reader", "os:operator", "os:etcd:backup", "os:impersonator");
const DEVICES = fc.array(
  fc.nat(9).map((number) => `/dev/ptp${number}`),
  { minLength: 1, maxLength: 2 },
);
const NAMES = fc.array(hostName(), { minLength: 1, maxLength: 2 });
const MOUNT_OPTIONS = fc.oneof(words("ro", "noexec", "nosuid", "nodev"), words("rw", "noatime", "rbind", "rshared"));
const CPU = fc.oneof(
  word("", "2", "1.5"),
  fc.nat(4000).map((number) => `${number}m`),
);

/** Ports that have none in common. */
const PORTS = fc
  .uniqueArray(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 3 })
  .chain((hundreds) =>
    fc.tuple(
      ...hundreds.map((hundred) =>
        fc.constantFrom<string | number>(hundred * 100, `${hundred * 100}-${hundred * 100 + 99}`),
      ),
    ),
  );

/** Networks of other instances, none of which is in another one. */
const IMPORTS = fc.uniqueArray(fc.nat(0xffff), { maxLength: 3 }).map((numbers) =>
  numbers.map((number) => ({
    bgpInstance: `peer-${number}`,
    prefixes: [`10.${number >> 8}.${number & 0xff}.0/24`, `fd00:${number.toString(16)}::/32`],
  })),
);

/** Ways to unlock a volume, each in a slot of its own. */
export const methods = (options: boolean): Arbitrary<Record<string, unknown>> =>
  fc.oneof(
    fc.record({ static: fc.record({ passphrase: secret() }) }),
    fc.record({ nodeID: fc.constant({}) }),
    fc.record({ kms: fc.record({ endpoint: url("https") }) }),
    fc.record({
      tpm: fc.record(
        {
          checkSecurebootStatusOnEnroll: fc.boolean(),
          ...(options ? { options: fc.record({ pcrs: fc.array(fc.nat(23), { maxLength: 3 }) }) } : {}),
        },
        { requiredKeys: [] },
      ),
    }),
  );

export const keys = (method: Arbitrary<Record<string, unknown>>, lock: boolean): Arbitrary<unknown> =>
  fc.uniqueArray(fc.nat(7), { minLength: 1, maxLength: 3 }).chain((slots) =>
    fc.tuple(
      ...slots.map((slot) =>
        fc.tuple(method, fc.boolean()).map(([one, isLocked]) => ({
          slot,
          ...one,
          ...(lock ? { lockToState: isLocked } : {}),
        })),
      ),
    ),
  );

/** An audit policy that kube-apiserver starts with. */
const AUDIT_POLICY = fc
  .array(fc.record({ level: word("None", "Metadata", "Request"), verbs: words("get", "list") }), {
    minLength: 1,
    maxLength: 2,
  })
  .map((rules) => ({ apiVersion: "audit.k8s.io/v1", kind: "Policy", rules }));

const some = <Shape extends Record<string, Arbitrary<unknown>>>(shape: Shape) => fc.record(shape, { requiredKeys: [] });

const ID_MAPPINGS = fc.array(some({ containerID: fc.nat(), hostID: fc.nat(), size: fc.nat() }), { maxLength: 2 });

/** What containers get, with what the specification does not have. */
const RUNTIME_SPEC = fc
  .tuple(
    anyMap().map((map) => Object.fromEntries(Object.entries(map).map(([key, value]) => [`x-${key}`, value]))),
    some({
      hostname: anyText(),
      mounts: fc.array(some({ destination: text(), options: fc.array(text(), { maxLength: 2 }) }), { maxLength: 2 }),
      process: some({
        user: some({ uid: fc.nat(), additionalGids: fc.array(fc.nat(), { maxLength: 2 }) }),
        rlimits: fc.array(some({ type: word("RLIMIT_NOFILE"), hard: fc.nat(), soft: fc.nat() }), { maxLength: 2 }),
        oomScoreAdj: fc.integer({ min: -1000, max: 1000 }),
      }),
      linux: some({
        uidMappings: ID_MAPPINGS,
        gidMappings: ID_MAPPINGS,
        sysctl: fc.dictionary(key(), anyText(), { maxKeys: 2, noNullPrototype: true }),
        namespaces: fc.array(some({ type: word("pid", "network"), path: text() }), { maxLength: 2 }),
        devices: fc.array(some({ path: text(), major: fc.nat(255), fileMode: fc.constant(0o666) }), { maxLength: 2 }),
        resources: some({ memory: some({ limit: fc.integer() }), pids: some({ limit: fc.integer() }) }),
      }),
    }),
  )
  .map(([unknown, known]) => ({ ...unknown, ...known }));

/** Settings of the kubelet that Talos leaves to others, and no number of images that it pulls at a time. */
const KUBELET_SETTINGS = fc
  .tuple(anyMap(), fc.record({ maxPods: fc.nat(500), registerNode: fc.boolean() }, { requiredKeys: [] }))
  .map((parts) => Object.assign({}, ...parts));

const argumentsOf = (list: boolean) =>
  fc.dictionary(
    fc.oneof(
      name().map((one) => `feature-${one}`),
      word("v", "node-ip", "constructor", "toString"),
    ),
    list ? fc.oneof(anyText(), fc.array(anyText(), { maxLength: 2 })) : anyText(),
    { maxKeys: 2, noNullPrototype: true },
  );

const RESOURCES = fc.dictionary(word("cpu", "memory"), fc.oneof(word("500m", "1Gi"), fc.nat(4)), {
  maxKeys: 2,
  noNullPrototype: true,
});

export function formsFor({ talos }: Target): Readonly<Record<string, Arbitrary<unknown>>> {
  const since = (minor: string) => isAtLeast(talos, minor);
  const sizeOfVolume = since("1.12") ? size() : byteSize();
  return {
    // Everywhere
    name: fc.oneof({ weight: 4, arbitrary: name() }, { weight: 1, arbitrary: text() }),
    "addresses.*.address": prefix(),
    apiToken: secret(),
    password: secret(),
    "resources.requests": RESOURCES,
    "resources.limits": RESOURCES,
    extraArgs: argumentsOf(since("1.13")),
    "flannel.extraArgs": fc.array(anyText(), { maxLength: 2 }),
    "KubeFlannelCNIConfig.extraArgs": fc.array(anyText(), { maxLength: 2 }),
    interval: duration(),
    timeout: duration(),
    hardwareAddr: hardwareAddress(),
    "diskSelector.match": selector("disk", talos),
    minSize: byteSize(),
    maxSize: sizeOfVolume,
    minAllocationGroupSize: byteSize(),
    "encryption.keys": keys(methods(since("1.12")), true),
    "encryption.cipher": word("aes-xts-plain64", "aes-cbc"),
    table: TABLE,
    metric: fc.nat(4096),
    "validSubnets.*": SUBNET_FILTER,
    "KubeAPIServerCAConfig.acceptedCAs.*": certificate(),
    "KubeAggregatorCAConfig.acceptedCAs.*": certificate(),
    "issuingCA.cert": certificate(),
    "issuingCA.key": privateKey(),
    taints: fc.dictionary(qualifiedName(), taint(), { maxKeys: 2, noNullPrototype: true }),
    labels: fc.dictionary(qualifiedName(), fc.oneof(name(), word("", "1.0", "a_b")), {
      maxKeys: 2,
      noNullPrototype: true,
    }),
    annotations: fc.dictionary(qualifiedName(), anyText(), { maxKeys: 2, noNullPrototype: true }),
    privateKey: secretBytes(),
    "peers.*.publicKey": bytes32(),
    presharedKey: secretBytes(),

    // Links
    "routes.*.destination": prefix(),
    "routes.*.gateway": address(),
    "routes.*.source": address(),
    "routes.*.network": prefix(),
    "BGPInstanceConfig.name": name(),
    "BGPInstanceConfig.routerID": ipv4(),
    "BGPInstanceConfig.routeSource": address(),
    "BGPInstanceConfig.importRoutes": IMPORTS,
    "BGPInstanceConfig.neighbors.*.address": address(),
    "BGPInstanceConfig.neighbors.*.link": text(),
    "BGPInstanceConfig.neighbors.*.holdTime": duration(),
    "bfd.transmitInterval": duration(),
    "bfd.receiveInterval": duration(),
    "BlackholeRouteConfig.name": prefix(),
    "arpIpTargets.*": address(),
    "nsIp6Targets.*": address(),
    duidRaw: hexBytes(),
    "EthernetConfig.wakeOnLan.*": word("phy", "unicast", "magic", "filter"),
    "HCloudVIPConfig.name": address(),
    "Layer2VIPConfig.name": address(),
    "LinkAliasConfig.name": fc.oneof(name(), word("net%d")),
    "LinkAliasConfig.selector.match": selector("link", talos),
    "RoutingRuleConfig.name": fc.integer({ min: 1, max: 32000 }).map(String),
    "RoutingRuleConfig.src": prefix(),
    "RoutingRuleConfig.dst": prefix(),
    "VRFConfig.table": fc.integer({ min: 1, max: 252 }).map(String),
    "VethConfig.name": name().map((one) => `a-${one}`),
    "VethConfig.peer.name": name().map((one) => `b-${one}`),
    "peers.*.endpoint": fc.tuple(ipv4(), fc.integer({ min: 1, max: 65535 })).map((parts) => parts.join(":")),
    persistentKeepaliveInterval: duration(),
    "allowedIPs.*": prefix(),
    "NetworkRuleConfig.portSelector.ports": PORTS,
    "NetworkRuleConfig.ingress.*.subnet": prefix(),
    "NetworkRuleConfig.ingress.*.except": prefix(),
    "kubespan.filters.endpoints.*": SUBNET_FILTER,
    "KubeSpanConfig.filters.endpoints.*": SUBNET_FILTER,
    "excludeAdvertisedNetworks.*": prefix(),
    "kubespan.mtu": fc.integer({ min: 1280, max: 9000 }),
    "KubeSpanConfig.mtu": fc.integer({ min: 1280, max: 9000 }),

    // Names, time and what else is asked over the network
    "HostnameConfig.hostname": name(),
    "nameservers.*.address": address(),
    "nameservers.*.tlsServerName": hostName(),
    "StaticHostConfig.name": address(),
    bootTimeout: duration(),
    "TimeSyncConfig.ntp.servers": NAMES,
    "TimeSyncConfig.ptp.devices": DEVICES,
    "HTTPProbeConfig.url": url("http", "https"),
    failureThreshold: fc.nat(10),
    "EventSinkConfig.endpoint": hostAndPort(),
    "KmsgLogConfig.url": hostAndPort().map((server) => `udp://${server}/`),
    "SideroLinkConfig.apiUrl": server("https", "grpc").map((one) => `${one}/?jointoken=a`),
    "KubeSpanEndpointsConfig.extraAnnouncedEndpoints.*": fc
      .tuple(
        fc.oneof(
          ipv4(),
          ipv6().map((one) => `[${one}]`),
        ),
        fc.nat(65535),
      )
      .map((parts) => parts.join(":")),
    uniqueToken: secret(),
    "DiscoveryServiceConfig.endpoint": url("http", "https", "grpc"),
    clusterSecret: secretBytes(),

    // The machine
    "ContainerConfig.name": name(),
    "ContainerConfig.image": word(
      "nginx",
      "ghcr.io/example/agent:v1.2.3",
      `registry.example.com:5000/a_b/c@sha256:${"a".repeat(64)}`,
    ),
    "ContainerConfig.environment.*": anyText().map((value) => `NAME=${value}`),
    "hostPath.source": PATH,
    ...Object.fromEntries(
      ["userVolume", "tmpfs", "hostPath"].flatMap((source) => [
        [`${source}.destination`, PATH],
        [`${source}.options`, MOUNT_OPTIONS],
      ]),
    ),
    "capabilities.add": words("NET_ADMIN", "SYS_TIME"),
    "capabilities.drop": words("ALL", "NET_RAW", "CHOWN"),
    "ContainerConfig.resources.limits": fc.record({ cpu: CPU, memory: byteSize() }, { requiredKeys: [] }),
    "dependsOn.paths.*": PATH,
    "dependsOn.containers.*": name().map((one) => `other-${one}`),
    "CRICustomizationConfig.name": qualifiedName(),
    "EnvironmentConfig.variables": fc.dictionary(word("HTTP_PROXY", "no_proxy", "_", "constructor"), anyText(), {
      maxKeys: 2,
      noNullPrototype: true,
    }),
    "EtcFileConfig.name": fc.oneof(name(), word("ssh/config", "a/../b", "hosts.deny")),
    "OOMConfig.triggerExpression": word(
      ...(since("1.13") ? ["multiply_qos_vectors(d_qos_memory_full_total, {System: 8.0}) > 3000.0"] : []),
      "",
      "true",
      'memory_full_avg10 > 12.0 && time_since_trigger > duration("500ms")',
    ),
    "OOMConfig.cgroupRankingExpression": word(
      "",
      "0.5",
      "memory_max.hasValue() ? 0.0 : double(memory_current.orValue(0u))",
    ),
    "OOMConfig.sampleInterval": duration(),
    "RegistryMirrorConfig.endpoints.*.url": url("http", "https"),
    "RegistryTLSConfig.ca": certificate(),
    "RegistryTLSConfig.clientIdentity.cert": certificate(),
    "RegistryTLSConfig.clientIdentity.key": privateKey(),
    identityToken: secret(),
    "RegistryAuthConfig.auth": secret(),
    "WatchdogTimerConfig.device": text(),
    "WatchdogTimerConfig.timeout": word("10s", "2m", "1h30m", "0s"),

    // Volumes
    "ExistingVolumeConfig.name": name(),
    "ExistingVolumeConfig.discovery.volumeSelector.match": selector("volume", talos),
    "ExternalVolumeConfig.name": name(),
    "ExternalVolumeConfig.mount.virtiofs.tag": text(),
    "UserVolumeConfig.name": name(),
    "RawVolumeConfig.name": name(),
    "SwapVolumeConfig.name": name(),
    "LVMVolumeGroupConfig.name": name(),
    "LVMLogicalVolumeConfig.name": name(),
    "LVMLogicalVolumeConfig.provisioning.volumeGroup": text(),
    "RAIDArrayConfig.name": name(),
    "LVMVolumeGroupConfig.provisioning.volumeSelector.match": selector("member", talos),
    "RAIDArrayConfig.provisioning.volumeSelector.match": selector("member", talos),

    // Kubernetes
    "KubeAPIServerConfig.image": kubernetesImage(),
    "KubeControllerManagerConfig.image": kubernetesImage(),
    "KubeSchedulerConfig.image": kubernetesImage(),
    "KubeProxyConfig.image": kubernetesImage(),
    "KubeProxyConfig.mode": word("", "nftables", "iptables", "ipvs"),
    "KubeletConfig.image": kubernetesImage(),
    "KubeletConfig.config": KUBELET_SETTINGS,
    "KubeAuditPolicyConfig.configuration": AUDIT_POLICY,
    "KubeAuthorizerConfig.webhook": anyMap(1),
    "KubeClusterConfig.clusterName": text(),
    "KubeClusterConfig.endpoint": server("https"),
    "KubeEtcdEncryptionConfig.config": anyMap(1),
    "KubeExternalManifestConfig.name": name(),
    "KubeExternalManifestConfig.headers": fc.dictionary(name(), secret(), { maxKeys: 2, noNullPrototype: true }),
    "KubeExternalManifestConfig.url": url("http", "https"),
    "KubeFlannelCNIConfig.backendType": text(),
    "KubeInlineManifestConfig.name": name(),
    "KubeStaticPodConfig.name": name(),
    "KubeStaticPodConfig.pod": anyMap(1),
    allowedRoles: ROLES,
    "KubeServiceAccountConfig.issuer.privateKey": privateKey(),
    issuerURL: url("http", "https"),
    "accepted.issuers.*": url("http", "https"),

    // Sections of the v1alpha1 document
    "v1alpha1.machine.token": secret(),
    "v1alpha1.machine.ca": fc.record({ crt: encoded(certificate()) }),
    "v1alpha1.machine.acceptedCAs.*.crt": encoded(certificate()),
    "kubelet.image": kubernetesImage(),
    "kubelet.extraConfig": KUBELET_SETTINGS,
    "interfaces.*.interface": name(),
    "interfaces.*.addresses.*": ADDRESS_OR_PREFIX,
    "vlans.*.addresses.*": ADDRESS_OR_PREFIX,
    "interfaces.*.vip.ip": address(),
    "vlans.*.vip.ip": address(),
    cidr: ADDRESS_OR_PREFIX,
    "vlans.*.vlanId": fc.integer({ min: 1, max: 4094 }),
    "deviceSelector.driver": text(),
    "disks.*.partitions.*.size": byteSize(),
    "install.diskSelector.size": fc.tuple(word("", ">= ", "<", "== "), byteSize()).map((parts) => parts.join("")),
    nodeAddressSortAlgorithm: word("", "v1", "v2"),
    "logging.destinations.*.endpoint": server("tcp", "udp"),
    "logging.destinations.*.format": word("json_lines"),
    baseRuntimeSpecOverrides: RUNTIME_SPEC,
    nodeLabels: fc.dictionary(qualifiedName(), name(), { maxKeys: 2, noNullPrototype: true }),
    nodeAnnotations: fc.dictionary(qualifiedName(), anyText(), { maxKeys: 2, noNullPrototype: true }),
    nodeTaints: fc.dictionary(qualifiedName(), taint(), { maxKeys: 2, noNullPrototype: true }),
    "clientIdentity.crt": encoded(certificate()),
    "clientIdentity.key": encoded(privateKey()),
    "tls.ca": encoded(certificate()),
    "auth.auth": secret(),
    "systemDiskEncryption.state.keys": keys(methods(false), false),
    "systemDiskEncryption.ephemeral.keys": keys(methods(false), false),
    "v1alpha1.cluster.id": text(),
    "v1alpha1.cluster.secret": secretBytes(),
    "v1alpha1.cluster.token": secret(),
    "v1alpha1.cluster.aescbcEncryptionSecret": secretBytes(),
    "v1alpha1.cluster.secretboxEncryptionSecret": secretBytes(),
    "v1alpha1.cluster.controlPlane.endpoint": server("https"),
    "v1alpha1.cluster.ca.crt": encoded(certificate()),
    "v1alpha1.cluster.ca.key": encoded(privateKey()),
    "v1alpha1.cluster.acceptedCAs.*.crt": encoded(certificate()),
    "aggregatorCA.crt": encoded(certificate()),
    "aggregatorCA.key": encoded(privateKey()),
    "serviceAccount.key": encoded(privateKey()),
    "etcd.ca.crt": encoded(certificate()),
    "etcd.ca.key": encoded(privateKey()),
    "etcd.subnet": SUBNET_FILTER,
    "advertisedSubnets.*": SUBNET_FILTER,
    "listenSubnets.*": SUBNET_FILTER,
    "network.dnsDomain": word("", "cluster.local", "example.com."),
    "cni.urls.*": server("https"),
    "apiServer.image": kubernetesImage(),
    "controllerManager.image": kubernetesImage(),
    "scheduler.image": kubernetesImage(),
    "apiServer.auditPolicy": AUDIT_POLICY,
    "authorizationConfig.*.type": word("Node", "RBAC", "Webhook"),
    "authorizationConfig.*.name": text(),
    "externalCloudProvider.manifests.*": server("https"),
    "inlineManifests.*.name": name(),
    "registries.service.endpoint": server("https"),
    certLifetime: duration(),
    extraManifestHeaders: fc.dictionary(name(), secret(), { maxKeys: 2, noNullPrototype: true }),
  };
}
