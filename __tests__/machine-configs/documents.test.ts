import * as z from "zod";
import { formatProblem } from "../../errors";
import { documentProblems, type TalosDocument } from "../../machine-configs";
import { documentKinds } from "../../machine-configs/documents";
import { isSecret } from "../../machine-configs/kind";
import { certificate, controlPlane, worker } from "./machines";

function of(kind: string, fields: Readonly<Record<string, unknown>>): TalosDocument {
  return { apiVersion: "v1alpha1", kind, ...fields };
}

function problems(document: TalosDocument, contract: "1.13" | "1.14" = "1.14"): readonly string[] {
  return documentProblems(controlPlane(contract), [document]).map(formatProblem);
}

const policy = { apiVersion: "audit.k8s.io/v1", kind: "Policy" };

test.each<[string, TalosDocument]>([
  ["a hostname", of("HostnameConfig", { hostname: "k8s-ctrl-1.example.com", auto: "off" })],
  ["a generated hostname", of("HostnameConfig", { auto: "stable" })],
  ["an IPv6 link", of("LinkConfig", { name: "eth0", addresses: [{ address: "fd00::1/64" }] })],
  [
    "a resolver over TLS",
    of("ResolverConfig", { nameservers: [{ address: "1.1.1.1", protocol: "DoT", tlsServerName: "x" }] }),
  ],
  [
    "a mirror of everything else",
    of("RegistryMirrorConfig", { name: "*", endpoints: [{ url: "http://10.0.0.5:5000" }] }),
  ],
  ["a registry's CA", of("RegistryTLSConfig", { name: "registry.example.com", ca: certificate })],
  ["repeated kubelet arguments", of("KubeletConfig", { extraArgs: { "node-ip": ["10.0.0.1", "fd00::1"] } })],
  [
    "one image pull at a time",
    of("KubeletConfig", { config: { serializeImagePulls: true, maxParallelImagePulls: 1 } }),
  ],
  ["parallel pulls as Talos lets them be", of("KubeletConfig", { config: { maxParallelImagePulls: 5 } })],
  ["node subnets to leave out", of("KubeNodeConfig", { nodeIP: { validSubnets: ["10.0.0.0/24", "!10.0.0.9/32"] } })],
  ["an effect alone", of("KubeNodeConfig", { taints: { "node-role.kubernetes.io/control-plane": "NoSchedule" } })],
  ["time servers in the root document", { machine: { time: { servers: ["10.0.0.1"] } } }],
  ["a number where Talos reads a text", of("SysctlConfig", { params: { "net.ipv4.ip_forward": 1 } })],
  ["null where Talos reads nothing", of("LinkConfig", { name: "eth0", mtu: null, addresses: null })],
  ["a nameserver behind one link", of("ResolverConfig", { nameservers: [{ address: "fe80::1%eth0" }] })],
])("%s is accepted", (_, document) => {
  expect(problems(document)).toEqual([]);
});

