import { TerraformBackend, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import type { CloudInitPiece } from "../../cloud-init";
import { type Problem, stateInOwnStore, wrongValue } from "../../errors";
import type { At } from "../../machine-configs/document";
import { originOf } from "../../manifests";

/** The stacks of the machines that have a piece. */
const stacksOf = new WeakMap<CloudInitPiece, TerraformStack[]>();

/** Records of which pieces a machine is made. */
export function placePieces(machine: IConstruct, pieces: readonly CloudInitPiece[]): void {
  for (const piece of pieces) stacksOf.set(piece, [...(stacksOf.get(piece) ?? []), TerraformStack.of(machine)]);
}

/**
 * Stacks without which a store cannot be made again, and whose state would be lost with it: the store's own, that of its
 * machine, and those that come before them.
 */
export function stateProblems(
  store: IConstruct,
  at: At,
  endpoint: string,
  restore: string | undefined,
  pieces: readonly CloudInitPiece[] = [],
): Problem[] {
  if (restore !== undefined) {
    return restore.trim() === "" ? [wrongValue(at("stateRestore"), restore, "a sentence that says how")] : [];
  }
  const found = new Set<TerraformStack>();
  for (const stack of [TerraformStack.of(store), ...pieces.flatMap((piece) => stacksOf.get(piece) ?? [])]) {
    addWithDependencies(stack, found);
  }
  return [...found]
    .filter((stack) => isSameOrigin(stateEndpointOf(stack), endpoint))
    .map((stack) => stateInOwnStore(store.node.path, stack.node.path, endpoint));
}

function addWithDependencies(stack: TerraformStack, found: Set<TerraformStack>): void {
  if (!found.has(stack)) {
    found.add(stack);
    for (const dependency of stack.dependencies) addWithDependencies(dependency, found);
  }
}

/** The S3 endpoint that a stack's backend names, whoever made the backend. */
function stateEndpointOf(stack: TerraformStack): string | undefined {
  const backend = stack.node.children.find((child) => TerraformBackend.isBackend(child));
  if (!TerraformBackend.isBackend(backend)) return undefined;
  const written: Backend = backend.toTerraform();
  const { endpoint, endpoints } = written.terraform?.backend?.s3 ?? {};
  return endpoints?.s3 ?? endpoint;
}

/** What cdktf writes of a backend, as far as it is read here. */
interface Backend {
  readonly terraform?: {
    readonly backend?: { readonly s3?: { readonly endpoint?: string; readonly endpoints?: { readonly s3?: string } } };
  };
}

function isSameOrigin(one: string | undefined, other: string): boolean {
  return one !== undefined && originOf(one) === originOf(other);
}
