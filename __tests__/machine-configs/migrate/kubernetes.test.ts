/** What makes a machine a node of a Kubernetes cluster. */
import { roles } from "../verdicts";
import { of, patch, whole } from "./support";

describe("users", () => {
  const PROVIDER = "oidc-issuer-url: 'https://id.example.com', oidc-client-id: kubernetes";

  test.each([
    ["", { claim: "sub", prefix: "https://id.example.com#" }],
    ["oidc-username-claim: '',", { claim: "sub", prefix: "https://id.example.com#" }],
    ["oidc-username-claim: email,", { claim: "email", prefix: "" }],
    ["oidc-username-claim: name,", { claim: "name", prefix: "https://id.example.com#" }],
    ["oidc-username-prefix: '-',", { claim: "sub", prefix: "" }],
    ["oidc-username-prefix: 'oidc:',", { claim: "sub", prefix: "oidc:" }],
  ])("keep their names: %s", (flags, username) => {
    const { jwt } = authentication(flags);
    expect(jwt).toMatchObject([{ claimMappings: { username } }]);
  });

  test("keep their groups, and the claims that they need", () => {
    const { jwt } = authentication(
      "oidc-groups-claim: groups, oidc-groups-prefix: 'oidc:', oidc-required-claim: [hd=example.com, kind=],",
    );
    expect(jwt).toEqual([
      {
        issuer: { url: "https://id.example.com", audiences: ["kubernetes"] },
        claimMappings: {
          username: { claim: "sub", prefix: "https://id.example.com#" },
          groups: { claim: "groups", prefix: "oidc:" },
        },
        claimValidationRules: [
          { claim: "hd", requiredValue: "example.com" },
          { claim: "kind", requiredValue: "" },
        ],
      },
    ]);
  });

  test("are checked by the certificate that the configuration writes, and by no other", () => {
    const extraArgs = `{${PROVIDER}, oidc-ca-file: /var/ca.pem}`;
    const file = "{path: /var/ca.pem, op: create, content: certificate}";
    const found = patch(`{machine: {files: [${file}]}, cluster: {apiServer: {extraArgs: ${extraArgs}}}}`);
    expect(JSON.stringify(found.documents)).toContain('"certificateAuthority":"certificate"');
    expect(patch(`cluster: {apiServer: {extraArgs: ${extraArgs}}}`).left).toEqual([
      expect.stringMatching(/^section-undecided cluster\.apiServer\.extraArgs\.oidc-issuer-url, /),
    ]);
  });

  test("stay with a provider of which only a part is in the file", () => {
    expect(patch("cluster: {apiServer: {extraArgs: {oidc-client-id: a}}}").left).toEqual([
      "section-undecided cluster.apiServer.extraArgs.oidc-client-id",
    ]);
  });

  test("of a whole configuration need a name as before; of a patch they need it as Talos generates it", () => {
    expect(authentication("").anonymous).toEqual({
      enabled: true,
      conditions: [{ path: "/livez" }, { path: "/readyz" }, { path: "/healthz" }],
    });
    const { documents } = whole("controlplane");
    expect(documents).toContainEqual(
      of("KubeAuthenticationConfig", { configuration: { anonymous: { enabled: false }, jwt: [] } }),
    );
    expect(documents.find(({ kind }) => kind === "KubeAPIServerConfig")).toMatchObject({ startupProbes: false });
    const withProvider = whole("controlplane", (text) =>
      text.replace(/^( +)apiServer:\n/m, (line, indent) => `${line}${indent}  extraArgs: {${PROVIDER}}\n`),
    );
    expect(withProvider.documents.find(({ kind }) => kind === "KubeAuthenticationConfig")).toMatchObject({
      configuration: { anonymous: { enabled: false }, jwt: [{ issuer: { url: "https://id.example.com" } }] },
    });
  });

  function authentication(flags: string): { readonly anonymous: unknown; readonly jwt: unknown } {
    const { documents } = patch(`cluster: {apiServer: {extraArgs: {${flags} ${PROVIDER}}}}`);
    expect(documents).toMatchObject([{ kind: "KubeAuthenticationConfig" }]);
    return JSON.parse(JSON.stringify(documents[0]?.["configuration"]));
  }
});