test.each<[string, TalosDocument, readonly string[]]>([
  [
    "an unknown field names the nearest",
    of("KubeletConfig", { clusterDns: ["10.96.0.10"] }),
    [
      'k8s-ctrl-1 KubeletConfig.clusterDns: field-unknown\n  There is no field "clusterDns" here; Talos refuses unknown ones.\n  Remedy: Did you mean "clusterDNS"?',
    ],
  ],
  [
    "an unknown field inside a list names the fields there",
    of("LinkConfig", { name: "eth0", routes: [{ network: "10.9.0.0/16" }] }),
    [
      'k8s-ctrl-1 LinkConfig/eth0.routes[0].network: field-unknown\n  There is no field "network" here; Talos refuses unknown ones.\n  Remedy: The names here are destination, gateway, source, metric, mtu, table.',
    ],
  ],
  [
    "an unknown section of the root document",
    { machine: { sysctl: {} } },
    [
      'k8s-ctrl-1 v1alpha1.machine.sysctl: field-unknown\n  There is no field "sysctl" here; Talos refuses unknown ones.\n  Remedy: Did you mean "sysctls"?',
    ],
  ],
  [
    "T-3: Talos spells the volume's field readonly",
    { cluster: { apiServer: { extraVolumes: [{ hostPath: "/var/a", mountPath: "/a", readOnly: true }] } } },
    [
      'k8s-ctrl-1 v1alpha1.cluster.apiServer.extraVolumes[0].readOnly: field-unknown\n  There is no field "readOnly" here; Talos refuses unknown ones.\n  Remedy: Did you mean "readonly"?',
      "k8s-ctrl-1 v1alpha1.cluster.apiServer: section-replaced\n  The section excludes KubeAPIServerConfig, which the machine has under contract 1.14.\n  Remedy: Put the setting into KubeAPIServerConfig, or use the intent: it takes the form of the contract.",
    ],
  ],
  [
    "an unknown kind",
    of("HostNameConfig", {}),
    [
      'k8s-ctrl-1 HostNameConfig: kind-unknown\n  Talos has no document of kind "HostNameConfig".\n  Remedy: Did you mean "HostnameConfig"?',
    ],
  ],
  [
    "a document without a version",
    { kind: "SysctlConfig" },
    ['k8s-ctrl-1 SysctlConfig.apiVersion: field-missing\n  The field is missing.\n  Remedy: Give "v1alpha1".'],
  ],
  [
    "a document without a kind",
    { apiVersion: "v1alpha1", device: "/dev/watchdog0" },
    ["k8s-ctrl-1 v1alpha1.kind: field-missing\n  The field is missing.\n  Remedy: Give the document's kind."],
  ],
  [
    "a string where a list belongs",
    of("KernelModuleConfig", { name: "drbd", parameters: "usermode_helper=disabled" }),
    [
      'k8s-ctrl-1 KernelModuleConfig/drbd.parameters: wrong-value\n  "usermode_helper=disabled" is not a list.\n  Remedy: Give a list.',
    ],
  ],
  [
    "a missing field",
    of("Layer2VIPConfig", { name: "10.20.66.20" }),
    ["k8s-ctrl-1 Layer2VIPConfig/10.20.66.20.link: field-missing\n  The field is missing.\n  Remedy: Give a string."],
  ],
  [
    "a virtual IP with a prefix length",
    of("Layer2VIPConfig", { name: "10.20.66.20/32", link: "eth0" }),
    [
      'k8s-ctrl-1 Layer2VIPConfig/10.20.66.20/32.name: wrong-value\n  "10.20.66.20/32" is not an IP address, such as 10.20.66.21.\n  Remedy: Give an IP address, such as 10.20.66.21.',
    ],
  ],
  [
    "a value outside the list",
    of("HostnameConfig", { auto: "addr" }),
    [
      'k8s-ctrl-1 HostnameConfig.auto: wrong-value\n  "addr" is not "stable" or "off".\n  Remedy: Give "stable" or "off".',
    ],
  ],
  [
    "a negative size",
    of("LinkConfig", { name: "eth0", mtu: -1 }),
    ["k8s-ctrl-1 LinkConfig/eth0.mtu: wrong-value\n  -1 is not at least 0.\n  Remedy: Give at least 0."],
  ],
  [
    "a hostname beside the generated one",
    of("HostnameConfig", { hostname: "k8s-ctrl-1" }),
    [
      'k8s-ctrl-1 HostnameConfig.auto: hostname-needs-auto-off\n  The hostname "k8s-ctrl-1" excludes the generated one, which stays on unless the document turns it off.\n  Remedy: Add auto: "off".',
    ],
  ],
  [
    "a hostname that begins with a dot",
    of("HostnameConfig", { hostname: ".example", auto: "off" }),
    [
      'k8s-ctrl-1 HostnameConfig.hostname: hostname-too-long\n  The hostname ".example" has an empty or too long part.\n  Remedy: Use 1 to 63 characters before the first dot and at most 253 in total.',
    ],
  ],
  [
    "an address without its prefix length",
    of("LinkConfig", { name: "eth0", addresses: [{ address: "10.20.66.21" }] }),
    [
      'k8s-ctrl-1 LinkConfig/eth0.addresses[0].address: wrong-value\n  "10.20.66.21" is not an address with its prefix length, such as 10.20.66.21/23.\n  Remedy: Give an address with its prefix length, such as 10.20.66.21/23.',
    ],
  ],
  [
    "a default route with a destination",
    of("LinkConfig", { name: "eth0", routes: [{ destination: "0.0.0.0/0", gateway: "10.20.66.1" }] }),
    [
      'k8s-ctrl-1 LinkConfig/eth0.routes[0].destination: default-route-destination\n  The destination "0.0.0.0/0" is everything, for which Talos has no destination.\n  Remedy: Leave the destination out: a route without one is the default route.',
    ],
  ],
  [
    "an encrypted nameserver without a name",
    of("ResolverConfig", { nameservers: [{ address: "1.1.1.1", protocol: "DoT" }] }),
    [
      "k8s-ctrl-1 ResolverConfig.nameservers[0].tlsServerName: field-missing\n  The field is missing.\n  Remedy: Give the server's name for DoT.",
    ],
  ],
  [
    "an endpoint without a scheme",
    of("RegistryMirrorConfig", { name: "docker.io", endpoints: [{ url: "10.0.20.10:5000" }] }),
    [
      'k8s-ctrl-1 RegistryMirrorConfig/docker.io.endpoints[0].url: wrong-value\n  "10.0.20.10:5000" is not an http:// or https:// URL.\n  Remedy: Give an http:// or https:// URL.',
    ],
  ],
  [
    "a certificate in base64",
    of("RegistryTLSConfig", { name: "registry.example.com", ca: "LS0tLS1CRUdJTg==" }),
    [
      'k8s-ctrl-1 RegistryTLSConfig/registry.example.com.ca: wrong-value\n  "LS0tLS1CRUdJTg==" is not a whole certificate in PEM.\n  Remedy: Give a whole certificate in PEM.',
    ],
  ],
  [
    "a key that is empty",
    of("SysctlConfig", { params: { "": "1" } }),
    [
      'k8s-ctrl-1 SysctlConfig.params[""]: wrong-value\n  "" is not a non-empty text.\n  Remedy: Give a non-empty text.',
    ],
  ],
  [
    "TAL-8: parallel pulls while they are serialized",
    of("KubeletConfig", { config: { serializeImagePulls: true, maxParallelImagePulls: 50 } }),
    [
      "k8s-ctrl-1 KubeletConfig.config.maxParallelImagePulls: parallel-pulls-serialized\n  maxParallelImagePulls 50 contradicts serializeImagePulls: true; the kubelet would not start.\n  Remedy: Leave serializeImagePulls out: Talos sets it to false.",
    ],
  ],
  [
    "a field of the kubelet that Talos sets",
    of("KubeletConfig", { config: { staticPodPath: "/etc/kubernetes/manifests" } }),
    [
      'k8s-ctrl-1 KubeletConfig.config.staticPodPath: kubelet-field-protected\n  Talos sets the kubelet\'s "staticPodPath" itself and refuses another value.\n  Remedy: Leave it out.',
    ],
  ],
  [
    "an argument of the kubelet that Talos sets, also with dashes",
    of("KubeletConfig", { extraArgs: { "--kubeconfig": "/tmp/kubeconfig" } }),
    [
      'k8s-ctrl-1 KubeletConfig.extraArgs["--kubeconfig"]: kubelet-argument-denied\n  Talos sets the kubelet\'s argument "--kubeconfig" itself; the kubelet would not start.\n  Remedy: Leave it out.',
    ],
  ],
  [
    "a label key with a space",
    of("KubeNodeConfig", { labels: { "my label": "x" } }),
    [
      'k8s-ctrl-1 KubeNodeConfig.labels["my label"]: wrong-value\n  "my label" is not a label key: a name of at most 63 letters, digits, - _ . with an optional domain/ before it.\n  Remedy: Give a label key: a name of at most 63 letters, digits, - _ . with an optional domain/ before it.',
    ],
  ],
  [
    "TAL-14: a taint whose effect comes first",
    of("KubeNodeConfig", { taints: { "nvidia.com/gpu": "NoSchedule:true" } }),
    [
      'k8s-ctrl-1 KubeNodeConfig.taints["nvidia.com/gpu"]: wrong-value\n  "NoSchedule:true" is not a taint: value:Effect or Effect, which is NoSchedule, PreferNoSchedule or NoExecute.\n  Remedy: Give a taint: value:Effect or Effect, which is NoSchedule, PreferNoSchedule or NoExecute.',
    ],
  ],
  [
    "a taint that is no text",
    of("KubeNodeConfig", { taints: { dedicated: true } }),
    [
      'k8s-ctrl-1 KubeNodeConfig.taints.dedicated: wrong-value\n  "true" is not a taint: value:Effect or Effect, which is NoSchedule, PreferNoSchedule or NoExecute.\n  Remedy: Give a taint: value:Effect or Effect, which is NoSchedule, PreferNoSchedule or NoExecute.',
    ],
  ],
  [
    "TAL-17: an audit rule for resources and paths",
    of("KubeAuditPolicyConfig", {
      configuration: { ...policy, rules: [{ level: "None", namespaces: ["a"], nonResourceURLs: ["/healthz*"] }] },
    }),
    [
      "k8s-ctrl-1 KubeAuditPolicyConfig.configuration.rules[0]: audit-rule-mixed\n  The rule names resources or namespaces as well as nonResourceURLs; kube-apiserver would not start.\n  Remedy: Make two rules of it.",
    ],
  ],
  [
    "an argument for which there is a document",
    of("KubeAPIServerConfig", {
      extraArgs: { "oidc-issuer-url": "https://id.example.com", "authorization-mode": "RBAC" },
    }),
    [
      'k8s-ctrl-1 KubeAPIServerConfig.extraArgs["oidc-issuer-url"]: api-server-argument-denied\n  Talos refuses kube-apiserver\'s argument "oidc-issuer-url".\n  Remedy: Use the document KubeAuthenticationConfig.',
      'k8s-ctrl-1 KubeAPIServerConfig.extraArgs["authorization-mode"]: api-server-argument-denied\n  Talos refuses kube-apiserver\'s argument "authorization-mode".\n  Remedy: Use the document KubeAuthorizerConfig.',
    ],
  ],
  [
    "TAL-32: arguments that Talos gives itself, or that are written as on a command line",
    of("KubeControllerManagerConfig", { extraArgs: { "root-ca-file": "/ca.crt", "--v": "2" } }),
    [
      'k8s-ctrl-1 KubeControllerManagerConfig.extraArgs["root-ca-file"]: argument-denied\n  Talos sets the argument "root-ca-file" of kube-controller-manager itself; with another value the component never starts.\n  Remedy: Leave it out.',
      'k8s-ctrl-1 KubeControllerManagerConfig.extraArgs["--v"]: argument-with-dashes\n  Talos puts two dashes before "--v", which has some already.\n  Remedy: Write "v".',
    ],
  ],
  [
    "an argument of etcd that Talos gives itself",
    { cluster: { etcd: { extraArgs: { "data-dir": "/var/lib/other", "quota-backend-bytes": "8589934592" } } } },
    [
      'k8s-ctrl-1 v1alpha1.cluster.etcd.extraArgs["data-dir"]: argument-denied\n  Talos sets the argument "data-dir" of etcd itself; with another value the component never starts.\n  Remedy: Leave it out.',
    ],
  ],
  [
    "an install document without its selector",
    of("UnattendedInstallConfig", { installer: { image: "factory.talos.dev/nocloud-installer/x:v1.14.4" } }),
    [
      'k8s-ctrl-1 UnattendedInstallConfig.provisioning.diskSelector.match: install-selector-missing\n  Merging empties a disk selector that the document does not repeat, and Talos refuses the empty one.\n  Remedy: Give the whole document, with a match such as disk.dev_path == "/dev/sda".',
    ],
  ],
  [
    "a section that the contract keeps in a document",
    { machine: { kubelet: { extraArgs: { v: "4" } } } },
    [
      "k8s-ctrl-1 v1alpha1.machine.kubelet: section-replaced\n  The section excludes KubeletConfig, which the machine has under contract 1.14.\n  Remedy: Put the setting into KubeletConfig, or use the intent: it takes the form of the contract.",
    ],
  ],
])("%s", (_, document, expected) => {
  expect(problems(document)).toEqual(expected);
});

