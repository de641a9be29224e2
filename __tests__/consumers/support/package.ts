import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import * as path from "node:path";

export const root = path.resolve(__dirname, "../../..");

/** What a checkout does not have. */
const notCommitted = ["node_modules", "dist", "cdktf.out", ".git"];

/** Packs the library as `npm publish` would, from a copy of the sources in `folder`. Returns the tarball. */
export function packLibrary(folder: string): string {
  const checkout = path.join(folder, "checkout");
  cpSync(root, checkout, {
    recursive: true,
    filter: (source) => !notCommitted.includes(path.relative(root, source)) && !source.endsWith(".tgz"),
  });
  symlinkSync(path.join(root, "node_modules"), path.join(checkout, "node_modules"));
  // What an earlier build left behind, of tests and of a module that is gone, must not get into the package.
  for (const leftover of ["dist/__tests__/old.test.js", "dist/constructs/old.js"]) {
    mkdirSync(path.dirname(path.join(checkout, leftover)), { recursive: true });
    writeFileSync(path.join(checkout, leftover), "");
  }
  run("npm", ["pack", "--silent", "--pack-destination", folder], checkout);
  const { name, version } = manifest();
  return path.join(folder, `${name}-${version}.tgz`);
}

/** Unpacks a tarball of npm into the folder of a package. */
export function unpack(tarball: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  run("tar", ["-xzf", tarball, "--strip-components=1", "-C", folder], folder);
}

export function entriesOf(tarball: string): string[] {
  const entries = run("tar", ["-tzf", tarball], path.dirname(tarball)).trim().split("\n");
  return entries.map((entry) => entry.replace(/^package\//, "")).sort();
}

/** The library's package.json. */
export function manifest(): {
  readonly name: string;
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
} {
  return JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
}

/** Runs a command to its end. When it fails, the error says what the command said. */
export function run(command: string, args: readonly string[], cwd: string): string {
  const { INIT_CWD: _, ...env } = withoutNpm(process.env);
  try {
    return execFileSync(command, args, {
      cwd,
      env: { ...env, CHECKPOINT_DISABLE: "1" },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { readonly stdout?: string; readonly stderr?: string };
    throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

/** What `npm test` tells its children about this repository would be taken for settings of theirs. */
function withoutNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^npm_(package|lifecycle|command|execpath)/.test(name)),
  );
}
