import type { IConstruct } from "constructs";
import { drillMayWrite, drillWithoutBucket, type Problem } from "../../errors";
import type { SnapshotDrillOptions, SnapshotPlaces } from "../../snapshots";
import type { SnapshotRestoreDrillProps } from "../restore-drill-props";
import { credentialsProblems } from "./client-problems";
import { mayWrite } from "./known-stores";
import { boundsProblems } from "./numbers";
import { packagePrograms } from "./package-files";
import { drillOptions } from "./restore-drill";

/** Snapshots that can be restored for practice. */
interface Snapshots extends IConstruct {
  readonly places: SnapshotPlaces;
}

interface SnapshotDrill {
  /** Nothing where there is nowhere to fetch from. */
  readonly options: SnapshotDrillOptions | undefined;
  readonly problems: (where: string) => readonly Problem[];
}

/** What the props of a drill of snapshots mean, with the programs of its copy, and what is wrong with them. */
export function snapshotDrillOf(
  name: string,
  snapshots: Snapshots,
  props: SnapshotRestoreDrillProps,
  programs: readonly string[],
): SnapshotDrill {
  const { bucket } = snapshots.places;
  const { credentials, maxSnapshotAgeHours = 30, memory = "1Gi" } = props;
  if (bucket === undefined) {
    return { options: undefined, problems: (where) => [drillWithoutBucket(where, snapshots.node.path)] };
  }
  const { identity } = credentials;
  return {
    options: {
      ...drillOptions(name, props, bucket.store.endpoint),
      backup: snapshots.node.id,
      bucket: { ...bucket, credentials },
      maxSnapshotAgeHours,
      memory,
      programs: Object.assign(
        {},
        ...["snapshot-restore-drill.mjs", "snapshot-fetch.mjs", ...programs].map(packagePrograms),
      ),
    },
    problems: (where) => [
      ...credentialsProblems(where, bucket.store, credentials),
      ...(identity === bucket.credentials.identity ||
      mayWrite(snapshots, bucket.store.endpoint, bucket.bucket, identity)
        ? [drillMayWrite(where, identity)]
        : []),
      ...boundsProblems(where, [["maxSnapshotAgeHours", maxSnapshotAgeHours, 1]]),
    ],
  };
}
