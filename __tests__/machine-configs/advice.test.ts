/** What Talos' validator accepts, and the machine or experience does not. */

import type { Contract, MachineRole } from "../../machine-configs";
import { generatedConfiguration } from "../../machine-configs/generated";
import { judge } from "../../machine-configs/judge";

test.each<[Contract, MachineRole]>([
  ["1.11", "controlplane"],
  ["1.12", "worker"],
  ["1.13", "controlplane"],
  ["1.14", "controlplane"],
  ["1.14", "worker"],
])("nothing is said about what Talos generates for %s as a %s", (contract, role) => {
  expect(judge(generated(contract, role), [], { talos: `${contract}.0`, role }).problems).toEqual([]);
});

describe("files", () => {
  const file = (lines: string) => `machine: {files: [{${lines}}]}`;

  test.each([
    ["create outside of /var", "path: /etc/motd, op: create, content: a", "node error file-outside-var"],
    ["create at a path that leaves /var", "path: /var/../etc/a, op: create", "node error file-outside-var"],
    ["the directory that nothing reads", "path: /var/cri/conf.d/a.toml, op: create", "node error file-never-read"],
    ["append outside of /var", "path: /etc/hosts, op: append", "node warning file-must-exist"],
    ["decimal permissions", "path: /var/a, op: create, permissions: 644", "advice warning permissions-decimal"],
  ])("%s", (_, lines, expected) => {
    expect(said("1.13", file(lines))).toContain(expected);
  });

  test.each([
    ["below /var", "path: /var/lib/a, op: create, permissions: 0o644, content: a"],
    [
      "the part of containerd's configuration",
      "path: /etc/cri/conf.d/20-customization.part, op: create, content: '[metrics]'",
    ],
  ])("%s is fine", (_, lines) => {
    expect(said("1.13", file(lines))).toEqual([]);
  });
});

