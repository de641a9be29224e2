import fc from "fast-check";
import { formatProblem } from "../../errors";
import {
  admissionPlugins,
  apiServer,
  auditPolicy,
  bond,
  bridge,
  clusterFirewall,
  composeConfiguration,
  controllerManager,
  criCustomization,
  discovery,
  diskEncryption,
  environment,
  etcd,
  etcdEncryption,
  extensionService,
  externalManifests,
  hostDns,
  hostEntries,
  hostname,
  type Intent,
  imageCache,
  ingressFirewall,
  inlineManifests,
  install,
  kernelModules,
  kubelet,
  kubeNetwork,
  kubePrism,
  kubeProxy,
  kubeSpan,
  logging,
  nodeAnnotations,
  nodeLabels,
  nodeTaints,
  nvidiaDriver,
  oidc,
  podSecurity,
  rawVolume,
  registryAuth,
  registryMirrors,
  registryTls,
  renderDocuments,
  schedulableControlPlanes,
  scheduler,
  staticNetwork,
  swap,
  sysctls,
  sysfs,
  systemVolume,
  type TalosDocument,
  talosApiAccess,
  talosApiCertSANs,
  time,
  trustedRoots,
  udevRules,
  userVolume,
  virtualIp,
  vlan,
  watchdog,
  withoutCni,
} from "../../machine-configs";
import { isDeletion } from "../../machine-configs/deletions";
import type { Path } from "../../machine-configs/document";
import { certificate, contracts, controlPlane, worker } from "./machines";

test("what several intents say about one document becomes one document", () => {
  const { documents, problems } = composeConfiguration(worker("1.14"), [
    nodeLabels({ zone: "a" }),
    nodeTaints({ dedicated: "storage:NoSchedule" }),
    nodeLabels({ rack: "12" }),
  ]);
  expect(problems).toEqual([]);
  expect(documents).toEqual([
    {
      apiVersion: "v1alpha1",
      kind: "KubeNodeConfig",
      labels: { zone: "a", rack: "12" },
      taints: { dedicated: "storage:NoSchedule" },
    },
  ]);
});

describe("explain", () => {
  const intent = (name: string, document: TalosDocument): Intent => ({ name, documents: () => [document] });
  const udev = (...rules: string[]) => ({ apiVersion: "v1alpha1", kind: "UdevRulesConfig", rules });
  const modules = (...names: string[]) => ({ machine: { kernel: { modules: names.map((name) => ({ name })) } } });

  test("names the intents that gave a field, a document, and nothing of what nobody gave", () => {
    const { explain } = composeConfiguration(worker("1.14"), [
      nodeLabels({ zone: "a" }),
      sysctls({ "vm.swappiness": "1" }),
    ]);
    expect(explain("KubeNodeConfig", ["labels", "zone"])).toEqual(["nodeLabels"]);
    expect(explain("SysctlConfig", [])).toEqual(["sysctls"]);
    expect(explain("SysctlConfig", ["params", "vm.max_map_count"])).toEqual([]);
    expect(explain("HostnameConfig", [])).toEqual([]);
  });

  test("counts the items of lists as they are in the documents", () => {
    const { documents, explain } = composeConfiguration(worker("1.11"), [
      intent("second", modules("zram")),
      intent("first", modules("br_netfilter")),
    ]);
    expect(documents).toMatchObject([modules("br_netfilter", "zram")]);
    const at = (...path: Path) => explain("v1alpha1", ["machine", "kernel", "modules", ...path]);
    expect([at(0), at(1, "name"), at(2), at().toSorted()]).toEqual([["first"], ["second"], [], ["first", "second"]]);
  });

  test("knows whose rules stand where, in a list in which the order counts", () => {
    const { documents, explain } = composeConfiguration(worker("1.14"), [
      intent("b", udev("b1", "b2")),
      intent("a", udev("a1")),
    ]);
    expect(documents).toMatchObject([{ rules: ["a1", "b1", "b2"] }]);
    expect([0, 1, 2].flatMap((index) => explain("UdevRulesConfig", ["rules", index]))).toEqual(["a", "b", "b"]);
  });
});

