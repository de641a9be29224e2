import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, join, resolve } from "node:path";

const project = resolve(__dirname, "../../..");
const sources = resolve(__dirname, "../provider-double");
const cache = join(project, "node_modules/.cache/provider-double");

/** The registries whose providers we play: each tool looks below its own host name. */
const registries = ["registry.terraform.io", "registry.opentofu.org"];

/** What the providers shall do in this run. */
export interface DoubleOptions {
  /** Directory of `<name>.json` and `behaviour/<name>.json`. @default - `providers/schemas` of this project */
  readonly schemas?: string;
  /** Directory in which the objects live outside Terraform's state. @default - objects live in the state only */
  readonly world?: string;
  /** File that gets one JSON line per call. @default - no log */
  readonly log?: string;
  /** Least duration of every create, update and delete, in milliseconds. @default 0 */
  readonly delayMs?: number;
  /** Least duration of every read of an object, in milliseconds. @default 0 */
  readonly readDelayMs?: number;
  /** Calls that shall fail: `apply:talos_machine:2` is the second create or update. @default - none */
  readonly fail?: readonly string[];
}

/** Whether the tests run on the providers of the registry instead of the double. */
const realProviders = process.env["PROVIDERS"] === "real";

/** The environment in which Terraform finds the provider double; with `PROVIDERS=real`, the registry. */
export function providerEnvironment(options: DoubleOptions = {}): Record<string, string> {
  const quiet = { CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" };
  if (realProviders) {
    return quiet;
  }
  const schemas = resolve(options.schemas ?? join(project, "providers/schemas"));
  return {
    ...quiet,
    TF_CLI_CONFIG_FILE: join(providerMirror(schemas), "terraform.rc"),
    PROVIDER_DOUBLE_SCHEMAS: schemas,
    ...(options.world === undefined ? {} : { PROVIDER_DOUBLE_WORLD: options.world }),
    ...(options.log === undefined ? {} : { PROVIDER_DOUBLE_LOG: options.log }),
    ...(options.delayMs === undefined ? {} : { PROVIDER_DOUBLE_DELAY_MS: String(options.delayMs) }),
    ...(options.readDelayMs === undefined ? {} : { PROVIDER_DOUBLE_READ_DELAY_MS: String(options.readDelayMs) }),
    ...(options.fail === undefined ? {} : { PROVIDER_DOUBLE_FAIL: options.fail.join(",") }),
  };
}

interface MirroredProvider {
  readonly namespace: string;
  readonly name: string;
  readonly version: string;
}

/** Builds the double, lays it out as a filesystem mirror and returns the folder; at once when nothing changed. */
function providerMirror(schemas: string): string {
  const providers = readdirSync(schemas)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => mirroredProvider(join(schemas, file)));
  const finished = join(cache, hashOf([sourceFiles().map((file) => readFileSync(file)), JSON.stringify(providers)]));
  if (existsSync(finished)) {
    return finished;
  }
  // Built aside and renamed at the end, so that two test processes never see half a mirror.
  const draft = `${finished}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  const binary = join(draft, "provider-double");
  build(binary);
  for (const provider of providers) {
    for (const registry of registries) {
      const folder = join(draft, "mirror", registry, provider.namespace, provider.name, provider.version, platform());
      mkdirSync(folder, { recursive: true });
      place(binary, join(folder, `terraform-provider-${provider.name}_v${provider.version}`));
    }
  }
  const mirror = JSON.stringify(join(finished, "mirror"));
  writeFileSync(
    join(draft, "terraform.rc"),
    `provider_installation {\n  filesystem_mirror {\n    path = ${mirror}\n  }\n}\n`,
  );
  try {
    renameSync(draft, finished);
  } catch (error) {
    if (!existsSync(finished)) {
      throw error;
    }
    rmSync(draft, { recursive: true, force: true });
  }
  return finished;
}

function mirroredProvider(file: string): MirroredProvider {
  const content = JSON.parse(readFileSync(file, "utf8")) as {
    readonly provider_versions?: Readonly<Record<string, string>>;
  };
  const [entry, ...more] = Object.entries(content.provider_versions ?? {});
  const [, namespace, name] = entry?.[0].split("/") ?? [];
  if (entry === undefined || more.length > 0 || namespace === undefined || name === undefined) {
    throw new Error(`${file}: "provider_versions" must hold one provider, as <registry>/<namespace>/<name>: <version>`);
  }
  if (`${name}.json` !== basename(file)) {
    throw new Error(`${file} holds the provider "${name}"; the double looks for it in ${name}.json`);
  }
  return { namespace, name, version: entry[1] };
}

function build(binary: string): void {
  try {
    execFileSync("go", ["build", "-trimpath", "-ldflags=-s -w", "-o", binary, "."], {
      cwd: sources,
      env: { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly" },
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    const stderr = (error as { readonly stderr?: Buffer }).stderr?.toString() ?? "";
    throw new Error(`The provider double does not build; the engine tests need Go.\n${stderr || String(error)}`, {
      cause: error,
    });
  }
}

/** A hard link where possible: the mirror holds the same program under many names. */
function place(binary: string, path: string): void {
  try {
    linkSync(binary, path);
  } catch {
    copyFileSync(binary, path);
  }
}

function sourceFiles(): string[] {
  return readdirSync(sources)
    .filter((file) => (file.endsWith(".go") && !file.endsWith("_test.go")) || file === "go.mod" || file === "go.sum")
    .sort()
    .map((file) => join(sources, file));
}

function hashOf(parts: readonly [readonly Buffer[], string]): string {
  const hash = createHash("sha256");
  for (const file of parts[0]) {
    hash.update(file).update("\0");
  }
  return hash.update(parts[1]).digest("hex").slice(0, 16);
}

/** The platform in Terraform's words. */
function platform(): string {
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  const os = process.platform === "win32" ? "windows" : process.platform;
  return `${os}_${arch}`;
}