test.each([
  ["1.13", "cluster: {apiServer: {extraArgs: {client-ca-file: a}}}", "node error argument-denied"],
  ["1.14", "apiVersion: v1alpha1\nkind: KubeSchedulerConfig\nextraArgs: {kubeconfig: a}", "node error argument-denied"],
  [
    "1.14",
    "apiVersion: v1alpha1\nkind: KubeAPIServerConfig\nextraArgs: {tls-min-version: VersionTLS12}",
    "node error argument-denied",
  ],
  ["1.14", "apiVersion: v1alpha1\nkind: KubeProxyConfig\nextraArgs: {config: a}", "node error argument-denied"],
  ["1.13", "machine: {kubelet: {extraArgs: {--v: '4'}}}", "advice warning argument-with-dashes"],
  ["1.13", "cluster: {scheduler: {extraArgs: {--v: '4'}}}", "advice warning argument-with-dashes"],
  ["1.13", "cluster: {apiServer: {extraArgs: {authorization-mode: RBAC}}}", "advice warning argument-added"],
  [
    "1.14",
    "apiVersion: v1alpha1\nkind: KubeControllerManagerConfig\nextraArgs: {controllers: -ttl}",
    "advice warning argument-added",
  ],
  ["1.13", "machine: {kubelet: {image: 'ghcr.io/siderolabs/kubelet:v1.20.0'}}", "node warning image-outside-window"],
  ["1.13", "machine: {network: {nameservers: [dns.google]}}", "advice warning useless-value"],
  [
    "1.13",
    "apiVersion: v1alpha1\nkind: DummyLinkConfig\nname: a\nhardwareAddr: bc2411000001",
    "advice warning useless-value",
  ],
  [
    "1.13",
    "machine: {network: {interfaces: [{interface: eth0, vlans: [{vlanId: 5000}]}]}}",
    "advice warning useless-value",
  ],
  [
    "1.11",
    "machine: {network: {interfaces: [{interface: eth0, vlans: [{vlanId: 30, vip: {ip: 10.0.0.300}}]}]}}",
    "advice warning useless-value",
  ],
  [
    "1.11",
    "machine: {registries: {mirrors: {docker.io: {endpoints: ['registry.example.com:5000']}}}}",
    "advice warning useless-value",
  ],
  ["1.13", "cluster: {apiServer: {resources: {limits: {memory: 512 MiB}}}}", "advice warning useless-value"],
  [
    "1.14",
    "apiVersion: v1alpha1\nkind: KubeSchedulerConfig\nresources: {requests: {cpu: 500mm}}",
    "advice warning useless-value",
  ],
  ["1.13", "version: v1beta1\ndebug: true", "advice warning useless-value"],
  ["1.13", "apiVersion: v1alpha1\nkind: PCIDriverRebindConfig\nname: a", "advice warning useless-without"],
  [
    "1.14",
    "apiVersion: v1alpha1\nkind: CRICustomizationConfig\nname: a\ncontent: 'a: b'",
    "advice warning useless-value",
  ],
  ["1.14", "apiVersion: v1alpha1\nkind: EtcFileConfig\nname: a\nmode: 644", "advice warning permissions-decimal"],
  [
    "1.13",
    'machine: {files: [{path: /etc/cri/conf.d/20-customization.part, op: create, content: "a: b"}]}',
    "advice warning useless-value",
  ],
  [
    "1.13",
    "machine: {files: [{path: /etc/cri/conf.d/20-customization.part, op: create, content: '[plugins.\"io.containerd.grpc.v1.cri\".cni]'}]}",
    "node error containerd-plugin-obsolete",
  ],
  [
    "1.11",
    "apiVersion: v1alpha1\nkind: SwapVolumeConfig\nname: a\nprovisioning: {diskSelector: {match: system_disk}, minSize: 1GiB}",
    "node error volume-without-room",
  ],
  [
    "1.13",
    "machine: {systemDiskEncryption: {ephemeral: {provider: luks2, keys: [{slot: 0, static: {passphrase: a}}]}}}",
    "advice warning passphrase-in-clear",
  ],
  [
    "1.14",
    "apiVersion: v1alpha1\nkind: VolumeConfig\nname: STATE\nencryption: {provider: luks2, keys: [{slot: 0, static: {passphrase: a}}]}",
    "advice warning passphrase-in-clear",
  ],
  ["1.14", "apiVersion: v1alpha1\nkind: KubeletConfig\n$patch: delete", "node warning part-needed"],
  ["1.14", "cluster: {etcd: {$patch: delete}}", "node warning part-needed"],
  ["1.14", "apiVersion: v1alpha1\nkind: NetworkDefaultActionConfig\ningress: block", "node warning talos-api-blocked"],
  [
    "1.14",
    "apiVersion: v1alpha1\nkind: VLANConfig\nname: eth0.30\nparent: eth0\nvlanID: 30",
    "node warning parent-down",
  ],
  [
    "1.13",
    "machine: {network: {interfaces: [{interface: eth0, addresses: [10.0.0.5/24, 10.0.0.5/16]}]}}",
    "advice warning address-twice",
  ],
  ["1.14", "apiVersion: v1alpha1\nkind: KubePrismConfig\nport: 0", "advice warning change-without-effect"],
  ["1.14", "apiVersion: v1alpha1\nkind: KubeClusterConfig\nendpoint: 10.0.0.11", "advice warning url-merged-by-parts"],
  ["1.14", "apiVersion: v1alpha1\nkind: UnattendedInstallConfig\nreboot: true", "advice warning lost-in-merge"],
] satisfies readonly [Contract, string, string][])("%s %s: %s", (contract, patch, expected) => {
  expect(said(contract, patch)).toContain(expected);
});

test("an endpoint of another type is refused once", () => {
  const patch = "machine: {registries: {mirrors: {docker.io: {endpoints: [{url: 'https://registry.example.com'}]}}}}";
  expect(said("1.11", patch)).toEqual(["talos error wrong-value"]);
});

test("tls-min-version may be given to kube-apiserver up to Talos 1.13", () => {
  expect(said("1.13", "cluster: {apiServer: {extraArgs: {tls-min-version: VersionTLS12}}}")).toEqual([]);
});

test("another role than the one that was asked for", () => {
  const { problems } = judge(generated("1.14", "worker"), [], { talos: "1.14.4", role: "controlplane" });
  expect(problems).toMatchObject([{ code: "role-differs", tier: "advice", where: "machine.type" }]);
});

function said(contract: Contract, patch: string): readonly string[] {
  const patched = judge(generated(contract, "controlplane"), [{ name: "patch", text: `${patch}\n` }], {
    talos: `${contract}.4`,
  });
  return patched.problems.map(({ tier, severity, code }) => `${tier} ${severity} ${code}`);
}

function generated(contract: Contract, role: MachineRole) {
  return { name: "generated", text: generatedConfiguration(contract, role) };
}
