/** PostgreSQL with its backups, and the drills that prove them. */
import { App } from "cdktf";
import {
  KubernetesNamespace,
  KubernetesStack,
  type PostgresBootstrap,
  PostgresCluster,
  type PostgresClusterProps,
  type SeaweedFsProps,
} from "../../index";
import { addSeaweedFs, addSeaweedFsHost } from "../helpers/object-stores";
import {
  addPostgres,
  backup,
  databasesStack,
  fillPostgres,
  image,
  inTree,
  objectOf,
  type PostgresChanges,
  postgresObjects,
  postgresVariants,
  refusedPostgres,
  store,
} from "../helpers/postgres";
import { refusals, resources, warnings } from "../helpers/synth";

const objects = (changes?: PostgresChanges) => postgresObjects(new App({ outdir: "unused" }), changes);
const archive = { store, serverName: "old" };

describe("a cluster", () => {
  test("PG-1, T-26: archives its WAL by the plugin, to a store with the checksums that S3 servers take", () => {
    const made = objects();
    expect(objectOf(made, "Cluster")).toMatchObject({
      metadata: { name: "main", namespace: "databases" },
      spec: {
        instances: 3,
        imageName: image,
        storage: { size: "20Gi", storageClass: "proxmox" },
        enableSuperuserAccess: false,
        bootstrap: { initdb: { database: "app", owner: "app", dataChecksums: true } },
        plugins: [
          {
            name: "barman-cloud.cloudnative-pg.io",
            enabled: true,
            isWALArchiver: true,
            parameters: { barmanObjectName: "main-backup", serverName: "main" },
          },
        ],
      },
    });
    expect(objectOf(made, "Cluster")["spec"]).not.toHaveProperty("backup");
    expect(objectOf(made, "ObjectStore", "main-backup")["spec"]).toEqual({
      retentionPolicy: "30d",
      configuration: {
        destinationPath: "s3://postgres/prod/",
        endpointURL: "https://s3.example.com:8333",
        endpointCA: { name: "s3-ca", key: "ca.crt" },
        s3Credentials: {
          accessKeyId: { name: "s3-postgres", key: "ACCESS_KEY_ID" },
          secretAccessKey: { name: "s3-postgres", key: "ACCESS_SECRET_KEY" },
        },
        wal: { compression: "gzip", maxParallel: 4 },
        data: { compression: "gzip", jobs: 2 },
      },
      instanceSidecarConfiguration: {
        env: [
          { name: "AWS_REQUEST_CHECKSUM_CALCULATION", value: "when_required" },
          { name: "AWS_RESPONSE_CHECKSUM_VALIDATION", value: "when_required" },
        ],
      },
    });
  });

  test("PG-3: makes its first base backup at once, and the others by the clock", () => {
    expect(objectOf(objects(), "ScheduledBackup")["spec"]).toEqual({
      cluster: { name: "main" },
      schedule: "0 30 2 * * *",
      immediate: true,
      backupOwnerReference: "cluster",
      method: "plugin",
      pluginConfiguration: { name: "barman-cloud.cloudnative-pg.io" },
    });
  });

  test("T-26: is backed up by an operator of before 1.31 itself, where the plugin is not", () => {
    const made = objects({ cluster: inTree });
    expect(made.map(({ kind }) => kind)).not.toContain("ObjectStore");
    expect(objectOf(made, "Cluster")["spec"]).toMatchObject({
      env: [{ name: "AWS_REQUEST_CHECKSUM_CALCULATION", value: "when_required" }, expect.anything()],
      backup: {
        retentionPolicy: "30d",
        barmanObjectStore: { destinationPath: "s3://postgres/prod/", serverName: "main", wal: { compression: "gzip" } },
      },
    });
    expect(objectOf(made, "Cluster")["spec"]).not.toHaveProperty("plugins");
    expect(objectOf(made, "ScheduledBackup")["spec"]).toMatchObject({ method: "barmanObjectStore" });
    expect(warnings((app) => addPostgres(app, { cluster: inTree }))).toEqual([
      ["lab-databases/main", expect.stringContaining("backups-deprecated")],
    ]);
  });

  test("takes compression, encryption, WAL on a volume of its own, secrets by name and fields without a prop", () => {
    const made = objects(postgresVariants["postgres-in-full"]);
    expect(objectOf(made, "Cluster")["spec"]).toMatchObject({
      bootstrap: { initdb: { database: "shop", owner: "shop", secret: { name: "shop-owner" } } },
      enableSuperuserAccess: true,
      superuserSecret: { name: "root" },
      walStorage: { size: "5Gi" },
      resources: { requests: { cpu: "1", memory: "2Gi" }, limits: { memory: "2Gi" } },
      postgresql: { parameters: { max_connections: "200" } },
      affinity: { topologyKey: "topology.kubernetes.io/zone" },
    });
    expect(objectOf(made, "ObjectStore", "main-backup")["spec"]).toMatchObject({
      configuration: {
        wal: { compression: "zstd", encryption: "AES256", maxParallel: 8 },
        data: { encryption: "aws:kms", jobs: 4 },
      },
      instanceSidecarConfiguration: { env: expect.arrayContaining([{ name: "AWS_DEFAULT_REGION", value: "eu-1" }]) },
    });
  });

  const target = (recovery: object): PostgresBootstrap => ({ recovery: { from: archive, ...recovery } });

  test.each<[string, PostgresBootstrap, object | undefined]>([
    ["the latest moment", target({}), undefined],
    [
      "a moment",
      target({ target: { time: "2026-11-20T08:30:00+01:00" } }),
      { targetTime: "2026-11-20T08:30:00+01:00" },
    ],
    ["a position", target({ target: { lsn: "0/3000060" } }), { targetLSN: "0/3000060" }],
    [
      "a restore point",
      target({ target: { name: "before-upgrade", backupId: "20261120T021500" } }),
      { targetName: "before-upgrade", backupID: "20261120T021500" },
    ],
  ])("is recovered from an archive to %s, and archives elsewhere", (_, bootstrap, recoveryTarget) => {
    const made = objects({ cluster: { bootstrap } });
    const spec = { recovery: { source: "source", database: "app", owner: "app", recoveryTarget } };
    expect(objectOf(made, "Cluster")["spec"]).toMatchObject({
      bootstrap: recoveryTarget === undefined ? { recovery: { source: "source" } } : spec,
      externalClusters: [
        {
          name: "source",
          plugin: {
            name: "barman-cloud.cloudnative-pg.io",
            parameters: { barmanObjectName: "main-source", serverName: "old" },
          },
        },
      ],
      plugins: [{ parameters: { barmanObjectName: "main-backup", serverName: "main" } }],
    });
    expect(objectOf(made, "ObjectStore", "main-source")["spec"]).not.toHaveProperty("retentionPolicy");
  });

  test.each([
    [false, true],
    [true, false],
  ])("follows another one by its archive, until it is promoted: %p", (promoted, enabled) => {
    expect(
      objectOf(objects({ cluster: { bootstrap: { replica: { from: archive, promoted } } } }), "Cluster")["spec"],
    ).toMatchObject({ replica: { enabled, source: "source" }, bootstrap: { recovery: { source: "source" } } });
  });

  test("PG-4, MON-3: is asked by Prometheus, and calls somebody when its backups or WAL stop", () => {
    const made = objects();
    expect(objectOf(made, "PodMonitor")["spec"]).toEqual({
      selector: { matchLabels: { "cnpg.io/cluster": "main" } },
      podTargetLabels: ["cnpg.io/cluster"],
      podMetricsEndpoints: [{ port: "metrics" }],
    });
    expect(JSON.stringify(objectOf(made, "PrometheusRule", "main"))).toContain(
      "barman_cloud_cloudnative_pg_io_last_available_backup_timestamp",
    );
    const without = objects({ cluster: { backup: { none: "It is a cache." } } });
    expect(without.map(({ kind }) => kind)).toEqual(["Cluster", "PodMonitor", "PrometheusRule"]);
    expect(JSON.stringify(without)).not.toContain("Backup");
  });

  test("comes after its operator, whose plugin comes after it", () => {
    const releases = resources(databasesStack(), "helm_release");
    const release = (name: string) => releases.find((one) => one["name"] === name);
    expect(release("cnpg")).toMatchObject({ chart: "cloudnative-pg", version: "0.29.0" });
    expect(release("barman-cloud")).toMatchObject({
      chart: "plugin-barman-cloud",
      version: "0.7.0",
      depends_on: [expect.stringContaining("cnpg-system_cnpg_")],
    });
    expect(release("main")?.["depends_on"]).toEqual([
      expect.stringContaining("cnpg-system_cnpg_"),
      expect.stringContaining("cnpg-system_barman-cloud_"),
      expect.stringContaining("kubernetes_namespace_v1.databases"),
    ]);
  });
});

