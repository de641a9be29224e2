/** SeaweedFS in a cluster, and what watches a store from there. */
import type { App } from "cdktf";
import { parse } from "yaml";
import { BackupPolicy, type KubernetesObject, KubernetesStack, ProxmoxSite, SeaweedFs } from "../../index";
import {
  addSeaweedFs,
  type ClusterChanges,
  ca,
  seaweedFsHost,
  seaweedFsInCluster,
  store,
} from "../helpers/object-stores";
import { type Attributes, refusals, resources, type Synthesized, synthesize } from "../helpers/synth";

function stackOf(changes: ClusterChanges = {}): Synthesized | undefined {
  return synthesize((app) => addSeaweedFs(app, changes))["test-storage"];
}

function releaseOf(stack: Synthesized | undefined, name: string): Attributes {
  const found = resources(stack, "helm_release").find((release) => release["name"] === name);
  if (found === undefined) throw new Error(`There is no release ${name}.`);
  return found;
}

function valuesOf(changes: ClusterChanges = {}): Attributes {
  return parse(releaseOf(stackOf(changes), "seaweedfs")["values"][0]);
}

function objectsOf(changes: ClusterChanges = {}): readonly KubernetesObject[] {
  const { seaweedFs, probe } = seaweedFsInCluster(changes);
  return [...seaweedFs.objects.objects, ...probe.objects.objects];
}

function objectOf(kind: string, changes: ClusterChanges = {}): Attributes {
  const [object, ...others] = objectsOf(changes).filter((one) => one.kind === kind);
  if (object === undefined || others.length > 0) throw new Error(`There is not one ${kind}.`);
  return object;
}

function codesOf(changes: ClusterChanges): readonly string[] {
  return refusals((app) => addSeaweedFs(app, changes)).map(
    ({ where, code }) => `${where.replace("test-storage/", "")} ${code}`,
  );
}

