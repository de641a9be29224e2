/** Drills of snapshots: what is made for them, and what is refused. */
import { TerraformVariable } from "cdktf";
import { type KubernetesObject, ProxmoxSite, SeaweedFsHost, SiteStack, type VaultRestoreDrillProps } from "../../index";
import { objectOf } from "../helpers/postgres";
import { addSnapshots, objectStore, type SnapshotChanges, share, vaultProof } from "../helpers/snapshots";
import { type Attributes, newApp, refusals } from "../helpers/synth";

function etcdObjects(changes: SnapshotChanges = {}): readonly KubernetesObject[] {
  return addSnapshots(newApp("unused"), { etcdDrill: {}, ...changes }).etcdDrill?.objects.objects ?? [];
}

function copyOf(objects: readonly KubernetesObject[]): Attributes {
  return JSON.parse((objectOf(objects, "ConfigMap")["data"] as Record<string, string>)["copy.json"] ?? "");
}

function containersOf({ spec }: Attributes): readonly Attributes[] {
  return [...spec.initContainers, ...spec.containers];
}

describe("the copy of etcd", () => {
  const objects = etcdObjects();
  const copy = copyOf(objects);

  test("DR-1, DR-6: is fetched, checked, restored, started and asked", () => {
    expect(containersOf(copy).map(({ name, command }) => [name, command.slice(0, 4).join(" ")])).toEqual([
      ["fetch", "node /programs/snapshot-fetch.mjs etcd /scratch/fetched"],
      ["check", "/usr/local/bin/etcdutl snapshot status /scratch/fetched"],
      ["restore", "/usr/local/bin/etcdutl snapshot restore /scratch/fetched"],
      ["etcd", expect.stringMatching(/^\/usr\/local\/bin\/etcd --data-dir=\/scratch\/etcd --listen-client-urls=/)],
      ["prove", "node /programs/etcd-proof.mjs"],
    ]);
    const { metadata, spec } = copy;
    expect(metadata).toMatchObject({ name: "drill-etcd-copy", namespace: "drill-etcd" });
    expect(spec.containers[1].env).toContainEqual({ name: "LEAST_OBJECTS", value: "500" });
  });

  test("reads the folder of the snapshots by the key of the drill, and how old one may be", () => {
    const env = copy["spec"].initContainers[0].env;
    for (const one of [
      { name: "BACKUP_NAME", value: "etcd-snapshots" },
      { name: "MAX_AGE_SECONDS", value: "108000" },
      { name: "S3_BUCKET", value: "etcd" },
      { name: "S3_PREFIX", value: "etcd-snapshots" },
      { name: "AWS_ACCESS_KEY_ID", value: "drill" },
      {
        name: "AWS_SECRET_ACCESS_KEY",
        valueFrom: { secretKeyRef: { name: "s3-drill", key: "AWS_SECRET_ACCESS_KEY" } },
      },
    ]) {
      expect(env).toContainEqual(one);
    }
    for (const { env: others = [] } of containersOf(copy).slice(1)) {
      expect(JSON.stringify(others)).not.toContain("AWS_");
    }
  });

  test("has no token, answers on its loopback, ends by itself, and its data goes with it", () => {
    const { spec } = copy;
    expect(spec).toMatchObject({ automountServiceAccountToken: false, activeDeadlineSeconds: 65 * 60 });
    const addresses = JSON.stringify(spec.containers[0].command).match(/\/\/[^",]+/g);
    expect(new Set(addresses?.map((address) => address.replace(/:\d+$/, "")))).toEqual(new Set(["//127.0.0.1"]));
    expect(spec.volumes).toContainEqual({ name: "scratch", emptyDir: { sizeLimit: "20Gi" } });
    expect(objectOf(objects, "ResourceQuota")["spec"]).toMatchObject({ hard: { persistentvolumeclaims: "0" } });
  });

  test("reaches names and the S3 server, and nobody reaches it", () => {
    const policies = objects.filter(({ kind }) => kind === "NetworkPolicy").map(({ spec }) => spec as Attributes);
    const ofAll = policies.filter(({ podSelector }) => Object.keys(podSelector).length === 0);
    expect(ofAll.flatMap(({ egress = [] }) => egress).map(({ to }) => to)).toEqual([
      [
        {
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
          podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
        },
      ],
      [{ ipBlock: { cidr: "10.0.20.10/32" } }],
    ]);
    expect(policies.flatMap(({ ingress = [] }) => ingress)).toEqual([]);
    expect(ofAll[0]).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
  });

  test("only the drill itself reaches the API server and the Pushgateway", () => {
    const policies = objects.filter(({ kind }) => kind === "NetworkPolicy").map(({ spec }) => spec as Attributes);
    const itself = { matchLabels: { "app.kubernetes.io/name": "drill-etcd" } };
    const ofItself = policies.filter(({ podSelector }) => Object.keys(podSelector).length > 0);
    expect(ofItself.map(({ podSelector }) => podSelector)).toEqual([itself, itself]);
    expect(objectOf(objects, "CronJob")["spec"]).toMatchObject({
      jobTemplate: { spec: { template: { metadata: { labels: itself.matchLabels } } } },
    });
    expect(copy["metadata"].labels).toBeUndefined();
    const withCilium = objectOf(etcdObjects({ etcdDrill: { apiServer: "cilium" } }), "CiliumNetworkPolicy");
    expect(withCilium["spec"]).toEqual({ endpointSelector: itself, egress: [{ toEntities: ["kube-apiserver"] }] });
  });

  test("has all programs that its containers and its drill run, and the authority of the store", () => {
    const store = objectStore({ ca: "-----BEGIN CERTIFICATE-----\n" });
    const credentials = { identity: "etcd", secret: "etcd-s3" };
    const etcd = { places: { bucket: { store, bucket: "etcd", credentials, folder: "night" } } };
    const made = etcdObjects({ etcd });
    const files = Object.keys(objectOf(made, "ConfigMap")["data"] as object);
    expect(files.sort()).toEqual([
      "ca.pem",
      "copy.json",
      "etcd-proof.mjs",
      "program.mjs",
      "restore-drill.mjs",
      "s3.mjs",
      "snapshot-fetch.mjs",
      "snapshot-forms.mjs",
      "snapshot-restore-drill.mjs",
    ]);
    const [fetch] = containersOf(copyOf(made));
    expect(fetch?.["env"]).toContainEqual({ name: "NODE_EXTRA_CA_CERTS", value: "/programs/ca.pem" });
    expect(fetch?.["env"]).toContainEqual({ name: "S3_PREFIX", value: "night" });
  });
});

describe("the copy of Vault", () => {
  const made = (changes: SnapshotChanges = {}) =>
    addSnapshots(newApp("unused"), { vaultDrill: {}, ...changes }).vaultDrill;
  const objects = made()?.objects.objects ?? [];
  const copy = copyOf(objects);
  const files = objectOf(objects, "ConfigMap")["data"] as Readonly<Record<string, string>>;

  test("DR-1: is fetched, started and asked, in the image of its release", () => {
    expect(containersOf(copy).map(({ name, command }) => [name, command.join(" ")])).toEqual([
      ["fetch", "node /programs/snapshot-fetch.mjs vault /scratch/fetched"],
      ["vault", "vault server -config=/programs/server.json"],
      ["prove", "node /programs/vault-proof.mjs"],
    ]);
    expect(copy["spec"].containers[0].image).toMatch(/vault:1\.21\.1@sha256:/);
  });

  test("answers on its loopback, and has its data in its scratch", () => {
    const { listener, storage, ...others } = JSON.parse(files["server.json"] ?? "");
    expect(listener.tcp).toMatchObject({ address: "127.0.0.1:8200", tls_disable: true });
    expect(storage.raft.path).toBe("/scratch");
    expect(others).toEqual({
      api_addr: "http://127.0.0.1:8200",
      cluster_addr: "https://127.0.0.1:8201",
      disable_mlock: true,
    });
  });

  test("only who asks it has the keys, from a Secret, and they are nowhere in the objects", () => {
    const [fetch, server, prove] = containersOf(copy);
    for (const { env = [] } of [fetch ?? {}, server ?? {}]) expect(JSON.stringify(env)).not.toContain("UNSEAL_KEYS");
    for (const key of ["UNSEAL_KEYS", "ROLE_ID", "SECRET_ID"]) {
      expect(prove?.["env"]).toContainEqual({ name: key, valueFrom: { secretKeyRef: { name: "vault-unseal", key } } });
    }
    expect(prove?.["env"]).toContainEqual({ name: "VALUE_SHA256", value: vaultProof.sha256 });
    expect(prove?.["env"]).toContainEqual({ name: "LOGIN", value: "auth/drill-vault/login" });
  });

  test("stays sealed where no proof is given", () => {
    const sealed = addSnapshots(newApp("unused"), { vaultDrill: "sealed" }).vaultDrill;
    expect(sealed?.setup).toBeUndefined();
    expect(JSON.stringify(copyOf(sealed?.objects.objects ?? []))).not.toMatch(/UNSEAL_KEYS|VALUE_/);
  });

  test("is OpenBao where the snapshots are", () => {
    const server = { address: "https://bao.example.com:8200", flavour: "openbao" } as const;
    const bao = made({ vault: { server } });
    expect(copyOf(bao?.objects.objects ?? [])["spec"].containers[0]).toMatchObject({
      name: "bao",
      command: ["bao", "server", "-config=/programs/server.json"],
    });
    expect(bao?.setup).toContain("bao auth enable -path=drill-vault approle");
  });

  test("is opened to an AppRole that may read one value, which an administrator makes once", () => {
    expect(made()?.setup?.match(/path "[^"]+" \{\n {2}capabilities = \["\w+"\]/g)).toEqual([
      'path "restore-drill/sentinel" {\n  capabilities = ["read"]',
    ]);
    expect(made()?.setup).toContain("token_no_default_policy=true");
  });
});

test.each<[what: string, changes: SnapshotChanges, code: string]>([
  ["of snapshots that are in no bucket", { etcd: { places: { share } }, etcdDrill: {} }, "drill-without-bucket"],
  [
    "with the key that writes them",
    { etcdDrill: { credentials: { identity: "etcd", secret: "etcd-s3" } } },
    "drill-may-write",
  ],
  [
    "by somebody whom the store does not know",
    { etcdDrill: { credentials: { identity: "me", secret: "s3-drill" } } },
    "unknown-identity",
  ],
  [
    "with a Secret that is none",
    { etcdDrill: { credentials: { identity: "drill", secret: "S3 drill" } } },
    "malformed-object-name",
  ],
  ["that counts nothing", { etcdDrill: { minimumObjects: 0 } }, "value-too-small"],
  ["that no snapshot is young enough for", { etcdDrill: { maxSnapshotAgeHours: 0 } }, "value-too-small"],
  ["that is rarer than its result counts", { etcdDrill: { maxAgeDays: 6 } }, "drill-too-rare"],
  ["that reaches everything", { etcdDrill: { s3: ["0.0.0.0/0"] } }, "drill-not-isolated"],
])("a drill %s is refused", (_, changes, code) => {
  const problems = refusals((app) => void addSnapshots(app, changes));
  expect(problems.map((problem) => `${problem.where} ${problem.code}`)).toEqual([`test-recovery/drill-etcd ${code}`]);
});

test("a drill with the key of anybody who may write the bucket is refused, where the app makes the store", () => {
  const problems = refusals((app) => {
    const site = new ProxmoxSite<string, string>("host", {
      endpoint: "https://pve2.example.com:8006",
      hosts: ["pve-2"],
      datastores: { local: {} },
    });
    const stack = new SiteStack(app, "storage", { site });
    const key = new TerraformVariable(stack, "key", { type: "string", sensitive: true }).stringValue;
    const { store } = new SeaweedFsHost(stack, "seaweedfs", {
      ...{ site, host: "s3.example.com", storage: { folder: "/srv/s3" }, tls: { folder: "/etc/s3" } },
      buckets: { etcd: {} },
      identities: { etcd: { etcd: "write" }, other: { etcd: "write" }, drill: { etcd: "read" } },
      keys: { admin: key, signing: key, identities: { etcd: key, other: key, drill: key } },
    });
    addSnapshots(app, {
      etcd: { places: { bucket: { store, bucket: "etcd", credentials: { identity: "etcd", secret: "etcd-s3" } } } },
      etcdDrill: { credentials: { identity: "other", secret: "s3-drill" } },
    });
  });
  expect(problems.map(({ where, code }) => `${where} ${code}`)).toEqual(["test-recovery/drill-etcd drill-may-write"]);
});

test.each<[what: string, changes: Partial<VaultRestoreDrillProps>, problem: string]>([
  ["with a tag for an image", { image: "vault:1.21@sha256:latest" }, "drill-vault image-without-digest"],
  [
    "with a checksum that is none",
    { proof: { ...vaultProof, sha256: "known" } },
    "drill-vault.proof.sha256 wrong-value",
  ],
  ["with a Secret that is none", { proof: { ...vaultProof, secret: "S 3" } }, "drill-vault malformed-object-name"],
])("a drill of Vault %s is refused", (_, vaultDrill, problem) => {
  const problems = refusals((app) => void addSnapshots(app, { vaultDrill: { ...vaultDrill } }));
  expect(problems.map(({ where, code }) => `${where} ${code}`)).toEqual([`test-recovery/${problem}`]);
});
