import {
  admissionPlugins,
  auditPolicy,
  authorizers,
  composeConfiguration,
  type Intent,
  nodeLabels,
  oidc,
  podSecurity,
} from "../../../machine-configs";
import { contracts, controlPlane, worker } from "../machines";
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

  test("an admission plugin without a configuration is only enabled", () => {
    const text = configured(admissionPlugins({ DenyServiceExternalIPs: {}, AlwaysPullImages: {} }));
    expect(text).toContain('"enable-admission-plugins":"AlwaysPullImages,DenyServiceExternalIPs"');
    expect(text).not.toMatch(/KubeAdmissionControlConfig|admissionControl/);
  });
});
