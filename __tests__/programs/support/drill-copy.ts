import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { KubernetesObject } from "../../../index";
import { objectOf } from "../../helpers/postgres";
import { Pod, type PodEnd, type PodOutcome } from "./pod";
import type { SnapshotPlaces } from "./snapshot-places";

/** What the message of a container says, and how the last of them ended. */
export interface CopyOutcome extends PodOutcome {
  readonly said: Readonly<Record<string, string>>;
}

/** The throwaway pod of a drill, as our construct makes it, with real programs in place of images. */
export class DrillCopy {
  readonly #root = mkdtempSync(path.join(tmpdir(), "copy-"));
  readonly #pod: Pod;
  /** What the copy says is in one file, whichever container says it. */
  readonly #log = path.join(this.#root, "message");

  /**
   * @param objects of the drill
   * @param instead texts of the pod by what they are on this machine: programs and ports
   */
  constructor(
    objects: readonly KubernetesObject[],
    private readonly places: SnapshotPlaces,
    instead: Readonly<Record<string, string>>,
  ) {
    const files = objectOf(objects, "ConfigMap")["data"] as Readonly<Record<string, string>>;
    const copy: KubernetesObject = JSON.parse(files["copy.json"] ?? "");
    this.#pod = new Pod(copy["spec"] as Readonly<Record<string, unknown>>, this.#root, instead);
    for (const [file, text] of Object.entries(files)) {
      const here = Object.entries(instead).reduce((result, [from, to]) => result.replaceAll(from, to), text);
      this.#pod.put(`programs/${file}`, here.replaceAll(/(?<=")\/scratch\b/g, `${this.#root}/scratch`));
    }
  }

  async run(env: Readonly<Record<string, string>> = {}, end?: PodEnd): Promise<CopyOutcome> {
    writeFileSync(this.#log, "");
    const { S3_ENDPOINT, S3_BUCKET, S3_PREFIX, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, PATH } = this.places.env;
    const store = { S3_ENDPOINT, S3_BUCKET, S3_PREFIX, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, PATH };
    const backup = { BACKUP_NAME: this.places.name };
    const outcome = await this.#pod.run({ ...store, ...backup, TERMINATION_LOG: this.#log, ...env }, end);
    const lines = [...this.#pod.read("message").matchAll(/^(\w+)=(.*)$/gm)];
    return { ...outcome, said: Object.fromEntries(lines.map(([, name, value]) => [name, value])) };
  }

  /** Where the copy has its data. */
  get scratch(): string {
    return path.join(this.#root, "scratch");
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}
