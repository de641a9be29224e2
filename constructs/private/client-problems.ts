/** What is wrong with how a program of ours is told of a store, and of whom it and its alerts speak to. */
import { malformedObjectName, malformedUrl, type Problem, unknownBucket, unknownIdentity } from "../../errors";
import { isObjectName } from "../../manifests";
import type { ObjectStore, StoreCredentials } from "../../object-storage";

/** A bucket or an identity that the store does not have, or a Secret that cannot be. */
export function bucketProblems(
  where: string,
  { store, bucket, credentials }: { store: ObjectStore; bucket: string; credentials: StoreCredentials },
): Problem[] {
  return [
    ...(store.buckets.includes(bucket) ? [] : [unknownBucket(where, bucket, store.buckets)]),
    ...credentialsProblems(where, store, credentials),
  ];
}

/** An identity that the store does not have, or a Secret that cannot be. */
export function credentialsProblems(
  where: string,
  { identities }: ObjectStore,
  { identity, secret }: StoreCredentials,
): Problem[] {
  return [
    ...(identities.includes(identity) ? [] : [unknownIdentity(where, identity, identities)]),
    ...(isObjectName(secret) ? [] : [malformedObjectName(where, "Secret", secret)]),
  ];
}

/** Props that are no URLs, where they are given. */
export function urlProblems(where: string, urls: Readonly<Record<string, string | undefined>>): Problem[] {
  return Object.entries(urls).flatMap(([prop, url]) =>
    url === undefined || isHttpUrl(url) ? [] : [malformedUrl(where, prop, url, "an http(s) URL")],
  );
}

export function isHttpUrl(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text);
}
