/** The watch over files on a tree like a node's, with the real AIDE of Debian 12 and of Debian 13. */
import {
  existsSync,
  lstatSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import * as path from "node:path";
import { approve, readIntegrityLog } from "../../analysis/file-integrity";
import { integritySettings } from "../../manifests/aide";
import { printed, run } from "./support/programs";
import { startPushgateway } from "./support/pushgateway";
import { type AideRelease, dockerfile, type NodeOptions, program, WatchedNode } from "./support/watched-node";

const python = "/usr/bin/python3";
const nodes: WatchedNode[] = [];

afterEach(() => {
  for (const node of nodes.splice(0)) node.remove();
});

/** A node that is removed after the test. */
function kept(node: WatchedNode): WatchedNode {
  nodes.push(node);
  return node;
}

describe.each<AideRelease>(["0.18", "0.19"])("with AIDE %s", (release) => {
  const approved = (options: NodeOptions = {}) => kept(WatchedNode.approved({ release, ...options }));

  test("AIDE-14: a node without a baseline says so, offers one, and has it once somebody approved it", () => {
    const node = kept(new WatchedNode({ release }));
    const first = node.check();
    expect(first).toMatchObject({ code: 3, check: { state: "baseline_missing", baseline: null }, findings: [] });
    expect(node.stateMetric).toBe("baseline_missing");
    const fingerprint = first.check?.["candidate"];
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);

    node.approve(fingerprint);
    const second = node.check();
    expect(second).toMatchObject({ code: 0, check: { state: "clean", baseline: fingerprint, candidate: fingerprint } });
    expect(second.lines).toContainEqual(expect.objectContaining({ event: "baseline-taken", baseline: fingerprint }));
    expect(node.stateMetric).toBe("clean");
    expect(node.metric("aide_findings")).toEqual({ 'kind="added"': 0, 'kind="removed"': 0, 'kind="changed"': 0 });
    expect(node.metric("aide_baseline_info")).toEqual({ [`fingerprint="${fingerprint}"`]: 1 });
    const since = node.metric("aide_baseline_timestamp_seconds")[""];
    expect(since).toBeGreaterThan(Date.now() / 1000 - 600);
    node.check();
    expect(node.metric("aide_baseline_timestamp_seconds")[""]).toBe(since);
  });

  test("30 planted changes are found, and nothing else; approving them makes them the baseline", () => {
    const node = approved();
    const planted = plant(node);
    const found = node.check();
    expect(planted).toHaveLength(30);
    expect(found.findings).toEqual(planted.toSorted());
    expect(found).toMatchObject({ code: 1, check: { state: "drift", added: 10, removed: 10, changed: 10 } });
    expect(node.stateMetric).toBe("drift");
    expect(node.metric("aide_findings")).toEqual({ 'kind="added"': 10, 'kind="removed"': 10, 'kind="changed"': 10 });

    const since = node.metric("aide_drift_since_timestamp_seconds")[""];
    expect(since).toBeGreaterThan(0);
    renameSync(node.at("/etc/containerd"), node.at("/etc/gone"));
    expect(node.check().code).toBe(2);
    renameSync(node.at("/etc/gone"), node.at("/etc/containerd"));
    node.check();
    expect(node.metric("aide_drift_since_timestamp_seconds")[""]).toBe(since);
    node.approve();
    expect(node.check()).toMatchObject({ code: 0, findings: [] });
    expect(node.metric("aide_drift_since_timestamp_seconds")[""]).toBe(0);
  });

  test("a person approves what the log shows, by the beginning of its fingerprint", () => {
    const node = approved();
    node.write("/usr/bin/tool-7", "patched\n");
    const nodesOfLog = readIntegrityLog(node.check().stdout);
    expect(nodesOfLog).toMatchObject([{ node: node.name, state: "drift", findings: [{ path: "/usr/bin/tool-7" }] }]);
    const shown = nodesOfLog[0]?.candidate?.slice(0, 12) ?? "";
    node.approve(approve(nodesOfLog, { [node.name]: shown }).fingerprints[node.name]);
    expect(node.check().code).toBe(0);
  });

  test("nothing is found on 50 unchanged runs, whatever is touched, written as it was or excluded", () => {
    const node = approved();
    for (let index = 0; index < 50; index++) {
      node.write("/etc/cni/net.d/calico-kubeconfig", `token ${index}\n`);
      node.write("/var/lib/kubelet/pods/1/volumes/data", `${index}\n`);
      rewrite(node, "/etc/app/app-1.conf");
      const checked = node.check();
      expect(checked).toMatchObject({ code: 0, findings: [], stderr: "" });
      // What is the same has the same fingerprint, so that there is nothing to approve.
      expect(checked.check?.["candidate"]).toBe(checked.check?.["baseline"]);
    }
  });

  test("what cannot be read is no clean node, and cannot be approved; one capability is enough to read all", () => {
    const node = approved();
    printed("chown", ["1234", node.at("/etc/app/app-2.conf"), node.at("/usr/bin/tool-2")]);
    printed("chmod", ["600", node.at("/etc/app/app-2.conf"), node.at("/usr/bin/tool-2")]);
    expect(node.check().findings).toEqual(["changed /etc/app/app-2.conf", "changed /usr/bin/tool-2"]);
    node.approve();

    const without = node.check(["setpriv", "--bounding-set=-all", "--inh-caps=-all"]);
    expect(without).toMatchObject({ code: 2, check: { state: "error", candidate: null } });
    expect(existsSync(path.join(node.state, "candidate.db"))).toBe(false);
    expect(without.lines.filter(({ event }) => event === "warning").length).toBeGreaterThanOrEqual(2);
    expect(node.stateMetric).toBe("error");
    expect(node.metric("aide_read_warnings")[""]).toBeGreaterThanOrEqual(2);

    const reading = ["setpriv", "--bounding-set=-all,+dac_read_search", "--inh-caps=-all"];
    expect(node.check(reading)).toMatchObject({ code: 0, check: { warnings: 0 } });
  });

  test("a name that is no UTF-8 is seen: AIDE 0.19 passes over it without a word", () => {
    const node = approved();
    printed("sh", ["-c", `printf x > "$(printf '${node.at("/etc/systemd/system")}/evil-\\377.service')"`]);
    const { code, check, lines } = node.check();
    expect([1, 2]).toContain(code);
    expect(check).toMatchObject({ candidate: null });
    expect(lines).toContainEqual(
      expect.objectContaining({
        event: "warning",
        text: expect.stringContaining("/etc/systemd/system/evil-\\xff.service"),
      }),
    );
  });

  test("an empty tree is an error, and not a clean one", () => {
    const node = approved();
    const before = node.metric("aide_last_measured_timestamp_seconds");
    rmSync(node.host, { recursive: true });
    printed("mkdir", [node.host]);
    expect(node.check()).toMatchObject({
      code: 2,
      check: { state: "error", reason: expect.stringMatching(/ 0 entries/) },
    });
    expect(node.stateMetric).toBe("error");
    expect(node.metric("aide_findings")).toEqual({});
    expect(node.metric("aide_last_measured_timestamp_seconds")).toEqual(before);
    expect(existsSync(path.join(node.state, "unfinished.db"))).toBe(false);
  });

  test("a wrong prefix is an error; AIDE itself takes it for a clean node", () => {
    const node = approved();
    const configuration = path.join(node.folder, "aide.conf");
    const wrong = readFileSync(configuration, "utf8").replace(
      `root_prefix=${node.host}`,
      `root_prefix=${node.host}/etc`,
    );
    writeFileSync(configuration, wrong);
    expect(node.check()).toMatchObject({
      code: 2,
      check: { state: "error", reason: expect.stringMatching(/ 0 entries/) },
    });
  });

  test("a watched file that is not there is an error even where there is enough else", () => {
    const node = kept(new WatchedNode({ release }));
    rmSync(node.at("/etc/containerd/config.toml"));
    expect(node.check()).toMatchObject({
      code: 2,
      check: { state: "error", candidate: null, reason: expect.stringContaining("/etc/containerd/config.toml") },
    });
  });

  test("a baseline that is gone, replaced, edited or not approved any more is said to be that", () => {
    const node = approved();
    const baseline = path.join(node.state, "baseline.db");
    const good = readFileSync(baseline);

    // Whoever changes a file would have to change the baseline as well.
    node.write("/usr/bin/tool-3", "evil\n");
    node.check();
    writeFileSync(baseline, readFileSync(path.join(node.state, "candidate.db")));
    expect(node.check()).toMatchObject({ code: 5, check: { state: "baseline_foreign" } });
    expect(node.stateMetric).toBe("baseline_foreign");
    expect(node.metric("aide_baseline_info")).toEqual({});

    writeFileSync(baseline, good.toString().replace("/usr/bin/tool-4", "/usr/bin/tool-x"));
    expect(node.check()).toMatchObject({ code: 5, check: { state: "baseline_foreign" } });

    writeFileSync(baseline, good);
    expect(node.check()).toMatchObject({ code: 1, findings: ["changed /usr/bin/tool-3"] });

    rmSync(path.join(node.folder, "approved", node.name));
    expect(node.check()).toMatchObject({ code: 5, check: { reason: "nobody approved the baseline" } });
    writeFileSync(path.join(node.folder, "approved", node.name), `${node.check().check?.["baseline"]}`);

    rmSync(baseline);
    expect(node.check()).toMatchObject({ code: 3, check: { reason: expect.stringContaining("is gone") } });
  });

  test("another configuration needs a new baseline, and shows what it adds to the old one", () => {
    const node = approved();
    node.configure({ exclusions: [] });
    expect(node.check()).toMatchObject({
      code: 5,
      check: { state: "baseline_foreign", reason: expect.stringContaining("another configuration") },
      findings: ["added /etc/adjtime", "added /etc/cni/net.d/calico-kubeconfig"],
    });
    node.approve();
    expect(node.check().code).toBe(0);
  });

  test("a full disk is an error, leaves no half of a database, and passes", () => {
    const node = kept(new WatchedNode({ release }));
    printed("mount", ["-t", "tmpfs", "-o", "size=8k", "tmpfs", node.state]);
    try {
      // AIDE 0.18 ends with 0 and leaves half of a database.
      const reason = { "0.18": "the database is not complete", "0.19": expect.stringContaining("ended with 18") }[
        release
      ];
      expect(node.check()).toMatchObject({ code: 2, check: { state: "error", candidate: null, reason } });
      expect(node.stateMetric).toBe("error");
      expect(run("find", [node.state, "-name", "*.db"])).toEqual({ status: 0, output: "" });
    } finally {
      printed("umount", [node.state]);
    }
    expect(node.check().code).toBe(3);
  });

  test.each([
    ["killed", "SIGKILL"],
    ["ended", "SIGTERM"],
  ] as const)("an init that is %s leaves nothing that could be approved", async (_, signal) => {
    const node = kept(new WatchedNode({ release }));
    // Long enough to read for the signal to come in between.
    node.write("/usr/bin/large", "");
    truncateSync(node.at("/usr/bin/large"), 4 * 1024 ** 3);
    const check = node.startCheck();
    await until(() => run("pgrep", ["--full", `config=${node.folder}`]).status === 0);
    await check.signal(signal, signal === "SIGKILL");
    await until(() => run("pgrep", ["--full", `config=${node.folder}`]).status === 1);
    expect(existsSync(path.join(node.state, "candidate.db"))).toBe(false);
    rmSync(node.at("/usr/bin/large"));
    node.approve();
    expect(node.check().code).toBe(0);
  });

  test("no content of a file, attribute or link that is secret is in what is said", () => {
    const secrets = ["hunter2-content", "hunter2-changed", "hunter2-attribute"];
    const node = kept(new WatchedNode({ release }));
    node.write("/etc/kubernetes/pki/ca.key", "hunter2-content\n", 0o600);
    setAttribute(node.at("/etc/app/app-3.conf"), "old");
    node.approve();
    node.write("/etc/kubernetes/pki/ca.key", "hunter2-changed\n", 0o600);
    setAttribute(node.at("/etc/app/app-3.conf"), "hunter2-attribute");
    const { code, stdout, stderr, findings, lines } = node.check();
    expect(findings).toEqual(["changed /etc/app/app-3.conf", "changed /etc/kubernetes/pki/ca.key"]);
    expect(code).toBe(1);
    expect(lines.map(({ attributes }) => attributes)).toContainEqual(["xattrs"]);
    for (const secret of secrets.flatMap((text) => [text, Buffer.from(text).toString("base64").replace(/=+$/, "")])) {
      expect(`${stdout}${stderr}${node.written}`).not.toContain(secret);
    }
    expect(lstatSync(path.join(node.state, "candidate.db")).mode & 0o077).toBe(0);
  });

  test("AIDE finds nothing wrong with the configuration", () => {
    const node = approved();
    const words = { "0.18": "aide", "0.19": "node_modules/.cache/debian-13/bin/aide" };
    const configuration = `--config=${path.join(node.folder, "aide.conf")}`;
    expect(run(words[release], ["--config-check", configuration])).toEqual({ status: 0, output: "" });
  });
});

