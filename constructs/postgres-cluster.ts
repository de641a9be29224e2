import { type ITerraformDependable, Token } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import {
  backupsExpire,
  fieldOfProp,
  malformedPostgresName,
  malformedPrefix,
  malformedSchedule,
  objectStoreInCluster,
  type Problem,
  reasonMissing,
  recoveryIntoSource,
  sharedArchive,
} from "../errors";
import {
  type ArchiveSettings,
  archiveName,
  type BackupForm,
  isDnsLabel,
  isFolder,
  isInCluster,
  isSchedule,
  type KubernetesObject,
  longestGap,
  operatorProblems,
  type PostgresArchive,
  type PostgresBootstrap,
  type PostgresVolume,
  postgresAlerts,
  postgresCluster,
  postgresImageProblems,
  postgresMonitor,
  prometheusRule,
  retentionProblems,
  type S3Store,
  sourceOf,
  storeProblems,
  targetProblems,
} from "../manifests";
import type { BackupSource, DataHolder } from "./backup-policy";
import { KubernetesObjects } from "./kubernetes-objects";
import type { PostgresOperatorFacts } from "./postgres-operator";
import { addCheck } from "./private/checks";
import { clusterOf, namespacesBeside } from "./private/cluster-of";
import { given } from "./private/given";
import { clusterOfStore, expiryOf } from "./private/known-stores";
import { boundsProblems } from "./private/numbers";
import type { ProxmoxSite } from "./proxmox-site";

/** When base backups are made, where they and the WAL go, and how far back one can be restored to. */
export interface PostgresBackup extends ArchiveSettings {
  /** The store; the cluster archives its WAL to it all the time (PG-1). Changing it begins a new archive. */
  readonly store: S3Store;

  /**
   * Folder of the cluster in the store. A cluster that was recovered needs another one than the one it came from.
   *
   * @default - the name of the cluster
   */
  readonly serverName?: string;

  /** When base backups are made, six fields with seconds first, in UTC: `0 30 2 * * *`. One is made at once (PG-3). */
  readonly schedule: string;

  /** How far back one can be restored to, to any moment: `30d`, `4w`, `6m` (PG-2). What is older is deleted. */
  readonly retention: string;

  /**
   * How the store is reached when the cluster is gone, if it runs in it. Without a word on that, such a store is refused
   * (S3-10).
   *
   * @default - the store is outside
   */
  readonly insideCluster?: string;
}

/** Who is asked, and told, how a cluster is. */
export interface PostgresMonitoring {
  /** Where the runbooks are: an alert's is `<runbooks>#<alert in lower case>`. */
  readonly runbooks: string;

