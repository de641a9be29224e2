/** The files that SeaweedFS and our program read. */
import { createHash } from "node:crypto";
import type { SecretText } from "../cloud-init";
import { admin, type BucketAccess, type ObjectStoreKeys, type ObjectStoreProps } from "./store";

/** Read also lists: a client that may not list is told of a missing object that it is forbidden. */
const actions: Readonly<Record<BucketAccess, readonly string[]>> = {
  read: ["Read", "List"],
  write: ["Read", "List", "Write", "Tagging"],
};

/**
 * `s3.json`: who may do what. Without it everybody may do everything, and an identity without actions may do nothing
 * (S3-6).
 */
export function s3Config({ identities }: Pick<ObjectStoreProps, "identities">, keys: ObjectStoreKeys): S3Config {
  const consumers = Object.entries(identities).map(([name, access]) => ({
    ...identity(name, keys.identities[name] ?? ""),
    actions: Object.entries(access).flatMap(([bucket, granted = "read"]) =>
      actions[granted].map((action) => `${action}:${bucket}`),
    ),
  }));
  return { identities: [{ ...identity(admin, keys.admin), actions: ["Admin"] }, ...consumers] };
}

/** What SeaweedFS reads as `s3.json`. */
export interface S3Config {
  readonly identities: readonly {
    readonly name: string;
    readonly credentials: readonly { readonly accessKey: string; readonly secretKey: string }[];
    readonly actions: readonly string[];
  }[];
}

function identity(name: string, secretKey: string) {
  return { name, credentials: [{ accessKey: name, secretKey }] };
}

/** Every secret among the keys, and where it is. */
export function secretsIn({ admin: adminKey, signing, identities }: ObjectStoreKeys): readonly SecretText[] {
  return [
    { prop: "keys.admin", text: adminKey },
    { prop: "keys.signing", text: signing },
    ...Object.entries(identities).map(([name, text]) => ({ prop: `keys.identities.${name}`, text })),
  ];
}

/** `security.toml`: volumes and the filer take writes only from those who know the key, not from all who reach them. */
export function securityToml(signing: string): string {
  return `[jwt.signing]\nkey = "${signing}"\n\n[jwt.filer_signing]\nkey = "${signing}"\n`;
}

/** The same, as SeaweedFS takes it from the environment. */
export const signingVariables = ["WEED_JWT_SIGNING_KEY", "WEED_JWT_FILER_SIGNING_KEY"] as const;

/** What `object-store.mjs buckets` reads. */
export function bucketsFile({ buckets }: Pick<ObjectStoreProps, "buckets">): string {
  return `${JSON.stringify(buckets, null, 2)}\n`;
}

/** What every S3 process of ours does not do: hand out keys, and listen for catalogs on two more ports. */
export const s3Arguments = ["-iam=false", "-port.iceberg=0", "-port.lance=0"] as const;

/** What every master of ours does not do: tell its makers about itself, which it does since 4.41. */
export const masterArguments = ["-telemetry=false"] as const;

/** Whom SeaweedFS runs as. */
export const seaweedUser = 1000;

/** Eight hexadecimal digits that differ for other data. */
export function digestOf(data: unknown): string {
  return createHash("sha256").update(JSON.stringify(data)).digest("hex").slice(0, 8);
}
