import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

/** The Debian packages that hold the programs, which `.ci/run` installs as well. */
const packages: Readonly<Record<string, string>> = {
  "/usr/bin/aide": "aide",
  "cloud-init": "cloud-init",
  "/usr/sbin/sshd": "openssh-server",
  "/usr/bin/python3": "cloud-init",
  chromium: "chromium",
  containerd: "containerd",
  openssl: "openssl",
  "prometheus-pushgateway": "prometheus-pushgateway",
  promtool: "prometheus",
  shellcheck: "shellcheck",
  "ssh-keygen": "openssh-client",
  systemctl: "systemd",
  "systemd-analyze": "systemd",
};

export interface Outcome {
  readonly status: number | null;
  /** Everything that was printed. */
  readonly output: string;
}

/** Runs a real program. Without it the test fails: it never passes by skipping. */
export function run(program: string, args: readonly string[], input = ""): Outcome {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8", input });
  if (error !== undefined) {
    throw new Error(`The programs tier needs ${program}: apt-get install ${packages[program] ?? program}`, {
      cause: error,
    });
  }
  return { status, output: stdout + stderr };
}

/** What a real program prints; it must succeed. */
export function printed(program: string, args: readonly string[], input = ""): string {
  const { status, output } = run(program, args, input);
  if (status !== 0) {
    throw new Error(`${program} ${args.join(" ")} ended with ${status}:\n${output}`);
  }
  return output;
}

/** Does something with files in a folder of their own, by their paths in it. */
export function withFiles<T>(files: Readonly<Record<string, string>>, work: (folder: string) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), "programs-"));
  try {
    for (const [file, content] of Object.entries(files)) {
      const absolute = path.join(folder, file);
      mkdirSync(path.dirname(absolute), { recursive: true });
      writeFileSync(absolute, content, { mode: content.startsWith("#!") ? 0o755 : 0o644 });
    }
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
