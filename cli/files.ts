import { randomUUID } from "node:crypto";
import { chmod, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import type { Command } from "commander";
import { type Problem, ProblemsError } from "../errors";
import type { NamedText } from "../machine-configs/judge";

/** The texts of files; one that cannot be read ends the command with 2. */
export function readTexts(names: readonly string[], command: Command): Promise<NamedText[]> {
  return Promise.all(names.map(async (name) => ({ name, text: await orEnd(readText(name), command) })));
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
export async function writeText(file: string, content: string): Promise<void> {
  // By its number a process in another container may be the same.
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, content);
    await rename(temporary, file);
  } catch (error) {
    throw new FileError(file, error);
  }
}

/** The text of a file, or of standard input for `-`. */
function readInput(file: string): Promise<string> {
  return file === "-" ? text(process.stdin) : readText(file);
}

/** The text of a file. Throws a {@link FileError}. */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new FileError(file, error);
  }
}

/** The JSON in a file, or in standard input for `-`. All that is wrong with it is a problem. */
export async function readJsonOr(file: string, problem: (where: string, reason: string) => Problem): Promise<unknown> {
  try {
    return JSON.parse(await readInput(file));
  } catch (error) {
    throw new ProblemsError([problem(file, reasonOf(error))]);
  }
}

/** The operating system refused something about a file. */
export class FileError extends Error {
  /** Without the file. */
  readonly reason: string;

  constructor(file: string, cause: unknown) {
    super(`${file}: ${reasonOf(cause)}`, { cause });
    this.name = "FileError";
    this.reason = reasonOf(cause);
  }
}

/** What the operating system refused, in words; nothing if it was something else. */
export function refusalText(error: unknown): string | undefined {
  if (error instanceof FileError) return error.message;
  if (!(error instanceof Error && "syscall" in error)) return undefined;
  const isProgram = String(error.syscall).startsWith("spawn");
  return "path" in error && !isProgram ? `${error.path}: ${reasonOf(error)}` : error.message;
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "it may not be read or written",
  EISDIR: "it is a folder",
  ENOENT: "there is no such file or folder",
  ENOTDIR: "it is no folder",
};

/** Why a file cannot be used. The error of `JSON.parse` is not passed on: it quotes the text. */
function reasonOf(error: unknown): string {
  if (error instanceof FileError) return error.reason;
  if (error instanceof SyntaxError) return "it is no JSON";
  const known = error instanceof Error && "code" in error ? reasons[String(error.code)] : undefined;
  return known ?? (error instanceof Error ? error.message : String(error));
}

async function orEnd<Result>(work: Promise<Result>, command: Command): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    command.error(`error: ${refusalText(error) ?? String(error)}`, { exitCode: 2 });
  }
}
