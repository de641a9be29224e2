import { Construct } from "constructs";
import type { Contract } from "../machine-configs";
import { MachineSecrets as MachineSecretsResource } from "../providers/talos/machine-secrets";

export interface MachineSecretsProps {
  /** Contract that the cluster is born with. Later changes are ignored: a lower one would make a new CA. */
  readonly contract: Contract;
}

/**
 * The secrets of a cluster: its CAs, keys and tokens. Losing them loses the cluster, so Terraform refuses to destroy
 * them as long as they are in the code. They are in the state; encrypt the backend.
 */
export class MachineSecrets extends Construct {
  readonly resource: MachineSecretsResource;

  constructor(scope: Construct, id: string, props: MachineSecretsProps) {
    super(scope, id);
    this.resource = new MachineSecretsResource(this, "Resource", {
      talosVersion: `v${props.contract}`,
      lifecycle: { preventDestroy: true, ignoreChanges: ["talos_version"] },
    });
  }
}
