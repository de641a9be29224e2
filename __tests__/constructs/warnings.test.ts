import { readFileSync } from "node:fs";
import * as path from "node:path";
import { App, Testing } from "cdktf";
import { schedulableControlPlanes, type Versions } from "../../index";
import { addCluster, type ClusterChanges, versions } from "../helpers/clusters";
import { inFolder, newApp, refusals, warnings } from "../helpers/synth";

const foreign: ClusterChanges = { workers: { "w-1": { macAddress: "00:0C:29:00:00:31" } } };

afterEach(() => jest.restoreAllMocks());

test("a warning refuses nothing, and is in cdktf's manifest with code and remedy", () => {
  expect(warnings((app) => addCluster(app, foreign))).toEqual([
    [
      "test-cluster/lab/w-1/Vm",
      expect.stringMatching(/^foreign-mac: "00:0C:29:00:00:31" is neither .* Remedy: Use the prefix "BC:24:11"/),
    ],
  ]);
});

test("all warnings are shown on stderr, in one piece", () => {
  const shown = jest.spyOn(console, "warn").mockImplementation(() => undefined);
  inFolder((outdir) => {
    const app = newApp(outdir);
    addCluster(app, {
      controlPlanes: { "cp-1": { macAddress: "00:0C:29:00:00:11" } },
      workers: { "w-1": { macAddress: "00:0C:29:00:00:31" } },
    });
    app.synth();
  });
  expect(shown.mock.calls).toEqual([
    [
      expect.stringMatching(
        /^2 warnings\.\n\ntest-cluster\/lab\/cp-1\/Vm: foreign-mac\n {2}[\s\S]*\n\ntest-cluster\/lab\/w-1/,
      ),
    ],
  ]);
});

test("under cdktf's command, which shows them itself, nothing is printed", () => {
  const shown = jest.spyOn(console, "warn").mockImplementation(() => undefined);
  process.env["CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS"] = "true";
  try {
    inFolder((outdir) => {
      const app = newApp(outdir);
      addCluster(app, foreign);
      app.synth();
      expect(readFileSync(path.join(outdir, "manifest.json"), "utf8")).toContain("foreign-mac");
    });
  } finally {
    delete process.env["CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS"];
  }
  expect(shown).not.toHaveBeenCalled();
});

test("a refused synth shows what refuses it, and no warnings", () => {
  const shown = jest.spyOn(console, "warn").mockImplementation(() => undefined);
  const problems = refusals((app) => addCluster(app, { ...foreign, cluster: { endpoint: "nonsense" } }));
  expect(problems.map(({ code }) => code)).toEqual(["cluster-endpoint"]);
  expect(shown).not.toHaveBeenCalled();
});

test.each([[true], [["foreign-mac"]]])(
  "an app whose context says warningsAsErrors: %j is refused for them",
  (context) => {
    const problems = refusals((app) => {
      app.node.setContext("warningsAsErrors", context);
      addCluster(app, foreign);
    });
    expect(problems).toMatchObject([{ code: "foreign-mac", where: "test-cluster/lab/w-1/Vm" }]);
  },
);

test("warnings of other codes stay warnings then", () => {
  const shown = warnings((app) => {
    app.node.setContext("warningsAsErrors", ["virtio-scsi-single"]);
    addCluster(app, foreign);
  });
  expect(shown).toHaveLength(1);
});

test("validating a single stack does not fail for a warning", () => {
  const app = Testing.stubVersion(new App({ stackTraces: false }));
  const { stack } = addCluster(app, foreign);
  expect(() => Testing.synth(stack, true)).not.toThrow();
});

test("MAC addresses of Proxmox, and those that are locally administered, are not warned about", () => {
  const macs = ["BC:24:11:00:00:31", "02:00:00:00:00:31", "a6:00:00:00:00:31", "FE:00:00:00:00:31"];
  const workers = Object.fromEntries(macs.map((macAddress, index) => [`w-${index}`, { macAddress }]));
  expect(warnings((app) => addCluster(app, { workers }))).toEqual([]);
});

describe("a cluster without workers", () => {
  const v1alpha1: Versions = { talos: "1.13.2", contract: "1.13", kubernetes: "1.36.3" };
  const codes = (cluster: ClusterChanges["cluster"], workers: ClusterChanges["workers"] = {}) =>
    warnings((app) => addCluster(app, { workers, ...(cluster && { cluster }) })).map(([, text]) => text.split(":")[0]);

  test.each([versions, v1alpha1])("has to take pods on its control planes ($contract)", (release) => {
    expect(codes({ versions: release })).toContain("nothing-schedulable");
    expect(codes({ versions: release, intents: [schedulableControlPlanes()] })).not.toContain("nothing-schedulable");
    expect(codes({ versions: release }, { "w-1": {} })).not.toContain("nothing-schedulable");
  });
});

test("what is added after the synth is refused, because nothing would write it", () => {
  inFolder((outdir) => {
    const app = newApp(outdir);
    const { cluster } = addCluster(app);
    app.synth();
    expect(() =>
      cluster.addWorker("late", {
        host: "pve1",
        address: "10.0.0.99",
        macAddress: "BC:24:11:00:00:99",
        cores: 2,
        memoryMiB: 4096,
      }),
    ).toThrow(/added-after-synth/);
  });
});