describe("a generated document that is taken away", () => {
  const flannel = { apiVersion: "v1alpha1", kind: "KubeFlannelCNIConfig" };
  const deletion = { ...flannel, $patch: "delete" };

  test("is deleted once", () => {
    const { documents, problems } = composeConfiguration(controlPlane("1.14"), [withoutCni(), withoutCni()]);
    expect(problems).toEqual([]);
    expect(documents).toEqual([deletion]);
  });

  test("is replaced by what the same intent gives", () => {
    const given = { ...flannel, backendType: "host-gw" };
    const replacing: Intent = { name: "replacing", documents: () => [given, deletion] };
    const { documents, problems } = composeConfiguration(controlPlane("1.14"), [replacing]);
    expect(problems).toEqual([]);
    expect(documents).toEqual([deletion, given]);
  });

  test("is not changed by another intent", () => {
    const changing: Intent = { name: "changing", documents: () => [{ ...flannel, backendType: "host-gw" }] };
    const { problems } = composeConfiguration(controlPlane("1.14"), [changing, withoutCni()]);
    expect(problems.map(formatProblem)).toEqual([
      'k8s-ctrl-1 KubeFlannelCNIConfig: document-deleted\n  The intent "withoutCni" takes the document away, which "changing" changes.\n  Remedy: Leave one of the two intents out.',
    ]);
  });

  test("is one that the machine has", () => {
    const deleting: Intent = { name: "deleting", documents: () => [deletion] };
    expect(composeConfiguration(worker("1.14"), [deleting]).problems.map(({ code }) => code)).toEqual([
      "control-plane-only",
    ]);
  });
});

test("under contract 1.11 what is said about one link becomes one interface", () => {
  const { documents, problems } = composeConfiguration(controlPlane("1.11"), [
    virtualIp({ address: "10.20.66.20", link: "eth0" }),
    staticNetwork({ links: [{ name: "eth0", address: "10.20.66.21/23" }] }),
  ]);
  expect(problems).toEqual([]);
  expect(documents).toEqual([
    {
      machine: {
        network: {
          interfaces: [{ interface: "eth0", vip: { ip: "10.20.66.20" }, dhcp: false, addresses: ["10.20.66.21/23"] }],
        },
      },
    },
  ]);
});

test("under contract 1.11 a link by its MAC address is told apart from others", () => {
  const link = { name: "storage", macAddress: "BC:24:11:00:40:10" };
  const { documents, problems } = composeConfiguration(worker("1.11"), [
    staticNetwork({ links: [{ name: "eth0" }, { ...link, address: "10.0.40.10/24" }] }),
    staticNetwork({
      links: [
        { ...link, mtu: 9000 },
        { name: "lan", macAddress: "BC:24:11:00:20:10" },
      ],
    }),
  ]);
  expect(problems).toEqual([]);
  expect(documents).toEqual([
    {
      machine: {
        network: {
          interfaces: [
            { deviceSelector: { permanentAddr: "bc:24:11:00:20:10" }, dhcp: false },
            {
              deviceSelector: { permanentAddr: "bc:24:11:00:40:10" },
              dhcp: false,
              mtu: 9000,
              addresses: ["10.0.40.10/24"],
            },
            { interface: "eth0", dhcp: false },
          ],
        },
      },
    },
  ]);
});

test("under contract 1.13 all of it becomes one v1alpha1 document, each kernel module once", () => {
  const { documents, problems } = composeConfiguration(worker("1.13"), [
    kernelModules(["zfs", "nvidia"]),
    nvidiaDriver({ label: false, taint: false }),
    sysctls({ a: "1" }),
  ]);
  expect(problems).toEqual([]);
  expect(documents).toEqual([
    {
      machine: {
        kernel: {
          modules: ["nvidia", "nvidia_drm", "nvidia_modeset", "nvidia_uvm", "zfs"].map((name) => ({ name })),
        },
        sysctls: { a: "1" },
      },
    },
  ]);
});