const changed = (cluster: Partial<PostgresClusterProps>): PostgresChanges => ({ cluster });
const operatedBy = (version: string, backups: "plugin" | "in-tree") =>
  changed({ ...inTree, operator: { ...inTree.operator, version, backups } });
const backedUp = (changes: object): PostgresChanges => changed({ backup: { ...backup, ...changes } });
const storedAt = (changes: object): PostgresChanges => backedUp({ store: { ...store, ...changes } });
const recovered = (recovery: object) => changed({ bootstrap: { recovery: { from: archive, ...recovery } } });

test.each<[string, PostgresChanges, readonly string[]]>([
  ["a name with a dot", { id: "main.db" }, ["malformed-release-name", "malformed-postgres-name"]],
  ["a digest without a version", changed({ image: image.replace(/:18[^@]*/, "") }), ["image-without-version"]],
  ["an image without a digest", changed({ image: "postgresql:18.6" }), ["unpinned-image"]],
  ["no instance", changed({ instances: 0 }), ["value-too-small"]],
  ["a field of a prop", changed({ spec: { plugins: [] } }), ["field-of-prop"]],
  ["no backup without a reason", changed({ backup: { none: " " } }), ["reason-missing"]],
  ["T-26: in-tree backups from 1.31 on", operatedBy("1.31.0", "in-tree"), ["operator-lacks-backups"]],
  ["T-26: the plugin before 1.26", operatedBy("1.25.3", "plugin"), ["operator-lacks-backups"]],
  ["an operator without all numbers", operatedBy("1.30", "plugin"), ["malformed-operator-version"]],
  ["in-tree backups without their programs", changed({ operator: inTree.operator }), ["image-without-barman"]],
  ["PG-2: a retention without a unit", backedUp({ retention: "30" }), ["malformed-retention"]],
  ["PG-2: a retention in years", backedUp({ retention: "1y" }), ["malformed-retention"]],
  ["a schedule of five fields", backedUp({ schedule: "30 2 * * *" }), ["malformed-schedule"]],
  ["an endpoint with a path", storedAt({ endpoint: "https://s3.example.com/x" }), ["malformed-endpoint"]],
  ["a bucket in capitals", storedAt({ bucket: "Postgres" }), ["bucket-name-malformed"]],
  ["a folder of its own with a slash", backedUp({ serverName: "a/b" }), ["malformed-prefix"]],
  ["a folder by another word", storedAt({ prefix: "x/../prod" }), ["malformed-prefix"]],
  ["the folder above", backedUp({ serverName: ".." }), ["malformed-prefix"]],
  ["the environment of in-tree backups", changed({ ...inTree, spec: { env: [] } }), ["field-of-prop"]],
  ["a folder that begins with a slash", storedAt({ prefix: "/prod" }), ["malformed-prefix"]],
  [
    "S3-10, FAIL-11: a store by its Service",
    storedAt({ endpoint: "https://s3.storage.svc" }),
    ["object-store-in-cluster"],
  ],
  [
    "S3-10, FAIL-11: a store by its full name",
    storedAt({ endpoint: "https://s3.storage.svc.cluster.local:8333" }),
    ["object-store-in-cluster"],
  ],
  ["S3-10, FAIL-11: a store by a short name", storedAt({ endpoint: "https://s3:8333" }), ["object-store-in-cluster"]],
  ["S3-10, FAIL-11: a store of the same cluster", storedAt({ cluster: "admin@lab" }), ["object-store-in-cluster"]],
  ["a store inside without a reason", backedUp({ insideCluster: "" }), ["reason-missing"]],
  [
    "a recovery into its own source",
    changed({ bootstrap: { recovery: { from: { store, serverName: "main" } } } }),
    ["recovery-into-source"],
  ],
  [
    "a recovery into its own source by other words",
    changed({
      bootstrap: {
        replica: { from: { store: { ...store, endpoint: "https://S3.example.com:8333/" }, serverName: "main" } },
      },
    }),
    ["recovery-into-source"],
  ],
  ["a moment without an offset", recovered({ target: { time: "2026-11-20T08:30:00" } }), ["malformed-target-time"]],
  ["a day that is not there", recovered({ target: { time: "2026-02-30T08:30:00Z" } }), ["malformed-target-time"]],
  ["a position that is none", recovered({ target: { lsn: "3000060" } }), ["malformed-lsn"]],
  ["a restore point without a name", recovered({ target: { name: "", backupId: "x" } }), ["malformed-restore-point"]],
])("%s is refused", (_, changes, codes) => {
  expect(refusedPostgres(changes).map((problem) => problem.split(" ")[1])).toEqual(codes);
});