  /** Labels by which Prometheus finds its objects. @default - { release: "kube-prometheus-stack" } */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface PostgresClusterProps {
  readonly site: ProxmoxSite;

  /** The operator: the construct, or what is known about one that is there already. */
  readonly operator: PostgresOperatorFacts;

  /** Namespace, which has to be there. Changing it makes another cluster, and deletes this one with its data. */
  readonly namespace: string;

  /**
   * Image of PostgreSQL with its version and digest: `…/postgresql:18.6-standard-trixie@sha256:…`. A change restarts the
   * instances one by one, the primary last; another major version stops all of them for the upgrade.
   */
  readonly image: string;

  /** Volume of each instance. It grows in place; a smaller one, or another class, is refused by the operator. */
  readonly storage: PostgresVolume;

  /** Base backups and WAL, or why there are none. */
  readonly backup: PostgresBackup | { readonly none: string };

  /** How many instances, one of which takes writes. @default 3 */
  readonly instances?: number;

  /** What the cluster begins with; later only `promoted` of a replica has an effect. @default - an empty database "app" */
  readonly bootstrap?: PostgresBootstrap;

  /** Volume of its own for WAL. Adding one restarts the instances, taking it away is refused. @default - beside the data */
  readonly walStorage?: PostgresVolume;

  /** What an instance gets; it may not go beyond the memory. A change restarts the instances. @default - nothing is set */
  readonly resources?: { readonly cpu: string; readonly memory: string };

  /** Settings of PostgreSQL by name. Some of them restart the instances. @default - those of the operator */
  readonly parameters?: Readonly<Record<string, string>>;

  /** Existing Secret with `username` and `password` of the superuser. @default - no superuser over the network */
  readonly superuserSecret?: string;

  /** PodMonitor and alerts; needs the Prometheus operator. @default - none */
  readonly monitoring?: PostgresMonitoring;

  /** Fields of the Cluster's spec that have no prop, as CloudNativePG has them. @default - none */
  readonly spec?: Readonly<Record<string, unknown>>;

  /** @default - none, beside the operator */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/** All clusters with their archives, per construct tree: no two of them may write into one. */
const clusters = new WeakMap<IConstruct, PostgresCluster[]>();

/**
 * A PostgreSQL cluster of CloudNativePG, named after its id: instances, WAL archive, base backups and alerts.
 *
 * @example
 * const main = new PostgresCluster(stack, "main", {
 *   site,
 *   operator,
 *   namespace: "databases",
 *   image,
 *   storage: { sizeGiB: 20 },
 *   backup: {
 *     store: { endpoint: "https://s3.example.com:8333", bucket: "postgres", secret: "s3-postgres" },
 *     schedule: "0 30 2 * * *",
 *     retention: "30d",
 *   },
 * });
 */
export class PostgresCluster extends Construct implements DataHolder, BackupSource {
  readonly site: ProxmoxSite;
  readonly clusterName: string;
  readonly namespaceName: string;
  /** Where the backups are; another cluster can be recovered from it. */
  readonly archive: PostgresArchive | undefined;
  /** Who makes the backups. */
  readonly backups: BackupForm;
  /** The database that it was made for. */
  readonly database: string;
  /** Role that owns it. */
  readonly owner: string;
  /** Secret with `username` and `password` of the owner. */
  readonly appSecret: string;
  readonly objects: KubernetesObjects;
  /** What it was made of. */
  readonly props: PostgresClusterProps;

  constructor(scope: Construct, id: string, props: PostgresClusterProps) {
    super(scope, id);
    const { operator, namespace, backup, bootstrap = { initdb: {} }, monitoring, dependsOn = [] } = props;
    const { database = "app", owner = database, secret = `${id}-app` } = bootstrap.initdb ?? bootstrap.recovery ?? {};
    this.props = props;
    this.site = props.site;
    this.clusterName = id;
    this.namespaceName = namespace;
    this.backups = operator.backups;
    this.database = database;
    this.owner = owner;
    this.appSecret = secret;
    this.archive = "none" in backup ? undefined : { store: backup.store, serverName: backup.serverName ?? id };
    this.objects = new KubernetesObjects(this, id, {
      namespace,
      objects: [...this.#clusterObjects(bootstrap), ...(monitoring === undefined ? [] : this.#monitoring(monitoring))],
      dependsOn: [...(operator.resources ?? []), ...dependsOn],
    });
    const root = this.node.root;
    const all = clusters.get(root) ?? [];
    clusters.set(root, all);
    all.push(this);
    addCheck(this, () => this.#problems(bootstrap, all));
  }

  get holdsData(): string {
    return `PostgreSQL ${this.namespaceName}/${this.clusterName}`;
  }

  /** Its own data, and nothing else. */
  backsUp(holder: DataHolder): boolean {
    return holder === this && this.archive !== undefined;
  }

  #clusterObjects(bootstrap: PostgresBootstrap): readonly KubernetesObject[] {
    const {
      image,
      storage,
      instances = 3,
      backup,
      walStorage,
      resources,
      parameters,
      superuserSecret,
      spec,
    } = this.props;
    return postgresCluster({
      name: this.clusterName,
      namespace: this.namespaceName,
      backups: this.backups,
      image,
      storage,
      instances,
      bootstrap,
      ...given({ walStorage, resources, parameters, superuserSecret, spec }),
      ...("none" in backup || this.archive === undefined ? {} : { backup: { ...backup, archive: this.archive } }),
    });
  }

  #monitoring({ runbooks, labels }: PostgresMonitoring): readonly KubernetesObject[] {
    const { backup } = this.props;
    const of = { name: this.clusterName, namespace: this.namespaceName, backups: this.backups };
    const schedule = "none" in backup ? undefined : backup.schedule;
    const readable = schedule !== undefined && isSchedule(schedule, "6-part");
    const alerts = postgresAlerts({ ...of, ...(readable ? { backupSeconds: longestGap(schedule) } : {}) });
    return [
      postgresMonitor(this.clusterName, this.namespaceName, labels),
      prometheusRule({ name: this.clusterName, namespace: this.namespaceName, runbooks, alerts, ...given({ labels }) }),
    ];
  }

  #problems(bootstrap: PostgresBootstrap, all: readonly PostgresCluster[]): Problem[] {
    const where = this.node.path;
    const { operator, image, instances, storage, walStorage, spec = {} } = this.props;
    const target = bootstrap.recovery?.target;
    return [
      ...(/^[a-z]/.test(this.clusterName) && isDnsLabel(this.clusterName) && this.clusterName.length <= 50
        ? []
        : [malformedPostgresName(where, this.clusterName)]),
      ...operatorProblems(where, operator.version, this.backups),
      ...postgresImageProblems(where, image, this.backups),
      ...boundsProblems(where, [
        ["instances", instances, 1],
        ["storage.sizeGiB", storage.sizeGiB, 1],
        ["walStorage.sizeGiB", walStorage?.sizeGiB, 1],
      ]),
      ...Object.keys(spec)
        .filter((field) => ownFields.has(field) || (field === "env" && this.backups === "in-tree"))
        .map((field) => fieldOfProp(where, `spec.${field}`)),
      ...(target === undefined ? [] : targetProblems(where, target)),
      ...this.#backupProblems(bootstrap, all),
    ];
  }

  #backupProblems(bootstrap: PostgresBootstrap, all: readonly PostgresCluster[]): Problem[] {
    const where = this.node.path;
    const { backup } = this.props;
    const source = sourceOf(bootstrap);
    const sourceStore = source === undefined ? [] : known(source.store, (store) => storeProblems(where, store));
    if ("none" in backup || this.archive === undefined) {
      const isSaid = !("none" in backup) || backup.none.trim() !== "";
      return [...sourceStore, ...(isSaid ? [] : [reasonMissing(where, "the cluster has no backup")])];
    }
    const { schedule, retention, store, insideCluster } = backup;
    const archive = archiveName(this.archive);
    const [other] = all.filter(
      (one) => one !== this && one.archive !== undefined && archiveName(one.archive) === archive,
    );
    const isInside =
      isSame(clusterOfStore(this, store), clusterOf(this)) || isInCluster(store.endpoint, namespacesBeside(this));
    const days = expiryOf(this, store.endpoint, store.bucket);
    return [
      ...sourceStore,
      ...known(store, () => [
        ...storeProblems(where, store),
        ...(isInside && insideCluster === undefined ? [objectStoreInCluster(where, store.endpoint)] : []),
        ...(days === undefined ? [] : [backupsExpire(where, store.bucket, days)]),
      ]),
      ...(insideCluster?.trim() === "" ? [reasonMissing(where, "the object store is inside of the cluster")] : []),
      ...(isSchedule(schedule, "6-part") ? [] : [malformedSchedule(where, schedule, "six")]),
      ...retentionProblems(where, retention),
      ...(isFolder(this.archive.serverName) ? [] : [malformedPrefix(where, this.archive.serverName)]),
      ...(source !== undefined && archiveName(source) === archive ? [recoveryIntoSource(where, archive)] : []),
      ...(other === undefined ? [] : [sharedArchive(where, archive, other.node.path)]),
    ];
  }
}

/** The problems of a store whose address and bucket are no values that Terraform knows only later. */
function known(store: S3Store, problems: (store: S3Store) => readonly Problem[]): readonly Problem[] {
  return [store.endpoint, store.bucket, store.prefix].some((text) => Token.isUnresolved(text)) ? [] : problems(store);
}

/** Whether both are known, and one. */
function isSame(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && one === other;
}

/** What the props make of the Cluster's spec. */
const ownFields: ReadonlySet<string> = new Set([
  "instances",
  "imageName",
  "storage",
  "walStorage",
  "resources",
  "postgresql",
  "enableSuperuserAccess",
  "superuserSecret",
  "bootstrap",
  "replica",
  "externalClusters",
  "plugins",
  "backup",
]);