test("two intents that agree are no problem", () => {
  const { problems } = composeConfiguration(worker("1.14"), [sysctls({ a: "1" }), sysctls({ a: "1" })]);
  expect(problems).toEqual([]);
});

test.each([
  [
    "two of one kind",
    [sysctls({ "vm.swappiness": "10" }), sysctls({ "vm.swappiness": "20" })],
    'k8s-work-4 SysctlConfig.params["vm.swappiness"]: intents-disagree\n  Two intents "sysctls" give the field different values: "10" and "20".\n  Remedy: Say it once.',
  ],
  [
    "two of different kinds",
    [nvidiaDriver(), nodeLabels({ gpu: "false" })],
    'k8s-work-4 KubeNodeConfig.labels.gpu: intents-disagree\n  The intents "nvidiaDriver" and "nodeLabels" give the field different values: "true" and "false".\n  Remedy: Say it once.',
  ],
  [
    "lists, whose order matters",
    [
      staticNetwork({ links: [{ name: "eth0" }], nameservers: ["1.1.1.1"] }),
      staticNetwork({ links: [{ name: "eth0" }], nameservers: ["1.0.0.1"] }),
    ],
    'k8s-work-4 ResolverConfig.nameservers: intents-disagree\n  Two intents "staticNetwork" give the field different values: [{"address":"1.1.1.1"}] and [{"address":"1.0.0.1"}].\n  Remedy: Say it once.',
  ],
  [
    "a value and a map",
    [kubelet({ config: { registerWithTaints: "none" } }), kubelet({ config: { registerWithTaints: { a: 1 } } })],
    'k8s-work-4 KubeletConfig.config.registerWithTaints: intents-disagree\n  Two intents "kubelet" give the field different values: "none" and {"a":1}.\n  Remedy: Say it once.',
  ],
])("intents that disagree are named with the field: %s", (_, intents, expected) => {
  expect(composeConfiguration(worker("1.14"), intents).problems.map(formatProblem)).toEqual([expected]);
});

test("several intents may add files and volumes", () => {
  const own: Intent = {
    name: "own",
    documents: () => [
      {
        machine: { files: [{ path: "/var/lib/a", op: "create", permissions: 0o644, content: "a" }] },
        cluster: { apiServer: { extraVolumes: [{ hostPath: "/var/lib/a", mountPath: "/a", readonly: true }] } },
      },
    ],
  };
  const withCa = oidc({ issuerUrl: "https://id.example.com/", clientId: "kubernetes", caPem: certificate });
  const { documents, problems } = composeConfiguration(controlPlane("1.13"), [withCa, own]);
  expect(problems).toEqual([]);
  expect(documents).toMatchObject([
    {
      machine: { files: [{ path: "/var/lib/a" }, { path: "/var/lib/kube-apiserver-oidc/ca.pem" }] },
      cluster: { apiServer: { extraVolumes: [{ mountPath: "/a" }, { mountPath: "/var/lib/kube-apiserver-oidc" }] } },
    },
  ]);
});

test("a module with parameters from two sides is a disagreement at that module", () => {
  const module = (parameter: string): Intent => ({
    name: "drbd",
    documents: () => [{ machine: { kernel: { modules: [{ name: "drbd", parameters: [parameter] }] } } }],
  });
  const { problems } = composeConfiguration(worker("1.13"), [module("a=1"), module("a=2")]);
  expect(problems.map(({ where }) => where)).toEqual(["k8s-work-4 v1alpha1.machine.kernel.modules.drbd.parameters"]);
});

