import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { App } from "cdktf";
import { inFolder, newApp } from "../../helpers/synth";

// biome-ignore lint/suspicious/noExplicitAny: the configuration of a resource is whatever its provider takes
export type Json = Record<string, any>;

/** Terraform JSON files by path, to be changed before they are written. */
export class Configuration {
  constructor(readonly files: Record<string, Json>) {}

  get root(): Json {
    return this.files["main.tf.json"] ?? {};
  }

  vm(name: string): Json {
    const found = Object.values<Json>(this.root["resource"].proxmox_virtual_environment_vm).find(
      (vm) => vm["name"] === name,
    );
    if (found === undefined) {
      throw new Error(`There is no VM "${name}".`);
    }
    return found;
  }

  /** The names of all resources of a type. */
  names(type: string): string[] {
    return Object.keys(this.root["resource"][type] ?? {});
  }
}

/** The stacks of an app by name, each after those that it depends on, with their state in their own folder. */
export function synthesized(build: (app: App) => void): Record<string, Configuration> {
  return inFolder((outdir) => {
    const app = newApp(outdir);
    build(app);
    app.synth();
    const manifest: { stacks: Record<string, { dependencies: string[] }> } = read(join(outdir, "manifest.json"));
    const names = readdirSync(join(outdir, "stacks")).sort(
      (one, other) => dependenciesOf(manifest, one) - dependenciesOf(manifest, other),
    );
    return Object.fromEntries(names.map((name) => [name, stackIn(join(outdir, "stacks", name))]));
  });
}

function stackIn(folder: string): Configuration {
  const json = read(join(folder, "cdk.tf.json"));
  delete json["terraform"].backend;
  return new Configuration({ "main.tf.json": json });
}

function dependenciesOf(manifest: { stacks: Record<string, { dependencies: string[] }> }, name: string): number {
  return manifest.stacks[name]?.dependencies.length ?? 0;
}

function read(file: string) {
  return JSON.parse(readFileSync(file, "utf8"));
}
