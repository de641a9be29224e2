import { TerraformBackend, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { type Problem, stateInOwnStore, wrongValue } from "../../errors";
import type { At } from "../../machine-configs/document";
import { originOf } from "../../manifests";

/**
 * Stacks without which a store cannot be made again, and whose state would be lost with it: the store's own, and those
 * that come before it.
 */
export function stateProblems(store: IConstruct, at: At, endpoint: string, restore: string | undefined): Problem[] {
  if (restore !== undefined) {
    return restore.trim() === "" ? [wrongValue(at("stateRestore"), restore, "a sentence that says how")] : [];
  }
  return withDependencies(TerraformStack.of(store))
    .filter((stack) => isSameOrigin(stateEndpointOf(stack), endpoint))
    .map((stack) => stateInOwnStore(store.node.path, stack.node.path, endpoint));
}

function withDependencies(stack: TerraformStack, found = new Set<TerraformStack>()): readonly TerraformStack[] {
  if (!found.has(stack)) {
    found.add(stack);
    for (const dependency of stack.dependencies) withDependencies(dependency, found);
  }
  return [...found];
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
