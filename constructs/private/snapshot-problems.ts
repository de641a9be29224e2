import type { Construct, IConstruct } from "constructs";
import {
  backupsExpire,
  imageWithoutDigest,
  malformedSchedule,
  type Problem,
  sharedSnapshotMetrics,
  sharedSnapshots,
  snapshotInsideCluster,
  snapshotsTooRare,
  tooSmall,
  wrongValue,
} from "../../errors";
import { isDaily, isInCluster, isPinnedImage, isSchedule, originOf } from "../../manifests";
import type { SnapshotOptions } from "../../snapshots";
import { addCheck } from "./checks";
import { bucketProblems, urlProblems } from "./client-problems";
import { clusterOf, namespacesBeside } from "./cluster-of";
import { clusterOfStore, expiryOf } from "./known-stores";

/** Snapshots of any kind, per construct tree: what one keeps, another must not take for its own. */
const snapshots = new WeakMap<IConstruct, Snapshots[]>();

interface Snapshots {
  readonly owner: Construct;
  readonly options: SnapshotOptions;
}

/** Finds at synth what is wrong with snapshots, by themselves, beside all others of the app, and `more`. */
export function checkSnapshots(owner: Construct, options: SnapshotOptions, more: () => readonly Problem[]): void {
  const { root } = owner.node;
  const all = snapshots.get(root) ?? [];
  snapshots.set(root, all);
  all.push({ owner, options });
  addCheck(owner, () => [
    ...snapshotProblems(owner, options),
    ...all
      .filter((one) => one.owner !== owner && one.options.name === options.name)
      .flatMap((other) => sharedProblems({ owner, options }, other)),
    ...more(),
  ]);
}

/** What two of one name have in common. A Pushgateway is another one in another cluster, even by the same URL. */
function sharedProblems({ owner, options }: Snapshots, other: Snapshots): Problem[] {
  const { path: where } = owner.node;
  const { name, pushgateway } = options;
  const theirs = placesOf(other.options);
  const isOneGateway = pushgateway === other.options.pushgateway && clusterOf(owner) === clusterOf(other.owner);
  return [
    ...placesOf(options)
      .filter((place) => theirs.includes(place))
      .map((place) => sharedSnapshots(where, place, name, other.owner.node.path)),
    ...(pushgateway !== undefined && isOneGateway
      ? [sharedSnapshotMetrics(where, pushgateway, name, other.owner.node.path)]
      : []),
  ];
}

function placesOf({ name, places: { bucket: place, share } }: SnapshotOptions): readonly string[] {
  return [
    ...(place === undefined
      ? []
      : [`${originOf(place.store.endpoint)}/${place.bucket}/${place.folder ?? name}`.replace(/\/+$/, "")]),
    ...(share === undefined ? [] : [`${share.server}:${share.path}`.replace(/\/+$/, "")]),
  ];
}

function snapshotProblems(owner: Construct, options: SnapshotOptions): Problem[] {
  const { path: where } = owner.node;
  const { schedule, keep, image, pushgateway, runbooks } = options;
  return [
    ...(isSchedule(schedule)
      ? isDaily(schedule)
        ? []
        : [snapshotsTooRare(where, schedule)]
      : [malformedSchedule(where, schedule, "five")]),
    ...(keep.newest >= 7 ? [] : [tooSmall(where, "keep.newest", keep.newest, 7)]),
    ...(keep.days >= 1 ? [] : [tooSmall(where, "keep.days", keep.days, 1)]),
    ...(image === undefined || isPinnedImage(image) ? [] : [imageWithoutDigest(where, image)]),
    ...urlProblems(where, { pushgateway, runbooks }),
    ...placeProblems(owner, options),
  ];
}

function placeProblems(owner: Construct, { places }: SnapshotOptions): Problem[] {
  const { path: where } = owner.node;
  const context = clusterOf(owner);
  const { bucket: place, share } = places;
  const days = place === undefined ? undefined : expiryOf(owner, place.store.endpoint, place.bucket);
  return [
    ...(place === undefined ? [] : bucketProblems(where, place)),
    ...(place === undefined || days === undefined ? [] : [backupsExpire(where, place.bucket, days)]),
    ...(share === undefined || /^\/[^\s]*$/.test(share.path)
      ? []
      : [wrongValue(`${where}.places.share.path`, share.path, "a path from the root")]),
    // What brings a cluster back cannot be in it.
    ...(place !== undefined &&
    share === undefined &&
    context !== undefined &&
    (clusterOfStore(owner, place.store) === context || isInCluster(place.store.endpoint, namespacesBeside(owner)))
      ? [snapshotInsideCluster(where, context)]
      : []),
  ];
}