test.each(["1.13", "1.14"] as const)("a hostname in the v1alpha1 document is refused under contract %s", (contract) => {
  expect(problems({ machine: { network: { hostname: "k8s-ctrl-1" } } }, contract)).toEqual([
    `k8s-ctrl-1 v1alpha1.machine.network.hostname: section-replaced\n  The section excludes HostnameConfig, which the machine has under contract ${contract}.\n  Remedy: Put the setting into HostnameConfig, or use the intent: it takes the form of the contract.`,
  ]);
});

test.each(["1.13", "1.14"] as const)(
  "a generated hostname is turned on in one place only, under contract %s",
  (contract) => {
    const stable = (stableHostname: boolean) => problems({ machine: { features: { stableHostname } } }, contract);
    expect(stable(true)).toEqual([
      'k8s-ctrl-1 v1alpha1.machine.features.stableHostname: section-conflicts\n  machine.features.stableHostname and HostnameConfig exclude each other, and the configuration has both.\n  Remedy: Put the setting into HostnameConfig, or delete that document with "$patch: delete".',
    ]);
    expect(stable(false)).toEqual([]);
  },
);

test("a document of a later Talos and contract is refused for both", () => {
  expect(problems(of("KubeletConfig", {}), "1.13")).toEqual([
    "k8s-ctrl-1 KubeletConfig: kind-too-new\n  KubeletConfig exists since Talos 1.14; the machine runs 1.13.9.\n  Remedy: Upgrade Talos to 1.14 first, or leave the document out.",
    "k8s-ctrl-1 KubeletConfig: kind-of-newer-contract\n  KubeletConfig belongs to contract 1.14; under contract 1.13 the v1alpha1 document says the same.\n  Remedy: Use the intent instead of the document: it takes the form of the contract.",
  ]);
});

