import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { CompiledCommand } from "./support/command";

let command: CompiledCommand;
let folder: string;

/** Prints pods and logs, has no ConfigMap unless one was created, and writes down what it is asked to do. */
const kubectl = `#!/bin/sh
cd "$(dirname "$0")"
printf '%s\\n' "$*" >> asked
case "$1 $2" in
"get pods") cat pods ;;
"logs "*) if [ -e "$2" ]; then cat "$2"; else echo 'container is waiting to start' >&2; exit 1; fi ;;
"get configmap") if [ -e created ]; then echo configmap/x; fi ;;
"create configmap") touch created ;;
"patch configmap") if [ -e forbidden ]; then echo 'configmaps is forbidden' >&2; exit 1; fi ;;
esac
`;

const [old, offered] = ["1".repeat(64), "2".repeat(64)];
const check = "2026-11-21T03:30:00Z";
const logs = [
  { node: "k8s-node2", event: "check", check: "2026-11-20T03:30:00Z", state: "clean", candidate: old, baseline: old },
  { node: "k8s-node2", event: "finding", check, kind: "changed", path: "/usr/bin/x\u001b[2J", attributes: ["sha256"] },
  { node: "k8s-node2", event: "check", check, state: "drift", candidate: offered, baseline: old },
  { node: "k8s-node3", event: "check", check, state: "clean", candidate: old, baseline: old },
  { node: "k8s-node4", event: "check", check, state: "error", reason: "1 warnings", candidate: null, baseline: old },
];

beforeAll(() => {
  command = new CompiledCommand();
});

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "rebaseline-"));
  writeFileSync(path.join(folder, "kubectl"), kubectl);
  chmodSync(path.join(folder, "kubectl"), 0o755);
  const pods = ["k8s-node2", "k8s-node3", "k8s-node4"].map((node) => {
    const text = logs.flatMap((line) => (line.node === node ? [`${JSON.stringify({ time: check, ...line })}\n`] : []));
    writeFileSync(path.join(folder, `pod-of-${node}`), `${text.join("")}Traceback of something else\n`);
    return `pod-of-${node} ${node}\n`;
  });
  writeFileSync(path.join(folder, "pods"), pods.join(""));
});

afterEach(() => rmSync(folder, { recursive: true }));
afterAll(() => command.remove());

test("shows the nodes with what their last check found, and can be approved", async () => {
  const { code, stdout } = await rebaseline("--context", "admin@lab");
  expect(code).toBe(1);
  expect(stdout).toBe(`node       last check            state  findings  to approve
k8s-node2  2026-11-21T03:30:00Z  drift         1  222222222222
k8s-node3  2026-11-21T03:30:00Z  clean         0  111111111111
k8s-node4  2026-11-21T03:30:00Z  error         0  -

k8s-node2
  changed "/usr/bin/x\\u001b[2J" (sha256)

k8s-node4: 1 warnings
`);
  const [listed, ...read] = asked();
  expect([listed, ...read.sort()]).toEqual([
    expect.stringMatching(/^get pods --selector app.kubernetes.io\/name=file-integrity --output=jsonpath=/),
    ...[2, 3, 4].map((node) => `logs pod-of-k8s-node${node} --tail=-1 --namespace file-integrity --context admin@lab`),
  ]);
});

test("tells the nodes of which no log has a check: they may be anything but clean", async () => {
  const pods = "pod-of-k8s-node3 k8s-node3\npod-of-k8s-node5 k8s-node5\npod-of-k8s-node6 k8s-node6\npod-of-none \n";
  writeFileSync(path.join(folder, "pods"), pods);
  writeFileSync(path.join(folder, "pod-of-k8s-node5"), '{"event": "watching", "node": "k8s-node5"}\n');
  const { code, stdout } = await rebaseline();
  expect(code).toBe(1);
  expect(stdout.split("\n")).toEqual(
    expect.arrayContaining([
      "k8s-node3    2026-11-21T03:30:00Z  clean               0  111111111111",
      "k8s-node5    -                     not checked         0  -",
      expect.stringMatching(/^k8s-node5: its watcher has begun since/),
      expect.stringMatching(/^k8s-node6: .*container is waiting to start/),
      expect.stringMatching(/^pod-of-none: /),
    ]),
  );
  const refused = await rebaseline("--approve", "k8s-node5=111111111111");
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("baseline-not-offered") });
});

test("AIDE-14: writes the fingerprint that was read, for the nodes that were named", async () => {
  const approved = await rebaseline("--approve", "k8s-node2=222222222222", "k8s-node3=111111111111");
  expect(approved).toEqual({ code: 0, stdout: expect.stringContaining(`k8s-node2  ${offered}`), stderr: "" });
  expect(asked().slice(4)).toEqual([
    "get configmap file-integrity-baselines --ignore-not-found --output=name --namespace file-integrity",
    "create configmap file-integrity-baselines --namespace file-integrity",
    `patch configmap file-integrity-baselines --type=merge --patch={"data":{"k8s-node2":"${offered}","k8s-node3":"${old}"}} --namespace file-integrity`,
  ]);
});

test("approves nothing when one of them is another one than was read", async () => {
  const refused = await rebaseline("--approve", "k8s-node3=111111111111", "k8s-node2=111111111111");
  expect(refused).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("other-baseline-offered") });
  expect(asked().filter((line) => !/^(get pods|logs) /.test(line))).toEqual([]);
});

test("AIDE-14: holds checks off until a moment that it names, and approves nothing", async () => {
  const { code, stdout } = await rebaseline("--hold-off", "2h");
  expect(code).toBe(0);
  const [, until = ""] = /^No node is checked until (\S+), and then each is\.\n$/.exec(stdout) ?? [];
  expect(Math.abs(Date.parse(until) - Date.now() - 2 * 3600_000)).toBeLessThan(60_000);
  expect(asked()).toEqual([
    expect.stringContaining("get configmap file-integrity-baselines"),
    expect.stringContaining("create configmap file-integrity-baselines"),
    `patch configmap file-integrity-baselines --type=merge --patch={"data":{"hold_off_until":"${until}"}} --namespace file-integrity`,
  ]);
});

test("holds checks off for half a day at most, and not while it approves", async () => {
  expect(await rebaseline("--hold-off", "13h")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("12h at most"),
  });
  expect(await rebaseline("--hold-off", "2h", "--approve", "k8s-node3=111111111111")).toMatchObject({ code: 2 });
  expect(existsSync(path.join(folder, "asked"))).toBe(false);
});

test("says what kubectl says when it fails", async () => {
  writeFileSync(path.join(folder, "forbidden"), "");
  const { code, stderr } = await rebaseline("--approve", "k8s-node2=222222222222");
  expect(code).toBe(2);
  expect(stderr).toContain("configmaps is forbidden");
});

function asked(): string[] {
  return readFileSync(path.join(folder, "asked"), "utf8").trimEnd().split("\n");
}

function rebaseline(...args: string[]) {
  return command.run(["rebaseline", ...args], { PATH: `${folder}:${process.env["PATH"]}` });
}
