/** What a Kubernetes object is: plain data. */

/** An object as the API server takes it. */
export interface KubernetesObject {
  /** Group and version, such as `batch/v1`. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  /** `spec`, `data` and whatever else the kind has. */
  readonly [field: string]: unknown;
}

export interface ObjectMeta {
  readonly name: string;
  /** @default - none: the kind is of the whole cluster */
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What tells an object from all others of its cluster, readable: `CronJob backup/etcd-snapshots`. */
export function objectName({ kind, metadata: { namespace, name } }: KubernetesObject): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}
