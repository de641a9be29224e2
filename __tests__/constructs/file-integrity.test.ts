/** The DaemonSet that watches the files of Ubuntu nodes, and what is refused of it. */
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import {
  FileIntegrity,
  type FileIntegrityProps,
  type KubernetesObject,
  KubernetesStack,
  ProxmoxSite,
  ubuntuNode,
} from "../../index";
import { longestSilence, longestWindow } from "../../manifests/aide";
import { only, refusals, synthesize } from "../helpers/synth";

const site = new ProxmoxSite("lab", {
  endpoint: "https://pve.example.com:8006",
  hosts: ["pve"],
  datastores: { local: {} },
});
const props: FileIntegrityProps = {
  image: `registry.example.com/aide:0.19.1@sha256:${"0".repeat(64)}`,
  nodeSelector: { "example.com/os": "ubuntu" },
  runbooks: "https://docs.example.com/integrity",
};

/** The objects by kind, and the namespace's labels. */
// biome-ignore lint/suspicious/noExplicitAny: the shape of each object is what a test is about
function built(changes: Partial<FileIntegrityProps> = {}): Readonly<Record<string, any>> {
  const { "lab-integrity": stack } = synthesize((app) => {
    const integrity = new KubernetesStack(app, "integrity", { site, kubeContext: "admin@lab" });
    new FileIntegrity(integrity, "file-integrity", { ...props, ...changes });
  });
  const text: string = only(stack, "helm_release")["values"][0];
  const { objects }: { objects: KubernetesObject[] } = parse(text.replaceAll("$${", "${").replaceAll("%%{", "%{"));
  return {
    labels: only(stack, "kubernetes_namespace_v1")["metadata"].labels,
    ...Object.fromEntries(objects.map((object) => [object.kind, object])),
  };
}

function codesOf(changes: Partial<FileIntegrityProps>): readonly string[] {
  return refusals((app) => {
    const integrity = new KubernetesStack(app, "integrity", { site, kubeContext: "admin@lab" });
    new FileIntegrity(integrity, "file-integrity", { ...props, ...changes });
  }).map(({ code }) => code);
}