describe("the watch", () => {
  test("takes what is approved while it goes on, and ends when it is told to", async () => {
    const node = kept(new WatchedNode());
    const watching = node.watch();
    const { candidate } = await watching.line(({ state }) => state === "baseline_missing");
    node.approve(candidate);
    await watching.line(({ state }) => state === "clean");
    expect(node.stateMetric).toBe("clean");
    expect(await watching.signal("SIGTERM")).toBe(0);
    expect(watching.lines.map(({ event }) => event)).toEqual(["watching", "check", "baseline-taken", "check", "ended"]);
  });

  test("begins with what it knew: it checks again when a check is due only", async () => {
    const node = kept(WatchedNode.approved());
    const watching = node.watch();
    await watching.line(({ event }) => event === "watching");
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await watching.signal("SIGTERM");
    expect(watching.lines.map(({ event }) => event)).toEqual(["watching", "ended"]);
    expect(node.stateMetric).toBe("clean");
  });

  test("checks at once when it begins with another configuration: what it knew is about the earlier one", async () => {
    const node = kept(WatchedNode.approved());
    node.configure({ exclusions: [] });
    const watching = node.watch();
    const { state } = await watching.line(({ event }) => event === "check");
    expect([state, node.stateMetric]).toEqual(["baseline_foreign", "baseline_foreign"]);
    await new Promise((resolve) => setTimeout(resolve, 600));
    await watching.signal("SIGTERM");
    expect(watching.lines.filter(({ event }) => event === "check")).toHaveLength(1);
  });

  test("checks again an hour after an error, and not before", async () => {
    const node = kept(WatchedNode.approved());
    rmSync(node.at("/etc/containerd/config.toml"));
    expect(node.check().code).toBe(2);
    node.write("/etc/containerd/config.toml", "version = 2\n");
    const watched = async () => {
      const watching = node.watch();
      await watching.line(({ event }) => event === "watching");
      await new Promise((resolve) => setTimeout(resolve, 600));
      await watching.signal("SIGTERM");
      return watching.lines.filter(({ event }) => event === "check").map(({ state }) => state);
    };
    expect(await watched()).toEqual([]);
    const file = path.join(node.state, "result.json");
    const result = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(file, JSON.stringify({ ...result, lastCheck: result.lastCheck - 3600 }));
    expect(await watched()).toEqual(["clean"]);
  });

  test("is held off while patches are made, and checks afterwards", async () => {
    const node = kept(WatchedNode.approved());
    node.configure({
      patchWindows: [
        { from: "00:00", until: "12:00" },
        { from: "12:00", until: "00:00" },
      ],
    });
    expect(node.check().code).toBe(4);
    expect(node.stateMetric).toBe("held_off");
    const watching = node.watch();
    node.write("/usr/bin/tool-1", "patched\n");
    await watching.line(({ event }) => event === "watching");
    await watching.signal("SIGTERM");
    expect(node.stateMetric).toBe("held_off");

    node.configure({});
    const again = node.watch();
    await again.line(({ state }) => state === "drift");
    await again.signal("SIGTERM");
  });

  test("AIDE-14: is held off by a person for a time, and checks when it is over", async () => {
    const node = kept(WatchedNode.approved());
    node.write("/usr/bin/tool-1", "patched\n");
    node.holdOff(inSeconds(12 * 3600));
    expect(node.check()).toMatchObject({ code: 4, findings: [] });
    expect(node.stateMetric).toBe("held_off");
    node.holdOff(inSeconds(4));
    const watching = node.watch();
    await watching.line(({ state }) => state === "drift");
    await watching.signal("SIGTERM");
    expect(node.stateMetric).toBe("drift");
  });

  test.each([
    // Counted from when the test begins, and not from when the file is read.
    ["for longer than a person may", () => inSeconds(12 * 3600 + 60)],
    ["for ever", () => "9999-12-31T23:59:59Z"],
    ["until a moment that is over", () => inSeconds(-1)],
    ["by what is no time", () => "tomorrow"],
    ["by nothing", () => ""],
  ])("is not held off %s", (_, until) => {
    const node = kept(WatchedNode.approved());
    node.holdOff(until());
    node.write("/usr/bin/tool-1", "patched\n");
    expect(node.check().code).toBe(1);
  });

  test.each([
    // Time, the last moment at which a check was to begin, the end of the window that is open. Saturday is the 21st.
    ["2026-11-21T12:00", "2026-11-21T03:30", null],
    ["2026-11-21T03:00", "2026-11-20T03:30", null],
    ["2026-11-21T22:30", "2026-11-21T03:30", "2026-11-22T01:00"],
    ["2026-11-22T00:59", "2026-11-21T03:30", "2026-11-22T01:00"],
    ["2026-11-22T01:00", "2026-11-22T01:00", null],
    ["2026-11-22T05:00", "2026-11-22T03:30", "2026-11-22T06:00"],
    ["2026-11-23T05:00", "2026-11-23T03:30", null],
  ])("at %s, the last check was due at %s, and patches are made until %s", (now, due, end) => {
    const { patchWindows } = integritySettings(
      {
        watch: [],
        minimumEntries: 1,
        checkAt: [],
        patchWindows: [
          { day: "Saturday", from: "22:00", until: "01:00" },
          { day: "Sunday", from: "04:00", until: "06:00" },
        ],
      },
      { configuration: "", prefix: "", state: "", approved: "", metrics: { textfile: "" } },
    );
    const asked = `
import importlib.util, json, sys
from datetime import datetime
specification = importlib.util.spec_from_file_location("program", sys.argv[1])
program = importlib.util.module_from_spec(specification)
specification.loader.exec_module(program)
settings, now = json.loads(sys.argv[2]), datetime.fromisoformat(sys.argv[3])
told = [program.last_due(now, settings, "node"), program.window_end(now, settings)]
print(json.dumps([moment and moment.isoformat(timespec="minutes") for moment in told]))`;
    const settings = JSON.stringify({ checkAt: ["03:30"], spreadSeconds: 0, patchWindows });
    expect(JSON.parse(printed(python, ["-c", asked, program, settings, now]))).toEqual([due, end]);
  });

  test("T-25: a Pushgateway has the last word of each node only", async () => {
    const gateway = await startPushgateway();
    try {
      const node = kept(WatchedNode.approved({ pushgateway: gateway.url }));
      node.write("/usr/bin/tool-5", "evil\n");
      expect(node.check().code).toBe(1);
      expect(await gateway.metrics()).toMatch(/^aide_state\{[^}]*node="k8s-node2",state="drift"\} 1$/m);
      node.approve();
      expect(node.check().code).toBe(0);
      const cleared = await gateway.metrics();
      expect(cleared).toMatch(/^aide_state\{[^}]*state="drift"\} 0$/m);
      expect(cleared).toMatch(/^aide_findings\{[^}]*kind="changed"[^}]*\} 0$/m);
      rmSync(node.at("/etc/containerd/config.toml"));
      expect(node.check().code).toBe(2);
      expect(await gateway.metrics()).not.toContain("aide_findings");
    } finally {
      await gateway.stop();
    }
    const node = kept(new WatchedNode({ pushgateway: gateway.url }));
    expect(node.check().lines).toContainEqual(expect.objectContaining({ event: "metrics-not-published" }));
  });

  test("promtool finds nothing wrong with the metrics", () => {
    const node = kept(WatchedNode.approved());
    expect(run("promtool", ["check", "metrics"], node.metrics)).toEqual({ status: 0, output: "" });
  });

  test("is used wrongly without a node's name", () => {
    expect(run("env", ["-i", python, program, "check", "/dev/null"])).toMatchObject({ status: 64 });
  });
});

