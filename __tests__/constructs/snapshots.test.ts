/** Snapshots of Vault and etcd: what is made for them, and what is refused. */
import * as path from "node:path";
import { type App, Token } from "cdktf";
import { type KubernetesObject, KubernetesStack, VaultSnapshots, type VaultSnapshotsProps } from "../../index";
import { snapshotAlerts } from "../../snapshots";
import { expectGolden } from "../helpers/golden";
import { addSeaweedFs } from "../helpers/object-stores";
import { addSnapshots, objectStore, type SnapshotChanges, share } from "../helpers/snapshots";
import { type Attributes, newApp, refusals, synthesize } from "../helpers/synth";

const credentials = { identity: "vault", secret: "vault-s3" };
const bucket = { store: objectStore(), bucket: "vault", credentials };

function made(changes: SnapshotChanges = {}) {
  return addSnapshots(newApp("unused"), changes);
}

function objectOf(objects: readonly KubernetesObject[], kind: string, apiVersion?: string): Attributes {
  const [object, ...others] = objects.filter(
    (one) => one.kind === kind && (apiVersion === undefined || one.apiVersion === apiVersion),
  );
  if (object === undefined || others.length > 0) {
    throw new Error(`There is not one ${kind}.`);
  }
  return object;
}

function podOf(objects: readonly KubernetesObject[]): Attributes {
  return objectOf(objects, "CronJob")["spec"].jobTemplate.spec.template.spec;
}

function codesOf(changes: SnapshotChanges): readonly string[] {
  return refusals((app) => addSnapshots(app, changes)).map(
    ({ where, code }) => `${where.replace("test-recovery/", "")} ${code}`,
  );
}

