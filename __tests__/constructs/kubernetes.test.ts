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

function problemsOf(add: (stack: KubernetesStack) => void) {
  return refusals((app) => add(new KubernetesStack(app, "platform", { site, kubeContext: "admin@lab" })));
}

function codesOf(add: (stack: KubernetesStack) => void): readonly string[] {
  return problemsOf(add).map(({ code, where }) => `${where} ${code}`);
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

describe("GATE-13: an object in a form that is served no more", () => {
  const store = { apiVersion: "external-secrets.io/v1beta1", kind: "ClusterSecretStore", metadata: { name: "vault" } };

  test("is refused among objects, with the form in its place", () => {
    const target = { apiVersion: "apps/v1beta1", kind: "Deployment", name: "web" };
    const scaler = {
      apiVersion: "autoscaling/v2beta2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name: "web", namespace: "apps" },
      spec: { scaleTargetRef: target },
    };
    const found = problemsOf(
      (scope) => new KubernetesObjects(scope, "objects", { namespace: "apps", objects: [store, scaler] }),
    );
    expect(found.map(({ where, code, message }) => `${where} ${code}: ${message}`)).toEqual([
      "lab-platform/objects outdated-api: ClusterSecretStore vault is written as external-secrets.io/v1beta1, which is not served from External Secrets 0.17 on.",
      "lab-platform/objects outdated-api: HorizontalPodAutoscaler web is written as autoscaling/v2beta2, which is not served from Kubernetes 1.26 on.",
      "lab-platform/objects outdated-api: Deployment web is written as apps/v1beta1, which is not served from Kubernetes 1.16 on.",
    ]);
    expect(found[0]?.remedy).toContain("Write it as external-secrets.io/v1,");
  });

  test("is refused in the values of a chart, wherever it is there", () => {
    const chart = (values: Readonly<Record<string, unknown>>) =>
      problemsOf(
        (scope) =>
          new HelmChart(scope, "apps", {
            chart: "apps",
            repository: "https://charts.example.com",
            version: "1.2.3",
            namespace: "apps",
            values,
          }),
      ).map(({ code }) => code);
    expect(chart({ extraObjects: [store], nested: { more: [{ manifest: { ...store, metadata: {} } }] } })).toEqual([
      "outdated-api",
      "outdated-api",
    ]);
  });

  test("what is served is taken, also where other kinds of the same version are gone", () => {
    const objects = [
      ["external-secrets.io/v1", "ClusterSecretStore"],
      ["external-secrets.io/v1alpha1", "PushSecret"],
      ["storage.k8s.io/v1beta1", "VolumeAttributesClass"],
      ["admissionregistration.k8s.io/v1beta1", "MutatingAdmissionPolicy"],
    ].map(([apiVersion = "", kind = ""]) => ({ apiVersion, kind, metadata: { name: "it" } }));
    const stacks = synthesize((app) => {
      const stack = new KubernetesStack(app, "platform", { site, kubeContext: "admin@lab" });
      new KubernetesObjects(stack, "objects", { namespace: "apps", objects });
      const chart = { chart: "apps", repository: "https://charts.example.com", version: "1.2.3", namespace: "apps" };
      new HelmChart(stack, "apps", { ...chart, values: { objects, nothing: null } });
    });
    expect(Object.keys(stacks)).toEqual(["lab-platform"]);
  });
});
