import { TerraformElement } from "cdktf";
import type { Construct } from "constructs";

/** A `check` block: a condition that every plan looks at and warns of. cdktf 0.21 has no construct for it. */
export class CheckBlock extends TerraformElement {
  readonly #assert: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, condition: string, errorMessage: string) {
    super(scope, id);
    this.#assert = { condition, error_message: errorMessage };
  }

  override toTerraform(): { check: Record<string, { assert: unknown[] }> } {
    return { check: { [this.friendlyUniqueId]: { assert: [this.#assert] } } };
  }
}
