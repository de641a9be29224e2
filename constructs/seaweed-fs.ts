import { Fn, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { authorityMissing, literalSecret, malformedObjectName, type Problem, tooSmall, wrongValue } from "../errors";
import { placesIn } from "../machine-configs/document";
import { isObjectName } from "../manifests";
import {
  type CertificateIssuer,
  type ChartOptions,
  chartObjects,
  chartValues,
  digestOf,
  type ExistingSecrets,
  keyProblems,
  type ObjectStore,
  type ObjectStoreKeys,
  type ObjectStoreProps,
  region,
  type StoreMonitoring,
  s3Config,
  s3Port,
  secretsIn,
  storeProblems,
} from "../object-storage";
import { charts } from "../versions";
import type { DataHolder } from "./backup-policy";
import { HelmChart } from "./helm-chart";
import { KubernetesObjects } from "./kubernetes-objects";
import { KubernetesSecret } from "./kubernetes-secret";
import { addCheck } from "./private/checks";
import { clusterOf } from "./private/cluster-of";
import { makeStoreKnown } from "./private/known-stores";
import { namesOf } from "./private/names-of";
import { packagePrograms } from "./private/package-files";
import { stateProblems } from "./private/state-in-store";
import { holdsTerraformValue, withoutTerraformValues } from "./private/terraform-text";
import type { ProxmoxSite } from "./proxmox-site";

export interface SeaweedFsProps<Bucket extends string = string, Identity extends string = string>
  extends ObjectStoreProps<Bucket, Identity> {
  /** The site that it is part of: its BackupPolicy has to say where a copy of the objects is (S3-9). */
  readonly site: ProxmoxSite;

  /** Namespace, which has to be there; pod security may be `restricted`. Changing it replaces the store. */
  readonly namespace: string;

  /** Where objects are. A size cannot become smaller; from two replicas on, each object is on two of them. */
  readonly volumes: {
    /** @default 1 */
    readonly replicas?: number;

    /** Of each replica, in GiB. */
    readonly sizeGiB: number;
  };

  /** Disk of the filer in GiB, which knows where each object is. @default 10 */
  readonly metadataGiB?: number;

  /** How many masters there are: one, or three to lose one of. @default 1 */
  readonly masters?: 1 | 3;

  /** Storage class of all disks. Changing it has no effect on disks that are there. @default - the cluster's */
  readonly storageClass?: string;

  /**
   * Name by which all clients call it; how it gets to the service is yours.
   *
   * @default - `<id>-s3.<namespace>.svc`, for clients inside, which need `ca`
   */
  readonly host?: string;

  /** An issuer of cert-manager, or a Secret with `tls.crt` and `tls.key` (S3-4). Either way cert-manager has to be there. */
  readonly tls: { readonly issuer: CertificateIssuer } | { readonly secret: string };

  /** The secrets: Terraform values, which Terraform hands on and forgets, or the Secrets in which they are already. */
  readonly keys: ObjectStoreKeys<Identity> | { readonly secrets: ExistingSecrets };

  /** Terraform does not know the keys, so it writes others only when this number changes. @default 1 */
  readonly keysRevision?: number;

  /** ServiceMonitors, and the way for Prometheus to the metrics (S3-7). @default - nobody reaches metrics */
  readonly monitoring?: StoreMonitoring;

  /** @default - none */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/**
 * SeaweedFS in a cluster, by its chart: an S3 endpoint with TLS, of which nothing but S3 can be reached from outside of
 * the release, which is named after the construct's id. `store` is what clients need, the same as of `SeaweedFsHost`.
 *
 * It is not for the backups of databases in the same cluster (S3-10): after a loss, one would wait for the other.
 *
 * @example
 * const seaweedFs = new SeaweedFs(stack, "seaweedfs", {
 *   site,
 *   namespace: "storage",
 *   volumes: { sizeGiB: 200 },
 *   host: "s3.example.com",
 *   tls: { issuer: { name: "letsencrypt" } },
 *   buckets: { "app-files": {} },
 *   identities: { app: { "app-files": "write" } },
 *   keys: { admin: adminKey.stringValue, signing: signingKey.stringValue, identities: { app: appKey.stringValue } },
 * });
 */
export class SeaweedFs<const Bucket extends string, const Identity extends string>
  extends Construct
  implements DataHolder
{
  readonly store: ObjectStore<Bucket, Identity>;
  readonly site: ProxmoxSite;
  readonly chart: HelmChart;
  readonly objects: KubernetesObjects;

  constructor(scope: Construct, id: string, props: SeaweedFsProps<Bucket, Identity>) {
    super(scope, id);
    this.site = props.site;
    const { namespace, volumes, masters = 1, metadataGiB = 10, storageClass, tls, monitoring, dependsOn = [] } = props;
    const service = `${id}-s3.${namespace}.svc`;
    const host = props.host ?? service;
    this.store = {
      endpoint: `https://${host}:${s3Port}`,
      region,
      ca: props.ca,
      buckets: namesOf(props.buckets),
      identities: namesOf(props.identities),
      metrics: monitoring === undefined ? undefined : [],
      cluster: clusterOf(this),
    };
    makeStoreKnown(this, { store: this.store, buckets: props.buckets, identities: props.identities });
    const [secrets, made] = this.#secrets(props);
    const options: ChartOptions = {
      name: id,
      namespace,
      masters,
      volumes: { replicas: 1, ...volumes },
      metadataGiB,
      storageClass,
      tlsSecret: "secret" in tls ? tls.secret : `${id}-s3-tls`,
      secrets,
      monitoring,
      configDigest: identitiesDigest(props),
    };
    const certificate =
      "secret" in tls
        ? undefined
        : { issuer: tls.issuer, names: props.host === undefined ? [service, `${service}.cluster.local`] : [host] };
    const programs = packagePrograms("object-store.mjs");
    this.objects = new KubernetesObjects(this, `${id}-objects`, {
      namespace,
      objects: chartObjects(props, options, { certificate, store: this.store, programs }),
      dependsOn: [...dependsOn, ...made],
    });
    this.chart = new HelmChart(this, id, {
      ...charts.seaweedFs,
      namespace,
      values: chartValues(props, options),
      dependsOn: [this.objects.resource],
    });
    addCheck(this, () => this.#problems(props, host).map(withoutTerraformValues));
  }

  /** The names of the Secrets, and those that are made here. */
  #secrets(props: SeaweedFsProps<Bucket, Identity>): readonly [ExistingSecrets, readonly ITerraformDependable[]] {
    const { namespace, keys, dependsOn = [] } = props;
    if ("secrets" in keys) return [keys.secrets, []];
    const make = (name: string, data: Readonly<Record<string, string>>) => {
      // Who may do what is in a secret, too, and is written when it is something else.
      const revision = Number.parseInt(identitiesDigest(props), 16);
      return new KubernetesSecret(this, `${this.node.id}-${name}`, { namespace, data, revision, dependsOn });
    };
    const made = {
      config: make("s3-config", { seaweedfs_s3_config: Fn.jsonencode(s3Config(props, keys)) }),
      admin: make("admin", { AWS_SECRET_ACCESS_KEY: keys.admin }),
      signing: make("signing", { signing: keys.signing }),
    };
    const { config, admin: adminSecret, signing } = made;
    return [
      { config: config.secretName, admin: adminSecret.secretName, signing: signing.secretName },
      Object.values(made).map(({ resource }) => resource),
    ];
  }

  get holdsData(): string {
    return `the objects of ${this.node.id}`;
  }

  #problems(props: SeaweedFsProps<Bucket, Identity>, host: string): readonly Problem[] {
    const { volumes, metadataGiB = 10, keys, tls } = props;
    const where = this.node.path;
    const at = placesIn({ name: where }, "seaweedFs");
    const sizes = [
      ["volumes.replicas", volumes.replicas ?? 1],
      ["volumes.sizeGiB", volumes.sizeGiB],
      ["metadataGiB", metadataGiB],
    ] as const;
    const names = [...("secrets" in keys ? Object.values(keys.secrets) : []), ...("secret" in tls ? [tls.secret] : [])];
    const literals = "secrets" in keys ? [] : secretsIn(keys).filter(({ text }) => !holdsTerraformValue(text));
    return [
      ...storeProblems(props, host, at),
      ...(props.host === undefined && props.ca === undefined ? [authorityMissing(at("ca"), host)] : []),
      ...stateProblems(this, at, this.store.endpoint, props.stateRestore),
      ...sizes
        .filter(([, size]) => !Number.isInteger(size) || size < 1)
        .map(([prop, size]) => tooSmall(where, prop, size, 1)),
      ...names.filter((name) => !isObjectName(name)).map((name) => malformedObjectName(where, "Secret", name)),
      ...("secrets" in keys ? [] : keyProblems(props, keys, at)),
      ...literals.map(({ prop }) => literalSecret(where, prop, "a secret")),
      ...(props.host === undefined || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(props.host)
        ? []
        : [wrongValue(at("host"), props.host, 'a name, such as "s3.example.com"')]),
    ];
  }
}

/** Differs when the identities do, or what they may do, or when the keys are said to. */
function identitiesDigest({
  identities,
  keysRevision = 1,
}: Pick<SeaweedFsProps, "identities" | "keysRevision">): string {
  return digestOf([keysRevision, identities]);
}