test("the image has the packages that Debian 13 has, by the digest of its base", () => {
  expect(dockerfile()).toMatch(/^FROM docker\.io\/library\/debian:trixie-slim@sha256:[0-9a-f]{64}$/m);
  expect(printed("node_modules/.cache/debian-13/bin/aide", ["--version"])).toMatch(/^AIDE 0\.19\./);
});

/** Ten files that are new, ten that are gone, and ten that are others in as many ways. Returns what is to be found. */
function plant(node: WatchedNode): string[] {
  const ten = Array.from({ length: 10 }, (_, index) => index);
  const added = ten.map((index) => (index < 5 ? `/etc/app/new-${index}.conf` : `/usr/sbin/new-${index}`));
  for (const file of added.slice(0, 8)) node.write(file, "new\n");
  printed("mkdir", [node.at(added[8] ?? "")]);
  symlinkSync("tool-1", node.at(added[9] ?? ""));
  const removed = ten.map((index) =>
    index < 5 ? `/etc/systemd/system/unit-${index}.service` : `/usr/sbin/daemon-${index}`,
  );
  for (const file of removed) rmSync(node.at(file));
  const changed: Readonly<Record<string, (file: string) => void>> = {
    "/etc/passwd": (file) => writeFileSync(file, "root:x:0:0:root:/root:/bin/bash\nevil:x:0:0::/:/bin/sh\n"),
    "/etc/app/app-1.conf": (file) => writeFileSync(file, readFileSync(file, "utf8").replace("1", "2")),
    "/usr/bin/tool-1": (file) => printed("chmod", ["4755", file]),
    "/usr/bin/tool-2": (file) => printed("chown", ["1234", file]),
    "/usr/bin/tool-3": (file) => printed("chgrp", ["1234", file]),
    "/usr/bin/sh": (file) => printed("ln", ["-sfn", "tool-1", file]),
    "/usr/local/bin/kubeadm": (file) => setAttribute(file, "1"),
    "/etc/app/app-2.conf": (file) => printed("sh", ["-c", `rm '${file}' && mkdir '${file}'`]),
    "/var/lib/kubelet/config.yaml": (file) => {
      // As programs replace files, which a mount of the file itself would not see.
      writeFileSync(`${file}.new`, "kind: Evil\n");
      renameSync(`${file}.new`, file);
    },
    "/usr/sbin": (file) => printed("chmod", ["777", file]),
  };
  for (const [file, change] of Object.entries(changed)) change(node.at(file));
  return [
    ...added.map((file) => `added ${file}`),
    ...removed.map((file) => `removed ${file}`),
    ...Object.keys(changed).map((file) => `changed ${file}`),
  ];
}

/** Puts a file of the same content in the place of a file. */
function rewrite(node: WatchedNode, file: string): void {
  const content = readFileSync(node.at(file));
  rmSync(node.at(file));
  writeFileSync(node.at(file), content);
}

function setAttribute(file: string, value: string): void {
  printed(python, ["-c", "import os, sys; os.setxattr(sys.argv[1], 'user.note', sys.argv[2].encode())", file, value]);
}

/** As `rebaseline` writes it. */
function inSeconds(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
}
