import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { type Problem, ProblemsError } from "../../errors";
import { newApp } from "../helpers/synth";
import { addSite, type SiteSpec } from "./spec";

/** What a synth comes to: the stacks by name as they were written, or the problems for which nothing was. */
export type Outcome =
  | { readonly stacks: Readonly<Record<string, string>>; readonly problems?: never }
  | { readonly problems: readonly Problem[]; readonly stacks?: never };

/** Synthesizes a site. Whatever else happens than one of the two outcomes, whole, is an error. */
export function outcomeOf(spec: SiteSpec, order?: "given" | "reversed"): Outcome {
  const folder = mkdtempSync(path.join(tmpdir(), "random-site-"));
  const [outdir, shared] = [path.join(folder, "out"), process.env["TMPDIR"]];
  const shown = jest.spyOn(console, "warn").mockImplementation(() => undefined);
  // One of its own, to see what is left behind in it.
  process.env["TMPDIR"] = folder;
  try {
    const app = newApp(outdir);
    const before = filesBelow(folder);
    try {
      addSite(app, spec, order);
      app.synth();
    } catch (error) {
      if (!ProblemsError.is(error)) throw error;
      expect(filesBelow(folder)).toEqual(before);
      return { problems: error.problems };
    }
    expect(readdirSync(folder)).toEqual(["out"]);
    const { stacks }: { stacks: object } = JSON.parse(readFileSync(path.join(outdir, "manifest.json"), "utf8"));
    const written = Object.keys(stacks).map(
      (name) => [name, path.join(outdir, "stacks", name, "cdk.tf.json")] as const,
    );
    expect(written.filter(([, file]) => !existsSync(file))).toEqual([]);
    return { stacks: Object.fromEntries(written.map(([name, file]) => [name, readFileSync(file, "utf8")])) };
  } finally {
    shown.mockRestore();
    if (shared === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = shared;
    rmSync(folder, { recursive: true, force: true });
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
