/** What is wrong with what a store is asked to be. */
import {
  bucketNameMalformed,
  identityNameMalformed,
  identityWithoutAccess,
  identityWithoutKey,
  imageWithoutDigest,
  type Problem,
  seaweedFsTooOld,
  unknownBucket,
  wrongValue,
} from "../errors";
import type { At } from "../machine-configs/document";
import { isPinnedImage } from "../manifests";
import { certificateProblems } from "./certificate";
import { admin, type BucketProps, type ObjectStoreKeys, type ObjectStoreProps } from "./store";

/** All of it, for a store that clients call by the name `host`. */
export function storeProblems(props: ObjectStoreProps, host: string, at: At): readonly Problem[] {
  const { buckets, identities, certificate, ca, image, nodeImage } = props;
  return [
    ...Object.entries(buckets).flatMap(([name, bucket]) => bucketProblems(name, bucket, at)),
    ...Object.entries(identities).flatMap(([name, access]) => identityProblems(name, access, Object.keys(buckets), at)),
    ...(certificate === undefined ? [] : certificateProblems(at("certificate"), certificate, host)),
    ...(ca === undefined || /^-----BEGIN CERTIFICATE-----$/m.test(ca)
      ? []
      : [wrongValue(at("ca"), ca.split("\n")[0], "a certificate as PEM")]),
    ...(image === undefined ? [] : imageProblems(at("image"), image)),
    ...(nodeImage === undefined || isPinnedImage(nodeImage) ? [] : [imageWithoutDigest(at("nodeImage"), nodeImage)]),
  ];
}

/** Identities that have no key, which types refuse already. */
export function keyProblems({ identities }: ObjectStoreProps, keys: ObjectStoreKeys, at: At): readonly Problem[] {
  return Object.keys(identities)
    .filter((name) => (keys.identities[name] ?? "") === "")
    .map((name) => identityWithoutKey(at("keys", "identities", name)));
}

function bucketProblems(name: string, { objectLock, expireAfterDays }: BucketProps, at: At): readonly Problem[] {
  const days = [
    ["expireAfterDays", expireAfterDays],
    ["objectLock.days", objectLock?.days],
  ] as const;
  return [
    // Without dots: a name with one is no single label of a wildcard certificate.
    ...(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(name) ? [] : [bucketNameMalformed(at("buckets"), name)]),
    ...days
      .filter(([, value = 1]) => !Number.isInteger(value) || value < 1 || value > 36500)
      .map(([prop, value]) => wrongValue(at("buckets", name, prop), value, "a whole number of days from 1 to 36500")),
  ];
}

function identityProblems(name: string, access: object, buckets: readonly string[], at: At): readonly Problem[] {
  const named = Object.keys(access);
  return [
    ...(/^[a-z0-9][a-z0-9-]{0,62}$/.test(name) && name !== admin && name !== "anonymous"
      ? []
      : [identityNameMalformed(at("identities"), name)]),
    ...(named.length === 0 ? [identityWithoutAccess(at("identities", name))] : []),
    ...named
      .filter((bucket) => !buckets.includes(bucket))
      .map((bucket) => unknownBucket(at("identities", name), bucket, buckets)),
  ];
}

/** The first release that has all arguments of ours; before 4.18 two writers could both take a lock. */
const oldest = [4, 44] as const;

function imageProblems(where: string, image: string): readonly Problem[] {
  const [, major, minor] = /:(\d+)\.(\d+)[^/]*@sha256:/.exec(image)?.map(Number) ?? [];
  if (!isPinnedImage(image) || major === undefined || minor === undefined) {
    return [imageWithoutDigest(where, image)];
  }
  const [leastMajor, leastMinor] = oldest;
  const isOld = major < leastMajor || (major === leastMajor && minor < leastMinor);
  return isOld ? [seaweedFsTooOld(where, `${major}.${minor}`, oldest.join("."))] : [];
}
