import { Construct } from "constructs";
import { malformedPool } from "../errors";
import { VirtualEnvironmentPool } from "../providers/proxmox/virtual-environment-pool";
import { addCheck } from "./private/checks";
import { claimInStack } from "./private/claims";
import { terraformNote } from "./private/terraform-text";

export interface ProxmoxPoolProps {
  /** Shown in Proxmox. @default - nothing */
  readonly comment?: string;
}

/** A resource pool, named after the construct's id: machines that are shown, granted and backed up together. */
export class ProxmoxPool extends Construct {
  readonly poolId: string;
  readonly resource: VirtualEnvironmentPool;

  constructor(scope: Construct, id: string, { comment }: ProxmoxPoolProps = {}) {
    super(scope, id || "unnamed");
    this.poolId = id;
    this.resource = new VirtualEnvironmentPool(this, "Resource", {
      poolId: id,
      ...(comment === undefined ? {} : { comment: terraformNote(comment) }),
    });
    claimInStack(this, "pool", () => [id]);
    addCheck(this, () => (/^[A-Za-z0-9][\w.-]{0,39}$/.test(id) ? [] : [malformedPool(this.node.path, id)]));
  }
}
