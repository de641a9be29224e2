import { mkdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import type { App } from "cdktf";
import { newApp } from "../../helpers/synth";

/** Writes a site below `folder/cdktf.out`, as `npm run synth` does in a project, and returns the stacks in order. */
export function synthesize(folder: string, add: (app: App) => void): string[] {
  const outdir = path.join(folder, "cdktf.out");
  mkdirSync(outdir, { recursive: true });
  // State is kept in the working directory, which is this project's own here.
  const cwd = jest.spyOn(process, "cwd").mockReturnValue(folder);
  try {
    const app = newApp(outdir);
    add(app);
    app.synth();
  } finally {
    cwd.mockRestore();
  }
  const manifest: { stacks: Record<string, { dependencies: string[] }> } = JSON.parse(
    readFileSync(path.join(outdir, "manifest.json"), "utf8"),
  );
  return Object.entries(manifest.stacks)
    .sort(([, one], [, other]) => one.dependencies.length - other.dependencies.length)
    .map(([stack]) => stack);
}