describe("the chart", () => {
  const values = valuesOf();
  const roles = ["master", "volume", "filer", "s3"];

  test("is in an exact version, after the objects that it needs", () => {
    expect(releaseOf(stackOf(), "seaweedfs")).toMatchObject({
      chart: "seaweedfs",
      repository: "https://seaweedfs.github.io/seaweedfs/helm",
      version: "4.44.0",
      depends_on: [expect.stringMatching(/^helm_release\.seaweedfs_seaweedfs-objects_/)],
    });
  });

  test("runs a pinned image with no more rights than pod security `restricted` gives", () => {
    for (const role of roles) {
      expect(values[role].imageOverride).toMatch(/:4\.44@sha256:[0-9a-f]{64}$/);
      expect(values[role]).toMatchObject({
        podSecurityContext: { enabled: true, runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
        containerSecurityContext: { enabled: true, allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      });
    }
    expect(JSON.stringify(values)).not.toContain("hostPath");
    expect(values["volume"].resizeHook).toEqual({ enabled: false });
  });

  test("S3-4: speaks TLS alone, with the certificate of the issuer", () => {
    // None of its parts asks the API server.
    expect(values["global"].seaweedfs).toMatchObject({ createClusterRole: false, automountServiceAccountToken: false });
    expect(values["global"].seaweedfs.enableSecurity).toBe(true);
    expect(values["s3"]).toMatchObject({ port: 8333, httpsPort: 0, tlsSecret: "seaweedfs-s3-tls" });
    expect(objectOf("Certificate")["spec"]).toMatchObject({
      secretName: "seaweedfs-s3-tls",
      dnsNames: ["seaweedfs-s3.storage.svc", "seaweedfs-s3.storage.svc.cluster.local"],
      issuerRef: { kind: "ClusterIssuer", name: "internal-ca" },
    });
    const given = { seaweedFs: { tls: { secret: "wildcard" }, host: "s3.example.com" } };
    expect(valuesOf(given)["s3"].tlsSecret).toBe("wildcard");
    expect(objectsOf(given).map(({ kind }) => kind)).not.toContain("Certificate");
  });

  test("tells nobody about itself, and keeps its keys out of what the chart writes", () => {
    expect(values["master"].extraArgs).toEqual(["-telemetry=false"]);
    expect(values["s3"].extraArgs).toEqual(["-iam=false", "-port.iceberg=0", "-port.lance=0"]);
    const { securityConfig, extraEnvironmentVars } = values["global"].seaweedfs;
    expect(Object.values(securityConfig.jwtSigning)).toEqual([false, false, false, false]);
    expect(extraEnvironmentVars.WEED_JWT_SIGNING_KEY).toEqual({
      secretKeyRef: { name: "seaweedfs-signing", key: "signing" },
    });
  });

  test("keeps objects on as many replicas as there are, and no fewer than two of more", () => {
    expect(values["volume"].dataDirs).toEqual([
      { name: "data", maxVolumes: 0, type: "persistentVolumeClaim", size: "200Gi" },
    ]);
    expect([values["master"].defaultReplication, values["filer"].defaultReplicaPlacement]).toEqual(["000", "000"]);
    const volumes = { replicas: 3, sizeGiB: 100 };
    const three = valuesOf({ seaweedFs: { volumes, masters: 3, storageClass: "ceph", metadataGiB: 20 } });
    expect(three).toMatchObject({
      master: { replicas: 3, defaultReplication: "001", data: { size: "1Gi", storageClass: "ceph" } },
      volume: { replicas: 3 },
      filer: { replicas: 1, defaultReplicaPlacement: "001", data: { size: "20Gi" } },
    });
  });
});

describe("the secrets", () => {
  const secrets = (changes: ClusterChanges = {}): Readonly<Record<string, Attributes>> =>
    Object.fromEntries(
      resources(stackOf(changes), "kubernetes_secret_v1").map((secret) => [secret["metadata"].name, secret]),
    );

  test("S3-6: the identities are handed on to SeaweedFS and forgotten", () => {
    const made = secrets();
    expect(Object.keys(made).sort()).toEqual(["seaweedfs-admin", "seaweedfs-s3-config", "seaweedfs-signing"]);
    const config: string = made["seaweedfs-s3-config"]?.["data_wo"].seaweedfs_s3_config;
    expect(config).toMatch(/^\$\{jsonencode\(/);
    expect(config).toContain("var.cnpg_key");
    expect(made["seaweedfs-admin"]?.["data_wo"]).toEqual({ AWS_SECRET_ACCESS_KEY: "${var.admin_key}" });
    expect(made["seaweedfs-signing"]?.["data_wo"]).toEqual({ signing: "${var.signing_key}" });
  });

  test("who may do something else is written anew, and read by SeaweedFS, which starts again for it", () => {
    const digest = (changes: ClusterChanges) => valuesOf(changes)["s3"].podAnnotations["checksum/config"];
    const revision = (changes: ClusterChanges) => secrets(changes)["seaweedfs-s3-config"]?.["data_wo_revision"];
    const others = [
      { seaweedFs: { keysRevision: 2 } },
      { seaweedFs: { identities: { ...store.identities, cnpg: { "cnpg-backup": "read" as const } } } },
    ];
    expect(new Set([{}, {}, ...others].map(digest)).size).toBe(3);
    expect(new Set([{}, {}, ...others].map(revision)).size).toBe(3);
  });

  test("may be there already", () => {
    const keys = { secrets: { config: "s3-config", admin: "s3-admin", signing: "s3-signing" } };
    expect(secrets({ seaweedFs: { keys } })).toEqual({});
    expect(valuesOf({ seaweedFs: { keys } })["s3"].existingConfigSecret).toBe("s3-config");
    expect(JSON.stringify(objectOf("Job", { seaweedFs: { keys } }))).toContain('"s3-admin"');
  });

  test("are refused where one is missing", () => {
    const changes = (key: string) => {
      const keys = { admin: key, signing: key, identities: { cnpg: key, terraform: key } };
      return { seaweedFs: { keys, identities: { cnpg: store.identities.cnpg, vault: store.identities.cnpg } } };
    };
    expect(codesOf(changes("hunter2"))).toContain("seaweedfs seaweedFs.keys.identities.vault identity-without-key");
  });

  test("are refused as literals", () => {
    const keys = { admin: "hunter2", signing: "hunter3", identities: { cnpg: "a", terraform: "b", auditor: "c" } };
    expect(codesOf({ seaweedFs: { keys } }).filter((code) => code === "seaweedfs literal-secret")).toHaveLength(5);
  });
});

describe("beside the chart", () => {
  test("nothing but S3 is reached from outside of the release, unless Prometheus is asked in", () => {
    const { spec } = objectOf("NetworkPolicy");
    const parts = { matchLabels: { "app.kubernetes.io/instance": "seaweedfs" } };
    expect(spec).toEqual({
      podSelector: parts,
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ podSelector: parts }] }, { ports: [{ protocol: "TCP", port: 8333 }] }],
    });
    const monitored = { seaweedFs: { monitoring: { namespace: "monitoring" } } };
    expect(objectOf("NetworkPolicy", monitored)["spec"].ingress[2]).toMatchObject({
      from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } }],
      ports: [{ port: 9327 }],
    });
    expect(valuesOf(monitored)["global"].seaweedfs.monitoring).toEqual({
      enabled: true,
      additionalLabels: { release: "kube-prometheus-stack" },
    });
  });

  test("S3-6: a Job makes the buckets, another one when they are others", () => {
    const name = (changes: ClusterChanges = {}) => objectOf("Job", changes)["metadata"].name;
    expect(name()).toMatch(/^seaweedfs-buckets-[0-9a-f]{8}$/);
    expect(name({ seaweedFs: { buckets: {}, identities: {} }, probe: {} })).not.toBe(name());
    const configMap = objectsOf().find(({ metadata }) => metadata.name === "seaweedfs-buckets");
    expect(JSON.parse((configMap as Attributes | undefined)?.["data"]["buckets.json"])).toHaveProperty("cnpg-backup");
  });

  test("clients get the same as from a Docker host", () => {
    const { store: inCluster } = seaweedFsInCluster().seaweedFs;
    const { store: onHost } = seaweedFsHost();
    expect(Object.keys(inCluster)).toEqual(Object.keys(onHost));
    expect(inCluster).toEqual({
      ...onHost,
      endpoint: "https://seaweedfs-s3.storage.svc:8333",
      ca,
      cluster: "admin@lab",
    });
  });
});

