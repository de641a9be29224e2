/** A tree that looks like an Ubuntu node, and the program that watches it, with the real AIDE. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { holdOffKey } from "../../../analysis/file-integrity";
import { type Exclusion, type PatchWindow, ubuntuNode, ubuntuNodeExclusions } from "../../../manifests";
import { aideConfiguration, integritySettings } from "../../../manifests/aide";
import { printed } from "./programs";

const root = path.resolve(__dirname, "../../..");
export const program = path.join(root, "scripts/file-integrity.py");
const python = "/usr/bin/python3";

export type AideRelease = "0.18" | "0.19";

/** A line that the program wrote. */
export type Line = Readonly<Record<string, unknown>> & { readonly event: string };

export interface Checked {
  readonly code: number | null;
  readonly lines: readonly Line[];
  /** The line about the check as a whole. */
  readonly check: Line | undefined;
  /** Kind and path of each finding. */
  readonly findings: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
}

export interface NodeOptions {
  readonly release?: AideRelease;
  readonly exclusions?: readonly Exclusion[];
  readonly patchWindows?: readonly PatchWindow[];
  readonly pushgateway?: string;
  readonly minimumEntries?: number;
}

export class WatchedNode {
  readonly name = "k8s-node2";
  readonly folder = realpathSync(mkdtempSync(path.join(tmpdir(), "node-")));
  readonly host = path.join(this.folder, "host");
  readonly state = path.join(this.folder, "state");
  readonly metricsFolder = path.join(this.folder, "metrics");
  readonly #release: AideRelease;
  readonly #children: ChildProcess[] = [];

  constructor(options: NodeOptions = {}) {
    this.#release = options.release ?? "0.18";
    for (const one of [this.host, this.state, this.metricsFolder, path.join(this.folder, "approved")]) {
      mkdirSync(one);
    }
    for (const [file, content] of Object.entries(ubuntuFiles())) {
      this.write(file, content);
    }
    symlinkSync("bash", this.at("/usr/bin/sh"));
    this.configure(options);
  }

  configure({
    exclusions = ubuntuNodeExclusions,
    patchWindows = [],
    minimumEntries = 40,
    pushgateway,
  }: NodeOptions): void {
    const configuration = path.join(this.folder, "aide.conf");
    writeFileSync(configuration, aideConfiguration(ubuntuNode, exclusions, this.host));
    const settings = integritySettings(
      { watch: ubuntuNode, minimumEntries, checkAt: ["03:30"], patchWindows },
      {
        configuration,
        prefix: this.host,
        state: this.state,
        approved: path.join(this.folder, "approved"),
        metrics: pushgateway === undefined ? { textfile: this.metricsFolder } : { pushgateway },
      },
    );
    writeFileSync(path.join(this.folder, "settings.json"), JSON.stringify({ ...settings, pollSeconds: 0.2 }));
  }

  /** Where a path of the node is here. */
  at(file: string): string {
    return path.join(this.host, file);
  }

  write(file: string, content: string, mode = 0o644): void {
    mkdirSync(path.dirname(this.at(file)), { recursive: true });
    writeFileSync(this.at(file), content);
    chmodSync(this.at(file), mode);
  }

