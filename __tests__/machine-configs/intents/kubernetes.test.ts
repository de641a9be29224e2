import { formatProblem } from "../../../errors";
import {
  admissionPlugins,
  apiServer,
  auditPolicy,
  authorizers,
  composeConfiguration,
  controllerManager,
  etcd,
  etcdEncryption,
  externalCloudProvider,
  externalManifests,
  type Intent,
  inlineManifests,
  type KubeNetworkProps,
  kubelet,
  kubeNetwork,
  kubeProxy,
  type MachineTarget,
  nodeAnnotations,
  nodeLabels,
  oidc,
  podSecurity,
  renderDocuments,
  talosApiAccess,
  withoutKubeProxy,
} from "../../../machine-configs";
import { judge } from "../../../machine-configs/judge";
import { contracts, controlPlane, worker } from "../machines";
import { baseOf } from "../verdicts";
import { problemsOf } from "./problems";

const provider = { issuerUrl: "https://id.example.com/application/o/kubernetes/", clientId: "kubernetes" };

test.each<[string, Intent, readonly string[]]>([
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
  [
    "a namespace that is none",
    podSecurity({ exemptNamespaces: ["longhorn-system", "Monitoring"] }),
    [
      'k8s-ctrl-1 podSecurity.exemptNamespaces[1]: wrong-value\n  "Monitoring" is not the name of a namespace.\n  Remedy: Give the name of a namespace.',
    ],
  ],
])("%s is refused", (_, intent, expected) => {
  expect(problemsOf(intent)).toEqual(expected);
});

test("TAL-17: an audit policy without rules is refused", () => {
  expect(problemsOf(auditPolicy({ rules: [] }))).toEqual([
    'k8s-ctrl-1 KubeAuditPolicyConfig.configuration.rules: audit-rules-missing\n  The audit policy has no rules; kube-apiserver would not start.\n  Remedy: Give at least one rule, such as { level: "Metadata" }.',
  ]);
});

test.each(contracts)(
  "TAL-17: limits of audit logs are numbers that kube-apiserver takes under contract %s",
  (contract) => {
    const intent = auditPolicy({
      rules: [{ level: "Metadata" }],
      logMaxAgeDays: 1.5,
      logMaxBackups: -1,
      logMaxSizeMegabytes: Number.NaN,
    });
    const { problems } = composeConfiguration(controlPlane(contract), [intent]);
    expect(problems.map(formatProblem)).toEqual([
      "k8s-ctrl-1 auditPolicy.logMaxAgeDays: value-too-small\n  logMaxAgeDays is 1.5.\n  Remedy: Use a whole number of at least 0.",
      "k8s-ctrl-1 auditPolicy.logMaxBackups: value-too-small\n  logMaxBackups is -1.\n  Remedy: Use a whole number of at least 0.",
      "k8s-ctrl-1 auditPolicy.logMaxSizeMegabytes: value-too-small\n  logMaxSizeMegabytes is NaN.\n  Remedy: Use a whole number of at least 0.",
    ]);
  },
);

const secret = Buffer.alloc(32).toString("base64");

test("etcdEncryption: a key has 32 bytes and a name of its own, and is not shown", () => {
  const short = Buffer.alloc(16).toString("base64");
  expect(problemsOf(etcdEncryption({ keys: [{ secret }, { secret: short }, { name: "c", secret: "c" }] }))).toEqual([
    'k8s-ctrl-1 etcdEncryption.keys[1].secret: wrong-value\n  "(hidden)" is not 32 bytes in base64.\n  Remedy: Give 32 bytes in base64.',
    'k8s-ctrl-1 etcdEncryption.keys[1].name: duplicate-entry\n  The key "key2" is there twice.\n  Remedy: Give every key once.',
    'k8s-ctrl-1 etcdEncryption.keys[2].secret: wrong-value\n  "(hidden)" is not 32 bytes in base64.\n  Remedy: Give 32 bytes in base64.',
  ]);
});

test("etcdEncryption: a key that is not known yet is not judged", () => {
  const machine = { ...controlPlane("1.14"), isUnknown: (text: string) => text.includes("later") };
  expect(problemsOf(etcdEncryption({ keys: [{ secret: "later" }] }), machine)).toEqual([]);
});