describe("the probe", () => {
  test("S3-8: runs every quarter of an hour by the name, the CA and the keys that clients use", () => {
    const pushgateway = "http://pushgateway.monitoring.svc:9091";
    const { spec } = objectOf("CronJob", { probe: { pushgateway } });
    expect(spec).toMatchObject({ schedule: "*/15 * * * *", concurrencyPolicy: "Forbid" });
    const [container] = spec.jobTemplate.spec.template.spec.containers;
    expect(container.command).toEqual(["node", "/program/object-store.mjs", "probe"]);
    expect(container.env).toEqual([
      { name: "S3_ENDPOINT", value: "https://seaweedfs-s3.storage.svc:8333" },
      { name: "S3_REGION", value: "us-east-1" },
      { name: "NODE_EXTRA_CA_CERTS", value: "/program/ca.pem" },
      { name: "S3_BUCKET", value: "cnpg-backup" },
      { name: "PUSHGATEWAY_URL", value: pushgateway },
      { name: "AWS_ACCESS_KEY_ID", value: "cnpg" },
      {
        name: "AWS_SECRET_ACCESS_KEY",
        valueFrom: { secretKeyRef: { name: "cnpg-s3", key: "AWS_SECRET_ACCESS_KEY" } },
      },
    ]);
  });

  test("S3-7: tells Prometheus what it may scrape on a Docker host", () => {
    const seaweedFs = seaweedFsHost({ metricsAddress: "10.0.20.10" });
    const object = objectOf("ScrapeConfig", { probe: { store: seaweedFs.store } });
    expect(object["metadata"].labels).toEqual({ release: "kube-prometheus-stack" });
    expect(object["spec"].staticConfigs).toEqual([
      {
        targets: ["10.0.20.10:9324", "10.0.20.10:9325", "10.0.20.10:9326", "10.0.20.10:9327"],
        labels: { job: "seaweedfs" },
      },
    ]);
  });

  test("alerts about what there are metrics of, and about nothing else", () => {
    const alerts = (changes: ClusterChanges) =>
      objectsOf(changes)
        .filter(({ kind }) => kind === "PrometheusRule")
        .flatMap((rule) => (rule as Attributes)["spec"].groups[0].rules.map(({ alert }: { alert: string }) => alert));
    const monitoring = { namespace: "monitoring" };
    expect(alerts({})).toEqual([]);
    expect(alerts({ seaweedFs: { monitoring } })).toEqual([
      "SeaweedFsDiskFull",
      "SeaweedFsWithoutLeader",
      "SeaweedFsAbsent",
    ]);
    expect(alerts({ probe: { pushgateway: "http://pushgateway:9091" } })).toEqual([
      "ObjectStoreProbeFailed",
      "ObjectStoreProbeStale",
      "ObjectStoreProbeAbsent",
      "ObjectStoreCertificateEnds",
    ]);
  });
});