test("a later Talos under an older contract may mix sysctls, but not the kubelet", () => {
  const machine = { ...worker("1.13"), talos: "1.14.4" };
  const mixed = [of("SysctlConfig", { params: { a: "1" } }), { machine: { sysctls: { b: "1" }, kubelet: {} } }];
  expect(documentProblems(machine, mixed)).toEqual([]);
  const both = documentProblems(machine, [...mixed, of("KubeletConfig", {})]);
  expect(both.map(({ code }) => code)).toEqual(["kind-of-newer-contract", "section-replaced"]);
});

test("a field that came later than its kind needs the later Talos", () => {
  const document = of("ResolverConfig", {
    nameservers: [{ address: "1.1.1.1" }, { address: "1.0.0.1", protocol: "Do53" }],
  });
  expect(problems(document, "1.13")).toEqual([
    "k8s-ctrl-1 ResolverConfig.nameservers[1].protocol: field-too-new\n  The field exists since Talos 1.14; the machine runs 1.13.9.\n  Remedy: Upgrade Talos to 1.14 first, or leave the field out.",
  ]);
  expect(problems(document, "1.14")).toEqual([]);
});

test("a worker refuses the documents of control planes", () => {
  const document = of("KubeAuditPolicyConfig", { configuration: { ...policy, rules: [{ level: "Metadata" }] } });
  expect(documentProblems(worker("1.14"), [document]).map(formatProblem)).toEqual([
    "k8s-work-4 KubeAuditPolicyConfig: control-plane-only\n  KubeAuditPolicyConfig is refused by workers.\n  Remedy: Give it to control planes only.",
  ]);
});

