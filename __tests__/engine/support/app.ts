import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
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
  const stacks = Object.keys(manifest.stacks);
  for (const stack of stacks) answerVariables(path.join(outdir, "stacks", stack));
  const before = (stack: string) => manifest.stacks[stack]?.dependencies.length ?? 0;
  return stacks.sort((one, other) => before(one) - before(other));
}

/** Gives every variable of a stack a value, as its user would in the environment. */
function answerVariables(folder: string): void {
  const { variable = {} } = JSON.parse(readFileSync(path.join(folder, "cdk.tf.json"), "utf8"));
  const values = Object.fromEntries(Object.keys(variable).map((name) => [name, `made-up-${name}`]));
  writeFileSync(path.join(folder, "variables.auto.tfvars.json"), JSON.stringify(values));
}
