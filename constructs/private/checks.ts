import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { App, type IStackSynthesizer, type ISynthesisSession, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { formatProblem, type Problem, ProblemsError } from "../../errors";
import { secretsIn } from "./secrets";

type Check = () => Iterable<Problem>;

/** Keyed by the root of the tree, so that nothing outlives an app or crosses into another. */
const guards = new WeakMap<IConstruct, Guard>();

/**
 * Adds a check that runs once the whole tree is built. Either every stack of the app is written, or one
 * {@link ProblemsError} names every problem of every stack and nothing is written.
 */
export function addCheck(scope: IConstruct, check: Check): void {
  const root = scope.node.root;
  const guard = guards.get(root) ?? new Guard(root);
  guards.set(root, guard);
  guard.add(TerraformStack.of(scope), check);
  // For `Testing.synth(stack, true)`, which validates constructs but never reaches a synthesizer.
  scope.node.addValidation({ validate: () => [...check()].map(formatProblem) });
}

/**
 * Stands before the synthesizers of an app. cdktf checks and writes stack after stack, so a problem in the second one
 * would leave the first one written: here all stacks are written to a folder aside, and moved when none was refused.
 */
class Guard {
  readonly #root: IConstruct;
  readonly #checks: Check[] = [];
  readonly #guarded = new Set<TerraformStack>();
  readonly #stagings = new WeakMap<ISynthesisSession["manifest"], Staging>();

  constructor(root: IConstruct) {
    this.#root = root;
  }

  add(stack: TerraformStack, check: Check): void {
    this.#checks.push(check);
    if (!this.#guarded.has(stack)) {
      this.#guardStacks();
    }
  }

  /** Also those of others: one that comes before ours may not be written before our problems are known. */
  #guardStacks(): void {
    for (const stack of this.#root.node.findAll()) {
      if (TerraformStack.isStack(stack) && !this.#guarded.has(stack)) {
        this.#guarded.add(stack);
        stack.synthesizer = this.#guarding(stack, stack.synthesizer);
      }
    }
  }

  #guarding(stack: TerraformStack, synthesizer: IStackSynthesizer): IStackSynthesizer {
    return {
      synthesize: (session) => {
        if (!App.isApp(this.#root) || this.#root.manifest !== session.manifest) {
          // One stack alone, as `Testing.fullSynth` writes it.
          this.#failOnProblems();
          synthesizer.synthesize(session);
          return;
        }
        const staging = this.#stagingOf(session);
        try {
          synthesizer.synthesize({ ...session, outdir: staging.folder, manifest: staging.manifest });
          staging.pending.delete(stack);
          if (staging.pending.size === 0) {
            this.#failOnSecrets(session, staging.folder);
            cpSync(staging.folder, session.outdir, { recursive: true });
            rmSync(staging.folder, { recursive: true });
          }
        } catch (error) {
          this.#stagings.delete(session.manifest);
          rmSync(staging.folder, { recursive: true, force: true });
          throw error;
        }
      },
    };
  }

  /** Made when the first stack is to be written: now the tree is complete, and the checks see all of it. */
  #stagingOf(session: ISynthesisSession): Staging {
    const known = this.#stagings.get(session.manifest);
    if (known !== undefined && known.pending.size > 0) {
      return known;
    }
    this.#guardStacks();
    if (session.skipValidation !== true) {
      this.#failOnProblems();
    }
    const folder = mkdtempSync(path.join(tmpdir(), "cdktf-"));
    mkdirSync(path.join(folder, "stacks"));
    // Assets go where the manifest says; what the manifest collects about the stacks stays the original's.
    const manifest = Object.create(session.manifest, { outdir: { value: folder } });
    const staging = { folder, manifest, pending: new Set(this.#guarded) };
    this.#stagings.set(session.manifest, staging);
    return staging;
  }

  #failOnProblems(): void {
    const problems = folded(this.#checks.flatMap((check) => [...check()]));
    if (problems.length > 0) {
      const secrets = [...this.#guarded].flatMap((stack) =>
        secretsIn(stack.node.path, JSON.stringify(stack.toTerraform())),
      );
      throw new ProblemsError([...problems, ...secrets]);
    }
  }

  /** The synthesized result is searched, not the props: escape hatches and aspects apply later than those. */
  #failOnSecrets(session: ISynthesisSession, folder: string): void {
    const secrets = [...this.#guarded].flatMap((stack) => {
      const file = path.join(folder, session.manifest.forStack(stack).synthesizedStackPath);
      return secretsIn(stack.node.path, readFileSync(file, "utf8"));
    });
    if (secrets.length > 0) {
      throw new ProblemsError(secrets);
    }
  }
}

/** What is wrong in the same way in many places, such as a cluster's setting on each machine, is one mistake. */
function folded(problems: readonly Problem[]): Problem[] {
  const alike = new Map<string, { readonly first: Problem; places: number }>();
  for (const problem of problems) {
    const key = JSON.stringify([problem.code, problem.message, problem.remedy]);
    const known = alike.get(key) ?? { first: problem, places: 0 };
    known.places += 1;
    alike.set(key, known);
  }
  return [...alike.values()].map(({ first, places }) =>
    places === 1 ? first : { ...first, where: `${first.where} (and ${places - 1} more)` },
  );
}

interface Staging {
  readonly folder: string;
  readonly manifest: ISynthesisSession["manifest"];
  readonly pending: Set<TerraformStack>;
}
