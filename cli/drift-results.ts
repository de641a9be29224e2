import { existsSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import * as path from "node:path";
import { type DriftResult, mergeResults, readResult } from "../analysis/drift-result";
import { formatProblem, malformedDriftResult, ProblemsError } from "../errors";
import { driftHtml } from "./drift-html";
import { readJsonOr, writeText } from "./files";

/**
 * The folder in which the shards of a site keep what they found, one file each. A stack belongs to another shard when one
 * before it is added or goes, so that the age of a finding comes from all of them.
 */
export class ResultsFolder {
  constructor(readonly folder: string) {}

  /** What all shards said last, whenever that was. `undefined` before the first run. */
  async earlier(): Promise<DriftResult | undefined> {
    const results = await this.#read();
    return results.length === 0 ? undefined : mergeResults(results, await earlierResult(this.#together));
  }

  /**
   * Adds what a shard found, and writes the page and the result of all shards of the run. Of one that died there is the
   * file of an earlier run, which says nothing of this one but what was last known.
   */
  async add(result: DriftResult): Promise<void> {
    const { index, count } = result.shard ?? { index: 0, count: 1 };
    await mkdir(this.folder, { recursive: true });
    await writeText(this.#fileOf(index), resultText(result));
    const left = (await this.#indexes()).filter((other) => other >= count);
    await Promise.all(left.map((other) => rm(this.#fileOf(other), { force: true })));
    const known = await earlierResult(this.#together);
    let written: readonly DriftResult[];
    do {
      written = await this.#ofRun(result.run);
      const all = mergeResults(written, known);
      await writeText(this.#together, resultText(all));
      await writeText(path.join(this.folder, "drift.html"), driftHtml(all));
      // Of two shards that end at the same moment, the one that writes last may have read too early.
    } while ((await this.#ofRun(result.run)).length > written.length);
  }

  async #ofRun(run: string | undefined): Promise<readonly DriftResult[]> {
    return (await this.#read()).filter((result) => result.run === run);
  }

  async #read(): Promise<readonly DriftResult[]> {
    const indexes = await this.#indexes();
    const results = await Promise.all(indexes.map((index) => earlierResult(this.#fileOf(index))));
    return results.filter((result) => result !== undefined);
  }

  async #indexes(): Promise<readonly number[]> {
    const names = existsSync(this.folder) ? await readdir(this.folder) : [];
    return names.flatMap((name) => /^shard-(\d+)\.json$/.exec(name)?.[1] ?? []).map(Number);
  }

  /** Of all shards of the last run, with what was last known of the stacks of those that died. */
  get #together(): string {
    return path.join(this.folder, "drift.json");
  }

  #fileOf(index: number): string {
    return path.join(this.folder, `shard-${index}.json`);
  }
}

/** What is written of a result. */
export function resultText(result: DriftResult): string {
  return `${JSON.stringify(result, null, 2)}\n`;
}

export async function resultIn(file: string): Promise<DriftResult> {
  return readResult(await readJsonOr(file, malformedDriftResult), file);
}

/** Before the first run there is none. One that cannot be read costs the ages, and not the run. */
export async function earlierResult(file: string): Promise<DriftResult | undefined> {
  if (!existsSync(file)) {
    return undefined;
  }
  try {
    return await resultIn(file);
  } catch (error) {
    if (!ProblemsError.is(error)) {
      throw error;
    }
    console.error(error.problems.map(formatProblem).join("\n\n"));
    return undefined;
  }
}
