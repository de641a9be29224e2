import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { formatProblem, type Problem, ProblemsError } from "../../errors";
import { secretsIn } from "./secrets";

type Check = () => Iterable<Problem>;

interface Guard {
  readonly checks: Check[];
  readonly stacks: Set<TerraformStack>;
  /** Sessions that have passed: the checks run once, not once per stack. */
  readonly passed: WeakSet<object>;
}

/** Keyed by the root of the tree, so that nothing outlives an app or crosses into another. */
const guards = new WeakMap<IConstruct, Guard>();

/**
 * Adds a check that runs once the whole tree is built. All checks of an app run before its first stack is written:
 * either every stack is written, or one {@link ProblemsError} names every problem and nothing is written.
 */
export function addCheck(scope: IConstruct, check: Check): void {
  const root = scope.node.root;
  const guard = guards.get(root) ?? { checks: [], stacks: new Set(), passed: new WeakSet() };
  guards.set(root, guard);
  guard.checks.push(check);
  const stack = TerraformStack.of(scope);
  if (!guard.stacks.has(stack)) {
    guard.stacks.add(stack);
    // cdktf validates and writes stack after stack, in tree order; a stack that was there before ours would be
    // written before our problems are known, so it waits for them, too.
    for (const other of root.node.findAll()) {
      if (TerraformStack.isStack(other)) {
        checkBeforeWriting(other, root, guard);
      }
    }
  }
  // For `Testing.synth(stack, true)`, which validates constructs but never reaches a synthesizer.
  scope.node.addValidation({ validate: () => [...check()].map(formatProblem) });
}

const guarded = new WeakSet<TerraformStack>();

function checkBeforeWriting(stack: TerraformStack, root: IConstruct, guard: Guard): void {
  if (guarded.has(stack)) {
    return;
  }
  guarded.add(stack);
  const { synthesizer } = stack;
  stack.synthesizer = {
    synthesize(session) {
      if (session.skipValidation !== true && !guard.passed.has(session)) {
        failOnProblems(guard, root);
        guard.passed.add(session);
      }
      synthesizer.synthesize(session);
    },
  };
}

function failOnProblems(guard: Guard, root: IConstruct): void {
  const problems = guard.checks.flatMap((check) => [...check()]);
  // The synthesized result is searched, not the props: escape hatches apply later than those.
  const secrets = [...guard.stacks]
    .filter((stack) => stack.node.root === root)
    .flatMap((stack) => secretsIn(stack.node.path, stack.toTerraform()));
  if (problems.length + secrets.length > 0) {
    throw new ProblemsError([...problems, ...secrets]);
  }
}
