import { dependable, type TerraformResource, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/** Puts `scope` behind a resource: by `depends_on` within a stack (the returned list), by stack dependency across. */
export function after(scope: Construct, resource: TerraformResource): TerraformResource[] {
  const stack = TerraformStack.of(scope);
  const other = TerraformStack.of(resource);
  if (stack === other) {
    return [resource];
  }
  stack.addDependency(other);
  return [];
}

/** Adds to the `depends_on` of a resource that was made before those it has to wait for. */
export function putAfter(resource: TerraformResource, others: readonly TerraformResource[]): void {
  resource.dependsOn = [...new Set([...(resource.dependsOn ?? []), ...others.map((other) => dependable(other))])];
}
