import { readdirSync } from "node:fs";
import { join } from "node:path";
import { formatProblem } from "../../errors";
import {
  auditPolicy,
  type Contract,
  composeConfiguration,
  hostname,
  type Intent,
  install,
  kernelModules,
  kubelet,
  type MachineTarget,
  nodeLabels,
  nodeTaints,
  nvidiaDriver,
  nvidiaExtensions,
  oidc,
  registryMirrors,
  renderDocuments,
  schedulableControlPlanes,
  staticNetwork,
  sysctls,
  virtualIp,
} from "../../machine-configs";

import { expectGolden } from "./golden";
import { certificate, contracts, controlPlane, worker } from "./machines";
import { acceptedForms } from "./measured";

const id = "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba";

const mirrors = registryMirrors({
  "docker.io": { endpoints: ["http://10.0.20.10:5000"] },
  "ghcr.io": { endpoints: ["http://10.0.20.10:5010"] },
  "quay.io": { endpoints: ["http://10.0.20.10:5020"] },
  "registry.k8s.io": { endpoints: ["http://10.0.20.10:5030"] },
  "reg.kyverno.io": { endpoints: ["http://10.0.20.10:5040/v2/kyverno"], overridePath: true, skipFallback: true },
});

const provider = { issuerUrl: "https://id.example.com/application/o/kubernetes/", clientId: "kubernetes" };

type Example = readonly [
  title: string,
  file: string,
  role: "worker" | "control plane",
  make: (contract: Contract) => Intent,
];

const examples: readonly Example[] = [
  ["TAL-2: hostname", "hostname", "worker", () => hostname("k8s-node2")],
  [
    "TAL-3, TAL-4, TAL-5, T-5: staticNetwork",
    "static-network",
    "worker",
    () =>
      staticNetwork({
        links: [{ name: "eth0", address: "10.0.20.102/24", gateway: "10.0.20.1", mtu: 1500 }, { name: "eth1" }],
        nameservers: ["10.0.20.101", "1.1.1.1"],
        searchDomains: ["lab.example.com"],
      }),
  ],
  ["TAL-25: virtualIp", "virtual-ip", "control plane", () => virtualIp({ address: "10.20.66.20", link: "eth0" })],
  [
    "TAL-9, TAL-36: install",
    "install",
    "worker",
    (contract) => install({ image: `factory.talos.dev/nocloud-installer/${id}:v${worker(contract).talos}` }),
  ],
  ["TAL-6: registryMirrors", "registry-mirrors", "worker", () => mirrors],
  [
    "TAL-7: sysctls",
    "sysctls",
    "worker",
    () =>
      sysctls({
        "fs.inotify.max_user_watches": "1048576",
        "fs.inotify.max_user_instances": "8192",
        "net.ipv4.ip_forward": "1",
      }),
  ],
  ["kernelModules", "kernel-modules", "worker", () => kernelModules(["drbd", "drbd_transport_tcp"])],
  [
    "TAL-8: kubelet",
    "kubelet",
    "worker",
    () =>
      kubelet({
        config: { serializeImagePulls: false, maxParallelImagePulls: 50 },
        extraArgs: { "rotate-server-certificates": "true" },
      }),
  ],
  ["nodeLabels", "node-labels", "worker", () => nodeLabels({ "topology.kubernetes.io/zone": "baldar", tier: "1" })],
  ["nodeTaints", "node-taints", "worker", () => nodeTaints({ dedicated: "storage:NoSchedule", drained: "NoExecute" })],
  ["schedulableControlPlanes", "schedulable-control-planes", "control plane", () => schedulableControlPlanes()],
  ["TAL-12, TAL-13, TAL-14: nvidiaDriver", "nvidia-driver", "worker", () => nvidiaDriver()],
  ["TAL-16: oidc", "oidc", "control plane", () => oidc({ ...provider, usernameClaim: "email", groupsClaim: "groups" })],
  [
    "oidc with everything",
    "oidc-full",
    "control plane",
    () => oidc({ ...provider, groupsClaim: "groups", groupsPrefix: "sso:", caPem: certificate }),
  ],
  [
    "TAL-17, T-3: auditPolicy",
    "audit-policy",
    "control plane",
    () =>
      auditPolicy({
        omitStages: ["RequestReceived"],
        rules: [
          { level: "None", nonResourceURLs: ["/healthz*", "/livez*", "/readyz*"] },
          { level: "Metadata", resources: [{ group: "", resources: ["secrets", "configmaps"] }] },
          { level: "RequestResponse", verbs: ["create", "update", "patch", "delete"] },
          { level: "Metadata" },
        ],
        logMaxAgeDays: 7,
        logMaxBackups: 3,
        logMaxSizeMegabytes: 100,
      }),
  ],
];

