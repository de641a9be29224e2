import { TerraformStack, Token } from "cdktf";
import { Construct } from "constructs";
import { nothingToWriteAbout } from "../errors";
import { type MachineFacts, runbooks, type TalosClusterFacts } from "../runbooks";
import { addCheck, addFiles } from "./private/checks";
import { given } from "./private/given";
import { fileName } from "./private/names";
import type { ProxmoxSite } from "./proxmox-site";
import { ProxmoxVm } from "./proxmox-vm";
import { TalosCluster } from "./talos-cluster";
import { TalosNode } from "./talos-node";
import { UbuntuVm } from "./ubuntu-vm";

export interface RunbooksProps {
  readonly site: ProxmoxSite;
}

/**
 * Runbooks of a site as Markdown, with its real names, addresses and ids: how to get into each machine when its usual way
 * in is gone (BG-1), and for Ubuntu machines the SSH lockdown in its safe order (HRD-2), the staged plan with its gates, the
 * weekly review and the decision record (GATE-9). Synth writes them to `runbooks/<site>` beside the stacks, or nothing at
 * all. They change nothing that Terraform does.
 *
 * @example
 * new Runbooks(app, { site });
 */
export class Runbooks extends Construct {
  readonly #site: ProxmoxSite;

  constructor(scope: Construct, { site }: RunbooksProps) {
    const folder = fileName(site.name);
    super(scope, `${folder}-runbooks`);
    this.#site = site;
    addCheck(this, () => [
      ...site.problems(this),
      ...(this.#machines().length === 0 ? [nothingToWriteAbout(this.node.path, site.name)] : []),
    ]);
    addFiles(this, `runbooks/${folder}`, () => {
      const { name, endpoint, hosts } = site;
      return runbooks({ name, endpoint, hosts, machines: this.#machines() });
    });
  }

  /** What the graph says about the machines of the site, in the order in which they were made. */
  #machines(): MachineFacts[] {
    const vms = this.node.root.node.findAll().filter((one) => one instanceof ProxmoxVm);
    return vms.filter(({ site }) => site === this.#site).map(machineOf);
  }
}

function machineOf(vm: ProxmoxVm): MachineFacts {
  const facts = factsOf(vm);
  const owner = vm.node.scope;
  const cluster = owner?.node.scope;
  if (owner instanceof TalosNode && cluster instanceof TalosCluster) {
    const { role, address } = owner;
    const resource = `${vm.resource.terraformResourceType}.${vm.resource.friendlyUniqueId}`;
    return { ...facts, os: "talos", role, address, cluster: clusterOf(cluster), resource };
  }
  if (owner instanceof UbuntuVm) {
    const { sshPolicy: ssh, sshUsers, pieces } = owner;
    const agent = vm.resource.agentInput?.enabled === true;
    return { ...facts, os: "ubuntu", agent, ssh, sshUsers, isWorker: pieces.includes("kubeadmWorker") };
  }
  return { ...facts, os: "other" };
}

/** Read from the resource, because `resource` may have changed it. What only Terraform knows cannot stand in a text. */
function factsOf({ resource, host, addresses: [address], node }: ProxmoxVm) {
  return {
    name: known(resource.nameInput) ?? node.path.replaceAll(/[^\w.-]+/g, "-"),
    host: known(resource.nodeNameInput) ?? host,
    ...given({ vmId: known(resource.vmIdInput), address: known(address)?.replace(/\/.*$/, "") }),
  };
}

function known<Value>(value: Value | undefined): Value | undefined {
  return Token.isUnresolved(value) ? undefined : value;
}

function clusterOf(cluster: TalosCluster): TalosClusterFacts {
  return {
    name: cluster.clusterName,
    stack: TerraformStack.of(cluster).node.id,
    talosconfig: cluster.outputName("talosconfig"),
    controlPlanes: cluster.controlPlanes.map(({ address }) => address),
  };
}
