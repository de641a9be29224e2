import { TerraformElement, type TerraformResource } from "cdktf";
import { addressOf } from "./order";

/**
 * An `import` block: Terraform takes over what exists, unless it has it already. `importFrom` of cdktf 0.21 writes the same, but
 * runs Terraform at synth to ask for its version.
 */
export class ImportBlock extends TerraformElement {
  readonly #resource: TerraformResource;
  readonly #importId: string;

  constructor(resource: TerraformResource, importId: string) {
    super(resource, "Import");
    this.#resource = resource;
    this.#importId = importId;
  }

  override toTerraform(): { import: { to: string; id: string }[] } {
    return { import: [{ to: addressOf(this.#resource), id: this.#importId }] };
  }
}