describe.each(contracts)("contract %s", (contract) => {
  test.each(examples)("%s", (_, file, role, make) => {
    const machine = role === "worker" ? worker(contract) : controlPlane(contract);
    const { documents, problems } = composeConfiguration(machine, [make(contract)]);
    expect(problems).toEqual([]);
    expectGolden(`${file}.${contract}.yaml`, renderDocuments(documents));
  });

  test.each(examples.filter(([, , role]) => role === "control plane"))(
    "%s is nothing on a worker",
    (_, __, ___, make) => {
      expect(composeConfiguration(worker(contract), [make(contract)])).toEqual({ documents: [], problems: [] });
    },
  );

  test.each(examples)("%s uses only forms that Talos accepted", (_, __, role, make) => {
    const machine = role === "worker" ? worker(contract) : controlPlane(contract);
    const { documents } = composeConfiguration(machine, [make(contract)]);
    const forms = documents.flatMap(({ apiVersion: ___, kind = "v1alpha1", ...fields }) => formsIn(fields, kind));
    const known = [...acceptedForms[contract], ...unmeasured[contract]];
    expect(forms.filter((form) => !known.includes(form))).toEqual([]);
  });
});

test("every golden file belongs to an example", () => {
  const expected = examples.flatMap(([, file]) => contracts.map((contract) => `${file}.${contract}.yaml`));
  expect(readdirSync(join(__dirname, "golden")).sort()).toEqual(expected.sort());
});

/** In Talos' reference, but in no accepted case: `accepted-forms.json` lists every form of those and of the bases. */
const unmeasured: Readonly<Record<Contract, readonly string[]>> = {
  "1.11": ["v1alpha1.machine.network.searchDomains", "v1alpha1.cluster.allowSchedulingOnControlPlanes"],
  "1.12": ["Layer2VIPConfig.name", "Layer2VIPConfig.link", "v1alpha1.cluster.allowSchedulingOnControlPlanes"],
  "1.13": ["Layer2VIPConfig.name", "Layer2VIPConfig.link", "v1alpha1.cluster.allowSchedulingOnControlPlanes"],
  "1.14": [
    "Layer2VIPConfig.name",
    "Layer2VIPConfig.link",
    "KubeAPIServerConfig.extraArgs",
    "UnattendedInstallConfig.installer.image",
  ],
};

/** Maps whose keys are the user's. */
const OPEN =
  /\.(params|sysctls|labels|taints|nodeLabels|nodeTaints|mirrors|extraArgs|config|extraConfig|configuration|auditPolicy)$/;

