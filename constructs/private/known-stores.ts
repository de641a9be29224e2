/** The object stores that an app makes, so that one is known however a client names it. */
import type { IConstruct } from "constructs";
import { originOf } from "../../manifests";
import type { BucketProps, ObjectStore, ObjectStoreProps } from "../../object-storage";

interface KnownStore {
  readonly store: ObjectStore;
  readonly buckets: Readonly<Record<string, BucketProps>>;
  readonly identities: ObjectStoreProps["identities"];
}

/** Per construct tree. */
const stores = new WeakMap<IConstruct, KnownStore[]>();

export function makeStoreKnown(owner: IConstruct, known: KnownStore): void {
  const { root } = owner.node;
  const all = stores.get(root) ?? [];
  stores.set(root, all);
  all.push(known);
}

/** Context of the cluster that a store runs in, as its client says or the app knows. */
export function clusterOfStore(
  client: IConstruct,
  { endpoint, cluster }: Pick<ObjectStore, "endpoint"> & { readonly cluster?: string | undefined },
): string | undefined {
  return cluster ?? storeAt(client, endpoint)?.store.cluster;
}

/** Days after which a bucket deletes what is in it, whatever anybody wants to keep. */
export function expiryOf(client: IConstruct, endpoint: string, bucket: string): number | undefined {
  return storeAt(client, endpoint)?.buckets[bucket]?.expireAfterDays;
}

/** Whether somebody may write a bucket, as far as the app knows. */
export function mayWrite(client: IConstruct, endpoint: string, bucket: string, identity: string): boolean {
  return storeAt(client, endpoint)?.identities[identity]?.[bucket] === "write";
}

function storeAt(client: IConstruct, endpoint: string): KnownStore | undefined {
  const origin = originOf(endpoint);
  return stores.get(client.node.root)?.find(({ store }) => originOf(store.endpoint) === origin);
}
