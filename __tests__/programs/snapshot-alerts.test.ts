/** Each alert about snapshots, as the real Prometheus evaluates it: firing, and not firing. */
import { snapshotAlerts } from "../../snapshots";
import { objectStore, share } from "../helpers/snapshots";
import { checked, firing, type Series } from "./support/promtool";

const bucket = { store: objectStore(), bucket: "vault", credentials: { identity: "vault", secret: "vault-s3" } };
const alerts = snapshotAlerts({
  name: "vault-snapshots",
  namespace: "backup",
  subject: "Vault",
  places: { share, bucket },
  isPushed: true,
});

const hour = 60;
const cronJob = 'namespace="backup",cronjob="vault-snapshots"';
const info = `kube_cronjob_info{${cronJob}}`;
const lastSuccess = `kube_cronjob_status_last_successful_time{${cronJob}}`;
/** A metric of the last run, as the Pushgateway hands it on. */
const pushed = (metric: string, more = "") => `backup_${metric}{job="backup",backup="vault-snapshots"${more}}`;
const newest = (destination: string) => pushed("newest_timestamp_seconds", `,destination="${destination}"`);
const free = pushed("free_bytes", ',destination="folder"');
const size = pushed("size_bytes");

/** By the minute, after how many of them, and whether it fires then. */
test.each<[alert: string, minutes: number, series: Series, fires: boolean]>([
  ["VaultSnapshotJobStale", 27 * hour, { [lastSuccess]: "0x1800" }, true],
  ["VaultSnapshotJobStale", 27 * hour, { [lastSuccess]: "0x1499 90000x300" }, false],
  ["VaultSnapshotJobNeverSucceeded", 27 * hour, { [info]: "1x1800" }, true],
  ["VaultSnapshotJobNeverSucceeded", 27 * hour, { [info]: "1x1800", [lastSuccess]: "_x600 36000x1200" }, false],
  ["VaultSnapshotJobAbsent", 2 * hour, { up: "1x200" }, true],
  ["VaultSnapshotJobAbsent", 2 * hour, { [info]: "1x200" }, false],
  ["VaultSnapshotFailed", 30, { [pushed("success")]: "1x10 0x30" }, true],
  ["VaultSnapshotFailed", 30, { [pushed("success")]: "1x40" }, false],
  // VLT-1: no older than 24 hours, and the time that a run may take.
  ["VaultSnapshotShareStale", 26.5 * hour, { [newest("folder")]: "0x1800" }, true],
  ["VaultSnapshotShareStale", 25.5 * hour, { [newest("folder")]: "0x1800" }, false],
  ["VaultSnapshotShareStale", 48 * hour, { [newest("folder")]: "0x1499 90000x1500" }, false],
  ["VaultSnapshotShareAbsent", 27 * hour, { [newest("s3")]: "0x1800" }, true],
  ["VaultSnapshotShareAbsent", 27 * hour, { [newest("folder")]: "0x1800" }, false],
  // VLT-3, FAIL-26: no older than 30 hours where the copy is.
  ["VaultSnapshotBucketStale", 31 * hour, { [newest("s3")]: "0x2000", [newest("folder")]: "0x1000 60000x1000" }, true],
  ["VaultSnapshotBucketStale", 29.9 * hour, { [newest("s3")]: "0x2000" }, false],
  ["VaultSnapshotBucketAbsent", 27 * hour, { [newest("folder")]: "0x1800" }, true],
  ["VaultSnapshotBucketAbsent", 27 * hour, { [newest("s3")]: "0x1800" }, false],
  ["VaultSnapshotShareFull", 90, { [free]: "999x100", [size]: "100x100" }, true],
  ["VaultSnapshotShareFull", 90, { [free]: "1001x100", [size]: "100x100" }, false],
  ["VaultSnapshotShrank", 3 * hour, { [size]: "100x60 49x200" }, true],
  ["VaultSnapshotShrank", 3 * hour, { [size]: "100x60 51x200" }, false],
])("%s after %d minutes of %p: %p", (alert, minutes, series, fires) => {
  const rule = alerts.find((one) => one.alert === alert);
  expect(firing(rule, minutes, series, fires)).toEqual({ status: 0, output: expect.stringContaining("SUCCESS") });
});

test("Prometheus finds nothing wrong with them", () => {
  expect(checked(alerts)).toMatchObject({
    status: 0,
    output: expect.stringContaining(`SUCCESS: ${alerts.length} rules`),
  });
});