describe("authorizers", () => {
  const generated = (name: string) => of("KubeAuthorizerConfig", { name, $patch: "delete" });
  const webhook =
    "{type: Webhook, name: a, webhook: {timeout: 3s, connectionInfo: {type: InClusterConfig}, KEYS}}".replace(
      "KEYS",
      "subjectAccessReviewVersion: v1, matchConditionSubjectAccessReviewVersion: v1, failurePolicy: Deny",
    );

  test("come after those that Talos generates", () => {
    const { documents } = patch(`cluster: {apiServer: {authorizationConfig: [${webhook}]}}`);
    expect(documents).toMatchObject([of("KubeAuthorizerConfig", { name: "a", type: "Webhook" })]);
  });

  test("take the place of those that they name", () => {
    const { documents } = patch(`cluster: {apiServer: {authorizationConfig: [${webhook}, {type: RBAC, name: roles}]}}`);
    expect(documents).toMatchObject([
      generated("node"),
      generated("rbac"),
      of("KubeAuthorizerConfig", { name: "node", type: "Node" }),
      of("KubeAuthorizerConfig", { name: "a", type: "Webhook" }),
      of("KubeAuthorizerConfig", { name: "roles", type: "RBAC" }),
    ]);
  });

  test("that need a file stay", () => {
    const withFile = webhook.replace("InClusterConfig", "KubeConfigFile, kubeConfigFile: /var/a");
    expect(patch(`cluster: {apiServer: {authorizationConfig: [${withFile}]}}`).left).toEqual([
      "section-without-document cluster.apiServer.authorizationConfig",
    ]);
  });
});

describe("keys and authorities", () => {
  const secret = Buffer.from("made up, and never used".padEnd(32, ".")).toString("base64");

  test("of etcd take the place of the generated one", () => {
    const { documents } = patch(`cluster: {secretboxEncryptionSecret: ${secret}}`);
    const providers = [{ secretbox: { keys: [{ name: "key2", secret }] } }, { identity: {} }];
    expect(documents).toEqual([
      of("KubeEtcdEncryptionConfig", { $patch: "delete" }),
      of("KubeEtcdEncryptionConfig", { config: { resources: [{ providers, resources: ["secrets"] }] } }),
    ]);
    expect(patch(`cluster: {aescbcEncryptionSecret: ${secret}}`).left).toEqual([
      "section-undecided cluster.aescbcEncryptionSecret",
    ]);
  });

  test("of a worker take the place of the generated one", () => {
    const crt = Buffer.from("-----BEGIN CERTIFICATE-----\nYQ==\n-----END CERTIFICATE-----\n");
    const text = `cluster: {ca: {crt: ${crt.toString("base64")}}}`;
    expect(patch(text, "1.13", "worker").documents).toEqual([
      of("KubeAPIServerCAConfig", { $patch: "delete" }),
      of("KubeAPIServerCAConfig", { acceptedCAs: [crt.toString()] }),
    ]);
    expect(patch(text).left).toEqual(["section-undecided cluster.ca"]);
  });
});

describe("what is turned off", () => {
  test.each([
    ["cluster: {network: {cni: {name: none}}}", "KubeFlannelCNIConfig", undefined],
    ["cluster: {discovery: {enabled: false}}", "DiscoveryServiceConfig", "default"],
    ["machine: {features: {kubePrism: {enabled: false}}}", "KubePrismConfig", undefined],
    ["machine: {features: {kubernetesTalosAPIAccess: {enabled: false}}}", "KubeTalosAPIAccessConfig", undefined],
  ])("is a document that is deleted: %s", (text, kind, name) => {
    expect(patch(text).documents).toEqual([of(kind, { ...(name && { name }), $patch: "delete" })]);
  });

  test.each([
    ["cluster: {coreDNS: {disabled: true}}", "KubeCoreDNSConfig"],
    ["cluster: {proxy: {disabled: true}}", "KubeProxyConfig"],
    ["machine: {controlPlane: {scheduler: {disabled: true}}}", "KubeSchedulerConfig"],
  ])("is off in the document: %s", (text, kind) => {
    expect(patch(text).documents).toEqual([of(kind, { enabled: false })]);
  });
});

