/** What each construct for the inside of a cluster makes there, for the tests that give it to Kubernetes and Terraform. */
import { type App, TerraformVariable } from "cdktf";
import {
  BackupDashboard,
  FileIntegrity,
  KubernetesNamespace,
  KubernetesObjects,
  KubernetesSecret,
  KubernetesStack,
  ProxmoxSite,
} from "../../index";
import { cronJob } from "../../manifests";
import { addDriftDetections } from "./drift-detection";
import { addObjectStores } from "./object-stores";
import { fillPostgres, postgresVariants } from "./postgres";
import { addSnapshots } from "./snapshots";
import { addTalosDrift } from "./talos-drift";

/** Apps by name, each of a construct or of some that belong together. */
export const platforms: Readonly<Record<string, (app: App) => void>> = {
  "namespaced-objects": addStack((stack) => {
    const { namespaceName: namespace, resource } = new KubernetesNamespace(stack, "jobs", {
      labels: { team: "storage" },
    });
    const key = new TerraformVariable(stack, "s3_secret_key", { type: "string", sensitive: true });
    const secret = new KubernetesSecret(stack, "s3", {
      namespace: resource.metadata.name,
      data: { SECRET_KEY: key.stringValue },
    });
    const env = [{ name: "KEY", valueFrom: { secretKeyRef: { name: secret.secretName, key: "SECRET_KEY" } } }];
    new KubernetesObjects(stack, "job", {
      namespace,
      objects: [
        { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "nightly", namespace } },
        {
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: { name: "script", namespace },
          data: { run: "echo ${HOME}\n" },
        },
        cronJob({
          name: "nightly",
          namespace,
          schedule: "30 2 * * *",
          deadlineSeconds: 600,
          serviceAccountName: "nightly",
          volumes: [{ name: "script", configMap: { name: "script" } }],
          containers: [
            {
              name: "run",
              image: `registry.example.com/tool:1.2.3@sha256:${"0".repeat(64)}`,
              command: ["/bin/sh", "/script/run"],
              env,
              volumeMounts: [{ name: "script", mountPath: "/script" }],
              resources: { cpu: "100m", memory: "64Mi" },
            },
          ],
        }),
      ],
      dependsOn: [resource],
    });
  }),
  "backup-dashboard": addStack((stack) => {
    const { namespaceName: namespace, resource } = new KubernetesNamespace(stack, "monitoring");
    new BackupDashboard(stack, "backup-dashboard", { namespace, dependsOn: [resource] });
  }),
  "drift-detection": addStack(addDriftDetections),
  "object-storage": addStack(addObjectStores),
  snapshots: (app) => void addSnapshots(app, { etcdDrill: {}, vaultDrill: {} }),
  "talos-drift": addTalosDrift,
  ...Object.fromEntries(
    Object.entries(postgresVariants).map(([name, changes]) => [
      name,
      addStack((stack) => void fillPostgres(stack, changes)),
    ]),
  ),
  "file-integrity": addStack((stack) => {
    new FileIntegrity(stack, "file-integrity", {
      image: `registry.example.com/aide:0.19.1@sha256:${"0".repeat(64)}`,
      nodeSelector: { "example.com/os": "ubuntu" },
      metrics: { pushgateway: "http://pushgateway.monitoring:9091" },
      brokenPolicies: [{ validatingPolicy: "disallow-host-path" }],
      runbooks: "https://docs.example.com/file-integrity",
    });
  }),
};

/** A stack with whatever a test puts into it, called `test-platform`. */
export function addStack(add: (stack: KubernetesStack) => void): (app: App) => void {
  return (app) => {
    const site = new ProxmoxSite("test", {
      endpoint: "https://pve.example.com:8006",
      hosts: ["pve1"],
      datastores: { "local-zfs": {} },
    });
    add(new KubernetesStack(app, "platform", { site, kubeContext: "admin@test" }));
  };
}