test("items that nothing tells apart stay apart", () => {
  const devices = [
    { deviceSelector: { driver: "a" }, dhcp: true },
    { deviceSelector: { physical: true }, mtu: 9000 },
  ];
  const own: Intent = { name: "own", documents: () => [{ machine: { network: { interfaces: devices } } }] };
  const { documents, problems } = composeConfiguration(worker("1.11"), [own, own]);
  expect(problems).toEqual([]);
  expect(documents).toEqual([{ machine: { network: { interfaces: devices } } }]);
});

test("a list of one document may have a key more than once", () => {
  const files = [
    { path: "/var/a", op: "create", content: "a" },
    { path: "/var/a", op: "append", content: "b" },
  ];
  const own: Intent = { name: "own", documents: () => [{ machine: { files } }] };
  const { documents, problems } = composeConfiguration(worker("1.13"), [own, own]);
  expect(problems).toEqual([]);
  expect(documents).toEqual([{ machine: { files } }]);
});

test("a section excludes a document that only the generator writes, unless an intent deletes that", () => {
  const own = (document: TalosDocument): Intent => ({ name: "own", documents: () => [document] });
  const nameservers = own({ machine: { network: { nameservers: ["1.1.1.1"] } } });
  const deletion = own({ apiVersion: "v1alpha1", kind: "ResolverConfig", $patch: "delete" });
  const codesOf = (...intents: readonly Intent[]) =>
    composeConfiguration(worker("1.14"), intents).problems.map(({ code }) => code);
  expect(codesOf(nameservers)).toEqual(["section-conflicts"]);
  expect(codesOf(nameservers, deletion)).toEqual([]);
});

test("two intents agree whatever the order of keys is", () => {
  const rules = (ingress: object): Intent => ({
    name: "rules",
    documents: () => [
      {
        apiVersion: "v1alpha1",
        kind: "NetworkRuleConfig",
        name: "a",
        portSelector: { ports: [1] },
        ingress: [ingress],
      },
    ],
  });
  const intents = [rules({ subnet: "10.0.0.0/8", except: "" }), rules({ except: "", subnet: "10.0.0.0/8" })];
  expect(composeConfiguration(worker("1.14"), intents).problems).toEqual([]);
});

test("values that may be secrets are not repeated in a disagreement", () => {
  const login = (password: string): Intent => ({
    name: "login",
    documents: () => [{ apiVersion: "v1alpha1", kind: "RegistryAuthConfig", name: "registry.example.com", password }],
  });
  const { problems } = composeConfiguration(worker("1.14"), [login("one"), login("two")]);
  expect(problems.map(({ message }) => message)).toEqual([
    'Two intents "login" give the field different values: "(hidden)" and "(hidden)".',
  ]);
});

test("nor are they in a list that holds them, whether two disagree about it or its type is wrong", () => {
  const volume = (keys: unknown): Intent => ({
    name: "own",
    documents: () => [
      { apiVersion: "v1alpha1", kind: "VolumeConfig", name: "STATE", encryption: { provider: "luks2", keys } },
    ],
  });
  const key = (passphrase: string) => ({ slot: 0, static: { passphrase } });
  const found = [[volume([key("made up")]), volume([key("invented")])], [volume(key("made up"))]].map((intents) =>
    composeConfiguration(worker("1.14"), intents).problems.map(({ code, message }) => `${code}: ${message}`),
  );
  expect(found.map(([first]) => first)).toEqual([
    'intents-disagree: Two intents "own" give the field different values: "(hidden)" and "(hidden)".',
    'wrong-value: "(hidden)" is not a list.',
  ]);
  expect(JSON.stringify(found)).not.toMatch(/made up|invented/);
});

