import { Lazy } from "cdktf";
import { Construct } from "constructs";
import {
  type CloudInit,
  type CloudInitPiece,
  type CloudUser,
  composeCloudInit,
  renderCloudConfig,
  type SshPolicy,
  ubuntuMachine,
  userData,
  userDataDigest,
} from "../cloud-init";
import { sshUsers } from "../cloud-init/pieces/ubuntu-machine";
import { literalSecret, type Problem, terraformValueInConfiguration, tooSmall } from "../errors";
import { VirtualEnvironmentFile } from "../providers/proxmox/virtual-environment-file";
import { CheckBlock } from "./private/check-block";
import { addCheck } from "./private/checks";
import { isMachineName } from "./private/names";
import { addressOf } from "./private/order";
import { placePieces } from "./private/state-in-store";
import {
  holdsOtherTerraformValue,
  holdsTerraformValue,
  terraformYaml,
  withoutTerraformValues,
} from "./private/terraform-text";
import { ProxmoxVm, type ProxmoxVmProps } from "./proxmox-vm";
import type { UbuntuImage } from "./ubuntu-image";
import type { SystemDisk } from "./vm-disks";

export interface UbuntuVmProps<Host extends string = string, Datastore extends string = string>
  extends Omit<ProxmoxVmProps<Host, Datastore>, "disk" | "userData"> {
  /** What the machine begins as. Read at creation only; a change does nothing. */
  readonly image: UbuntuImage;

  /** The disk that the image is written to, at least 4 GiB; the root's file system takes all of it. */
  readonly disk: Omit<SystemDisk<NoInfer<Datastore>>, "importFrom" | "importAfter">;

  /**
   * Datastore of the user data; needs the content type `snippets`, and Terraform needs SSH to the host. A change replaces
   * the VM.
   */
  readonly snippets: NoInfer<Datastore>;

  /** Everybody who works on the machine, with their public keys. The image's own user `ubuntu` is not made. */
  readonly users: readonly CloudUser[];

  /**
   * Whether SSH stays, for the users that have a key, or is masked when the machine is set up (HRD-3).
   *
   * @default "keep"
   */
  readonly sshPolicy?: SshPolicy;

  /** What the machine is and has: `kubeadmWorker(…)`, `dockerHost(…)`, pieces of your own. @default - nothing */
  readonly pieces?: readonly CloudInitPiece[];

  /**
   * Whether a change of users, SSH policy, pieces or the hostname replaces the VM, disk and all; a secret in them that is
   * another one does not. If not, a machine keeps the user data that it was made with, and every plan warns where the
   * code has other. Turning it on or off replaces the VM.
   *
   * @default false
   */
  readonly replaceOnChange?: boolean;

  /**
   * Whether the QEMU guest agent is installed and used. A change restarts the VM.
   *
   * @default true
   */
  readonly agent?: boolean;
}

/**
 * An Ubuntu machine from a cloud image, made by cloud-init from typed pieces and hardened from its first boot: SSH by key
 * only, for named users, never for root (HRD-1, HRD-5).
 *
 * `vm` is the VM and `userData` the snippet with its user data, for what has no prop here.
 *
 * @example
 * const registry = new UbuntuVm(stack, "docker-registry", {
 *   site,
 *   image: noble,
 *   host: "pve",
 *   vmId: 220,
 *   disk: { datastore: "local-lvm", sizeGiB: 64 },
 *   snippets: "local",
 *   networkDevices: [{ bridge: "vmbr0" }],
 *   users: [{ name: "ops", sshKeys: ["ssh-ed25519 AAAA… ops@example.com"] }],
 *   pieces: [dockerHost({ projects: { registry } })],
 * });
 */
export class UbuntuVm<Host extends string = string, Datastore extends string = string> extends Construct {
  readonly vm: ProxmoxVm<Host, Datastore>;
  readonly userData: VirtualEnvironmentFile;
  readonly sshPolicy: SshPolicy;
  /** Who may log in by SSH while it stays: the users that have a key. */
  readonly sshUsers: readonly string[];
  /** Names of its pieces. */
  readonly pieces: readonly string[];

