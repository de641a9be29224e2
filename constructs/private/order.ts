import { dependable, type TerraformResource, TerraformStack } from "cdktf";

/** Asking cdktf for an address makes a token each time. */
const addresses = new WeakMap<TerraformResource, string>();

/** Puts a resource behind others: by `depends_on` within its stack, by a dependency of the stacks across. */
export function putAfter(resource: TerraformResource, others: readonly TerraformResource[]): void {
  const stack = TerraformStack.of(resource);
  for (const other of others) {
    const otherStack = TerraformStack.of(other);
    if (otherStack === stack) {
      resource.dependsOn = [...new Set([...(resource.dependsOn ?? []), addressOf(other)])];
    } else {
      stack.addDependency(otherStack);
    }
  }
}

/** What refers to a resource in `depends_on` and the like. */
export function addressOf(resource: TerraformResource): string {
  const address = addresses.get(resource) ?? dependable(resource);
  addresses.set(resource, address);
  return address;
}
