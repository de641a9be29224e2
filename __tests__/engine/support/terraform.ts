import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DoubleOptions, providerEnvironment } from "./provider-mirror";

/** What Terraform wants to do to one object. */
export interface Change {
  readonly address: string;
  readonly actions: readonly string[];
  /** Attributes that force the replacement: `efi_disk.0.type`. */
  readonly replacePaths: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
  /** Which attributes are known only at apply. */
  readonly afterUnknown: unknown;
}

export interface Plan {
  /** Everything but no-ops and reads. */
  readonly changes: readonly Change[];
  /** What was changed behind Terraform's back. */
  readonly drift: readonly Change[];
  /** Outputs that would change, by name. */
  readonly outputs: readonly string[];
}

export interface StateResource {
  readonly address: string;
  readonly type: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly tainted: boolean;
}

export interface Output {
  readonly sensitive: boolean;
  readonly value: unknown;
}

export interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail: string;
  /** The source line that the diagnostic points at. */
  readonly code: string;
  readonly address: string;
}

export interface WorkspaceOptions extends DoubleOptions {
  /** Objects worked on at the same time. @default - Terraform's own, 10 */
  readonly parallelism?: number;
}

/** Terraform refused or failed; the message holds all that it said. */
export class TerraformError extends Error {
  constructor(
    command: string,
    readonly output: string,
  ) {
    super(`${command} failed:\n${output}`);
    this.name = "TerraformError";
  }

  /** What was said, on one line: Terraform breaks its lines where a terminal would. */
  get unwrapped(): string {
    return this.output.replaceAll(/[│╷╵\s]+/g, " ");
  }
}

/** What Terraform says when it fails, on one line; an error when it does not fail. */
export async function failureOf(command: Promise<unknown>): Promise<string> {
  try {
    await command;
  } catch (error) {
    if (error instanceof TerraformError) {
      return error.unwrapped;
    }
    throw error;
  }
  throw new Error("The command was expected to fail, but it succeeded.");
}

/** One directory with a Terraform configuration, driven through the real Terraform or OpenTofu. */
export class Workspace {
  private readonly binary = terraformBinary();
  private temporary = false;

  constructor(
    readonly directory: string,
    private readonly options: WorkspaceOptions = {},
  ) {}

  /** A workspace in a temporary folder that `remove` deletes. */
  static from(configuration: object, options: WorkspaceOptions = {}): Workspace {
    terraformBinary();
    const directory = realpathSync(mkdtempSync(join(tmpdir(), "engine-")));
    const workspace = new Workspace(directory, options);
    workspace.temporary = true;
    workspace.write(configuration);
    return workspace;
  }

  /** The same directory under other circumstances. */
  with(options: WorkspaceOptions): Workspace {
    return new Workspace(this.directory, { ...this.options, ...options });
  }

  /** Replaces the configuration of a temporary workspace. */
  write(configuration: object): void {
    writeFileSync(join(this.directory, "main.tf.json"), `${JSON.stringify(configuration, null, 2)}\n`);
  }

  async init(): Promise<void> {
    await this.run("init", "-input=false", "-no-color");
  }

  /** All diagnostics; an invalid configuration is an answer here, not a failure. */
  async validate(): Promise<readonly Diagnostic[]> {
    const result = await this.spawn(["validate", "-json", "-no-color"]);
    let parsed: { readonly diagnostics?: readonly RawDiagnostic[] };
    try {
      parsed = JSON.parse(result.stdout) as typeof parsed;
    } catch {
      throw new TerraformError(`${this.binary} validate`, result.stdout + result.stderr);
    }
    return (parsed.diagnostics ?? []).map((diagnostic) => ({
      severity: diagnostic.severity,
      summary: diagnostic.summary,
      detail: diagnostic.detail ?? "",
      code: diagnostic.snippet?.code.trim() ?? "",
      address: diagnostic.address ?? diagnostic.snippet?.context ?? "",
    }));
  }

  async plan(...args: readonly string[]): Promise<Plan> {
    const shown = JSON.parse(await this.planJson(...args)) as RawPlan;
    return {
      changes: (shown.resource_changes ?? []).map(toChange).filter((change) => !isIdle(change)),
      drift: (shown.resource_drift ?? []).map(toChange).filter((change) => !isIdle(change)),
      outputs: Object.entries(shown.output_changes ?? {})
        .filter(([, change]) => !change.actions.includes("no-op"))
        .map(([name]) => name),
    };
  }

  /** What `show -json` prints about a plan. */
  async planJson(...args: readonly string[]): Promise<string> {
    const file = join(this.directory, "engine.tfplan");
    await this.run("plan", "-input=false", "-no-color", `-out=${file}`, ...this.parallelism(), ...args);
    return this.run("show", "-json", file);
  }

