import * as path from "node:path";
import * as z from "zod";
import { malformedManifest, malformedStack, noSynthOutput, ProblemsError, unknownStack } from "../errors";
import { readJsonOr, readText, refusalText } from "./files";

/** A synthesized stack. */
export interface Stack {
  readonly name: string;
  /** Where Terraform runs. */
  readonly folder: string;
  /** Names of the stacks to apply before this one. */
  readonly dependencies: readonly string[];
}

/** The stacks that cdktf wrote to a folder, each after those that it depends on. */
export async function readStacks(outdir: string): Promise<Stack[]> {
  const file = path.join(outdir, "manifest.json");
  const parsed = manifest.safeParse(await readJson(outdir, file));
  if (!parsed.success) {
    throw new ProblemsError([malformedManifest(file, z.prettifyError(parsed.error))]);
  }
  const stacks = Object.values(parsed.data.stacks).map(({ name, workingDirectory, dependencies }) => ({
    name,
    folder: path.resolve(outdir, workingDirectory),
    dependencies,
  }));
  return inOrder(stacks, file);
}

/** The named stacks in the order of `stacks`; all of them when no name is given. */
export function chooseStacks(stacks: readonly Stack[], names: readonly string[]): Stack[] {
  const known = stacks.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new ProblemsError(unknown.map((name) => unknownStack("--stack", name, known)));
  }
  return stacks.filter(({ name }) => names.length === 0 || names.includes(name));
}

/** What `cdk.tf.json` of the stacks says. Of one that cannot be used nothing is quoted: it may hold secrets. */
export function readSynthesized(stacks: readonly Stack[]): Promise<readonly unknown[]> {
  return Promise.all(
    stacks.map(async ({ folder }) => {
      const file = path.join(folder, "cdk.tf.json");
      const parsed = synthesized.safeParse(await readJsonOr(file, malformedStack));
      if (!parsed.success) throw new ProblemsError([malformedStack(file, "it is no stack of cdktf")]);
      return parsed.data;
    }),
  );
}

const blocks = z.record(z.string(), z.record(z.string(), z.unknown()));
const synthesized = z.looseObject({ data: blocks.optional(), resource: blocks.optional() });

const manifest = z.object({
  stacks: z.record(
    z.string(),
    z.object({ name: z.string(), workingDirectory: z.string(), dependencies: z.array(z.string()) }),
  ),
});

async function readJson(outdir: string, file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readText(file);
  } catch (error) {
    throw new ProblemsError([noSynthOutput(outdir, refusalText(error) ?? String(error))]);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new ProblemsError([malformedManifest(file, "It is no JSON.")]);
  }
}

function inOrder(stacks: readonly Stack[], file: string): Stack[] {
  const ordered: Stack[] = [];
  let rest = [...stacks];
  while (rest.length > 0) {
    const ready = rest.find(({ dependencies }) =>
      dependencies.every((name) => ordered.some((done) => done.name === name)),
    );
    if (ready === undefined) {
      const names = rest.map(({ name }) => name).join(", ");
      throw new ProblemsError([malformedManifest(file, `The dependencies of ${names} form a circle or are missing.`)]);
    }
    ordered.push(ready);
    rest = rest.filter((stack) => stack !== ready);
  }
  return ordered;
}
