/** What an object store is, whatever runs it: plain data. */

/** What an identity may do in a bucket: `read` is to list and read, `write` to write, tag and delete as well. */
export type BucketAccess = "read" | "write";

/** A bucket in which an object that is overwritten or deleted is gone. */
export interface PlainBucket {
  /** @default false */
  readonly versioning?: false;

  /**
   * Days after which an object is deleted. SeaweedFS stamps objects with it when they are written, so another number, or
   * none, is for new objects only.
   *
   * @default - objects stay
   */
  readonly expireAfterDays?: number;

  readonly objectLock?: never;
}

/** A bucket that keeps what was overwritten or deleted. */
export interface VersionedBucket {
  readonly versioning: true;

  /**
   * Keeps every version from being deleted for a while. It can be given to a new bucket only, and not be taken away.
   *
   * @default - versions can be deleted
   */
  readonly objectLock?: ObjectLock;

  /** Only a worker that is not part of this would act on it: SeaweedFS takes the rule, and nothing happens. */
  readonly expireAfterDays?: never;
}

/** What SeaweedFS does to a bucket. Once made, a bucket is never deleted, and no versioning turned off. */
export type BucketProps = PlainBucket | VersionedBucket;

/** Retention that new objects of a bucket get. */
export interface ObjectLock {
  /** `COMPLIANCE` binds everybody, `GOVERNANCE` those without the right to go past it. */
  readonly mode: "GOVERNANCE" | "COMPLIANCE";

  /** From 1 to 36500. */
  readonly days: number;
}

/** An image with its digest, so that it is the same one for ever. */
export type PinnedImage = `${string}@sha256:${string}`;

/** What an object store is asked to be. */
export interface ObjectStoreProps<Bucket extends string = string, Identity extends string = string> {
  /** Buckets by name. */
  readonly buckets: Readonly<Record<Bucket, BucketProps>>;

  /**
   * Who uses the store, by name, and what each may do in which buckets (S3-6): one identity for each consumer, and
   * nothing that it does not need. The name is its access key.
   */
  readonly identities: Readonly<Record<Identity, Readonly<Partial<Record<NoInfer<Bucket>, BucketAccess>>>>>;

  /**
   * The store's certificate as PEM, which is no secret. Given, it has to be for the name that clients call (T-24).
   *
   * @default - not compared
   */
  readonly certificate?: string;

  /**
   * Certificate of the authority that signed it, as PEM.
   *
   * @default - one that everybody trusts
   */
  readonly ca?: string;

  /**
   * Image of SeaweedFS, with tag and digest: release 4.44 or later. A change restarts the store.
   *
   * @default - release 4.44
   */
  readonly image?: PinnedImage;

  /**
   * How the state of this store's stack, and of those before it, comes back when the store is lost, where it is in the
   * store itself: "The NAS has a copy of the bucket terraform of last night".
   *
   * @default - such a state is refused
   */
  readonly stateRestore?: string;

  /** Image with Node, in which the buckets are made; with its digest. @default - Node 24 */
  readonly nodeImage?: PinnedImage;
}

/** The secrets of a store: Terraform values, such as sensitive variables, of letters, digits and `+/=_-`. */
export interface ObjectStoreKeys<Identity extends string = string> {
  /** Secret key of the identity `admin`, which makes the buckets. */
  readonly admin: string;

  /** What the parts of SeaweedFS sign their requests to each other with, so that nobody goes past S3. */
  readonly signing: string;

  /** Secret key of each identity. */
  readonly identities: Readonly<Record<Identity, string>>;
}

/** An object store as its clients see it, wherever it runs. */
export interface ObjectStore<Bucket extends string = string, Identity extends string = string> {
  /** URL without a path: `https://s3.example.com:8333`. */
  readonly endpoint: string;

  /** What requests are signed for; SeaweedFS takes any. */
  readonly region: string;

  /** Certificate of the authority that clients have to trust, as PEM; unknown where everybody does. */
  readonly ca: string | undefined;

  readonly buckets: readonly Bucket[];

  /** Their names are their access keys. */
  readonly identities: readonly Identity[];

  /** `<address>:<port>` that Prometheus may scrape; empty where ServiceMonitors say it, unknown where nobody may. */
  readonly metrics: readonly string[] | undefined;

  /** Context of the cluster that it runs in; unknown for one that is in none. */
  readonly cluster: string | undefined;
}

/** Who makes the buckets. */
export const admin = "admin";

/** What requests are signed for. */
export const region = "us-east-1";
