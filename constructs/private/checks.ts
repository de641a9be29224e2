import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import * as path from "node:path";
import { Annotations, App, type IStackSynthesizer, type ISynthesisSession, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { addedAfterSynth, formatProblem, formatWarnings, type Problem, ProblemsError } from "../../errors";
import { secretsIn } from "./secrets";

type Check = () => Iterable<Problem>;

/** Texts by their path in a folder. */
type Files = Readonly<Record<string, string>>;

/** A problem and the construct that found it. */
interface Found {
  readonly scope: IConstruct;
  readonly problem: Problem;
}

/** Keyed by the root of the tree, so that nothing outlives an app or crosses into another. */
const guards = new WeakMap<IConstruct, Guard>();

/**
 * Adds a check that runs once the whole tree is built. Either every stack of the app is written, or one
 * {@link ProblemsError} names every problem of every stack and nothing is written. Warnings are shown, all at once.
 */
export function addCheck(scope: IConstruct, check: Check): void {
  const guard = guardOf(scope);
  guard.add(scope, check);
  // For `Testing.synth(stack, true)`, which validates constructs but never reaches a synthesizer.
  scope.node.addValidation({
    validate: () =>
      guard.hasChecked ? [] : [...check()].filter((problem) => !isWarning(scope, problem)).map(formatProblem),
  });
}

/**
 * Adds a folder that an app writes beside its stacks: together with them, or not at all. What an earlier synth wrote there
 * is taken away. One stack alone, as `Testing.fullSynth` writes it, comes without.
 */
export function addFiles(scope: IConstruct, folder: string, files: () => Files): void {
  guardOf(scope).addFiles(folder, files);
}

function guardOf({ node: { root } }: IConstruct): Guard {
  const guard = guards.get(root) ?? new Guard(root);
  guards.set(root, guard);
  return guard;
}

/**
 * Stands before the synthesizers of an app. cdktf checks and writes stack after stack, so a problem in the second one
 * would leave the first one written: here all stacks are written to a folder aside, and moved when none was refused.
 */
class Guard {
  readonly #root: IConstruct;
  readonly #checks: { readonly scope: IConstruct; readonly check: Check }[] = [];
  readonly #folders = new Map<string, () => Files>();
  readonly #guarded = new Set<TerraformStack>();
  readonly #stagings = new WeakMap<ISynthesisSession["manifest"], Staging>();
  /** Whether all checks were asked for what is being written, so that cdktf's validation need not ask them again. */
  hasChecked = false;
  #hasWritten = false;

  constructor(root: IConstruct) {
    this.#root = root;
  }

  add(scope: IConstruct, check: Check): void {
    if (this.#hasWritten) {
      throw new ProblemsError([addedAfterSynth(scope.node.path)]);
    }
    this.#checks.push({ scope, check });
    const stack = scope.node.scopes.find((one) => TerraformStack.isStack(one));
    if (stack === undefined || !this.#guarded.has(stack)) {
      this.#guardStacks();
    }
  }

  addFiles(folder: string, files: () => Files): void {
    this.#folders.set(folder, files);
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
          this.hasChecked = true;
          synthesizer.synthesize({ ...session, outdir: staging.folder, manifest: staging.manifest });
          staging.pending.delete(stack);
          if (staging.pending.size === 0) {
            this.#failOnSecrets(session, staging.folder);
            this.#writeFiles(staging.folder);
            for (const name of this.#folders.keys()) {
              rmSync(path.join(session.outdir, name), { recursive: true, force: true });
            }
            moveInto(staging.folder, session.outdir);
            rmSync(staging.folder, { recursive: true });
            this.#hasWritten = true;
          }
        } catch (error) {
          this.#stagings.delete(session.manifest);
          rmSync(staging.folder, { recursive: true, force: true });
          throw error;
        } finally {
          this.hasChecked = false;
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
    const folder = mkdtempSync(path.join(session.outdir, ".synth-"));
    mkdirSync(path.join(folder, "stacks"));
    // Assets go where the manifest says; what the manifest collects about the stacks stays the original's.
    const manifest = Object.create(session.manifest, { outdir: { value: folder } });
    const staging = { folder, manifest, pending: new Set(this.#guarded) };
    this.#stagings.set(session.manifest, staging);
    return staging;
  }

  #writeFiles(outdir: string): void {
    for (const [folder, files] of this.#folders) {
      for (const [name, text] of Object.entries(files())) {
        const file = path.join(outdir, folder, name);
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, text);
      }
    }
  }

  #failOnProblems(): void {
    const found = folded(
      this.#checks.flatMap(({ scope, check }) => [...check()].map((problem) => ({ scope, problem }))),
    );
    const problems = found.filter(({ scope, problem }) => !isWarning(scope, problem)).map(({ problem }) => problem);
    if (problems.length > 0) {
      const secrets = [...this.#guarded].flatMap((stack) =>
        secretsIn(stack.node.path, JSON.stringify(stack.toTerraform())),
      );
      throw new ProblemsError([...problems, ...secrets]);
    }
    warn(found);
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
function folded(found: readonly Found[]): Found[] {
  const alike = new Map<string, { readonly first: Found; places: number }>();
  for (const one of found) {
    const { code, message, remedy } = one.problem;
    const key = JSON.stringify([code, message, remedy]);
    const known = alike.get(key) ?? { first: one, places: 0 };
    known.places += 1;
    alike.set(key, known);
  }
  return [...alike.values()].map(({ first: { scope, problem }, places }) => ({
    scope,
    problem: places === 1 ? problem : { ...problem, where: `${problem.where} (and ${places - 1} more)` },
  }));
}

/** The context `warningsAsErrors` of an app turns all warnings, or those with the codes that it lists, into refusals. */
function isWarning(scope: IConstruct, { code, severity }: Problem): boolean {
  const refused: unknown = scope.node.root.node.tryGetContext("warningsAsErrors");
  return severity === "warning" && refused !== true && !(Array.isArray(refused) && refused.includes(code));
}

/** As annotations, which cdktf writes into its manifest and its command shows; without that command on stderr. */
function warn(found: readonly Found[]): void {
  if (found.length === 0) {
    return;
  }
  for (const { scope, problem } of found) {
    const text = `${problem.code}: ${problem.message} Remedy: ${problem.remedy}`;
    if (!scope.node.metadata.some(({ data }) => data === text)) {
      Annotations.of(scope).addWarning(text);
    }
  }
  // Its command sets this for the app that it runs, and shows the annotations afterwards.
  if (process.env["CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS"] === undefined) {
    console.warn(formatWarnings(found.map(({ problem }) => problem)));
  }
}

/** Moves what a folder holds into another one, whose other files stay. */
function moveInto(from: string, to: string): void {
  for (const name of readdirSync(from)) {
    const [source, target] = [path.join(from, name), path.join(to, name)];
    if (existsSync(target) && statSync(source).isDirectory()) {
      moveInto(source, target);
    } else {
      renameSync(source, target);
    }
  }
}

interface Staging {
  readonly folder: string;
  readonly manifest: ISynthesisSession["manifest"];
  readonly pending: Set<TerraformStack>;
}
