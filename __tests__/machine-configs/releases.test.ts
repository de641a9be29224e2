import { formatProblem } from "../../errors";
import { contracts, upgradeProblems, type Versions, versionProblems } from "../../machine-configs";
import {
  configurationMayReboot,
  isAtLeast,
  nvidiaNeedsBpfHardening,
  usesEnvironmentDocuments,
  usesKubeDocuments,
  usesMachineDocuments,
  usesNetworkDocuments,
  usesUnattendedInstall,
} from "../../machine-configs/releases";

const good: Versions = { talos: "1.14.4", contract: "1.14", kubernetes: "1.37.1" };

function problemsOf(change: { readonly [Key in keyof Versions]?: string }): readonly string[] {
  const versions = { ...good, ...change } as Versions;
  return versionProblems(versions, "prox-ops").map(formatProblem);
}

test.each([
  [{}],
  [{ contract: "1.13" }],
  [{ talos: "1.14.0-rc.1" }],
  [{ kubernetes: "1.32.0" }],
  [{ talos: "1.13.9", contract: "1.13", kubernetes: "1.36.3" }],
  [{ talos: "1.13.9", contract: "1.13", kubernetes: "1.31.0" }],
  [{ talos: "1.14.4", contract: "1.11" }],
  [{ talos: "1.11.6", contract: "1.11", kubernetes: "1.34.0" }],
  [{ talos: "1.12.11", contract: "1.12", kubernetes: "1.30.0" }],
])("%j goes together", (change) => {
  expect(problemsOf(change)).toEqual([]);
});

test.each([
  [
    { talos: "v1.14.4" },
    [
      'prox-ops: version-malformed\n  The talos version "v1.14.4" is not of the form "1.14.4".\n  Remedy: Write "1.14.4": all three numbers, without a leading "v".',
    ],
  ],
  [
    { kubernetes: "1.37" },
    [
      'prox-ops: version-malformed\n  The kubernetes version "1.37" is not of the form "1.37.1".\n  Remedy: Write "1.37.1": all three numbers, without a leading "v".',
    ],
  ],
  [
    { talos: "1.9.5", contract: "1.13" },
    [
      "prox-ops: talos-minor-unknown\n  Talos 1.9.5 is of a minor release that this library does not know.\n  Remedy: Use one of 1.11, 1.12, 1.13, 1.14, or a version of this library that knows it.",
      "prox-ops: talos-older-than-contract\n  Talos 1.9.5 cannot read the configuration of contract 1.13.\n  Remedy: Use Talos 1.13 or later, or the contract of the release the cluster was born with.",
    ],
  ],
  [
    { talos: "1.13.9", kubernetes: "1.36.3" },
    [
      "prox-ops: talos-older-than-contract\n  Talos 1.13.9 cannot read the configuration of contract 1.14.\n  Remedy: Use Talos 1.14 or later, or the contract of the release the cluster was born with.",
    ],
  ],
  [
    { contract: "1.15" },
    [
      'prox-ops: contract-unknown\n  "1.15" is not a configuration contract.\n  Remedy: Use the minor release the cluster was born with, one of 1.11, 1.12, 1.13, 1.14.',
    ],
  ],
  [
    { kubernetes: "1.38.0" },
    [
      "prox-ops: kubernetes-outside-window\n  Kubernetes 1.38.0 does not run on Talos 1.14.4, which accepts 1.32 to 1.37.\n  Remedy: Use Kubernetes 1.32 to 1.37, or upgrade Talos first.",
    ],
  ],
  [
    { kubernetes: "1.31.9" },
    [
      "prox-ops: kubernetes-outside-window\n  Kubernetes 1.31.9 does not run on Talos 1.14.4, which accepts 1.32 to 1.37.\n  Remedy: Use Kubernetes 1.32 to 1.37, or upgrade Talos first.",
    ],
  ],
])("%j is refused", (change, problems) => {
  expect(problemsOf(change)).toEqual(problems);
});

test("every problem of a set of versions is reported at once", () => {
  expect(versionProblems({ ...good, talos: "1.14", kubernetes: "v1.37.1" }, "x").map(({ code }) => code)).toEqual([
    "version-malformed",
    "version-malformed",
  ]);
});

describe("IMG-6, VAL-9: an upgrade", () => {
  const codes = (from: Partial<Versions>, to: Partial<Versions>) =>
    upgradeProblems(from, { ...good, ...to }, "prox-ops").map(({ code, severity }) => [code, severity]);

  test.each([
    ["1.13.2", "1.14.4", []],
    ["1.14.4", "1.14.1", []],
    ["1.12.7", "1.14.4", [["minor-skipped", "warning"]]],
    ["1.11.5", "1.14.4", [["upgrade-refused", undefined]]],
    ["1.13.2", "1.12.0", []],
    ["1.14.4", "1.12.0", [["upgrade-refused", undefined]]],
    ["1.14.4", "2.0.0", []],
    ["nonsense", "1.14.4", []],
  ])("of Talos from %s to %s", (from, talos, problems) => expect(codes({ talos: from }, { talos })).toEqual(problems));

  test.each([
    ["1.36.3", "1.37.1", []],
    ["1.37.1", "1.37.0", []],
    ["1.35.0", "1.37.1", [["upgrade-refused", undefined]]],
    ["1.37.1", "1.36.3", [["upgrade-refused", undefined]]],
  ])("of Kubernetes from %s to %s", (from, kubernetes, problems) =>
    expect(codes({ kubernetes: from }, { kubernetes })).toEqual(problems),
  );

  test("leaves the contract as it was", () => {
    expect(codes({ contract: "1.14" }, {})).toEqual([]);
    expect(codes({ contract: "1.13" }, {})).toEqual([["contract-changed", "warning"]]);
    expect(codes({}, {})).toEqual([]);
  });
});

test("minor releases compare as numbers", () => {
  expect(isAtLeast("1.10", "1.9")).toBe(true);
  expect(isAtLeast("1.9", "1.10")).toBe(false);
  expect(isAtLeast("2.0", "1.14")).toBe(true);
});

test("each contract answers the questions of its release", () => {
  const answers = contracts.map((contract) => [
    contract,
    usesNetworkDocuments(contract),
    usesEnvironmentDocuments(contract),
    usesKubeDocuments(contract),
    usesMachineDocuments(contract),
    usesUnattendedInstall(contract),
  ]);
  expect(answers).toEqual([
    ["1.11", false, false, false, false, false],
    ["1.12", true, false, false, false, false],
    ["1.13", true, true, false, false, false],
    ["1.14", true, true, true, true, true],
  ]);
});

test("T-6: only Talos up to 1.12 needs the BPF compiler hardened for NVIDIA", () => {
  expect(["1.11.6", "1.12.11", "1.13.0", "1.14.4"].map(nvidiaNeedsBpfHardening)).toEqual([true, true, false, false]);
});

test("a configuration can reboot a machine up to Talos 1.13", () => {
  expect(["1.13.9", "1.14.0", "1.14.4"].map(configurationMayReboot)).toEqual([true, false, false]);
});