test("the same document twice is refused", () => {
  const document = of("LinkConfig", { name: "eth0" });
  expect(documentProblems(worker("1.14"), [document, document]).map(formatProblem)).toEqual([
    "k8s-work-4 LinkConfig/eth0: document-twice\n  The document LinkConfig/eth0 is there twice.\n  Remedy: Merge both into one document.",
  ]);
});

test("a secret is not repeated in a message", () => {
  const document = of("RegistryTLSConfig", { name: "x", clientIdentity: { cert: certificate, key: 12345 } });
  expect(problems(document)).toEqual([
    'k8s-ctrl-1 RegistryTLSConfig/x.clientIdentity.key: wrong-value\n  "(hidden)" is not a whole private key in PEM, of the form PKCS #8 that `openssl pkcs8 -topk8 -nodes` writes.\n  Remedy: Give a whole private key in PEM, of the form PKCS #8 that `openssl pkcs8 -topk8 -nodes` writes.',
  ]);
});

test.each<[string, TalosDocument]>([
  [
    "a secret that stands where the map around it belongs",
    of("VolumeConfig", { name: "STATE", encryption: { provider: "luks2", keys: [{ slot: 0, static: "made-up" }] } }),
  ],
  ["the login of a URL", of("KmsgLogConfig", { name: "x", url: "tcp://user:made-up@logs.example.com" })],
  ["a token in a URL", of("SideroLinkConfig", { apiUrl: "http://omni.example.com?jointoken=made-up" })],
])("%s is not repeated in a message either", (_, document) => {
  const found = problems(document).join("\n");
  expect(found).toContain("(hidden)");
  expect(found).not.toContain("made-up");
});