describe("the pods", () => {
  const { labels, DaemonSet, ConfigMap, NetworkPolicy, PolicyException } = built();
  const pod = DaemonSet.spec.template.spec;
  const [container] = pod.containers;

  test("HRD-7: are not privileged, and may read everything and nothing else", () => {
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"], add: ["DAC_READ_SEARCH"] },
    });
    expect(pod.securityContext).toMatchObject({
      runAsUser: 0,
      runAsNonRoot: false,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(pod).toMatchObject({ automountServiceAccountToken: false, restartPolicy: "Always" });
    for (const host of ["hostNetwork", "hostPID", "hostIPC", "hostUsers"]) expect(pod).not.toHaveProperty(host);
  });

  test("AIDE-2 to AIDE-7: the directories of the sources are mounted, none within another, and no file by itself", () => {
    const paths = pod.volumes.flatMap(({ hostPath }: { hostPath?: { path: string } }) => hostPath?.path ?? []);
    expect(paths).toEqual([
      ...["/etc", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/var/lib/kubelet"],
      ...["/var/lib/file-integrity", "/var/lib/node_exporter/textfile"],
    ]);
    for (const volume of pod.volumes.filter(({ name }: { name: string }) => name.startsWith("host-"))) {
      expect(volume.hostPath.type).toBe("Directory");
    }
  });

  test("AIDE-9: what is watched is read-only, and follows what is mounted on the node", () => {
    const watched = container.volumeMounts.filter(({ mountPath }: { mountPath: string }) =>
      mountPath.startsWith("/host"),
    );
    expect(watched).toHaveLength(5);
    for (const mount of watched) expect(mount).toMatchObject({ readOnly: true, mountPropagation: "HostToContainer" });
    const written = container.volumeMounts.filter(({ readOnly }: { readOnly?: boolean }) => readOnly !== true);
    expect(written.map(({ mountPath }: { mountPath: string }) => mountPath)).toEqual(["/state", "/metrics"]);
  });

  test("T-23: two files of the kubelet are watched by rule, and Calico's token is not", () => {
    expect(ConfigMap.data["aide.conf"]).toBe(`root_prefix=/host
Directory = ftype+p+u+g+acl+xattrs
Entry = ftype+l+p+u+g+n+s+sha256+acl+xattrs+caps
!/etc/cni/net\\.d/calico-kubeconfig(/|$)
!/etc/adjtime(/|$)
/etc(/|$) d Directory
/etc(/|$) f,l,p,s,b,c Entry
/usr/bin(/|$) d Directory
/usr/bin(/|$) f,l,p,s,b,c Entry
/usr/sbin(/|$) d Directory
/usr/sbin(/|$) f,l,p,s,b,c Entry
/usr/local/bin(/|$) d Directory
/usr/local/bin(/|$) f,l,p,s,b,c Entry
/var/lib/kubelet/config\\.yaml$ f,l Entry
/var/lib/kubelet/kubeadm-flags\\.env$ f,l Entry
`);
  });

  test("AIDE-10: the program knows what it has to see, when, and where everything is", () => {
    const settings = JSON.parse(ConfigMap.data["settings.json"]);
    expect(settings).toMatchObject({
      prefix: "/host",
      minimumEntries: 200,
      checkAt: ["03:30"],
      metrics: { textfile: "/metrics" },
      trees: ["/etc", "/usr/bin", "/usr/sbin", "/usr/local/bin"],
    });
    expect(settings.expectedPaths).toContain("/etc/containerd/config.toml");
    const mounts = container.volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath);
    for (const place of [settings.state, settings.approved, settings.metrics.textfile]) expect(mounts).toContain(place);
    expect(ConfigMap.data["file-integrity.py"]).toMatch(/^#!\/usr\/bin\/env python3\n/);
  });

  test("T-35: run on the chosen nodes, whatever their taints", () => {
    expect(pod).toMatchObject({ nodeSelector: { "example.com/os": "ubuntu" }, tolerations: [{ operator: "Exists" }] });
  });

  test("are in a namespace that lets them, have no network, and no policy to be excepted from", () => {
    expect(labels).toMatchObject({ "pod-security.kubernetes.io/enforce": "privileged" });
    expect(NetworkPolicy.spec).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    expect(PolicyException).toBeUndefined();
  });

  test("are others when what they read is", () => {
    const annotations = (changes: Partial<FileIntegrityProps>) =>
      built(changes).DaemonSet.spec.template.metadata.annotations;
    expect(annotations({})).toEqual(DaemonSet.spec.template.metadata.annotations);
    expect(annotations({ minimumEntries: 500 })).not.toEqual(DaemonSet.spec.template.metadata.annotations);
  });
});

describe("HRD-7: the pods are excepted by name", () => {
  test("from policies", () => {
    const { PolicyException } = built({ brokenPolicies: [{ validatingPolicy: "disallow-host-path" }] });
    expect(PolicyException).toMatchObject({
      apiVersion: "policies.kyverno.io/v1",
      spec: {
        policyRefs: [{ kind: "ValidatingPolicy", name: "disallow-host-path" }],
        matchConditions: [{ expression: expect.stringMatching(/'file-integrity' && .*'file-integrity'$/) }],
      },
    });
  });

  test("from rules of cluster policies", () => {
    const { PolicyException } = built({ brokenPolicies: [{ clusterPolicy: "host-path", rules: ["host-path"] }] });
    expect(PolicyException).toMatchObject({
      apiVersion: "kyverno.io/v2",
      spec: {
        exceptions: [{ policyName: "host-path", ruleNames: ["host-path", "autogen-host-path"] }],
        match: {
          any: [{ resources: { namespaces: ["file-integrity"], names: ["file-integrity", "file-integrity-*"] } }],
        },
      },
    });
  });
});

test("AIDE-11, MON-1: metrics may go to a Pushgateway, for which the pods have a way out", () => {
  const { ConfigMap, DaemonSet, NetworkPolicy } = built({
    metrics: { pushgateway: "http://pushgateway.monitoring:9091/" },
  });
  expect(JSON.parse(ConfigMap.data["settings.json"]).metrics).toEqual({
    pushgateway: "http://pushgateway.monitoring:9091",
  });
  expect(JSON.stringify(DaemonSet)).not.toContain("node_exporter");
  expect(NetworkPolicy.spec).toMatchObject({ egress: [{}] });
});

test("AIDE-13, MON-2: drift that lasts for an hour is told, with the page that says what to do", () => {
  const { PrometheusRule } = built({ ruleLabels: { prometheus: "main" } });
  expect(PrometheusRule.metadata.labels).toEqual({ prometheus: "main" });
  expect(PrometheusRule.spec.groups[0].rules[0]).toMatchObject({
    alert: "FileIntegrityDrift",
    for: "1h",
    annotations: { runbook_url: "https://docs.example.com/integrity#fileintegritydrift" },
  });
});

test("every alert has a section on the page that says what to do", () => {
  const page = readFileSync(path.join(__dirname, "../../docs/file-integrity.md"), "utf8");
  const sections = [...page.matchAll(/^### (\w+)$/gm)].map(([, name]) => name);
  const rules: readonly { alert: string }[] = built()["PrometheusRule"].spec.groups[0].rules;
  expect(rules.map(({ alert }) => alert)).toEqual(sections);
});

describe("is refused", () => {
  test.each<[string, Partial<FileIntegrityProps>, readonly string[]]>([
    ["AIDE-1: an image without digest", { image: "registry.example.com/aide:latest" }, ["unpinned-image"]],
    ["T-35: a selector of all nodes", { nodeSelector: { "kubernetes.io/os": "linux" } }, ["nodes-not-chosen"]],
    ["T-35: no selector", { nodeSelector: {} }, ["nodes-not-chosen"]],
    ["AIDE-8, FAIL-9: the kubelet's directory", { watch: [{ directory: "/var/lib/kubelet" }] }, ["churning-directory"]],
    [
      "AIDE-8: what is around it",
      { watch: [{ directory: "/var" }] },
      ["churning-directory", "watches-itself", "watches-itself"],
    ],
    ["AIDE-8: what is in it", { watch: [{ directory: "/var/lib/kubelet/pods" }] }, ["churning-directory"]],
    ["what the watch itself writes", { watch: [{ directory: "/var/lib/node_exporter" }] }, ["watches-itself"]],
    ["nothing", { watch: [] }, ["nothing-watched"]],
    [
      "a directory twice",
      { watch: [{ directory: "/etc" }, { directory: "/etc", files: ["x"] }] },
      ["duplicate-watched-directory"],
    ],
    ["a path with a slash at its end", { watch: [{ directory: "/etc/" }] }, ["malformed-watched-path"]],
    ["a path with a dot", { watch: [{ directory: "/usr/../etc" }] }, ["malformed-watched-path"]],
    ["a path in place of a name", { watch: [{ directory: "/etc", files: ["a/b"] }] }, ["malformed-watched-path"]],
    ["an exclusion without reason", { exclusions: [{ path: "/etc/x", reason: " " }] }, ["exclusion-without-reason"]],
    ["an exclusion of something else", { exclusions: [{ path: "/opt/x", reason: "x" }] }, ["exclusion-outside-watch"]],
    ["an exclusion of what is watched", { exclusions: [{ path: "/etc/*/net.d", reason: "x" }] }, ["watch-excluded"]],
    ["no entries", { minimumEntries: 0 }, ["too-few-entries"]],
    ["no time", { checkAt: [] }, ["no-check-time"]],
    ["a time that is none", { checkAt: ["24:00"] }, ["malformed-time"]],
    ["a window of a day", { patchWindows: [{ from: "06:00", until: "06:00" }] }, ["patch-window-too-long"]],
    [
      "windows that touch",
      {
        patchWindows: [
          { from: "18:00", until: "02:00" },
          { from: "02:00", until: "08:00" },
        ],
      },
      ["patch-window-too-long"],
    ],
    ["a relative directory", { metrics: { textfile: "/textfile/../x/" } }, ["malformed-metrics-target"]],
    ["a Pushgateway without scheme", { metrics: { pushgateway: "pushgateway:9091" } }, ["malformed-metrics-target"]],
  ])("%s", (_, changes, codes) => {
    expect(codesOf(changes)).toEqual(codes);
  });
});

test("a further directory is watched beside those of an Ubuntu node", () => {
  const { ConfigMap } = built({ watch: [...ubuntuNode, { directory: "/opt" }] });
  expect(ConfigMap.data["aide.conf"]).toContain("/opt(/|$) d Directory\n");
});

test.each([
  [[], 0],
  [[{ from: "02:00", until: "04:00" }], 120],
  [
    [
      { day: "Saturday", from: "23:00", until: "01:00" },
      { day: "Sunday", from: "01:00", until: "02:00" },
    ],
    180,
  ],
  [
    [
      { day: "Saturday", from: "23:00", until: "01:00" },
      { day: "Sunday", from: "03:00", until: "04:00" },
    ],
    120,
  ],
] as const)("%j hold checks off for at most %i minutes", (windows, minutes) => {
  expect(longestWindow(windows)).toBe(minutes);
});

test("a node is silent for no longer than its times and windows let it be", () => {
  expect(longestSilence(["03:30"], [])).toBe(26 * 60);
  expect(longestSilence(["18:00", "02:00"], [{ from: "02:00", until: "04:00" }])).toBe(20 * 60);
});
