import { execFile } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import type { DriftResult, StackResult } from "../../../analysis/drift-result";
import { type CommandResult, CompiledCommand, type Interruption } from "../../cli/support/command";
import { type DoubleOptions, providerEnvironment } from "../../engine/support/provider-mirror";
import { World } from "../../engine/support/world";

const pool = "proxmox_virtual_environment_pool";

/** The address of the only object of a stack. */
export const address = `${pool}.it`;

/** What a run of `drift` came to. */
export interface DriftRun extends CommandResult {
  readonly result: DriftResult;
  /** Everything that was written for others to read. */
  readonly artifacts: string;
  stack(name: string): StackResult;
}

/** Small stacks of one pool each, on the provider double, and the program that looks at them. */
export class DriftSite {
  readonly folder = realpathSync(mkdtempSync(path.join(tmpdir(), "drift-")));
  readonly world = new World();
  readonly #command = new CompiledCommand();

  constructor() {
    this.#begin();
  }

  get root(): string {
    return path.join(this.folder, "stacks");
  }

  /** Writes a stack without applying it. */
  write(
    name: string,
    { comment = "ours", more = {} }: { readonly comment?: string; readonly more?: object } = {},
  ): void {
    const configuration = {
      terraform: { required_providers: { proxmox: { source: "bpg/proxmox" } }, backend: { local: {} } },
      provider: { proxmox: { endpoint: "https://pve.example.com:8006", api_token: "root@pam!t=0" } },
      resource: { [pool]: { it: { pool_id: name, comment } } },
      ...more,
    };
    mkdirSync(path.join(this.root, name), { recursive: true });
    writeFileSync(path.join(this.root, name, "main.tf.json"), JSON.stringify(configuration));
  }

  /** Applies stacks as they are written. */
  async apply(...names: readonly string[]): Promise<void> {
    const left = [...names];
    const work = async () => {
      for (let name = left.shift(); name !== undefined; name = left.shift()) {
        await this.terraform(name, "init", "-input=false");
        await this.terraform(name, "apply", "-auto-approve", "-input=false");
      }
    };
    await Promise.all([work(), work(), work()]);
  }

  /** Writes and applies stacks: the first one by Terraform, the others as it would leave them. */
  async build(first: string, ...others: readonly string[]): Promise<void> {
    this.write(first);
    await this.apply(first);
    const own = path.join(this.root, first);
    const state = JSON.parse(readFileSync(path.join(own, "terraform.tfstate"), "utf8"));
    const [{ instances }] = state.resources;
    for (const name of others) {
      cpSync(own, path.join(this.root, name), { recursive: true, verbatimSymlinks: true });
      this.write(name);
      const attributes = { ...instances[0].attributes, id: name, pool_id: name };
      const key = `${pool}.${name}.json`;
      const object = { type: pool, label: name, attributes };
      writeFileSync(path.join(this.world.options.world, key), JSON.stringify(object));
      const instance = { ...instances[0], attributes, private: btoa(JSON.stringify({ object: key })) };
      const resources = [{ ...state.resources[0], instances: [instance] }];
      writeFileSync(path.join(this.root, name, "terraform.tfstate"), JSON.stringify({ ...state, resources }));
    }
  }

  async terraform(name: string, ...args: readonly string[]): Promise<void> {
    const cwd = path.join(this.root, name);
    await promisify(execFile)(process.env["TERRAFORM_BINARY_NAME"] ?? "terraform", [...args], {
      cwd,
      env: this.environment(),
    });
  }

  edit(name: string, change: (attributes: Record<string, unknown>) => void): void {
    this.world.edit(pool, name, change);
  }

  delete(name: string): void {
    this.world.delete(pool, name);
  }

  async run(
    options: readonly string[] = [],
    more: DriftEnvironment = {},
    interruption?: Interruption,
  ): Promise<DriftRun> {
    const { env = {}, ...double } = more;
    const outputs = ["result.json", "page.html", "metrics.prom"].map((name) => path.join(this.folder, name));
    const [result = "", html = "", metrics = ""] = outputs;
    const args = ["run", this.root, "--result", result, "--html", html, "--metrics", metrics, ...options];
    const ran = await this.#command.run(["drift", ...args], { ...this.environment(double), ...env }, interruption);
    // Plans hold secrets, and are gone when it ends.
    expect(readdirSync(path.join(this.folder, "tmp"))).toEqual([]);
    if (ran.code === 2) {
      throw new Error(ran.stderr);
    }
    const parsed: DriftResult = JSON.parse(readFileSync(result, "utf8"));
    return {
      ...ran,
      result: parsed,
      artifacts: [ran.stdout, ran.stderr, ...outputs.map((file) => readFileSync(file, "utf8"))].join("\n"),
      stack(name) {
        const found = parsed.stacks.find((stack) => stack.name === name);
        if (found === undefined) throw new Error(`There is no ${name}.`);
        return found;
      },
    };
  }

  /** Runs another command of `drift`. */
  command(...args: readonly string[]): Promise<CommandResult> {
    return this.#command.run(["drift", ...args], this.environment());
  }

  environment(double: DoubleOptions = {}): NodeJS.ProcessEnv {
    const own = Object.entries(process.env).filter(([name]) => !/^(?:TF_|PROVIDER_DOUBLE_)/.test(name));
    return {
      ...Object.fromEntries(own),
      ...providerEnvironment({ ...this.world.options, ...double }),
      TMPDIR: path.join(this.folder, "tmp"),
    };
  }

  /** Forgets the stacks and what exists, so that the next test begins with nothing. */
  clear(): void {
    for (const name of readdirSync(this.folder)) rmSync(path.join(this.folder, name), { recursive: true });
    rmSync(this.world.options.world, { recursive: true, force: true });
    this.world.forgetCalls();
    this.#begin();
  }

  #begin(): void {
    for (const name of ["stacks", "tmp"]) mkdirSync(path.join(this.folder, name));
  }

  remove(): void {
    this.#command.remove();
    this.world.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface DriftEnvironment extends DoubleOptions {
  readonly env?: Readonly<Record<string, string>>;
}
