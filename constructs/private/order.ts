import { Lazy, type TerraformResource, TerraformStack } from "cdktf";

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

/** What refers to a resource in `depends_on` and the like. cdktf's own makes a token each time that it is asked or resolved. */
export function addressOf(resource: TerraformResource): string {
  const address =
    addresses.get(resource) ??
    Lazy.stringValue({ produce: () => `${resource.terraformResourceType}.${resource.friendlyUniqueId}` });
  addresses.set(resource, address);
  return address;
}
