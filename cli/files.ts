import { randomUUID } from "node:crypto";
import { chmod, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { type Problem, ProblemsError } from "../errors";
import type { NamedText } from "../machine-configs/judge";

/** The texts of files; one that cannot be read ends the command with 2. */
export function readTexts(names: readonly string[], command: Command): Promise<NamedText[]> {
  return Promise.all(names.map(async (name) => ({ name, text: await orEnd(readFile(name, "utf8"), command) })));
}

/** Replaces files, each at once, and none before all texts are on the disk; what cannot be written ends the command with 2. */
export async function replaceTexts(texts: readonly NamedText[], command: Command): Promise<void> {
  const beside: { readonly temporary: string; readonly target: string }[] = [];
  const write = async () => {
    for (const { name, text } of texts) {
      const target = await realpath(name);
      const temporary = `${target}.${process.pid}.tmp`;
      beside.push({ temporary, target });
      await writeFile(temporary, text, { flag: "wx", mode: 0o600 });
      await chmod(temporary, (await stat(target)).mode);
    }
    for (const { temporary, target } of beside) await rename(temporary, target);
  };
  const clean = () => Promise.all(beside.map(({ temporary }) => rm(temporary, { force: true })));
  await orEnd(write().finally(clean), command);
}

/** Writes a file at once: who reads it sees the earlier text or this one, and never a part. */
export async function writeText(file: string, text: string): Promise<void> {
  // By its number a process in another container may be the same.
  const temporary = `${file}.${randomUUID()}.tmp`;
  await writeFile(temporary, text);
  await rename(temporary, file);
}

/** A file of JSON. The error of `JSON.parse` is not passed on: it quotes the text. */
export async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, "utf8");
  try {
    return JSON.parse(text);
  } catch {
    throw new NotJsonError(file);
  }
}

/** The same, where all that is wrong with it is a problem. */
export async function readJsonOr(file: string, problem: (where: string, reason: string) => Problem): Promise<unknown> {
  try {
    return await readJson(file);
  } catch (error) {
    throw new ProblemsError([problem(file, error instanceof Error ? error.message : String(error))]);
  }
}

export class NotJsonError extends Error {
  constructor(file: string) {
    super(`${file} is no JSON.`);
    this.name = "NotJsonError";
  }
}

async function orEnd<Result>(work: Promise<Result>, command: Command): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    command.error(`error: ${error instanceof Error ? error.message : String(error)}`, { exitCode: 2 });
  }
}