test.each<[string, (value: string) => Intent]>([
  ["a variable of a service", (value) => extensionService({ name: "tailscale", environment: { TS_AUTHKEY: value } })],
  ["a file of a service", (value) => extensionService({ name: "nut-client", files: { "/upsmon.conf": value } })],
  ["a variable", (value) => environment({ API_KEY: value })],
  ["a manifest", (value) => inlineManifests({ login: `apiVersion: v1\nkind: Secret\nstringData: { a: ${value} }` })],
])("%s is not repeated in a disagreement", (_, intent) => {
  for (const contract of contracts) {
    const { problems } = composeConfiguration(controlPlane(contract), [intent("made-up"), intent("invented")]);
    const disagreements = problems.filter(({ code }) => code === "intents-disagree");
    expect(disagreements).toHaveLength(1);
    expect(JSON.stringify(problems)).not.toMatch(/made-up|invented/);
  }
});

test("secrets are not repeated with what is around them either", () => {
  const peers = (presharedKey: string): Intent => ({
    name: "peers",
    documents: () => [{ apiVersion: "v1alpha1", kind: "WireguardConfig", name: "wg0", peers: [{ presharedKey }] }],
  });
  const { problems } = composeConfiguration(worker("1.14"), [peers("one"), peers("two")]);
  expect(problems.filter(({ code }) => code === "intents-disagree").map(({ message }) => message)).toEqual([
    'Two intents "peers" give the field different values: "(hidden)" and "(hidden)".',
  ]);
});

test("an empty section beside the document that takes its place is refused, as Talos does", () => {
  const section: Intent = { name: "own", documents: () => [{ machine: { time: {} } }] };
  const { problems } = composeConfiguration(worker("1.13"), [section, time({ servers: ["ntp.example.com"] })]);
  expect(problems.map(({ where, code }) => `${where}: ${code}`)).toEqual([
    "k8s-work-4 v1alpha1.machine.time: section-conflicts",
  ]);
});

test("problems of all intents and documents are reported at once", () => {
  const { problems } = composeConfiguration(worker("1.14"), [
    hostname("K8S"),
    staticNetwork({ links: [{ name: "eth0", address: "10.20.66.21/23", gateway: "10.20.70.1" }, { name: "eth0" }] }),
    kubelet({ config: { serializeImagePulls: true, maxParallelImagePulls: 5, port: 1 } }),
    install({ image: "factory.talos.dev/nocloud-installer/x:v1.14.3" }),
  ]);
  expect(problems.map(({ code, where }) => `${where}: ${code}`)).toEqual([
    "k8s-work-4 hostname: hostname-malformed",
    "k8s-work-4 staticNetwork.links[0].gateway: gateway-outside-subnet",
    "k8s-work-4 staticNetwork.links[1].name: link-twice",
    "k8s-work-4 install.image: installer-of-other-talos",
    "k8s-work-4 KubeletConfig.config.port: kubelet-field-protected",
    "k8s-work-4 KubeletConfig.config.maxParallelImagePulls: parallel-pulls-serialized",
  ]);
});

test("an own intent is checked like ours", () => {
  const own: Intent = { name: "own", documents: () => [{ apiVersion: "v1alpha1", kind: "SysctlConfig", param: {} }] };
  expect(composeConfiguration(worker("1.14"), [own]).problems.map(({ where }) => where)).toEqual([
    "k8s-work-4 SysctlConfig.param",
  ]);
});