test.each<[string, Intent]>([
  ["a second key", etcdEncryption({ keys: [{ secret }, { name: "old", secret }] })],
  ["a name", etcdEncryption({ keys: [{ name: "new", secret }] })],
  ["other resources", etcdEncryption({ keys: [{ secret }], resources: ["secrets", "configmaps"] })],
])("etcdEncryption: %s needs contract 1.14", (_, intent) => {
  expect(problemsOf(intent, controlPlane("1.13"))).toEqual([
    "k8s-ctrl-1 etcdEncryption: intent-needs-contract\n  More than one key without a name for secrets can be configured under contract 1.14, and not under 1.13.\n  Remedy: Give one key without a name, and no resources.",
  ]);
  expect(problemsOf(intent)).toEqual([]);
});

test("etcdEncryption: the key that Talos generated does not stay in front of the given ones", () => {
  const { documents } = composeConfiguration(controlPlane("1.14"), [etcdEncryption({ keys: [{ secret }] })]);
  const base = { name: "base", text: baseOf("1.14.0-rc.1", "controlplane") };
  const patched = judge(base, [{ name: "patch", text: renderDocuments(documents) }], { talos: "1.14.4" });
  const found = patched.documents.find(({ kind }) => kind === "KubeEtcdEncryptionConfig");
  expect(found).toEqual(documents[1]);
});

test("etcd: a subnet that is none is refused", () => {
  expect(problemsOf(etcd({ advertisedSubnets: ["10.0.0.300/24"] }))).toEqual([
    'k8s-ctrl-1 v1alpha1.cluster.etcd.advertisedSubnets[0]: wrong-value\n  "10.0.0.300/24" is not a subnet, such as 10.0.0.0/24, or "!" and one to leave out.\n  Remedy: Give a subnet, such as 10.0.0.0/24, or "!" and one to leave out.',
  ]);
});

test("kubeProxy and withoutKubeProxy exclude each other", () => {
  const { problems } = composeConfiguration(controlPlane("1.14"), [kubeProxy({ mode: "ipvs" }), withoutKubeProxy()]);
  expect(problems.map(formatProblem)).toEqual([
    'k8s-ctrl-1 KubeProxyConfig.enabled: intents-disagree\n  The intents "kubeProxy" and "withoutKubeProxy" give the field different values: true and false.\n  Remedy: Say it once.',
  ]);
});

test.each(contracts)(
  "kubeNetwork under contract %s: subnets are networks with room, which do not overlap",
  (contract) => {
    const where = `k8s-ctrl-1 ${contract === "1.14" ? "KubeNetworkConfig" : "kubeNetwork"}`;
    expect(problemsOf(kubeNetwork({ podSubnets: ["10.42.0.0/26"] }), controlPlane(contract))).toEqual([
      `${where}.podSubnets[0]: wrong-value\n  "10.42.0.0/26" is not a subnet with room for the /24 of a node.\n  Remedy: Give a subnet with room for the /24 of a node.`,
    ]);
    expect(problemsOf(kubeNetwork({ podSubnets: ["10.100.0.0/16"] }), controlPlane(contract))).toEqual([
      "k8s-ctrl-1 kubeNetwork.podSubnets[0]: subnets-overlap\n  10.100.0.0/16, the network of pods, overlaps with 10.96.0.0/12, that of services.\n  Remedy: Choose networks without an address in common.",
    ]);
  },
);

test("kubeNetwork: contract 1.14 wants as many service subnets as pod subnets", () => {
  const intent = kubeNetwork({ podSubnets: ["10.42.0.0/16", "fd00:42::/56"] });
  expect(problemsOf(intent, controlPlane("1.13"))).toEqual([]);
  expect(problemsOf(intent)).toEqual([
    "k8s-ctrl-1 kubeNetwork.serviceSubnets: subnets-differ\n  There are not as many service subnets as pod subnets.\n  Remedy: Give one of each, or for IPv4 and IPv6 two of each.",
  ]);
});

test.each<[string, KubeNetworkProps, Readonly<Record<string, string>>]>([
  ["one", { nodeCIDRMaskSizeIPv4: 25, nodeCIDRMaskSizeIPv6: 80 }, { "node-cidr-mask-size": "25" }],
  ["one of IPv6", { podSubnets: ["fd00::/56"], nodeCIDRMaskSizeIPv6: 80 }, { "node-cidr-mask-size": "80" }],
  [
    "two",
    { podSubnets: ["10.42.0.0/16", "fd00::/56"], nodeCIDRMaskSizeIPv4: 25, nodeCIDRMaskSizeIPv6: 80 },
    { "node-cidr-mask-size-ipv4": "25", "node-cidr-mask-size-ipv6": "80" },
  ],
])("kubeNetwork: up to contract 1.13 control planes get the mask sizes of %s as arguments", (_, props, extraArgs) => {
  const { podSubnets } = props;
  const network = podSubnets === undefined ? {} : { podSubnets };
  const on = (machine: MachineTarget) => composeConfiguration(machine, [kubeNetwork(props)]).documents;
  expect(on(controlPlane("1.13"))).toEqual([{ cluster: { network, controllerManager: { extraArgs } } }]);
  expect(on(worker("1.13"))).toEqual([{ cluster: { network } }]);
});

