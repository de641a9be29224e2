/** What is read of the logs of the watchers, and what of it may be approved. */
import { approve, longestHoldOff, readIntegrityLog } from "../../analysis/file-integrity";
import { integritySettings } from "../../manifests/aide";

const [old, offered] = ["1".repeat(64), "2".repeat(64)];
const check = { event: "check", check: "2026-11-21T03:30:00Z", state: "clean", candidate: old, baseline: old };
const finding = { event: "finding", check: check.check, kind: "changed", path: "/usr/bin/x", attributes: ["sha256"] };

function nodesOf(...lines: readonly (object | string)[]) {
  return readIntegrityLog(lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n"));
}

test("each node is as its last check says, whatever the order of the lines and whatever else is among them", () => {
  const nodes = nodesOf(
    "Traceback of something else",
    { event: "watching", node: "n2" },
    { ...finding, node: "n2" },
    { ...check, node: "n2", state: "drift", candidate: offered },
    { ...check, node: "n1" },
    { ...finding, node: "n2", check: "2026-11-20T03:30:00Z", path: "/usr/bin/y" },
    { ...check, node: "n2", check: "2026-11-20T03:30:00Z" },
  );
  expect(nodes).toMatchObject([
    { node: "n1", state: "clean", findings: [] },
    { node: "n2", state: "drift", candidate: offered, findings: [{ path: "/usr/bin/x" }] },
  ]);
});

test("a line that is no check of a watcher changes nothing", () => {
  expect(nodesOf({ ...check, node: "n1", candidate: "$(reboot)" }, "{", "null", "[]", { ...check })).toEqual([]);
});

test("what is approved is written whole", () => {
  expect(approve(nodesOf({ ...check, node: "n1" }), { n1: old.slice(0, 12) })).toEqual({
    fingerprints: { n1: old },
    problems: [],
  });
});

test.each([
  ["another one than is there now", { n1: offered.slice(0, 12) }, "other-baseline-offered"],
  ["too little of a fingerprint", { n1: "1111" }, "short-fingerprint"],
  ["what was not read completely", { n2: old }, "baseline-not-offered"],
  ["a node without a check", { n3: old }, "node-not-watched"],
])("%s is not approved", (_, approvals, code) => {
  const nodes = nodesOf({ ...check, node: "n1" }, { ...check, node: "n2", state: "error", candidate: null });
  expect(approve(nodes, { ...approvals }).problems.map((problem) => problem.code)).toEqual([code]);
});

test("the command holds checks off for as long as the watchers let it", () => {
  const { longestHoldOffSeconds } = integritySettings(
    { watch: [], minimumEntries: 1, checkAt: [], patchWindows: [] },
    { configuration: "", prefix: "", state: "", approved: "", metrics: { textfile: "" } },
  );
  expect(longestHoldOff).toBe(longestHoldOffSeconds);
});