function formsIn(value: unknown, path: string): readonly string[] {
  if (Array.isArray(value)) {
    return value.some(isMap) ? value.flatMap((item) => formsIn(item, `${path}[]`)) : [path];
  }
  if (!isMap(value) || OPEN.test(path)) return [path];
  return Object.entries(value).flatMap(([key, inner]) => formsIn(inner, `${path}.${key}`));
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function problems(intent: Intent, machine: MachineTarget = controlPlane("1.14")): readonly string[] {
  return composeConfiguration(machine, [intent]).problems.map(formatProblem);
}

test.each<[string, Intent, readonly string[]]>([
  [
    "a hostname in upper case",
    hostname("K8S-Node2"),
    [
      'k8s-ctrl-1 hostname: hostname-malformed\n  "K8S-Node2" cannot be the name of a Kubernetes node.\n  Remedy: Use lower-case letters, digits and hyphens, at most 63 between dots.',
    ],
  ],
  [
    "a hostname that is too long, once",
    hostname("a".repeat(64)),
    [
      `k8s-ctrl-1 HostnameConfig.hostname: hostname-too-long\n  The hostname "${"a".repeat(64)}" has an empty or too long part.\n  Remedy: Use 1 to 63 characters before the first dot and at most 253 in total.`,
    ],
  ],
  [
    "TAL-4: a gateway outside the subnet",
    staticNetwork({ links: [{ name: "eth0", address: "10.0.20.102/24", gateway: "10.0.21.1" }] }),
    [
      "k8s-ctrl-1 staticNetwork.links[0].gateway: gateway-outside-subnet\n  The gateway 10.0.21.1 is not in the network of 10.0.20.102/24.\n  Remedy: Use the router's address in that network, or correct the prefix length.",
    ],
  ],
  [
    "a gateway of the other family",
    staticNetwork({ links: [{ name: "eth0", address: "10.0.20.102/24", gateway: "fe80::1" }] }),
    [
      "k8s-ctrl-1 staticNetwork.links[0].gateway: gateway-outside-subnet\n  The gateway fe80::1 is not in the network of 10.0.20.102/24.\n  Remedy: Use the router's address in that network, or correct the prefix length.",
    ],
  ],
  [
    "a gateway that is the machine",
    staticNetwork({ links: [{ name: "eth0", address: "10.0.20.102/24", gateway: "10.0.20.102" }] }),
    [
      "k8s-ctrl-1 staticNetwork.links[0].gateway: gateway-is-own-address\n  The gateway 10.0.20.102 is the link's own address.\n  Remedy: Use the router's address.",
    ],
  ],
  [
    "a gateway without an address",
    staticNetwork({ links: [{ name: "eth0", gateway: "10.0.20.1" }] }),
    [
      "k8s-ctrl-1 staticNetwork.links[0].gateway: gateway-without-address\n  The gateway 10.0.20.1 is out of reach: its link has no address.\n  Remedy: Give the link an address in the gateway's network, or leave the gateway out.",
    ],
  ],
  [
    "the network's own address",
    staticNetwork({ links: [{ name: "eth0", address: "10.0.20.0/24" }] }),
    [
      "k8s-ctrl-1 staticNetwork.links[0].address: address-not-for-host\n  10.0.20.0/24 is the address of the network itself or its broadcast address.\n  Remedy: Give the machine's own address with the network's prefix length.",
    ],
  ],
  [
    "the broadcast address",
    staticNetwork({ links: [{ name: "eth0", address: "10.20.67.255/23" }] }),
    [
      "k8s-ctrl-1 staticNetwork.links[0].address: address-not-for-host\n  10.20.67.255/23 is the address of the network itself or its broadcast address.\n  Remedy: Give the machine's own address with the network's prefix length.",
    ],
  ],
  [
    "an address and a default route on two links",
    staticNetwork({
      links: [
        { name: "eth0", address: "10.0.20.5/24", gateway: "10.0.20.1" },
        { name: "eth1", address: "10.0.20.5/16", gateway: "10.0.20.1" },
      ],
    }),
    [
      "k8s-ctrl-1 staticNetwork.links[1].address: address-twice\n  The address 10.0.20.5 is on another link of the machine already.\n  Remedy: Give every link an address of its own.",
      'k8s-ctrl-1 staticNetwork.links[1].gateway: default-route-twice\n  The links "eth0" and "eth1" both have an IPv4 gateway; only one can be the default route.\n  Remedy: Leave the gateway out on all links but one.',
    ],
  ],
  [
    "a link twice",
    staticNetwork({ links: [{ name: "eth0" }, { name: "eth0" }] }),
    [
      'k8s-ctrl-1 staticNetwork.links[1].name: link-twice\n  The link "eth0" is listed twice.\n  Remedy: List every link once.',
    ],
  ],
  [
    "TAL-5: a nameserver by name, once",
    staticNetwork({ links: [], nameservers: ["dns.example.com"] }),
    [
      'k8s-ctrl-1 ResolverConfig.nameservers[0].address: wrong-value\n  "dns.example.com" is not an IP address, such as 10.20.66.21.\n  Remedy: Give an IP address, such as 10.20.66.21.',
    ],
  ],
  [
    "TAL-9: a disk that is no device",
    install({ image: `factory.talos.dev/nocloud-installer/${id}:v1.14.4`, disk: "sda" }),
    [
      'k8s-ctrl-1 install.disk: install-disk-malformed\n  "sda" is not the path of a disk.\n  Remedy: Use a path such as /dev/sda (SCSI) or /dev/vda (virtio-blk).',
    ],
  ],
  [
    "TAL-36: an installer without a tag",
    install({ image: `factory.talos.dev/nocloud-installer/${id}` }),
    [
      `k8s-ctrl-1 install.image: installer-malformed\n  "factory.talos.dev/nocloud-installer/${id}" is not the reference of an installer image.\n  Remedy: Use installerImage(): <factory>/nocloud-installer/<schematic id>:v<talos>.`,
    ],
  ],
  [
    "IMG-5: an installer of another release",
    install({ image: `registry.example.com:5000/nocloud-installer/${id}:v1.13.9` }),
    [
      'k8s-ctrl-1 install.image: installer-of-other-talos\n  The installer\'s tag "v1.13.9" is not the machine\'s Talos version 1.14.4.\n  Remedy: Use the tag "v1.14.4".',
    ],
  ],
  [
    "TAL-6: one port for two registries",
    registryMirrors({
      "docker.io": { endpoints: ["http://10.0.20.10:5000"] },
      "ghcr.io": { endpoints: ["http://10.0.20.10:5000/"] },
    }),
    [
      'k8s-ctrl-1 registryMirrors["ghcr.io"].endpoints[0]: mirror-endpoint-shared\n  The endpoint http://10.0.20.10:5000/ serves docker.io as well as ghcr.io; a cache would answer for the wrong one.\n  Remedy: Give every registry a port of its own.',
    ],
  ],
  [
    "TAL-6: an endpoint twice, and none",
    registryMirrors({ a: { endpoints: ["http://b", "http://b"] }, "c.io": { endpoints: [] } }),
    [
      "k8s-ctrl-1 registryMirrors.a.endpoints[1]: mirror-endpoint-shared\n  The endpoint http://b of a is listed twice.\n  Remedy: List it once.",
      'k8s-ctrl-1 registryMirrors["c.io"].endpoints: mirror-without-endpoint\n  The mirror of c.io has no endpoint.\n  Remedy: Give at least one URL, or leave the registry out.',
    ],
  ],
  [
    "TAL-16: an issuer without https, and no client",
    oidc({ issuerUrl: "http://id.example.com/", clientId: "" }),
    [
      'k8s-ctrl-1 oidc.issuerUrl: issuer-not-https\n  The issuer "http://id.example.com/" is not an https:// URL without query and fragment, which kube-apiserver demands.\n  Remedy: Use the issuer exactly as it stands in the provider\'s /.well-known/openid-configuration.',
      "k8s-ctrl-1 oidc.clientId: client-id-missing\n  The client id is empty; no token could be accepted.\n  Remedy: Use the client id from the identity provider.",
    ],
  ],
  [
    "the flag's word for no prefix, and a path instead of a certificate",
    oidc({ ...provider, usernamePrefix: "-", caPem: "/etc/ca.pem" }),
    [
      'k8s-ctrl-1 oidc.usernamePrefix: username-prefix-dash\n  The prefix "-" means none as a flag of kube-apiserver, and a hyphen in its configuration file.\n  Remedy: Use "" for no prefix.',
      'k8s-ctrl-1 oidc.caPem: not-a-certificate\n  The text is not a certificate in PEM.\n  Remedy: Give the text that begins with "-----BEGIN CERTIFICATE-----".',
    ],
  ],
])("%s is refused", (_, intent, expected) => {
  expect(problems(intent)).toEqual(expected);
});

test("TAL-17: an audit policy without rules is refused", () => {
  expect(problems(auditPolicy({ rules: [] }))).toEqual([
    'k8s-ctrl-1 KubeAuditPolicyConfig.configuration.rules: audit-rules-missing\n  The audit policy has no rules; kube-apiserver would not start.\n  Remedy: Give at least one rule, such as { level: "Metadata" }.',
  ]);
});

test("T-38: a worker may not give itself a role, a control plane may", () => {
  const role = nodeLabels({ "node-role.kubernetes.io/storage": "", "example.com/storage": "" });
  expect(problems(role, worker("1.14"))).toEqual([
    'k8s-work-4 nodeLabels["node-role.kubernetes.io/storage"]: label-not-allowed\n  Kubernetes does not let a worker give itself the label "node-role.kubernetes.io/storage".\n  Remedy: Use a key outside kubernetes.io and k8s.io, or set the label with kubectl or Terraform.',
  ]);
  expect(problems(role)).toEqual([]);
});

test.each(["node.kubernetes.io/pool", "topology.kubernetes.io/zone", "kubernetes.io/arch", "gpu", "x-k8s.io/a"])(
  "T-38: a worker may give itself the label %s",
  (key) => {
    expect(problems(nodeLabels({ [key]: "x" }), worker("1.14"))).toEqual([]);
  },
);

test("VAL-1, T-1, T-2, T-6, TAL-19, TAL-20, TAL-21: a GPU needs no file on the machine", () => {
  for (const contract of contracts) {
    const text = renderDocuments(composeConfiguration(worker(contract), [nvidiaDriver()]).documents);
    expect(text).not.toMatch(/files|conf\.d|no-cgroups|\/etc\/|\/var\//);
  }
});

test("T-6: Talos up to 1.12 gets the BPF compiler hardened, later ones do not", () => {
  const on = (talos: string) => nvidiaDriver().documents({ ...worker("1.13"), talos });
  expect(on("1.12.11")).toContainEqual({ machine: { sysctls: { "net.core.bpf_jit_harden": "1" } } });
  expect(JSON.stringify(on("1.13.9"))).not.toContain("bpf_jit_harden");
});

test("TAL-13, TAL-14: label and taint can be left out", () => {
  const { documents } = composeConfiguration(worker("1.14"), [nvidiaDriver({ label: false, taint: false })]);
  expect(documents.map(({ kind }) => kind)).not.toContain("KubeNodeConfig");
});

test.each([
  [{}, ["siderolabs/nvidia-open-gpu-kernel-modules-production", "siderolabs/nvidia-container-toolkit-production"]],
  [{ driver: "lts" }, ["siderolabs/nvidia-open-gpu-kernel-modules-lts", "siderolabs/nvidia-container-toolkit-lts"]],
  [
    { modules: "nonfree" },
    ["siderolabs/nonfree-kmod-nvidia-production", "siderolabs/nvidia-container-toolkit-production"],
  ],
] as const)("TAL-15: %j takes kernel modules and toolkit of one branch", (props, extensions) => {
  expect(nvidiaExtensions(props)).toEqual(extensions);
});

/** Users and groups as kube-apiserver names them from each form. */
const prefixes = [
  [{}, "sub", `${provider.issuerUrl}#`, undefined],
  [{ usernameClaim: "email" }, "email", "", undefined],
  [{ usernameClaim: "email", usernamePrefix: "sso:" }, "email", "sso:", undefined],
  [{ usernamePrefix: "" }, "sub", "", undefined],
  [{ groupsClaim: "groups" }, "sub", `${provider.issuerUrl}#`, ""],
  [{ groupsClaim: "groups", groupsPrefix: "sso:" }, "sub", `${provider.issuerUrl}#`, "sso:"],
] as const;

test.each(prefixes)(
  "T-36, TAL-16: %j gives the same names as flags and as a document",
  (props, claim, prefix, groups) => {
    const intent = oidc({ ...provider, ...props });
    const [flags] = intent.documents(controlPlane("1.13"));
    const [document] = intent.documents(controlPlane("1.14"));
    expect(flags).toEqual({
      cluster: {
        apiServer: {
          extraArgs: {
            "oidc-issuer-url": provider.issuerUrl,
            "oidc-client-id": "kubernetes",
            "oidc-username-claim": claim,
            "oidc-username-prefix": prefix === "" ? "-" : prefix,
            ...(groups === undefined ? {} : { "oidc-groups-claim": "groups" }),
            ...(groups ? { "oidc-groups-prefix": groups } : {}),
          },
        },
      },
    });
    expect(document).toMatchObject({
      configuration: {
        jwt: [
          {
            claimMappings: {
              username: { claim, prefix },
              ...(groups === undefined ? {} : { groups: { claim: "groups", prefix: groups } }),
            },
          },
        ],
      },
    });
  },
);

test("TAL-16: an issuer keeps its slash at the end", () => {
  const [document] = oidc(provider).documents(controlPlane("1.14"));
  expect(document).toMatchObject({ configuration: { jwt: [{ issuer: { url: provider.issuerUrl } }] } });
});

test("TAL-18, T-3: the audit policy mounts nothing", () => {
  for (const contract of contracts) {
    const text = JSON.stringify(auditPolicy({ rules: [{ level: "Metadata" }] }).documents(controlPlane(contract)));
    expect(text).not.toMatch(/extraVolumes|audit-policy-file|files/);
  }
});