describe("Vault", () => {
  test("VLT-1: its snapshots are daily, and two never overlap", () => {
    const { spec } = objectOf(made().vault.objects.objects, "CronJob");
    expect(spec).toMatchObject({ schedule: "0 2 * * *", timeZone: "Etc/UTC", concurrencyPolicy: "Forbid" });
  });

  test("its pod has the token of its account for Vault alone, and none for Kubernetes", () => {
    const { objects } = made().vault.objects;
    const pod = podOf(objects);
    expect(pod).toMatchObject({ serviceAccountName: "vault-snapshots", automountServiceAccountToken: false });
    expect(pod["volumes"]).toContainEqual({
      name: "token",
      projected: {
        sources: [{ serviceAccountToken: { audience: "vault", expirationSeconds: 3600, path: "token" } }],
      },
    });
    expect(objects.map(({ kind }) => kind)).not.toContain("RoleBinding");
  });

  test("its account may read a snapshot and give its token back, by a policy that an administrator writes once", () => {
    const { vault } = made();
    expect(vault.policy.match(/path "[^"]+" \{\n {2}capabilities = \["\w+"\]/g)).toHaveLength(2);
    expect(vault.setup).toContain("vault policy write vault-snapshots -");
    expect(vault.setup).toContain("bound_service_account_namespaces=backup ");
    expect(vault.setup).toContain("token_no_default_policy=true");
    const server = { address: "https://bao.example.com:8200", flavour: "openbao", authPath: "talos" } as const;
    expect(made({ vault: { server } }).vault.setup).toContain("\nbao write auth/talos/role/vault-snapshots ");
  });

  test("its share is a claim, which pod security `restricted` allows, and another share has another volume", () => {
    const { objects } = made().vault.objects;
    const volume = objectOf(objects, "PersistentVolume");
    expect(volume).toMatchObject({
      metadata: { name: "backup-vault-snapshots-10-0-20-5-srv-nfs-vault-backup" },
      spec: { nfs: share, persistentVolumeReclaimPolicy: "Retain" },
    });
    expect(objectOf(objects, "PersistentVolumeClaim")["spec"].volumeName).toBe(volume["metadata"].name);
    const moved = made({ vault: { places: { share: { ...share, path: "/other" } } } }).vault.objects.objects;
    expect(objectOf(moved, "PersistentVolume")["metadata"].name).not.toBe(volume["metadata"].name);
  });

  test("its programs and the authorities of all servers are beside each other", () => {
    const store = objectStore({ ca: "-----BEGIN CERTIFICATE-----\nstore\n" });
    const { objects } = made({ vault: { places: { bucket: { ...bucket, store } } } }).vault.objects;
    const { data } = objectOf(objects, "ConfigMap");
    expect(Object.keys(data).sort()).toEqual([
      "ca.pem",
      "program.mjs",
      "s3.mjs",
      "snapshot-forms.mjs",
      "snapshots.mjs",
      "vault-snapshot.mjs",
    ]);
    expect(data["ca.pem"]).toBe("-----BEGIN CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\nstore\n");
    expect(podOf(objects)["containers"][0].env).toContainEqual({
      name: "NODE_EXTRA_CA_CERTS",
      value: "/program/ca.pem",
    });
  });
});

describe("etcd", () => {
  test("DR-6: its snapshots are taken with the least role, on a control plane that is up", () => {
    const { objects } = made().etcd.objects;
    expect(objectOf(objects, "ServiceAccount", "talos.dev/v1alpha1")).toEqual({
      apiVersion: "talos.dev/v1alpha1",
      kind: "ServiceAccount",
      metadata: { name: "etcd-snapshots", namespace: "backup" },
      spec: { roles: ["os:etcd:backup"] },
    });
    const pod = podOf(objects);
    expect(pod["nodeSelector"]).toEqual({ "node-role.kubernetes.io/control-plane": "" });
    expect(pod["initContainers"].map(({ command }: Attributes) => command.join(" "))).toEqual([
      "/talosctl --nodes $(NODE_ADDRESS) etcd snapshot /scratch/taken.db",
      "/usr/local/bin/etcdutl snapshot status /scratch/taken.db --write-out=table",
    ]);
  });

  test("the runbook of its restore has the cluster's names and addresses", () => {
    const { etcd } = made();
    expectGolden(path.join(__dirname, "golden/etcd-restore.md"), etcd.restoreRunbook);
  });
});

test("alerts are about places only where there are metrics of them", () => {
  const alertsOf = (changes: SnapshotChanges) =>
    objectOf(made(changes).etcd.objects.objects, "PrometheusRule")["spec"].groups[0].rules.map(
      ({ alert }: Attributes) => alert,
    );
  expect(alertsOf({})).toContain("EtcdSnapshotBucketStale");
  expect(alertsOf({})).not.toContain("EtcdSnapshotShareStale");
  const options = { name: "etcd-snapshots", namespace: "backup", subject: "Etcd", places: { share } };
  expect(snapshotAlerts({ ...options, isPushed: false }).map(({ alert }) => alert)).toEqual([
    "EtcdSnapshotJobStale",
    "EtcdSnapshotJobNeverSucceeded",
    "EtcdSnapshotJobAbsent",
  ]);
});

test.each<[what: string, changes: SnapshotChanges, code: string]>([
  ["a week between two", { vault: { schedule: "0 2 * * 0" } }, "vault-snapshots snapshots-too-rare"],
  ["half of the months", { vault: { schedule: "0 2 * */2 *" } }, "vault-snapshots snapshots-too-rare"],
  ["no schedule", { vault: { schedule: "daily" } }, "vault-snapshots malformed-schedule"],
  ["less than seven kept", { vault: { keep: { newest: 6, days: 30 } } }, "vault-snapshots value-too-small"],
  [
    "a bucket that the store does not have",
    { vault: { places: { bucket: { ...bucket, bucket: "vlt" } } } },
    "vault-snapshots unknown-bucket",
  ],
  [
    "nobody whom the store knows",
    { vault: { places: { bucket: { ...bucket, credentials: { ...credentials, identity: "me" } } } } },
    "vault-snapshots unknown-identity",
  ],
  [
    "a path that is none",
    { vault: { places: { share: { ...share, path: "srv" } } } },
    "vault-snapshots.places.share.path wrong-value",
  ],
  ["a server that is none", { vault: { server: { address: "vault:8200" } } }, "vault-snapshots malformed-url"],
  [
    "S3-10: a store in the cluster itself, and nowhere else",
    { etcd: { places: { bucket: { ...bucket, store: objectStore({ cluster: "admin@lab" }) } } } },
    "etcd-snapshots snapshot-inside-cluster",
  ],
  [
    "S3-10: a store by its Service, and nowhere else",
    { etcd: { places: { bucket: { ...bucket, store: objectStore({ endpoint: "https://minio.minio.svc:9000" }) } } } },
    "etcd-snapshots snapshot-inside-cluster",
  ],
  [
    "S3-10: a store by a Service beside, and nowhere else",
    { etcd: { places: { bucket: { ...bucket, store: objectStore({ endpoint: "https://minio.backup:9000" }) } } } },
    "etcd-snapshots snapshot-inside-cluster",
  ],
  [
    "a cluster that does not allow it",
    { cluster: { cluster: { intents: [] } } },
    "etcd-snapshots talos-access-missing",
  ],
  [
    "a namespace to which it is not allowed",
    { etcd: { namespace: "kube-system" } },
    "etcd-snapshots talos-access-missing",
  ],
  [
    "talosctl of another release",
    { etcd: { talosctl: `ghcr.io/siderolabs/talosctl:v1.13.9@sha256:${"a".repeat(64)}` } },
    "etcd-snapshots talosctl-of-other-release",
  ],
])("%s is refused", (_, changes, code) => {
  expect(codesOf(changes)).toEqual([code]);
});

test("a store whose address only Terraform knows may be anywhere", () => {
  const store = objectStore({ endpoint: Token.asString({ "Fn::any": "address" }) });
  const changes = { keep: { newest: 6, days: 30 }, places: { bucket: { ...bucket, store } } };
  expect(codesOf({ etcd: changes })).toEqual(["etcd-snapshots value-too-small"]);
});

describe("a second one of the same name", () => {
  const secondIn = (context: string, namespace: string, changes: Partial<VaultSnapshotsProps>) => (app: App) => {
    const { site } = addSnapshots(app);
    const stack = new KubernetesStack(app, "other", { site, kubeContext: context });
    new VaultSnapshots<string, string>(stack, "vault-snapshots", {
      namespace,
      server: { address: "https://vault.example.org:8200" },
      places: { share: { ...share, path: "/srv/nfs/other" } },
      runbooks: "https://runbooks.example.com/snapshots",
      ...changes,
    });
  };
  const store = objectStore({ endpoint: "https://S3.example.com:8333/" });

  test.each<[string, Partial<VaultSnapshotsProps>, string]>([
    ["folder of a bucket", { places: { bucket: { ...bucket, store } } }, "shared-snapshots"],
    ["share", { places: { share: { ...share, path: `${share.path}/` } } }, "shared-snapshots"],
    ["Pushgateway", { pushgateway: "http://pushgateway.monitoring.svc:9091" }, "shared-snapshot-metrics"],
  ])("is refused in the same %s, since each would speak and delete for the other", (_, changes, code) => {
    expect(refusals(secondIn("admin@lab", "elsewhere", changes)).map((one) => `${one.where} ${one.code}`)).toEqual([
      `test-recovery/vault-snapshots ${code}`,
      `test-other/vault-snapshots ${code}`,
    ]);
  });

  test("may be in a folder of its own, and push to the Pushgateway of its own cluster", () => {
    const changes = {
      places: { bucket: { ...bucket, folder: "other" } },
      pushgateway: "http://pushgateway.monitoring.svc:9091",
    };
    expect(synthesize(secondIn("admin@other", "backup", changes))).toBeDefined();
  });
});

test("S3-10: a store of the cluster is known, and a bucket whose objects end, however it is named", () => {
  const problems = refusals((app) => {
    const { seaweedFs, site } = addSeaweedFs(app, { seaweedFs: { host: "s3.example.com" } });
    const stack = new KubernetesStack(app, "recovery", { site, kubeContext: "admin@lab" });
    const inWords = { ...seaweedFs.store, cluster: undefined };
    new VaultSnapshots<string, string>(stack, "vault-snapshots", {
      namespace: "backup",
      server: { address: "https://vault.example.org:8200" },
      places: { bucket: { store: inWords, bucket: "cnpg-backup", credentials: { identity: "cnpg", secret: "s3" } } },
      runbooks: "https://runbooks.example.com/snapshots",
    });
  });
  expect(problems.map(({ where, code }) => `${where} ${code}`)).toEqual([
    "test-recovery/vault-snapshots backups-expire",
    "test-recovery/vault-snapshots snapshot-inside-cluster",
  ]);
});

test("with a contract before 1.14, the cluster allows it in the v1alpha1 document", () => {
  const versions = { talos: "1.13.9", contract: "1.13", kubernetes: "1.36.3" } as const;
  const talosctl = `ghcr.io/siderolabs/talosctl:v1.13.9@sha256:${"a".repeat(64)}` as const;
  const { cluster } = made();
  const changes = { cluster: { cluster: { versions, intents: cluster.intents } }, etcd: { talosctl } };
  expect(() => codesOf(changes)).toThrow("The synth was expected to be refused.");
});