  constructor(scope: Construct, id: string, props: UbuntuVmProps<Host, Datastore>) {
    super(scope, id || "unnamed");
    const { image, disk, snippets, users, sshPolicy, pieces, replaceOnChange = false, agent = true, ...vm } = props;
    this.sshPolicy = sshPolicy ?? "keep";
    this.sshUsers = sshUsers(users, pieces ?? []);
    this.pieces = (pieces ?? []).map((piece) => piece.name);
    placePieces(this, pieces ?? []);
    const name = props.name ?? id;
    // A name that is none is reported by the VM.
    const hostname = isMachineName(name) ? name : "unnamed";
    const machine = { name: this.node.path, isUnknown: holdsTerraformValue };
    const cloudInit = readable(
      machine.name,
      composeCloudInit(machine, ubuntuMachine({ hostname, users, sshPolicy, agent, pieces })),
    );

    const yaml = terraformYaml(cloudInit.config, renderCloudConfig);
    const digest = Lazy.stringValue({ produce: (context) => userDataDigest(String(context.resolve(yaml))) });
    // By the construct and not by the machine's name, which may change.
    const place = this.node.path.replaceAll(/[^\w.-]+/g, "-");
    const fileName = `${place}-user-data${replaceOnChange ? `-${digest}` : ""}.yaml`;
    const shared = props.site.isShared(snippets);
    this.userData = new VirtualEnvironmentFile(this, "UserData", {
      nodeName: props.host,
      datastoreId: snippets,
      contentType: "snippets",
      fileMode: "0600",
      sourceRaw: {
        fileName,
        data: Lazy.stringValue({ produce: (context) => userData(String(context.resolve(yaml))) }),
      },
      lifecycle: {
        // Proxmox derives the instance id from the user data: with others under the same name, cloud-init would set the
        // machine up again when it is next started. So a file never changes; what changes is which file it is.
        ignoreChanges: ["source_raw[0].data", ...(shared ? ["node_name"] : [])],
      },
    });
    this.vm = new ProxmoxVm<Host, Datastore>(this, "Vm", {
      ...vm,
      name,
      agent,
      disk: { ...disk, ...image.importFor(props.host) },
      // A literal path: a reference would replace the VM whenever its host, and with it the file, is another one.
      userData: { file: `${snippets}:snippets/${fileName}`, after: this.userData },
    });
    if (!replaceOnChange) {
      this.#warnOfChanges(name, digest);
    }
    addCheck(this, () => [
      ...props.site.datastoreProblems(this, snippets, "snippets"),
      // What is too small for any disk is reported by the VM.
      ...(disk.sizeGiB >= 1 && disk.sizeGiB < 4 ? [tooSmall(this.node.path, "disk.sizeGiB", disk.sizeGiB, 4)] : []),
      ...cloudInit.problems.map(withoutTerraformValues),
      ...literalSecrets(this.node.path, cloudInit),
    ]);
  }

  /** Nothing else would show that a machine was made with other user data than the code has now. */
  #warnOfChanges(name: string, digest: string): void {
    const file = addressOf(this.userData);
    const condition = Lazy.stringValue({
      produce: (context) =>
        `\${strcontains(${context.resolve(file)}.source_raw[0].data, "${context.resolve(digest)}")}`,
    });
    new CheckBlock(
      this,
      "UserDataCheck",
      condition,
      `${name} keeps the user data that it was made with, which is not what the code says now. To make it anew, replace ${file} and ${addressOf(this.vm.resource)} in one apply.`,
    );
  }
}

/** User data with a Terraform value where no text is cannot be written. */
function readable(where: string, cloudInit: CloudInit): CloudInit {
  return holdsOtherTerraformValue(cloudInit.config)
    ? { config: {}, problems: [terraformValueInConfiguration(where)], secrets: [] }
    : cloudInit;
}

function literalSecrets(where: string, { secrets }: CloudInit): Problem[] {
  return secrets
    .filter(({ text }) => text !== "" && !holdsTerraformValue(text))
    .map(({ prop }) => literalSecret(where, prop, "a secret"));
}