test.each(contracts)("contract %s: arguments for which there is an intent are refused, with its name", (contract) => {
  const args = {
    "oidc-issuer-url": "https://id.example.com",
    "--audit-log-maxage": "7",
    "enable-admission-plugins": "AlwaysPullImages",
    "authorization-mode": "Webhook",
    "encryption-provider-config": "/var/keys.yaml",
    "service-cluster-ip-range": "10.43.0.0/16",
    "audit-log-format": "json",
  };
  const problems = problemsOf(apiServer({ extraArgs: args }), controlPlane(contract));
  expect(problems[0]).toBe(
    'k8s-ctrl-1 apiServer.extraArgs["oidc-issuer-url"]: argument-of-intent\n  The argument "oidc-issuer-url" of kube-apiserver belongs to the intent oidc, which has a form for every contract.\n  Remedy: Use oidc().',
  );
  expect(problems.map((problem) => /Use (\w+)\(\)/.exec(problem)?.[1])).toEqual([
    "oidc",
    "auditPolicy",
    "admissionPlugins",
    "authorizers",
    "etcdEncryption",
    "kubeNetwork",
  ]);
  const sizes = controllerManager({ extraArgs: { "node-cidr-mask-size-ipv4": "25", "node-monitor-period": "5s" } });
  expect(problemsOf(sizes, controlPlane(contract))).toEqual([
    'k8s-ctrl-1 controllerManager.extraArgs["node-cidr-mask-size-ipv4"]: argument-of-intent\n  The argument "node-cidr-mask-size-ipv4" of kube-controller-manager belongs to the intent kubeNetwork, which has a form for every contract.\n  Remedy: Use kubeNetwork().',
  ]);
});

test.each(["https://k8s.example.com", "k8s.example.com:6443", "10.0.0.300", "10.0.0.0/24", "", "a.*.example.com"])(
  "apiServer: %j is no name for a certificate",
  (name) => {
    expect(problemsOf(apiServer({ certSANs: ["ok.example.com", name] }))).toEqual([
      `k8s-ctrl-1 apiServer.certSANs[1]: wrong-value\n  "${name}" is not an IP address or a DNS name, without scheme and port.\n  Remedy: Give an IP address or a DNS name, without scheme and port.`,
    ]);
  },
);

test("apiServer: *.example.com, localhost and fd00::1 are names for a certificate", () => {
  expect(problemsOf(apiServer({ certSANs: ["*.example.com", "localhost", "fd00::1"] }))).toEqual([]);
});

test.each([
  [
    "apiVersion: v1\nkind: Namespace\nmetadata: [",
    "Flow sequence in block collection must be sufficiently indented and end with a ] at line 3, column 12",
  ],
  ["---\n# nothing\n---\n", "there is no object in it"],
  ["apiVersion: v1\nkind: Namespace\n---\n- a\n", "one of its documents is no map"],
  ["apiVersion: v1\nkind: Namespace\n---\nkind: Pod\n", "one of its objects has no apiVersion"],
])("inlineManifests: %j is refused", (manifest, reason) => {
  expect(problemsOf(inlineManifests({ a: manifest }))).toEqual([
    `k8s-ctrl-1 inlineManifests.a: manifest-malformed\n  The text is no Kubernetes manifest: ${reason}.\n  Remedy: Give YAML of which every document has an apiVersion and a kind.`,
  ]);
});

test("inlineManifests: documents with nothing but comments are no objects, and do no harm", () => {
  const manifest = "# Source: a.yaml\n---\napiVersion: v1\nkind: Namespace\n---\n# Source: b.yaml\n---\n";
  expect(problemsOf(inlineManifests({ a: manifest }))).toEqual([]);
});