  /** Checks once, under the given words of another command, such as one that takes rights away. */
  check(under: readonly string[] = []): Checked {
    const [command = python, ...args] = [...under, python, program, "check", this.#settings];
    const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", env: this.#env });
    return { code: status, ...read(stdout), stdout, stderr };
  }

  /** Checks for ever, until it is stopped. */
  watch(): Watching {
    const child = spawn(python, [program, "watch", this.#settings], { env: this.#env, detached: true });
    this.#children.push(child);
    return new Watching(child);
  }

  /** Starts a check and does not wait for it. */
  startCheck(): Watching {
    const child = spawn(python, [program, "check", this.#settings], { env: this.#env, detached: true });
    this.#children.push(child);
    return new Watching(child);
  }

  /** What a person does with what a check offers. */
  approve(fingerprint: unknown = this.check().check?.["candidate"]): void {
    writeFileSync(path.join(this.folder, "approved", this.name), `${fingerprint}`);
  }

  /** What a person does who is about to change files. */
  holdOff(until: string): void {
    writeFileSync(path.join(this.folder, "approved", holdOffKey), until);
  }

  /** A node with an approved baseline. */
  static approved(options: NodeOptions = {}): WatchedNode {
    const node = new WatchedNode(options);
    node.approve();
    expect(node.check().code).toBe(0);
    return node;
  }

  get metrics(): string {
    const file = path.join(this.metricsFolder, "file-integrity.prom");
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }

  /** Values of the series of a name, by their labels other than the node's. */
  metric(name: string): Readonly<Record<string, number>> {
    return Object.fromEntries(
      [...this.metrics.matchAll(new RegExp(`^${name}\\{node="[^"]*",?(.*)\\} (\\S+)$`, "gm"))].map((match) => [
        match[1] ?? "",
        Number(match[2]),
      ]),
    );
  }

  /** The state that the metrics say, which is exactly one. */
  get stateMetric(): string {
    return Object.entries(this.metric("aide_state"))
      .filter(([, value]) => value === 1)
      .map(([labels]) => labels.replace(/^state="(.*)"$/, "$1"))
      .join();
  }

  /** All that the program wrote but its databases. */
  get written(): string {
    return readdirSync(this.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.startsWith(this.host) && !entry.name.endsWith(".db"))
      .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), "utf8"))
      .join("\n");
  }

  remove(): void {
    for (const { pid, exitCode, signalCode } of this.#children) {
      if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, "SIGKILL");
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #settings(): string {
    return path.join(this.folder, "settings.json");
  }

  get #env(): NodeJS.ProcessEnv {
    return { PATH: `${folderOf(this.#release)}:${process.env["PATH"]}`, NODE_NAME: this.name };
  }
}

/** A program that goes on. */
export class Watching {
  readonly #child: ChildProcess;
  #text = "";

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.#text += text;
    });
  }

  get lines(): readonly Line[] {
    return read(this.#text).lines;
  }

  /** Waits for a line. */
  async line(isIt: (line: Line) => boolean): Promise<Line> {
    for (;;) {
      const line = this.lines.find(isIt);
      if (line !== undefined) return line;
      if (this.#child.exitCode !== null) throw new Error(`It ended before:\n${this.#text}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Signals the program and, as the end of a container does, all that it started. */
  signal(signal: NodeJS.Signals, group = false): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => this.#child.on("close", resolve));
    process.kill((group ? -1 : 1) * (this.#child.pid ?? Number.NaN), signal);
    return ended;
  }
}

/** A folder with the `aide` of a release. Debian 12 has the one, and Debian 13 the other. */
function folderOf(release: AideRelease): string {
  if (release === "0.18") return "/usr/bin";
  const folder = path.join(root, "node_modules/.cache/debian-13");
  const packages = [...dockerfile().matchAll(/\b[\w-]+=[\d.]+\*/g)].map(([name]) => name);
  printed(path.join(__dirname, "debian-13.sh"), [folder, ...packages]);
  const aide = path.join(folder, "bin/aide");
  if (!existsSync(aide)) {
    const usr = path.join(folder, "root/usr");
    mkdirSync(path.dirname(aide));
    const loader = `${usr}/lib64/ld-linux-x86-64.so.2 --library-path ${usr}/lib/x86_64-linux-gnu`;
    writeFileSync(aide, `#!/bin/sh\nexec ${loader} ${usr}/bin/aide "$@"\n`, { mode: 0o755 });
  }
  return path.dirname(aide);
}

export function dockerfile(): string {
  return readFileSync(path.join(root, "images/aide/Dockerfile"), "utf8");
}

function read(stdout: string): Pick<Checked, "lines" | "check" | "findings"> {
  const lines = stdout
    .split("\n")
    .slice(0, -1)
    .map((line): Line => JSON.parse(line));
  return {
    lines,
    check: lines.findLast(({ event }) => event === "check"),
    findings: lines
      .filter(({ event }) => event === "finding")
      .map(({ kind, path: file }) => `${kind} ${file}`)
      .sort(),
  };
}

/** Files in each watched directory, and beside them what is not watched. */
function ubuntuFiles(): Readonly<Record<string, string>> {
  const numbered = (pattern: string) =>
    Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [pattern.replace("#", `${index}`), `${pattern} ${index}\n`]),
    );
  return {
    ...numbered("/etc/app/app-#.conf"),
    ...numbered("/etc/systemd/system/unit-#.service"),
    ...numbered("/usr/bin/tool-#"),
    ...numbered("/usr/sbin/daemon-#"),
    "/usr/bin/bash": "bash\n",
    "/usr/local/bin/kubeadm": "kubeadm\n",
    "/etc/passwd": "root:x:0:0:root:/root:/bin/bash\n",
    "/etc/adjtime": "0.0 0 0.0\n",
    "/etc/cni/net.d/10-calico.conflist": "{}\n",
    "/etc/cni/net.d/calico-kubeconfig": "token\n",
    "/etc/containerd/config.toml": "version = 2\n",
    "/var/lib/kubelet/config.yaml": "kind: KubeletConfiguration\n",
    "/var/lib/kubelet/kubeadm-flags.env": "KUBELET_KUBEADM_ARGS=\n",
    "/var/lib/kubelet/pods/1/volumes/data": "0\n",
  };
}