describe("an own intent is refused", () => {
  const said = (document: TalosDocument, machine = worker("1.13")) =>
    composeConfiguration(machine, [{ name: "own", documents: () => [document] }]).problems.map(
      ({ where, code }) => `${where}: ${code}`,
    );
  const file = (path: string, rest: object = { op: "create", content: "a" }): TalosDocument => ({
    machine: { files: [{ path, ...rest }] },
  });

  test.each([
    ["VAL-1, TAL-21", "/etc/nvidia-container-runtime/config.toml", "file-outside-var"],
    ["T-1, TAL-19", "/var/cri/conf.d/20-customization.part", "file-never-read"],
  ])("%s: for creating %s, at which the machine stops or which it never reads", (_, path, code) => {
    expect(said(file(path))).toEqual([`k8s-work-4 v1alpha1.machine.files[0].path: ${code}`]);
  });

  test("for a value that Talos takes and nothing can use", () => {
    const roots = { apiVersion: "v1alpha1", kind: "TrustedRootsConfig", name: "lab-ca", certificates: "/etc/ca.pem" };
    expect(said(roots)).toEqual(["k8s-work-4 TrustedRootsConfig/lab-ca.certificates: useless-value"]);
  });

  test("neither for what may well be meant, nor for a value that is not known yet", () => {
    const machine = { ...worker("1.13"), isUnknown: (text: string) => text.includes("later") };
    expect(said(file("/etc/hosts", { op: "append", content: "" }))).toEqual([]);
    expect(said({ cluster: { controllerManager: { extraArgs: { controllers: "-ttl" } } } })).toEqual([]);
    expect(said(file("later"), machine)).toEqual([]);
    const roots = { apiVersion: "v1alpha1", kind: "TrustedRootsConfig", name: "lab-ca", certificates: "later" };
    expect(said(roots, machine)).toEqual([]);
  });
});

test("composing changes neither props nor the documents of an intent", () => {
  const document = Object.freeze({ machine: Object.freeze({ sysctls: Object.freeze({ a: "1" }) }) });
  const own: Intent = { name: "own", documents: () => [document] };
  expect(composeConfiguration(worker("1.13"), [own, sysctls(Object.freeze({ b: "2" }))]).problems).toEqual([]);
});

