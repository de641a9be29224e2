import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import * as path from "node:path";
import { noStacksFound, ProblemsError } from "../errors";
import { readStacks } from "./manifest";

/** A folder that is planned by itself. */
export interface DriftStack {
  /** Of a cdktf app the stack's name, elsewhere the folder from the one that was searched. */
  readonly name: string;
  readonly folder: string;
  /** What plans it; Terraform stands for OpenTofu as well. */
  readonly tool: "terraform" | "terragrunt";
}

/**
 * The stacks below a folder, by name: those of cdktf's manifest if there is one; else each folder with a
 * `terragrunt.hcl`, a lock file, or a backend in its configuration. What has none of these is a module of others. The
 * folder itself is a stack if it has a configuration, and nothing below it is one.
 */
export async function findStacks(root: string): Promise<DriftStack[]> {
  const manifest = ["", "cdktf.out"].map((name) => path.join(root, name)).find(hasManifest);
  const found = manifest === undefined ? await stacksBelow(root) : await stacksOfApp(manifest);
  if (found.length === 0) {
    throw new ProblemsError([noStacksFound(root)]);
  }
  return found.sort((one, other) => (one.name < other.name ? -1 : 1));
}

function hasManifest(folder: string): boolean {
  return existsSync(path.join(folder, "manifest.json"));
}

async function stacksOfApp(outdir: string): Promise<DriftStack[]> {
  return (await readStacks(outdir)).map(({ name, folder }) => ({ name, folder, tool: "terraform" }));
}

async function stacksBelow(root: string): Promise<DriftStack[]> {
  const folders = await foldersBelow(root);
  // A terragrunt.hcl above others is what they include.
  const terragrunt = folders.filter(({ files }) => files.includes("terragrunt.hcl")).map(({ folder }) => folder);
  const found = await Promise.all(
    folders.map(async ({ folder, files }): Promise<DriftStack[]> => {
      const name = path.relative(root, folder).split(path.sep).join("/") || path.basename(path.resolve(root));
      if (files.includes("terragrunt.hcl")) {
        const isIncluded = terragrunt.some((other) => other.startsWith(folder + path.sep));
        return isIncluded ? [] : [{ name, folder, tool: "terragrunt" }];
      }
      return (await isRoot(folder, files)) ? [{ name, folder, tool: "terraform" }] : [];
    }),
  );
  const stacks = found.flat();
  const own = folders.find(({ folder }) => folder === root);
  if (stacks.length === 0 && own?.files.some(isConfiguration)) {
    return [{ name: path.basename(path.resolve(root)), folder: root, tool: "terraform" }];
  }
  return stacks;
}

async function isRoot(folder: string, files: readonly string[]): Promise<boolean> {
  const configurations = files.filter(isConfiguration);
  if (configurations.length === 0) {
    return false;
  }
  if (files.includes(".terraform.lock.hcl")) {
    return true;
  }
  const texts = await Promise.all(configurations.map((file) => readFile(path.join(folder, file), "utf8")));
  return texts.some((text) => /^\s*(?:backend\s+"\w+"|cloud)\s*\{|"(?:backend|cloud)"\s*:/m.test(text));
}

function isConfiguration(file: string): boolean {
  return /\.(?:tf|tofu)(?:\.json)?$/.test(file);
}

interface Folder {
  readonly folder: string;
  readonly files: readonly string[];
}

/** All folders but those of tools: `.git`, `.terraform`, `.terragrunt-cache`, `node_modules`. */
async function foldersBelow(folder: string): Promise<Folder[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const inner = entries.filter((entry) => entry.isDirectory() && !/^\.|^node_modules$/.test(entry.name));
  const below = await Promise.all(inner.map(({ name }) => foldersBelow(path.join(folder, name))));
  return [{ folder, files: entries.flatMap((entry) => (entry.isDirectory() ? [] : [entry.name])) }, ...below.flat()];
}