test("S3-9: a site that says of all data how it comes back says it of the objects, too", () => {
  const problems = refusals((app) => {
    const { site } = addSeaweedFs(app);
    new BackupPolicy(app, { site });
  });
  expect(problems).toMatchObject([{ code: "data-without-backup" }]);
  expect(problems[0]?.message).toContain("the objects of seaweedfs");
});

test("T-24: a name that only an authority of one's own signs needs that authority", () => {
  const build = (host?: string) => (app: App) => {
    const site = new ProxmoxSite("lab", {
      endpoint: "https://pve.example.com:8006",
      hosts: ["pve1"],
      datastores: { local: {} },
    });
    new SeaweedFs(new KubernetesStack(app, "storage", { site, kubeContext: "admin@lab" }), "seaweedfs", {
      site,
      namespace: "storage",
      volumes: { sizeGiB: 1 },
      tls: { issuer: { name: "letsencrypt" } },
      buckets: { files: {} },
      identities: { app: { files: "read" } },
      keys: { secrets: { config: "a", admin: "b", signing: "c" } },
      ...(host === undefined ? {} : { host }),
    });
  };
  expect(refusals(build())).toMatchObject([{ code: "authority-missing", where: "lab-storage/seaweedfs seaweedFs.ca" }]);
  const { "lab-storage": stack } = synthesize(build("s3.example.com"));
  expect(JSON.stringify(stack)).toMatch(/dnsNames:(?:\\n|\s)+- s3\.example\.com\\n(?! *-)/);
});

test("what cannot be is refused, all of it at once", () => {
  expect(
    codesOf({
      seaweedFs: { volumes: { replicas: 0, sizeGiB: 1.5 }, tls: { secret: "My_Secret" }, host: "S3" },
      probe: {
        bucket: "gone",
        credentials: { identity: "nobody", secret: "x_y" },
        schedule: "@hourly",
        pushgateway: "pushgateway:9091",
        runbooks: "none",
        image: "node@sha256:0",
      },
    }),
  ).toEqual([
    "seaweedfs value-too-small",
    "seaweedfs value-too-small",
    "seaweedfs malformed-object-name",
    "seaweedfs seaweedFs.host wrong-value",
    "s3-probe unknown-bucket",
    "s3-probe unknown-identity",
    "s3-probe malformed-object-name",
    "s3-probe malformed-schedule",
    "s3-probe image-without-digest",
    "s3-probe malformed-url",
    "s3-probe malformed-url",
  ]);
});
