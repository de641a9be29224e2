/** Values of Terraform inside of machine configurations. */
import { type App, TerraformVariable } from "cdktf";
import {
  etcdEncryption,
  type Intent,
  kubelet,
  nodeLabels,
  registryMirrors,
  SiteStack,
  sysctls,
  type TalosDocument,
} from "../../index";
import { addCluster } from "../helpers/clusters";
import { refusals, synthesize } from "../helpers/synth";

const machine = { host: "pve1", address: "10.0.0.31", macAddress: "BC:24:11:00:00:31" };

function raw(document: TalosDocument): Intent {
  return { name: "raw", documents: () => [document] };
}

function document(kind: string): TalosDocument {
  return { apiVersion: "v1alpha1", kind };
}

/** The patch of a worker with what some intents make of a variable. */
function patchOf(intentsOf: (value: string) => readonly Intent[]): string {
  const stacks = synthesize((app) => {
    const { stack, cluster } = addCluster(app, { workers: {} });
    const { stringValue } = new TerraformVariable(stack, "value", { type: "string", sensitive: true });
    cluster.addWorker("w-1", { ...machine, intents: intentsOf(stringValue) });
  });
  const machines = Object.values(stacks["test-cluster"]?.data["talos_machine_configuration"] ?? {});
  const [patch] = machines.map(({ config_patches: [text] }) => String(text)).filter((text) => text.includes("w-1"));
  return patch ?? "";
}

/** What is refused about the same. */
function problemsOf(intentsOf: (value: string) => readonly Intent[]) {
  return refusals((app) => {
    const { stack, cluster } = addCluster(app, { workers: {} });
    const { stringValue } = new TerraformVariable(stack, "value", { type: "string", sensitive: true });
    cluster.addWorker("w-1", { ...machine, intents: intentsOf(stringValue) });
  }).map(({ code, where, message }) => ({ code, where, message }));
}

test("a secret stands where it belongs as one reference", () => {
  const auth = (password: string) => ({
    apiVersion: "v1alpha1",
    kind: "RegistryAuthConfig",
    name: "registry.example.com",
    username: "puller",
    password,
  });
  expect(patchOf((value) => [raw(auth(value))])).toContain(
    "name: registry.example.com\npassword: ${jsonencode(var.value)}\nusername: puller\n",
  );
});

test("a key for etcd is a variable, and as a literal it is refused", () => {
  const withKey = (secretOf: (value: string) => string) => (app: App) => {
    const { stack, cluster } = addCluster(app, { controlPlanes: {}, workers: {} });
    const { stringValue } = new TerraformVariable(stack, "value", { type: "string", sensitive: true });
    cluster.addControlPlane("cp-1", {
      ...machine,
      intents: [etcdEncryption({ keys: [{ secret: secretOf(stringValue) }] })],
    });
  };
  const stacks = synthesize(withKey((value) => value));
  expect(JSON.stringify(stacks["test-cluster"]?.data["talos_machine_configuration"])).toContain(
    "$patch: delete\\n---\\napiVersion: v1alpha1\\nkind: KubeEtcdEncryptionConfig\\nconfig:",
  );
  expect(JSON.stringify(stacks["test-cluster"])).toContain("secret: ${jsonencode(var.value)}");
  const problems = refusals(withKey(() => Buffer.alloc(32).toString("base64")));
  expect(problems.map(({ code }) => code)).toEqual(["literal-secret"]);
});

test("the text around a value stays as it is", () => {
  const variables = (value: string) => ({ HOST: `https://${value}:3128`, NOTE: '${HOME} "%{x}"' });
  const environment = (value: string) =>
    raw({ apiVersion: "v1alpha1", kind: "EnvironmentConfig", variables: variables(value) });
  expect(patchOf((value) => [environment(value)])).toContain(
    'HOST: ${jsonencode(join("", ["https://", var.value, ":3128"]))}\n  NOTE: $${HOME} "%%{x}"\n',
  );
});

