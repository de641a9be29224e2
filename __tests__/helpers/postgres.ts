import type { App } from "cdktf";
import {
  KubernetesNamespace,
  type KubernetesObject,
  KubernetesObjects,
  KubernetesStack,
  PostgresCluster,
  type PostgresClusterProps,
  PostgresOperator,
  PostgresRestoreDrill,
  type PostgresRestoreDrillProps,
  ProxmoxSite,
  type S3Store,
} from "../../index";
import { refusals, type Synthesized, synthesize } from "./synth";

export const image = `ghcr.io/cloudnative-pg/postgresql:18.6-standard-trixie@sha256:${"0123456789abcdef".repeat(4)}`;

export const store: S3Store = {
  endpoint: "https://s3.example.com:8333",
  bucket: "postgres",
  prefix: "prod",
  secret: "s3-postgres",
  caSecret: "s3-ca",
};

export const backup = { store, schedule: "0 30 2 * * *", retention: "30d" };

const runbooks = "https://docs.example.com/postgres";

/** A stack with a cluster that is right in everything; a test names what it changes, and adds what it is about. */
export interface PostgresChanges {
  readonly cluster?: Partial<PostgresClusterProps>;
  readonly id?: string;
  /** A drill of it. */
  readonly drill?: Partial<PostgresRestoreDrillProps>;
  readonly also?: (stack: KubernetesStack, main: PostgresCluster) => void;
}

export function addPostgres(app: App, changes: PostgresChanges): KubernetesStack {
  const site = new ProxmoxSite("lab", {
    endpoint: "https://pve.example.com:8006",
    hosts: ["pve1"],
    datastores: { local: {} },
  });
  const stack = new KubernetesStack(app, "databases", { site, kubeContext: "admin@lab" });
  fillPostgres(stack, changes);
  return stack;
}

/** The same in a stack that is there. */
export function fillPostgres(stack: KubernetesStack, { cluster, id = "main", drill, also }: PostgresChanges): void {
  const { namespaceName: namespace, resource } = new KubernetesNamespace(stack, "databases");
  const operator = cluster?.operator ?? new PostgresOperator(stack, "cnpg-system");
  const main = new PostgresCluster(stack, id, {
    site: stack.site,
    operator,
    namespace,
    image,
    storage: { sizeGiB: 20, storageClass: "proxmox" },
    backup,
    monitoring: { runbooks },
    dependsOn: [resource],
    ...cluster,
  });
  if (drill !== undefined) {
    new PostgresRestoreDrill(stack, "drill-main", {
      cluster: main,
      schedule: "0 4 * * 0",
      maxAgeDays: 15,
      s3Secret: "s3-read",
      s3: ["10.0.20.10/32"],
      apiServer: ["10.0.20.100/32"],
      monitoring: { runbooks, pushgateway: "http://pushgateway.monitoring.svc:9091" },
      ...drill,
    });
  }
  also?.(stack, main);
}

/** An operator of before 1.31 that makes the backups itself, and an image that it can do that in. */
export const inTree = {
  operator: { version: "1.30.0", backups: "in-tree", namespaceName: "cnpg-system" },
  image: image.replace("standard", "system"),
} as const;

/** All that a cluster can be, for Kubernetes to judge. */
export const postgresVariants: Readonly<Record<string, PostgresChanges>> = {
  postgres: {
    drill: {},
    also: (stack, { props }) => {
      const from = { store, serverName: "old" };
      const bootstraps = {
        latest: { recovery: { from } },
        time: { recovery: { from, target: { time: "2026-11-20T08:30:00+01:00" } } },
        lsn: { recovery: { from, target: { lsn: "0/3000060" } } },
        name: { recovery: { from, target: { name: "before the upgrade", backupId: "20261120T021500" } } },
        replica: { replica: { from } },
      };
      for (const [id, bootstrap] of Object.entries(bootstraps)) {
        new PostgresCluster(stack, id, { ...props, bootstrap });
      }
    },
  },
  "postgres-in-tree": {
    cluster: { ...inTree, bootstrap: { recovery: { from: { store, serverName: "old" } } } },
    drill: {},
  },
  "postgres-in-full": {
    cluster: {
      bootstrap: { initdb: { database: "shop", secret: "shop-owner" } },
      superuserSecret: "root",
      walStorage: { sizeGiB: 5 },
      resources: { cpu: "1", memory: "2Gi" },
      parameters: { max_connections: "200" },
      spec: { affinity: { topologyKey: "topology.kubernetes.io/zone" } },
      backup: {
        ...backup,
        store: { ...store, region: "eu-1" },
        wal: { compression: "zstd", encryption: "AES256", maxParallel: 8 },
        data: { compression: "none", encryption: "aws:kms", jobs: 4 },
      },
    },
    drill: { apiServer: "cilium" },
  },
};

export function databasesStack(changes: PostgresChanges = {}): Synthesized | undefined {
  return synthesize((app) => addPostgres(app, changes))["lab-databases"];
}

/** The refusals of the stack, as place and code. */
export function refusedPostgres(changes: PostgresChanges): readonly string[] {
  return refusals((app) => addPostgres(app, changes)).map(({ where, code }) => `${where} ${code}`);
}

/** All objects that our constructs for PostgreSQL make, without a synth. */
export function postgresObjects(app: App, changes: PostgresChanges = { drill: {} }): readonly KubernetesObject[] {
  return addPostgres(app, changes)
    .node.findAll()
    .flatMap((construct) => (construct instanceof KubernetesObjects ? construct.objects : []));
}

/** The only object of a kind, and with a name where there are several. */
export function objectOf(objects: readonly KubernetesObject[], kind: string, name?: string): KubernetesObject {
  const [found, ...others] = objects.filter(
    (object) => object.kind === kind && (name === undefined || object.metadata.name === name),
  );
  if (found === undefined || others.length > 0) {
    throw new Error(`Expected one ${kind}, found ${found === undefined ? 0 : others.length + 1}.`);
  }
  return found;
}