test("S3-10: a store inside of the cluster is allowed to who says how it is reached without it", () => {
  const insideCluster = "Its volumes are on NFS, and docs/restore.md mounts them elsewhere.";
  const inside = { ...store, endpoint: "https://s3.storage.svc:8333" };
  expect(databasesStack({ cluster: { backup: { ...backup, store: inside, insideCluster } } })).toBeDefined();
});

/** A cluster beside a store of the app, in a stack of its own for the same Kubernetes, which names the store in words. */
const besideStore = (seaweedFs: Partial<SeaweedFsProps>, endpoint: string, bucket: string) => (app: App) => {
  const { site } = addSeaweedFs(app, { seaweedFs });
  const stack = new KubernetesStack(app, "databases", { site, kubeContext: "admin@lab" });
  fillPostgres(stack, { cluster: { backup: { ...backup, store: { ...store, endpoint, bucket } } } });
  new KubernetesNamespace(stack, "minio");
};

test.each([
  ["by the name that clients use", "https://S3.example.com:8333/"],
  ["by a Service and its namespace", "https://s3.minio:8333"],
  ["by a Service in a namespace that was there before", "https://seaweedfs-s3.there-before:8333"],
])("S3-10, FAIL-11: a store of the same cluster is refused, also %s in words", (_, endpoint) => {
  const problems = refusals(besideStore({ host: "s3.example.com", namespace: "there-before" }, endpoint, "terraform"));
  expect(problems.map(({ where, code }) => `${where} ${code}`)).toEqual([
    "test-databases/main object-store-in-cluster",
  ]);
});

