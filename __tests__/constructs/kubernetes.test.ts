/** What is put into a Kubernetes cluster: namespaces, secrets, charts and objects. */
import { TerraformVariable } from "cdktf";
import { parse } from "yaml";
import {
  HelmChart,
  KubernetesNamespace,
  type KubernetesObject,
  KubernetesObjects,
  KubernetesSecret,
  KubernetesStack,
  ProxmoxSite,
} from "../../index";
import { only, refusals, type Synthesized, synthesize } from "../helpers/synth";

const site = new ProxmoxSite("lab", {
  endpoint: "https://pve.example.com:8006",
  hosts: ["pve1"],
  datastores: { local: {} },
});

const quota: KubernetesObject = {
  apiVersion: "v1",
  kind: "ResourceQuota",
  metadata: { name: "drills", namespace: "drills" },
  spec: { hard: { pods: "10" } },
};

function stackWith(add: (stack: KubernetesStack) => void): Synthesized | undefined {
  return synthesize((app) => add(new KubernetesStack(app, "platform", { site, kubeContext: "admin@lab" })))[
    "lab-platform"
  ];
}

function codesOf(add: (stack: KubernetesStack) => void): readonly string[] {
  return refusals((app) => add(new KubernetesStack(app, "platform", { site, kubeContext: "admin@lab" }))).map(
    ({ code, where }) => `${where} ${code}`,
  );
}

test("the providers are those of one context, and of nothing else", () => {
  const stack = stackWith(() => undefined);
  expect(stack?.provider["kubernetes"]).toEqual([{ config_context: "admin@lab" }]);
  expect(stack?.provider["helm"]).toEqual([{ kubernetes: { config_context: "admin@lab" } }]);
  expect(stack?.terraform["required_providers"]).toEqual({
    helm: { source: "hashicorp/helm", version: "3.1.2" },
    kubernetes: { source: "hashicorp/kubernetes", version: "3.2.1" },
  });
});

test("objects are in the values as they are, whatever Helm, YAML 1.1 or Terraform would make of them", () => {
  const texts = { on: "on", octal: "0644", script: "echo ${HOME} %{x}", alert: "{{ $labels.x }}", equals: "=" };
  const config = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "texts", namespace: "drills" }, data: texts };
  const stack = stackWith(
    (scope) => new KubernetesObjects(scope, "objects", { namespace: "drills", objects: [quota, config] }),
  );
  const release = only(stack, "helm_release");
  expect(release).toMatchObject({ name: "objects", namespace: "drills" });
  expect(release["chart"]).toMatch(/^assets\/ObjectsChart\/[0-9A-F]+$/);
  const values: string = release["values"][0];
  expect(parse(values.replaceAll("$${", "${").replaceAll("%%{", "%{"), { version: "1.1" })).toEqual({
    objects: [quota, config],
  });
});

test("a value of Terraform stands in an object as it will be", () => {
  const stack = stackWith((scope) => {
    const mail = new TerraformVariable(scope, "mail", { type: "string" }).stringValue;
    const object = { ...quota, metadata: { ...quota.metadata, annotations: { owner: `mailto:${mail}` } } };
    new KubernetesObjects(scope, "objects", { namespace: "drills", objects: [object] });
  });
  expect(only(stack, "helm_release")["values"][0]).toContain('owner: ${jsonencode(join("", ["mailto:", var.mail]))}');
});

test("the values of a secret are handed to Terraform without being kept", () => {
  const stack = stackWith((scope) => {
    const key = new TerraformVariable(scope, "key", { type: "string", sensitive: true }).stringValue;
    new KubernetesSecret(scope, "s3", { namespace: "backups", data: { SECRET_KEY: key }, revision: 2 });
  });
  expect(only(stack, "kubernetes_secret_v1")).toMatchObject({
    metadata: { name: "s3", namespace: "backups" },
    data_wo: { SECRET_KEY: "${var.key}" },
    data_wo_revision: 2,
  });
});

test("a namespace refuses pods what it is not said to allow", () => {
  const stack = stackWith((scope) => {
    new KubernetesNamespace(scope, "backups", { labels: { team: "storage" } });
  });
  expect(only(stack, "kubernetes_namespace_v1")["metadata"]).toEqual({
    name: "backups",
    labels: {
      team: "storage",
      "pod-security.kubernetes.io/enforce": "restricted",
      "pod-security.kubernetes.io/audit": "restricted",
      "pod-security.kubernetes.io/warn": "restricted",
    },
  });
});

test("names that Kubernetes or Helm would refuse, charts without a version, secrets in sight and characters that do not arrive are refused", () => {
  const codes = codesOf((scope) => {
    new KubernetesNamespace(scope, "Backups");
    new KubernetesSecret(scope, "my_secret", { namespace: "backups", data: { key: "hunter2" } });
    new HelmChart(scope, "Cnpg", {
      chart: "cloudnative-pg",
      repository: "https://charts.example.com",
      version: "~> 0.29",
      namespace: "CNPG",
    });
    new KubernetesObjects(scope, "objects", {
      namespace: "drills",
      objects: [
        quota,
        { ...quota, spec: {} },
        { ...quota, metadata: { name: "-" } },
        { apiVersion: "v1", kind: "Secret", metadata: { name: "key", namespace: "drills" }, data: {} },
        { ...quota, metadata: { name: "lines", annotations: { next: "one\u0085two" } } },
      ],
    });
  });
  expect(codes).toEqual([
    "lab-platform/Backups malformed-namespace",
    "lab-platform/my_secret malformed-object-name",
    "lab-platform/Cnpg malformed-release-name",
    "lab-platform/Cnpg malformed-namespace",
    "lab-platform/Cnpg unpinned-chart",
    "lab-platform/objects duplicate-object",
    "lab-platform/objects malformed-object-name",
    "lab-platform/objects secret-among-objects",
    "lab-platform/objects unwritable-character",
    "lab-platform literal-secret",
  ]);
});
