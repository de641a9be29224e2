/** The alerts about an object store, judged by Prometheus. */
import { probeAlerts, serverAlerts } from "../../object-storage/alerts";
import { checked, firing } from "./support/promtool";

describe("the alerts", () => {
  const endpoint = "https://s3.example.com:8333";
  const alerts = [...probeAlerts({ bucket: "backup", endpoint }), ...serverAlerts];
  const labels = `bucket="backup",endpoint="${endpoint}"`;
  const elsewhere = 'bucket="backup",endpoint="https://s3.example.org"';
  const lastRun = `object_store_probe_last_run_timestamp_seconds{${labels}}`;
  const certificate = `object_store_certificate_not_after_timestamp_seconds{${labels}}`;

  /** Series by minute, and whether the alert fires after so many. */
  test.each<[alert: string, minutes: number, series: Record<string, string>, fires: boolean]>([
    ["ObjectStoreProbeFailed", 40, { [`object_store_probe_success{${labels}}`]: "1x10 0x30" }, true],
    ["ObjectStoreProbeFailed", 40, { [`object_store_probe_success{${labels}}`]: "1x10 0x15 1x15" }, false],
    ["ObjectStoreProbeStale", 70, { [lastRun]: "0x80" }, true],
    ["ObjectStoreProbeStale", 70, { [lastRun]: "0x30 1800x50" }, false],
    ["ObjectStoreProbeAbsent", 70, { up: "1x80" }, true],
    ["ObjectStoreProbeAbsent", 70, { [lastRun]: "0x80" }, false],
    ["ObjectStoreProbeAbsent", 70, { [`object_store_probe_last_run_timestamp_seconds{${elsewhere}}`]: "0x80" }, true],
    ["ObjectStoreCertificateEnds", 70, { [certificate]: `${13 * 86400}x80` }, true],
    ["ObjectStoreCertificateEnds", 70, { [certificate]: `${15 * 86400}x80` }, false],
    [
      "SeaweedFsDiskFull",
      10,
      { 'SeaweedFS_volumeServer_read_only_volumes{instance="a",type="isDiskSpaceLow"}': "2x20" },
      true,
    ],
    [
      "SeaweedFsDiskFull",
      10,
      { 'SeaweedFS_volumeServer_read_only_volumes{instance="a",type="noWriteOrDelete"}': "2x20" },
      false,
    ],
    ["SeaweedFsWithoutLeader", 10, { 'SeaweedFS_master_is_leader{instance="a"}': "0x20" }, true],
    [
      "SeaweedFsWithoutLeader",
      10,
      { 'SeaweedFS_master_is_leader{instance="a"}': "0x20", 'SeaweedFS_master_is_leader{instance="b"}': "1x20" },
      false,
    ],
    ["SeaweedFsAbsent", 20, { up: "1x30" }, true],
    ["SeaweedFsAbsent", 20, { 'SeaweedFS_master_is_leader{instance="a"}': "0x30" }, false],
  ])("%s after %d minutes of %p: %p", (alert, minutes, series, fires) => {
    const rule = alerts.find((one) => one.alert === alert);
    const { status, output } = firing(rule, minutes, series, fires);
    expect([status, output]).toEqual([0, expect.stringContaining("SUCCESS")]);
  });

  test("each is tested firing and not firing, and Prometheus takes all of them", () => {
    expect(checked(alerts)).toMatchObject({
      status: 0,
      output: expect.stringContaining(`${alerts.length} rules found`),
    });
  });
});
