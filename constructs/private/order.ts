import { dependable, type TerraformResource, TerraformStack } from "cdktf";

/** Puts a resource behind others: by `depends_on` within its stack, by a dependency of the stacks across. */
export function putAfter(resource: TerraformResource, others: readonly TerraformResource[]): void {
  const stack = TerraformStack.of(resource);
  for (const other of others) {
    const otherStack = TerraformStack.of(other);
    if (otherStack === stack) {
      resource.dependsOn = [...new Set([...(resource.dependsOn ?? []), dependable(other)])];
    } else {
      stack.addDependency(otherStack);
    }
  }
}
