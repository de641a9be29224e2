import {
  imageWithoutDigest,
  malformedObjectName,
  malformedSchedule,
  malformedUrl,
  type Problem,
  snapshotInsideCluster,
  snapshotsTooRare,
  tooSmall,
  unknownBucket,
  unknownIdentity,
  wrongValue,
} from "../../errors";
import { isDaily, isObjectName, isPinnedImage, isSchedule } from "../../manifests";
import type { SnapshotOptions } from "../../snapshots";

/** What is wrong with snapshots of any kind. */
export function snapshotProblems(where: string, options: SnapshotOptions, context: string | undefined): Problem[] {
  const { schedule, keep, image, pushgateway, runbooks } = options;
  const urls = [
    ["pushgateway", pushgateway],
    ["runbooks", runbooks],
  ] as const;
  return [
    ...(isSchedule(schedule)
      ? isDaily(schedule)
        ? []
        : [snapshotsTooRare(where, schedule)]
      : [malformedSchedule(where, schedule, "five")]),
    ...(keep.newest >= 7 ? [] : [tooSmall(where, "keep.newest", keep.newest, 7)]),
    ...(keep.days >= 1 ? [] : [tooSmall(where, "keep.days", keep.days, 1)]),
    ...(image === undefined || isPinnedImage(image) ? [] : [imageWithoutDigest(where, image)]),
    ...urls
      .filter(([, url = "https://example.com"]) => !isHttpUrl(url))
      .map(([prop, url = ""]) => malformedUrl(where, prop, url, "an http(s) URL")),
    ...placeProblems(where, options, context),
  ];
}

export function isHttpUrl(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text);
}

function placeProblems(where: string, { places }: SnapshotOptions, context: string | undefined): Problem[] {
  const { bucket: place, share } = places;
  return [
    ...(place === undefined ? [] : bucketProblems(where, place)),
    ...(share === undefined || /^\/[^\s]*$/.test(share.path)
      ? []
      : [wrongValue(`${where}.places.share.path`, share.path, "a path from the root")]),
    // What brings a cluster back cannot be in it.
    ...(place !== undefined &&
    share === undefined &&
    place.store.cluster !== undefined &&
    place.store.cluster === context
      ? [snapshotInsideCluster(where, context)]
      : []),
  ];
}

function bucketProblems(where: string, place: NonNullable<SnapshotOptions["places"]["bucket"]>): Problem[] {
  const { store, bucket, credentials } = place;
  return [
    ...(store.buckets.includes(bucket) ? [] : [unknownBucket(where, bucket, store.buckets)]),
    ...(store.identities.includes(credentials.identity)
      ? []
      : [unknownIdentity(where, credentials.identity, store.identities)]),
    ...(isObjectName(credentials.secret) ? [] : [malformedObjectName(where, "Secret", credentials.secret)]),
  ];
}
