import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** One object as it exists outside Terraform. */
export interface WorldObject {
  readonly type: string;
  readonly label: string;
  readonly attributes: Record<string, unknown>;
}

/** One call that reached a provider; `start` and `end` are of one clock, in nanoseconds. */
export interface Call {
  readonly rpc: "create" | "update" | "delete" | "read" | "import" | "data" | "open";
  readonly type: string;
  readonly label: string;
  readonly start: number;
  readonly end: number;
  readonly failed: boolean;
}

/** What exists behind the provider double, and the record of its calls. */
export class World {
  private readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "world-")));

  /** The options that put a workspace into this world. */
  readonly options = { world: join(this.folder, "objects"), log: join(this.folder, "calls.jsonl") };

  objects(type?: string): readonly WorldObject[] {
    return this.files()
      .map(({ object }) => object)
      .filter((object) => type === undefined || object.type === type);
  }

  /** Changes an object behind Terraform's back. */
  edit(type: string, label: string, change: (attributes: Record<string, unknown>) => void): void {
    const { path, object } = this.find(type, label);
    change(object.attributes);
    writeFileSync(path, JSON.stringify(object));
  }

  /** Deletes an object behind Terraform's back. */
  delete(type: string, label: string): void {
    rmSync(this.find(type, label).path);
  }

  /** Makes another object like one that is there, without Terraform. */
  copy(type: string, label: string, change: (attributes: Record<string, unknown>) => void): void {
    const { path, object } = this.find(type, label);
    change(object.attributes);
    writeFileSync(path.replace(/\.json$/, ".copy.json"), JSON.stringify(object));
  }

  /** The calls in the order in which they ended. */
  calls(...rpcs: readonly Call["rpc"][]): readonly Call[] {
    if (!existsSync(this.options.log)) {
      return [];
    }
    return readFileSync(this.options.log, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Call)
      .filter((call) => rpcs.length === 0 || rpcs.includes(call.rpc));
  }

  /** Forgets the calls so far. */
  forgetCalls(): void {
    rmSync(this.options.log, { force: true });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private find(type: string, label: string): { readonly path: string; readonly object: WorldObject } {
    const match = this.files().find(({ object }) => object.type === type && object.label === label);
    if (match === undefined) {
      const there = this.objects().map((object) => `${object.type} "${object.label}"`);
      throw new Error(`There is no ${type} "${label}"; there are: ${there.join(", ") || "none"}.`);
    }
    return match;
  }

  private files(): { readonly path: string; readonly object: WorldObject }[] {
    if (!existsSync(this.options.world)) {
      return [];
    }
    return readdirSync(this.options.world)
      .filter((file) => file.endsWith(".json"))
      .sort()
      .map((file) => join(this.options.world, file))
      .map((path) => ({ path, object: JSON.parse(readFileSync(path, "utf8")) as WorldObject }));
  }
}

/** Whether any two of the calls were at work at the same moment. */
export function overlap(calls: readonly Call[]): boolean {
  const sorted = [...calls].sort((a, b) => a.start - b.start);
  return sorted.some((call, index) => {
    const next = sorted[index + 1];
    return next !== undefined && next.start < call.end;
  });
}
