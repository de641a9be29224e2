import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import * as path from "node:path";
import { terraformErrors } from "../analysis/terraform-errors";
import { limit } from "./limit";
import { initArguments } from "./show-plan";
import type { Ended } from "./terraform";

/** Runs `init` with arguments and more environment. */
export type Init = (args: readonly string[], env: Readonly<Record<string, string>>) => Promise<Ended>;

/**
 * The providers of all stacks in one folder (DRF-6). Stacks are initialized from it at the same time: it is only read,
 * and Terraform links to what is in it. A provider that is missing comes through a plugin cache, for one stack at a time,
 * because two at once would write over each other there, and is moved over when it is complete. Where Terraform is
 * configured to take providers from a folder, that is such a mirror already, and this one stays empty.
 */
export class ProviderMirror {
  readonly #fetching = limit(1);
  #fetched = 0;
  #hasOther = false;

  constructor(readonly folder: string) {}

  async init(init: Init): Promise<Ended> {
    await mkdir(this.folder, { recursive: true });
    for (;;) {
      const known = this.#fetched;
      const isFinal = this.#hasOther;
      const tried = await this.#read(init);
      if (tried.code === 0 || isFinal || terraformErrors("init", tried.stderr).outage) {
        return tried;
      }
      // What is missing may have come with another stack meanwhile.
      const fetched = await this.#fetching(async () => (known === this.#fetched ? this.#fetch(init) : undefined));
      if (fetched !== undefined) {
        return fetched;
      }
    }
  }

  #read(init: Init): Promise<Ended> {
    // A cache of the user would be written to by all of them at the same time.
    return init([...initArguments, ...(this.#hasOther ? [] : [`-plugin-dir=${this.folder}`])], {
      TF_PLUGIN_CACHE_DIR: "",
    });
  }

  async #fetch(init: Init): Promise<Ended> {
    const cache = await mkdtemp(path.join(this.folder, ".cache-"));
    try {
      const fetched = await init(initArguments, { TF_PLUGIN_CACHE_DIR: cache });
      if (fetched.code !== 0) {
        return fetched;
      }
      this.#hasOther = (await this.#take(cache)) === 0;
      this.#fetched++;
      const last = this.#hasOther ? fetched : await this.#read(init);
      // With one provider from a registry and one from a folder neither is enough.
      return last.code === 0 ? last : await init(initArguments, { TF_PLUGIN_CACHE_DIR: "" });
    } finally {
      await rm(cache, { recursive: true, force: true });
    }
  }

  /** Moves `<host>/<namespace>/<type>/<version>/<platform>`, each at once, and counts them. */
  async #take(cache: string): Promise<number> {
    const found = await readdir(cache, { recursive: true });
    const platforms = found.filter((name) => name.split(path.sep).length === 5);
    for (const platform of platforms) {
      const target = path.join(this.folder, platform);
      await mkdir(path.dirname(target), { recursive: true });
      try {
        await rename(path.join(cache, platform), target);
      } catch (error) {
        // Another shard may have been faster.
        if (!existsSync(target)) throw error;
      }
    }
    return platforms.length;
  }
}