test("every kind is modelled, and none twice", () => {
  const names = documentKinds.map(({ kind }) => kind);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  // 89 kinds are registered in Talos 1.14, and the v1alpha1 document has none.
  expect(names).toHaveLength(90);
});

test("every field whose name smells of a secret is marked as one", () => {
  const smelling = documentKinds.flatMap((kind) =>
    fieldPaths(kind.schema)
      .filter((path) =>
        /pass(word|phrase)|secret|token|(private|shared)key|^key$|^auth$|^env(ironment)?$|^contents?$/i.test(
          path.at(-1) ?? "",
        ),
      )
      .filter((path) => !isSecret(kind, path))
      .map((path) => `${kind.kind}.${path.join(".")}`),
  );
  expect(smelling).toEqual([]);
});

test("every marked secret is a field", () => {
  const missing = documentKinds.flatMap((kind) => {
    const fields = fieldPaths(kind.schema).map((path) => path.join("."));
    return (kind.secrets ?? []).map((path) => path.join(".")).filter((path) => !fields.includes(path));
  });
  expect(missing).toEqual([]);
});

function fieldPaths(schema: z.core.$ZodType): readonly (readonly string[])[] {
  if (schema instanceof z.ZodOptional) return fieldPaths(schema.unwrap());
  if (schema instanceof z.ZodArray) return fieldPaths(schema.element).map((path) => ["*", ...path]);
  if (schema instanceof z.ZodRecord) return fieldPaths(schema.valueType).map((path) => ["*", ...path]);
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries<z.core.$ZodType>(schema.shape).flatMap(([key, field]) => [
    [key],
    ...fieldPaths(field).map((path) => [key, ...path]),
  ]);
}
