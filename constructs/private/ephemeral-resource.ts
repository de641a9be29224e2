import { TerraformElement } from "cdktf";
import type { Construct } from "constructs";

/** An `ephemeral` block: its values live only while Terraform runs. cdktf 0.21 has no construct for it. */
export class EphemeralResource extends TerraformElement {
  readonly #type: string;
  readonly #attributes: Readonly<Record<string, unknown>>;

  constructor(scope: Construct, id: string, type: string, attributes: Readonly<Record<string, unknown>>) {
    super(scope, id);
    this.#type = type;
    this.#attributes = attributes;
  }

  /** A reference to one of its attributes. */
  attribute(name: string): string {
    return `\${ephemeral.${this.#type}.${this.friendlyUniqueId}.${name}}`;
  }

  override toTerraform(): { ephemeral: Record<string, Record<string, unknown>> } {
    return { ephemeral: { [this.#type]: { [this.friendlyUniqueId]: this.#attributes } } };
  }
}