describe("a worker", () => {
  test("has nothing of what only control planes read", () => {
    const text = "{machine: {sysctls: {a: '1'}}, cluster: {scheduler: {image: a}, network: {cni: {name: none}}}}";
    const { documents, moved } = patch(text, "1.13", "worker");
    expect(documents).toEqual([of("SysctlConfig", { params: { a: "1" } })]);
    expect(moved).toContainEqual("cluster.network.cni → nothing: only control planes read it");
  });

  test("has the endpoint, and no issuer of service accounts", () => {
    const text = "cluster: {controlPlane: {endpoint: 'https://k8s.example.com:6443'}}";
    const endpoint = of("KubeClusterConfig", { endpoint: "https://k8s.example.com:6443" });
    expect(patch(text, "1.13", "worker").documents).toEqual([endpoint]);
    expect(patch(text).documents).toEqual([
      endpoint,
      of("KubeServiceAccountConfig", { issuer: { issuerURL: "https://k8s.example.com:6443" } }),
    ]);
  });
});

describe("a whole configuration", () => {
  const extraMounts = "{source: /var/a, destination: /var/a, type: bind, options: [bind]}";

  test("keeps what cannot be beside a part that stays", () => {
    const { documents, left } = whole("worker", (text) =>
      text.replace(/^( +)kubelet:\n/m, (line, indent) => `${line}${indent}  extraMounts: [${extraMounts}]\n`),
    );
    expect(documents.map(({ kind }) => kind)).not.toContain("KubeletConfig");
    expect(left).toContain("section-without-document machine.kubelet.extraMounts");
    expect(left).toContain("section-inseparable machine.kubelet.image");
  });

  test("has the default authorizers, encryption and network plugin as documents", () => {
    const { documents } = whole("controlplane");
    expect(documents).toEqual(
      expect.arrayContaining([
        of("KubeAuthorizerConfig", { name: "node", type: "Node" }),
        of("KubeAuthorizerConfig", { name: "rbac", type: "RBAC" }),
        of("KubeFlannelCNIConfig", { backendType: "vxlan", backendPort: 4789 }),
      ]),
    );
    const encryption = documents.find(({ kind }) => kind === "KubeEtcdEncryptionConfig");
    expect(JSON.stringify(encryption)).toMatch(/"secretbox":\{"keys":\[\{"name":"key2",.*\{"identity":\{\}\}/);
  });

  test("without a network plugin has none", () => {
    const { documents, moved } = whole("controlplane", (text) =>
      text.replace(/^( +)dnsDomain:/m, (line, indent) => `${indent}cni: {name: none}\n${line}`),
    );
    expect(documents.map(({ kind }) => kind)).not.toContain("KubeFlannelCNIConfig");
    expect(moved).toContain("cluster.network.cni → nothing: without KubeFlannelCNIConfig there is no network plugin");
  });

  test("has no taint of control planes when it is schedulable", () => {
    const { documents } = whole("controlplane", (text) =>
      text.replace(/^cluster:\n/m, (line) => `${line}  allowSchedulingOnControlPlanes: true\n`),
    );
    expect(documents.find(({ kind }) => kind === "KubeNodeConfig")).not.toHaveProperty("taints");
  });

  test.each(roles)("of a %s keeps its comments and its place among them", (role) => {
    const { text } = whole(role, (base) => `# ours\n${base}`);
    expect(text.startsWith("# ours\n")).toBe(true);
  });
});
