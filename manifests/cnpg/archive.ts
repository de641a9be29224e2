/** Where base backups and WAL of PostgreSQL are, as barman-cloud is told. */
import { originOf } from "../endpoint";
import type { KubernetesObject } from "../object";

/** A bucket of an S3 server, and who one is there. */
export interface S3Store {
  /** Scheme, host and port of the S3 API, such as `https://s3.example.com:8333`. */
  readonly endpoint: string;
  /** The bucket, which has to be there: barman does not make it. */
  readonly bucket: string;
  /** Folder in the bucket. @default - the bucket itself */
  readonly prefix?: string;
  /** Region that requests are signed for. @default - the one of whoever asks for none, `us-east-1` */
  readonly region?: string;
  /** Context of the cluster that it runs in, as `ObjectStore` knows it. @default - it runs outside of any */
  readonly cluster?: string | undefined;
  /** Secret with `ACCESS_KEY_ID` and `ACCESS_SECRET_KEY`, in the namespace of whoever uses the store. */
  readonly secret: string;
  /** Secret with the `ca.crt` that signed the server's certificate, beside it. @default - what the image trusts */
  readonly caSecret?: string;
}

/** The backups and WAL of one PostgreSQL cluster. */
export interface PostgresArchive {
  readonly store: S3Store;
  /** Folder of the cluster in the store. */
  readonly serverName: string;
}

/** How WAL is stored. */
export interface WalSettings {
  /** @default "gzip" */
  readonly compression?: "none" | "bzip2" | "gzip" | "lz4" | "snappy" | "xz" | "zstd";
  /** Encryption by the server, which must be able to. @default - what the bucket does */
  readonly encryption?: "AES256" | "aws:kms";
  /** How many files are sent, or fetched, at the same time. @default 4 */
  readonly maxParallel?: number;
}

/** How base backups are stored. */
export interface DataSettings {
  /** @default "gzip" */
  readonly compression?: "none" | "bzip2" | "gzip" | "lz4" | "snappy";
  /** Encryption by the server, which must be able to. @default - what the bucket does */
  readonly encryption?: "AES256" | "aws:kms";
  /** How many parts are sent at the same time. @default 2 */
  readonly jobs?: number;
}

/** How an archive is written. */
export interface ArchiveSettings {
  /** @default - compressed by gzip */
  readonly wal?: WalSettings;
  /** @default - compressed by gzip */
  readonly data?: DataSettings;
}

/** The name of the plugin that makes backups. */
export const barmanPlugin = "barman-cloud.cloudnative-pg.io";

/** What tells an archive from all others, readable: `https://s3.example.com:8333/backups/prod/main`. */
export function archiveName({ store: { endpoint, bucket, prefix }, serverName }: PostgresArchive): string {
  return [originOf(endpoint), bucket, ...(prefix === undefined ? [] : [prefix]), serverName].join("/");
}

/** What both forms of backups are told about a store. */
export function barmanConfiguration(
  { endpoint, bucket, prefix, secret, caSecret }: S3Store,
  { wal = {}, data = {} }: ArchiveSettings,
): Readonly<Record<string, unknown>> {
  return {
    destinationPath: `s3://${bucket}/${prefix === undefined ? "" : `${prefix}/`}`,
    endpointURL: endpoint,
    ...(caSecret === undefined ? {} : { endpointCA: { name: caSecret, key: "ca.crt" } }),
    s3Credentials: {
      accessKeyId: { name: secret, key: "ACCESS_KEY_ID" },
      secretAccessKey: { name: secret, key: "ACCESS_SECRET_KEY" },
    },
    wal: { ...stored(wal), maxParallel: wal.maxParallel ?? 4 },
    data: { ...stored(data), jobs: data.jobs ?? 2 },
  };
}

/**
 * The environment in which barman-cloud talks to S3 servers that are not Amazon's. Its library adds checksums that many
 * of them refuse, or store inside of the objects, unless it is told to leave out what nobody requires.
 */
export function s3Environment({ region }: S3Store): readonly { readonly name: string; readonly value: string }[] {
  return [
    { name: "AWS_REQUEST_CHECKSUM_CALCULATION", value: "when_required" },
    { name: "AWS_RESPONSE_CHECKSUM_VALIDATION", value: "when_required" },
    ...(region === undefined ? [] : [{ name: "AWS_DEFAULT_REGION", value: region }]),
  ];
}

export interface ObjectStoreOptions extends ArchiveSettings {
  readonly name: string;
  readonly namespace: string;
  readonly store: S3Store;
  /** How far back one can be restored to: `30d`, `4w`, `6m`. @default - nothing is deleted */
  readonly retention?: string;
}

/** The store as the plugin has it. Whoever names it has to be in its namespace. */
export function objectStore({ name, namespace, store, retention, ...settings }: ObjectStoreOptions): KubernetesObject {
  return {
    apiVersion: "barmancloud.cnpg.io/v1",
    kind: "ObjectStore",
    metadata: { name, namespace },
    spec: {
      ...(retention === undefined ? {} : { retentionPolicy: retention }),
      configuration: barmanConfiguration(store, settings),
      instanceSidecarConfiguration: { env: s3Environment(store) },
    },
  };
}

function stored({ compression = "gzip", encryption }: { compression?: string; encryption?: string }) {
  return {
    ...(compression === "none" ? {} : { compression }),
    ...(encryption === undefined ? {} : { encryption }),
  };
}