test("inlineManifests: a text that is not known yet is not judged", () => {
  const machine = { ...controlPlane("1.14"), isUnknown: (text: string) => text.includes("later") };
  expect(problemsOf(inlineManifests({ a: "later" }), machine)).toEqual([]);
});

test("manifests up to contract 1.13 have names and addresses as from 1.14 on", () => {
  const external = externalManifests({ A_b: { url: "ftp://example.com/a.yaml" } });
  expect(problemsOf(external, controlPlane("1.13"))).toEqual([
    'k8s-ctrl-1 externalManifests.A_b.name: wrong-value\n  "A_b" is not a name in lower case: letters, digits, hyphens and dots, at most 253.\n  Remedy: Give a name in lower case: letters, digits, hyphens and dots, at most 253.',
    'k8s-ctrl-1 externalManifests.A_b.url: wrong-value\n  "ftp://example.com/a.yaml" is not an http:// or https:// URL.\n  Remedy: Give an http:// or https:// URL.',
  ]);
  const inline = inlineManifests({ A_b: "apiVersion: v1\nkind: Namespace\n" });
  for (const contract of contracts) expect(problemsOf(inline, controlPlane(contract))).toHaveLength(1);
});

test("externalManifests: headers, which contracts up to 1.13 would send to every server, need 1.14", () => {
  const intent = externalManifests({ a: { url: "https://example.com/a.yaml", headers: { Authorization: "" } } });
  expect(problemsOf(intent, controlPlane("1.13"))).toEqual([
    "k8s-ctrl-1 externalManifests.a.headers: intent-needs-contract\n  Headers of one manifest can be configured under contract 1.14, and not under 1.13.\n  Remedy: Leave the headers out, or use inlineManifests.",
  ]);
  expect(problemsOf(intent)).toEqual([]);
});

test("externalCloudProvider: control planes apply its manifests", () => {
  const [document] = externalCloudProvider({ manifests: ["https://example.com/a.yaml"] }).documents(
    controlPlane("1.14"),
  );
  expect(document).toEqual({
    cluster: { externalCloudProvider: { enabled: true, manifests: ["https://example.com/a.yaml"] } },
  });
});

test("TAL-24: a directory for local volumes is a user volume from contract 1.14 on", () => {
  const mounts = kubelet({ extraMounts: [{ source: "/var/lib/openebs" }] });
  expect(problemsOf(mounts, worker("1.14"))).toEqual([
    "k8s-work-4 kubelet.extraMounts: intent-needs-contract\n  Mounts of the kubelet can be configured under contract 1.11 to 1.13, and not under 1.14.\n  Remedy: Use the intent userVolume: the volume is at /var/mnt/<name>, for pods as well.",
  ]);
});

test("TAL-24: several intents mount their directories, each once and by its whole path", () => {
  const openebs = kubelet({ extraMounts: [{ source: "/var/lib/openebs" }] });
  const data = kubelet({ extraMounts: [{ source: "/var/mnt/data", destination: "/data", options: ["bind", "ro"] }] });
  const { documents, problems } = composeConfiguration(worker("1.13"), [openebs, data, openebs]);
  expect(problems).toEqual([]);
  expect(documents).toEqual([
    {
      machine: {
        kubelet: {
          extraMounts: [
            { source: "/var/mnt/data", destination: "/data", type: "bind", options: ["bind", "ro"] },
            {
              source: "/var/lib/openebs",
              destination: "/var/lib/openebs",
              type: "bind",
              options: ["bind", "rshared", "rw"],
            },
          ],
        },
      },
    },
  ]);
  expect(problemsOf(kubelet({ extraMounts: [{ source: "openebs" }] }), worker("1.13"))).toEqual([
    'k8s-work-4 kubelet.extraMounts[0].source: wrong-value\n  "openebs" is not an absolute path.\n  Remedy: Give an absolute path.',
  ]);
});

test("kubelet: a name is no address of a DNS", () => {
  expect(problemsOf(kubelet({ clusterDNS: ["dns.example.com"] }))).toEqual([
    'k8s-ctrl-1 kubelet.clusterDNS[0]: wrong-value\n  "dns.example.com" is not an IP address, such as 10.20.66.21.\n  Remedy: Give an IP address, such as 10.20.66.21.',
  ]);
});

