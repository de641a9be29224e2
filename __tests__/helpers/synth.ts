import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { App } from "cdktf";
import { type Problem, ProblemsError } from "../../errors";

/** A synthesized stack, as far as the tests read it. */
export interface Synthesized {
  readonly terraform: Readonly<Record<string, unknown>>;
  readonly provider: Readonly<Record<string, readonly Attributes[]>>;
  readonly resource: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
  readonly data: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
  readonly ephemeral?: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
  readonly output: Readonly<Record<string, Attributes>>;
}

// biome-ignore lint/suspicious/noExplicitAny: the shape of each resource is what a test is about
export type Attributes = Readonly<Record<string, any>>;

/** What an app writes: stack name to its JSON. */
export function synthesize(build: (app: App) => void): Readonly<Record<string, Synthesized>> {
  return inFolder((outdir) => {
    const app = newApp(outdir);
    build(app);
    app.synth();
    return Object.fromEntries(
      readdirSync(path.join(outdir, "stacks")).map((stack) => [stack, readStack(path.join(outdir, "stacks", stack))]),
    );
  });
}

/** The problems for which a synth is refused, after making sure that the refusal wrote nothing. */
export function refusals(build: (app: App) => void): readonly Problem[] {
  return inFolder((outdir) => {
    const app = newApp(outdir);
    try {
      build(app);
      app.synth();
    } catch (error) {
      if (!ProblemsError.is(error)) {
        throw error;
      }
      expect(filesBelow(outdir)).toEqual([]);
      return error.problems;
    }
    throw new Error("The synth was expected to be refused.");
  });
}

/** The warnings of a synth that is not refused, as cdktf's manifest has them: place and text. */
export function warnings(build: (app: App) => void): readonly (readonly [where: string, text: string])[] {
  const shown = jest.spyOn(console, "warn").mockImplementation(() => undefined);
  try {
    return inFolder((outdir) => {
      const app = newApp(outdir);
      build(app);
      app.synth();
      const manifest: Manifest = JSON.parse(readFileSync(path.join(outdir, "manifest.json"), "utf8"));
      return Object.values(manifest.stacks).flatMap(({ annotations }) =>
        annotations.map(({ constructPath, message }) => [constructPath, message] as const),
      );
    });
  } finally {
    shown.mockRestore();
  }
}

interface Manifest {
  readonly stacks: Readonly<
    Record<string, { readonly annotations: readonly { readonly constructPath: string; readonly message: string }[] }>
  >;
}

/** All resources of a type in a stack. */
export function resources(stack: Synthesized | undefined, type: string): readonly Attributes[] {
  return Object.values(stack?.resource[type] ?? {});
}

/** The only resource of a type in a stack. */
export function only(stack: Synthesized | undefined, type: string): Attributes {
  const [resource, ...others] = resources(stack, type);
  if (resource === undefined || others.length > 0) {
    throw new Error(`Expected one ${type}, found ${resource === undefined ? 0 : others.length + 1}.`);
  }
  return resource;
}

export function newApp(outdir: string): App {
  return new App({ outdir });
}

export function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), "synth-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readStack(folder: string): Synthesized {
  return JSON.parse(readFileSync(path.join(folder, "cdk.tf.json"), "utf8"));
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
}