const all: readonly Intent[] = [
  hostname("k8s-ctrl-1"),
  staticNetwork({ links: [{ name: "eth0", address: "10.20.66.21/23", gateway: "10.20.66.1" }, { name: "eth1" }] }),
  virtualIp({ address: "10.20.66.20", link: "eth0" }),
  vlan({ parent: "eth1", id: 30, address: "10.0.30.21/24" }),
  vlan({ parent: "eth1", id: 4 }),
  vlan({ parent: { name: "trunk", macAddress: "BC:24:11:00:40:10" }, id: 40 }),
  bond({ name: "bond0", links: ["eth2", "eth3"], mode: "active-backup" }),
  bridge({ name: "br0", links: ["eth4"] }),
  hostEntries({ "10.0.20.9": ["registry.example.com"] }),
  hostEntries({ "10.0.20.9": ["cache.example.com"], "10.0.20.8": ["ntp.example.com"] }),
  hostDns({ resolveMemberNames: true }),
  time({ servers: ["ntp.example.com"] }),
  kubePrism({ port: 7446 }),
  discovery({ endpoint: "https://discovery.example.com/" }),
  kubeSpan(),
  clusterFirewall({ nodes: ["10.20.66.0/23"], clients: ["10.0.20.0/24"] }),
  ingressFirewall({ rules: { kubespan: { ports: [51820], protocol: "udp", subnets: ["0.0.0.0/0"] } } }),
  install({ image: "factory.talos.dev/nocloud-installer/x@sha256:0" }),
  registryMirrors({ "docker.io": { endpoints: ["http://10.0.20.10:5000"] } }),
  sysctls({ "vm.max_map_count": "262144", "fs.inotify.max_user_instances": "8192" }),
  sysctls({ "fs.inotify.max_user_watches": "1048576" }),
  kernelModules(["nvidia", "drbd"]),
  kubelet({ config: { serializeImagePulls: false } }),
  kubelet({ config: { maxPods: 250 }, extraArgs: { v: "2" } }),
  nodeLabels({ zone: "a" }),
  nodeTaints({ dedicated: "storage:NoSchedule" }),
  schedulableControlPlanes(),
  withoutCni(),
  kubeProxy({ mode: "nftables" }),
  kubeNetwork({ podSubnets: ["10.42.0.0/16"], nodeCIDRMaskSizeIPv4: 25 }),
  apiServer({ certSANs: ["b.example.com"], extraArgs: { "event-ttl": "24h" } }),
  apiServer({ certSANs: ["a.example.com"] }),
  controllerManager({ extraArgs: { "bind-address": "0.0.0.0" } }),
  scheduler({ resources: { requests: { cpu: "50m" } } }),
  podSecurity({ exemptNamespaces: ["storage"] }),
  podSecurity({ exemptNamespaces: ["monitoring"] }),
  admissionPlugins({ AlwaysPullImages: {} }),
  etcd({ advertisedSubnets: ["10.0.0.0/24"] }),
  etcdEncryption({ keys: [{ secret: Buffer.alloc(32).toString("base64") }] }),
  inlineManifests({ b: "apiVersion: v1\nkind: Namespace\n" }),
  inlineManifests({ a: "apiVersion: v1\nkind: Namespace\n" }),
  externalManifests({ b: { url: "https://example.com/b.yaml" } }),
  externalManifests({ a: { url: "https://example.com/a.yaml" } }),
  talosApiAccess({ allowedRoles: ["os:reader"], allowedKubernetesNamespaces: ["kube-system"] }),
  talosApiAccess({ allowedRoles: ["os:etcd:backup"], allowedKubernetesNamespaces: ["backup"] }),
  talosApiCertSANs(["b.example.com"]),
  talosApiCertSANs(["a.example.com"]),
  nodeAnnotations({ "example.com/rack": "12" }),
  nvidiaDriver(),
  oidc({ issuerUrl: "https://id.example.com/", clientId: "kubernetes" }),
  auditPolicy({ rules: [{ level: "Metadata" }], logMaxAgeDays: 7 }),
  sysfs({ "module.zswap.parameters.enabled": "1" }),
  udevRules(["b", "a"]),
  udevRules(["c"]),
  environment({ https_proxy: "http://proxy.example.com:3128" }),
  environment({ no_proxy: ".svc" }),
  registryAuth({ "registry.example.com": { identityToken: "made up" } }),
  registryTls({ "registry.example.com": { ca: certificate } }),
  trustedRoots({ "lab-ca": certificate }),
  logging({ services: [{ endpoint: "udp://10.0.20.60:6051" }] }),
  logging({ services: [{ endpoint: "udp://10.0.20.59:6051" }], kernel: ["udp://10.0.20.60:6050"] }),
  watchdog(),
  extensionService({ name: "nut-client", files: { "/b": "b" } }),
  extensionService({ name: "nut-client", files: { "/a": "a" } }),
  criCustomization({ name: "metrics", content: '[metrics]\n  address = "127.0.0.1:11234"\n' }),
  imageCache(),
  systemVolume({ name: "EPHEMERAL", maxSize: "40GiB" }),
  diskEncryption({ state: { 0: { nodeID: {} } }, ephemeral: { 1: { tpm: {} }, 0: { nodeID: {} } } }),
  userVolume({ name: "local", disk: "system", minSize: "10GiB", maxSize: "20GiB" }),
  rawVolume({ name: "ceph", disk: { serial: "ceph" }, minSize: "10GiB" }),
  swap({ disk: "system", size: "4GiB" }),
];

test.each(contracts)("the order of intents has no effect under contract %s", (contract) => {
  const render = (intents: readonly Intent[]) => {
    const { documents, problems } = composeConfiguration(controlPlane(contract), intents);
    expect(problems).toEqual([]);
    return renderDocuments(documents);
  };
  const expected = render(all);
  fc.assert(
    fc.property(fc.shuffledSubarray([...all], { minLength: all.length }), (intents) => {
      expect(render(intents)).toBe(expected);
    }),
    { numRuns: 40 },
  );
});

test.each(contracts)("no document is there twice under contract %s", (contract) => {
  const { documents } = composeConfiguration(controlPlane(contract), [...all, ...all]);
  const given = documents.filter((document) => !isDeletion(document));
  const identities = given.map(({ kind, name }) => `${kind}/${name}`);
  expect(new Set(identities).size).toBe(identities.length);
});