test("nodeAnnotations: those that Talos keeps its own notes in are refused", () => {
  expect(problemsOf(nodeAnnotations({ "talos.dev/owned-labels": "[]", "example.com/rack": "12" }))).toEqual([
    'k8s-ctrl-1 KubeNodeConfig.annotations["talos.dev/owned-labels"]: wrong-value\n  "talos.dev/owned-labels" is not an annotation key that Talos does not use itself.\n  Remedy: Give an annotation key that Talos does not use itself.',
  ]);
});

const webhook = { kubeconfig: "", failurePolicy: "Deny" } as const;

test("a webhook that authorizes has a name of its own, and a contract up to 1.13", () => {
  expect(problemsOf(authorizers({ hook: webhook, rbac: webhook }), controlPlane("1.13"))).toEqual([
    'k8s-ctrl-1 authorizers.rbac: wrong-value\n  "rbac" is not a name in lower case other than those of Talos, node and rbac.\n  Remedy: Give a name in lower case other than those of Talos, node and rbac.',
  ]);
  expect(problemsOf(authorizers({ hook: webhook }))).toEqual([
    "k8s-ctrl-1 authorizers: intent-needs-contract\n  A webhook that authorizes can be configured under contract 1.11 to 1.13, and not under 1.14.\n  Remedy: Use RBAC, or a ValidatingAdmissionPolicy in Kubernetes.",
  ]);
});

test("T-38: a worker may not give itself a role, a control plane may", () => {
  const role = nodeLabels({ "node-role.kubernetes.io/storage": "", "example.com/storage": "" });
  expect(problemsOf(role, worker("1.14"))).toEqual([
    'k8s-work-4 nodeLabels["node-role.kubernetes.io/storage"]: label-not-allowed\n  Kubernetes does not let a worker give itself the label "node-role.kubernetes.io/storage".\n  Remedy: Use a key outside kubernetes.io and k8s.io, or set the label with kubectl or Terraform.',
  ]);
  expect(problemsOf(role)).toEqual([]);
});

test.each(["node.kubernetes.io/pool", "topology.kubernetes.io/zone", "kubernetes.io/arch", "gpu", "x-k8s.io/a"])(
  "T-38: a worker may give itself the label %s",
  (key) => {
    expect(problemsOf(nodeLabels({ [key]: "x" }), worker("1.14"))).toEqual([]);
  },
);

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

describe.each(contracts)("contract %s", (contract) => {
  const configured = (...intents: readonly Intent[]) => {
    const { documents, problems } = composeConfiguration(controlPlane(contract), intents);
    expect(problems).toEqual([]);
    return JSON.stringify(documents);
  };

  test("several intents exempt their namespaces, and kube-system is exempt once", () => {
    const text = configured(
      podSecurity({ exemptNamespaces: ["kube-system", "storage", "storage"] }),
      podSecurity({ enforce: "privileged", exemptNamespaces: ["monitoring"] }),
      podSecurity({ exemptNamespaces: ["storage"] }),
    );
    expect(text).toContain('"defaults":{"enforce":"privileged"}');
    expect(text).toContain('"exemptions":{"namespaces":["monitoring","storage"]}');
  });

  test("several intents add their names to kube-apiserver's certificate", () => {
    const text = configured(apiServer({ certSANs: ["b.example.com"] }), apiServer({ certSANs: ["a.example.com"] }));
    expect(text).toMatch(/"cert(?:Extra)?SANs":\["a.example.com","b.example.com"\]/);
  });

  test("several intents add manifests, and who may use the Talos API", () => {
    const text = configured(
      externalManifests({ b: { url: "https://example.com/b.yaml" } }),
      talosApiAccess({ allowedRoles: ["os:reader"], allowedKubernetesNamespaces: ["kube-system"] }),
      externalManifests({ a: { url: "https://example.com/a.yaml" } }),
      talosApiAccess({ allowedRoles: ["os:etcd:backup"], allowedKubernetesNamespaces: ["backup"] }),
    );
    expect(text).toMatch(/example\.com\/a\.yaml.*example\.com\/b\.yaml/);
    expect(text).toContain('"allowedRoles":["os:etcd:backup","os:reader"]');
    expect(text).toContain('"allowedKubernetesNamespaces":["backup","kube-system"]');
  });

  test("an admission plugin without a configuration is only enabled", () => {
    const text = configured(admissionPlugins({ DenyServiceExternalIPs: {}, AlwaysPullImages: {} }));
    expect(text).toContain('"enable-admission-plugins":"AlwaysPullImages,DenyServiceExternalIPs"');
    expect(text).not.toMatch(/KubeAdmissionControlConfig|admissionControl/);
  });
});