test("a value of another stack is the output of that stack", () => {
  const stacks = synthesize((app) => {
    const { site, cluster } = addCluster(app, { workers: {} });
    const { stringValue } = new TerraformVariable(new SiteStack(app, "other", { site }), "value", { type: "string" });
    cluster.addWorker("w-1", { ...machine, intents: [nodeLabels({ rack: stringValue })] });
  });
  expect(JSON.stringify(stacks["test-cluster"]?.data["talos_machine_configuration"])).toMatch(
    /rack: \$\{jsonencode\(data\.terraform_remote_state\.[\w-]+\.outputs\.[\w-]+\)\}/,
  );
});

test.each<[string, (value: string) => Intent]>([
  ["an address", (address) => raw({ ...document("LinkConfig"), name: "eth1", addresses: [{ address }] })],
  ["a certificate", (ca) => raw({ ...document("RegistryTLSConfig"), name: "ghcr.io", ca })],
  ["a URL", (value) => registryMirrors({ "docker.io": { endpoints: [`https://${value}:5000`] } })],
  [
    "one of a few words",
    (mode) => raw({ apiVersion: "v1alpha1", kind: "BondConfig", name: "bond0", links: ["eth1"], bondMode: mode }),
  ],
])("%s that is not known yet is nothing that could be wrong", (_, intentOf) => {
  expect(patchOf((value) => [intentOf(value)])).toContain("jsonencode(");
});

test("what is known in the same document is still judged", () => {
  const link = (gateway: string) => ({
    apiVersion: "v1alpha1",
    kind: "LinkConfig",
    name: "eth1",
    addresses: [{ address: gateway }, { address: "10.0.0.300/24" }],
  });
  expect(problemsOf((value) => [raw(link(value))])).toMatchObject([
    { code: "wrong-value", where: "test-cluster/lab/w-1 LinkConfig/eth1.addresses[1].address" },
  ]);
});

test("a text where no text may be is refused, and shown as Terraform does", () => {
  const link = (mtu: string) => ({ apiVersion: "v1alpha1", kind: "LinkConfig", name: "eth1", mtu });
  expect(problemsOf((value) => [raw(link(value))])).toMatchObject([
    { code: "wrong-value", message: '"(known after apply)" is not a number.' },
  ]);
});

test("two intents that give one field different values are refused although one is not known yet", () => {
  expect(problemsOf((value) => [sysctls({ "vm.swappiness": value }), sysctls({ "vm.swappiness": "1" })])).toMatchObject(
    [{ code: "intents-disagree", message: expect.stringContaining("(known after apply)") }],
  );
});

test("an intent may be an object of a class", () => {
  class Swappiness implements Intent {
    readonly name = "swappiness";
    documents() {
      return sysctls({ "vm.swappiness": "1" }).documents({
        name: "",
        role: "worker",
        contract: "1.14",
        talos: "1.14.4",
      });
    }
    problems() {
      return [{ code: "never", where: "here", message: "No.", remedy: "None." }];
    }
  }
  expect(problemsOf(() => [new Swappiness()])).toEqual([{ code: "never", where: "here", message: "No." }]);
});

test.each<[string, (variable: TerraformVariable) => Intent]>([
  ["a list", (variable) => registryMirrors({ "docker.io": { endpoints: variable.listValue } })],
  ["an object", (variable) => kubelet({ config: { nested: variable.value } })],
  ["a number", (variable) => kubelet({ config: { maxPods: variable.numberValue } })],
  ["a key", (variable) => nodeLabels({ [variable.stringValue]: "x" })],
])("%s of Terraform in a machine configuration is refused without an exception", (_, intentOf) => {
  const problems = refusals((app) => {
    const { stack, cluster } = addCluster(app, { workers: {} });
    const intents = [intentOf(new TerraformVariable(stack, "value", {}))];
    cluster.addWorker("w-1", { ...machine, intents });
  });
  expect(problems.map(({ code }) => code)).toEqual(["terraform-value-in-configuration"]);
});