test("a bucket whose objects end is no place for backups", () => {
  const build = (app: App) => {
    const { site } = addSeaweedFsHost(app);
    const stack = new KubernetesStack(app, "databases", { site, kubeContext: "admin@lab" });
    fillPostgres(stack, { cluster: { backup: { ...backup, store: { ...store, bucket: "cnpg-backup" } } } });
  };
  expect(refusals(build).map(({ where, code }) => `${where} ${code}`)).toEqual(["test-databases/main backups-expire"]);
});

test("no two clusters write into one archive, whichever stack they are in", () => {
  const second = (id: string, serverName: string): PostgresChanges => ({
    also: (stack, { props }) => new PostgresCluster(stack, id, { ...props, backup: { ...backup, serverName } }),
  });
  expect(refusedPostgres(second("other", "main"))).toEqual([
    "lab-databases/main shared-archive",
    "lab-databases/other shared-archive",
  ]);
  expect(databasesStack(second("other", "other"))).toBeDefined();
});

test.each(["https://s3.example.com:443", "https://S3.example.com/", "https://s3.example.com."])(
  "an archive at https://s3.example.com is the same one at %s",
  (endpoint) => {
    const at = (address: string) => ({ backup: { ...backup, store: { ...store, endpoint: address } } });
    const also: PostgresChanges["also"] = (stack, { props }) =>
      new PostgresCluster(stack, "other", { ...props, backup: { ...at(endpoint).backup, serverName: "main" } });
    expect(refusedPostgres({ cluster: at("https://s3.example.com"), also })).toEqual([
      "lab-databases/main shared-archive",
      "lab-databases/other shared-archive",
    ]);
  },
);