  async apply(...args: readonly string[]): Promise<void> {
    await this.run("apply", "-input=false", "-no-color", "-auto-approve", ...this.parallelism(), ...args);
  }

  async destroy(...args: readonly string[]): Promise<void> {
    await this.run("destroy", "-input=false", "-no-color", "-auto-approve", ...this.parallelism(), ...args);
  }

  /** Every managed resource and data source of the state, modules included. */
  async state(): Promise<readonly StateResource[]> {
    const shown = JSON.parse(await this.run("show", "-json")) as {
      readonly values?: { readonly root_module: RawModule };
    };
    return shown.values === undefined ? [] : resourcesOf(shown.values.root_module);
  }

  async output(): Promise<Readonly<Record<string, Output>>> {
    return JSON.parse(await this.run("output", "-json", "-no-color")) as Record<string, Output>;
  }

  /** Any other command; returns what it printed and fails with everything that it said. */
  async run(...args: readonly string[]): Promise<string> {
    const { stdout, stderr, code } = await this.spawn(args);
    if (code !== 0) {
      throw new TerraformError(`${this.binary} ${args.join(" ")}`, stderr + stdout);
    }
    return stdout;
  }

  /** Deletes the folder of a temporary workspace. */
  remove(): void {
    if (this.temporary) {
      rmSync(this.directory, { recursive: true, force: true });
    }
  }

  private parallelism(): string[] {
    return this.options.parallelism === undefined ? [] : [`-parallelism=${this.options.parallelism}`];
  }

  private spawn(args: readonly string[]): Promise<Result> {
    const env = { ...inheritedEnvironment(), ...providerEnvironment(this.options) };
    return new Promise((resolve, reject) => {
      execFile(this.binary, [...args], { cwd: this.directory, env, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== "number") {
          reject(error);
          return;
        }
        resolve({ stdout, stderr, code: error === null ? 0 : Number(error.code) });
      });
    });
  }
}

interface Result {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

interface RawDiagnostic {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail?: string;
  readonly address?: string;
  readonly snippet?: { readonly code: string; readonly context?: string | null };
}

interface RawChange {
  readonly address: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: unknown;
    readonly after: unknown;
    readonly after_unknown: unknown;
    readonly replace_paths?: readonly (readonly (string | number)[])[];
  };
}

interface RawPlan {
  readonly resource_changes?: readonly RawChange[];
  readonly resource_drift?: readonly RawChange[];
  readonly output_changes?: Readonly<Record<string, { readonly actions: readonly string[] }>>;
}

interface RawModule {
  readonly resources?: readonly (Omit<StateResource, "tainted"> & { readonly tainted?: boolean })[];
  readonly child_modules?: readonly RawModule[];
}

function toChange(raw: RawChange): Change {
  return {
    address: raw.address,
    actions: raw.change.actions,
    replacePaths: (raw.change.replace_paths ?? []).map((path) => path.join(".")),
    before: raw.change.before,
    after: raw.change.after,
    afterUnknown: raw.change.after_unknown,
  };
}

function isIdle(change: Change): boolean {
  return change.actions.every((action) => action === "no-op" || action === "read");
}

function resourcesOf(module: RawModule): StateResource[] {
  const own = (module.resources ?? []).map(({ address, type, values, tainted }) => ({
    address,
    type,
    values,
    tainted: tainted ?? false,
  }));
  return [...own, ...(module.child_modules ?? []).flatMap(resourcesOf)];
}

/** Terraform reads its own environment too: a developer's plugin cache or extra arguments must not reach the tests. */
function inheritedEnvironment(): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !name.startsWith("TF_") && !name.startsWith("PROVIDER_DOUBLE_")) {
      kept[name] = value;
    }
  }
  return kept;
}

let found: string | undefined;

/** The engine under test; without one the tests fail, they never pass by skipping. */
function terraformBinary(): string {
  found ??= findTerraform();
  return found;
}

function findTerraform(): string {
  const chosen = process.env["TERRAFORM_BINARY_NAME"];
  const candidates = chosen === undefined ? ["terraform", "tofu"] : [chosen];
  for (const candidate of candidates) {
    if (spawnSync(candidate, ["version"], { stdio: "ignore" }).status === 0) {
      return candidate;
    }
  }
  throw new Error(
    `The engine tests need Terraform or OpenTofu, but ${candidates.map((name) => `"${name}"`).join(" and ")} cannot be run; ` +
      "put one of them on PATH or name it in TERRAFORM_BINARY_NAME.",
  );
}