test("a store without TLS is warned about", () => {
  const plain = { ...store, endpoint: "http://s3.example.com:8333" };
  expect(warnings((app) => addPostgres(app, { cluster: { backup: { ...backup, store: plain } } }))).toEqual([
    ["lab-databases/main", expect.stringContaining("endpoint-without-tls")],
  ]);
});

describe("a drill", () => {
  const made = objects({ drill: {} });
  const inDrill = made.filter(({ metadata }) => metadata.namespace === "drill-main");
  const data = (name: string) => objectOf(made, "ConfigMap", name)["data"] as Record<string, string>;
  const copy = JSON.parse(data("drill-main")["cluster.json"] ?? "");
  const proof = JSON.parse(data("drill-main")["proof.json"] ?? "");

  test("DR-1: restores a copy like the cluster, which archives nothing", () => {
    expect(copy).toMatchObject({
      metadata: { name: "drill-main", namespace: "drill-main" },
      spec: {
        instances: 1,
        imageName: image,
        storage: { size: "20Gi", storageClass: "proxmox" },
        enablePDB: false,
        bootstrap: { recovery: { source: "source", database: "app", owner: "app" } },
        externalClusters: [{ plugin: { parameters: { barmanObjectName: "drill-main-source", serverName: "main" } } }],
      },
    });
    expect(copy.spec).not.toHaveProperty("plugins");
    expect(objectOf(inDrill, "ObjectStore")["spec"]).toMatchObject({
      configuration: { s3Credentials: { accessKeyId: { name: "s3-read" } }, destinationPath: "s3://postgres/prod/" },
    });
  });

  test("proves rows that a CronJob beside the cluster writes", () => {
    expect(proof.spec.containers[0]).toMatchObject({
      image,
      env: expect.arrayContaining([
        { name: "PGHOST", value: "drill-main-rw" },
        { name: "TARGET_TIME", value: "{{target}}" },
        { name: "MAX_LAG_SECONDS", value: "1800" },
        { name: "PGPASSWORD", valueFrom: { secretKeyRef: { name: "drill-main-app", key: "password" } } },
      ]),
    });
    expect(objectOf(made, "CronJob", "main-sentinel")).toMatchObject({
      metadata: { namespace: "databases" },
      spec: { schedule: "*/10 * * * *" },
    });
    expect(data("main-sentinel")["sentinel.sh"]).toMatch(/^#!\/bin\/sh\n/);
  });

  test("may make and delete one copy in its own namespace, and nothing else", () => {
    expect(objectOf(made, "Role")).toMatchObject({ metadata: { namespace: "drill-main" } });
    expect(objectOf(made, "ServiceAccount")).toMatchObject({ automountServiceAccountToken: false });
    expect(made.map(({ kind }) => kind)).not.toContain("ClusterRole");
    const rules = objectOf(made, "Role")["rules"];
    expect(JSON.stringify(rules)).not.toMatch(/secrets|"\*"|patch|exec/);
    expect(rules).toContainEqual({
      apiGroups: ["postgresql.cnpg.io"],
      resources: ["clusters"],
      verbs: ["get", "delete"],
      resourceNames: ["drill-main"],
    });
  });

  test("reaches its own, names, the S3 server, the API server and the Pushgateway", () => {
    const policies = inDrill.filter(({ kind }) => kind === "NetworkPolicy").map(({ spec }) => spec);
    expect(policies).toContainEqual({
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
    });
    const egress = policies.flatMap((spec) => (spec as { egress?: object[] }).egress ?? []);
    expect(egress).toEqual([
      { to: [{ podSelector: {} }] },
      {
        to: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
            podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
          },
        ],
        ports: [
          { protocol: "UDP", port: 53 },
          { protocol: "TCP", port: 53 },
        ],
      },
      { to: [{ ipBlock: { cidr: "10.0.20.10/32" } }], ports: [{ protocol: "TCP", port: 8333 }] },
      { to: [{ ipBlock: { cidr: "10.0.20.100/32" } }], ports: [{ protocol: "TCP", port: 6443 }] },
      {
        to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } }],
        ports: [{ protocol: "TCP", port: 9091 }],
      },
    ]);
  });

  test("reaches the API server by its identity where Cilium is the network", () => {
    const withCilium = objects({ drill: { apiServer: "cilium" } });
    expect(objectOf(withCilium, "CiliumNetworkPolicy")["spec"]).toEqual({
      endpointSelector: {},
      egress: [{ toEntities: ["kube-apiserver"] }],
    });
  });

  test("takes no more room than one copy needs", () => {
    expect(objectOf(made, "ResourceQuota")["spec"]).toMatchObject({ hard: { "requests.storage": "20Gi", pods: "6" } });
    expect(objectOf(made, "LimitRange")).toBeDefined();
  });

  test.each<[string, PostgresChanges, string]>([
    ["of a cluster without backups", { drill: {}, cluster: { backup: { none: "A cache." } } }, "drill-without-backup"],
    ["that is rarer than its result counts", { drill: { maxAgeDays: 6 } }, "drill-too-rare"],
    ["that reaches everything", { drill: { s3: ["0.0.0.0/0"] } }, "drill-not-isolated"],
    ["that reaches everything in halves", { drill: { s3: ["0.0.0.0/1", "128.0.0.0/1"] } }, "drill-not-isolated"],
    ["that reaches a whole network", { drill: { s3: ["10.0.0.0/8"] } }, "drill-not-isolated"],
    ["that reaches a whole network by IPv6", { drill: { s3: ["2001:db8::/32"] } }, "drill-not-isolated"],
    ["that reaches a name", { drill: { apiServer: ["api.example.com"] } }, "drill-not-isolated"],
    ["with six fields", { drill: { schedule: "0 0 4 * * 0" } }, "malformed-schedule"],
    ["of a moment that may not be archived yet", { drill: { targetMinutesAgo: 5 } }, "value-too-small"],
    ["with rare rows", { drill: { sentinelMinutes: 45 } }, "value-out-of-range"],
    ["with a tag", { drill: { nodeImage: "node:24" } }, "unpinned-image"],
    [
      "with a Pushgateway by a public name",
      { drill: { monitoring: { runbooks: "https://docs.example.com", pushgateway: "https://push.example.com" } } },
      "pushgateway-unreachable",
    ],
  ])("%s is refused", (_, changes, code) => {
    expect(refusedPostgres(changes).map((problem) => problem.split(" ")[1])).toContain(code);
  });
});
