import { TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { textOf } from "../analysis/values";
import { gpuWithoutDriver, otherImage, type Problem, terraformValueInConfiguration, tooSmall } from "../errors";
import {
  type Configuration,
  composeConfiguration,
  configurationMayReboot,
  contracts,
  hostname,
  type Intent,
  install,
  type MachineRole,
  staticNetwork,
  type TalosDocument,
  type Versions,
  versionProblems,
  virtualIp,
} from "../machine-configs";
import { networkAddresses } from "../machine-configs/rules/links-together";
import { DataTalosMachineConfiguration } from "../providers/talos/data-talos-machine-configuration";
import { Machine } from "../providers/talos/machine";
import { MachineConfigurationApply } from "../providers/talos/machine-configuration-apply";
import { normalizedAddress } from "./cluster-network";
import type { NvidiaGpu } from "./nvidia-gpu";
import { addCheck } from "./private/checks";
import { claim } from "./private/claims";
import { given } from "./private/given";
import { isMachineName } from "./private/names";
import { addressOf, putAfter } from "./private/order";
import { writtenBefore } from "./private/previous-synth";
import { secretsInDocuments } from "./private/secrets";
import { guestAgent, talosVmProblems } from "./private/talos-vm-problems";
import {
  holdsOtherTerraformValue,
  holdsTerraformValue,
  terraformDocuments,
  withoutTerraformValues,
} from "./private/terraform-text";
import { ProxmoxVm } from "./proxmox-vm";
import type { TalosCluster } from "./talos-cluster";
import type { TalosImage } from "./talos-image";
import { type Cpu, leastVmMemory } from "./vm-compute";
import type { DataDisks } from "./vm-disks";
import type { HighAvailability } from "./vm-high-availability";
import type { NetworkDevice } from "./vm-network";
import type { Startup } from "./vm-operation";

/** What the machines of a role have in common; a node overrides what its role says. */
export interface MachineShape<Host extends string = string, Datastore extends string = string> {
  /** Cores. A change restarts the VM of a worker. @default 2 */
  readonly cores?: number;

  /** Memory in MiB; at least 2048 for a control plane, 1024 for a worker. A change restarts the VM of a worker. @default 4096 */
  readonly memoryMiB?: number;

  /** System disk in GiB, at least 10; it can only grow. @default 32 */
  readonly diskGiB?: number;

  /**
   * Network cards after the first one, in order: `eth1`, `eth2`, … Talos brings them up; their addresses are the
   * matter of `staticNetwork` in the node's intents. The VLANs of a role are a contract: a node may have other bridges
   * or MAC addresses, but the same VLANs in the same order (PVE-4, VAL-2, VAL-3).
   *
   * @default - none
   */
  readonly extraNics?: readonly Omit<NetworkDevice, "ipv4" | "ipv6">[];

  /** The processor, beyond its number of cores. A change restarts the VM of a worker. @default - one socket of the host's model */
  readonly cpu?: Cpu;

  /**
   * Disks beside the system disk, for Talos' user volumes or a storage of Kubernetes, by slot. One is added or taken out
   * while the VM runs. A kept disk belongs to one node, so give it there.
   *
   * @default - none
   */
  readonly dataDisks?: DataDisks<Datastore>;

  /** When the VM starts with its host. Changed while the VM runs. @default - after all that say */
  readonly startup?: Startup;

  /**
   * What Proxmox does when the VM or its host fails. Control planes that have it are kept apart by a rule, on Proxmox
   * VE 9. Changed while the VM runs.
   *
   * @default - nothing: Kubernetes and etcd do without the machine
   */
  readonly highAvailability?: HighAvailability<Host>;
}

export interface TalosNodeProps<Host extends string = string, Datastore extends string = string>
  extends MachineShape<Host, Datastore> {
  /** Proxmox host. A change migrates the VM; one with a GPU has to be stopped by hand before. */
  readonly host: Host;

  /**
   * IP address in the cluster's subnet, without prefix length. A change restarts the VM of a worker; a control plane
   * has to be restarted by hand before Terraform can reach it there.
   */
  readonly address: string;

  /** MAC address of the first network card; kept when the VM is replaced (PVE-5). */
  readonly macAddress: string;

  /**
   * VM id. A change replaces the VM, which Terraform refuses for a control plane.
   *
   * @default - a free one, as for a `ProxmoxVm`
   */
  readonly vmId?: number;

  /**
   * Whether the VM `vmId` of `host` exists, with Talos on it, and Terraform takes it over instead of creating one (PVE-18).
   * Terraform then neither replaces it, nor touches its agent, boot order and cloud-init.
   *
   * @default false
   */
  readonly existing?: boolean;

  /** A GPU to pass through. A change restarts the VM. @default - none */
  readonly gpu?: NvidiaGpu;

  /** Another image than the cluster's. @default - the cluster's, with the driver's extensions if the node has a GPU */
  readonly image?: TalosImage;

  /** Machine configuration for this node alone, next to the cluster's. @default - none */
  readonly intents?: readonly Intent[];
}

/**
 * One machine of a cluster: its VM, its machine configuration and what applies it. Made by `addControlPlane` and
 * `addWorker` of {@link TalosCluster}.
 */
export class TalosNode extends Construct {
  readonly nodeName: string;
  readonly role: MachineRole;
  readonly host: string;
  readonly address: string;
  readonly vm: ProxmoxVm;
  readonly image: TalosImage;
  /** What the machine configuration of this node adds to Talos' generated one. */
  readonly documents: readonly TalosDocument[];
  /** Which intents gave a field of the documents: `explain("LinkConfig/eth0", ["mtu"])`. */
  readonly explain: Configuration["explain"];
  /** The whole machine configuration: what Talos generates with the documents of this node as a patch. */
  readonly configuration: DataTalosMachineConfiguration;
  /** What applies the machine configuration: `talos_machine_configuration_apply`, or `talos_machine` if managed. */
  readonly applied: MachineConfigurationApply | Machine;
  readonly #shape: MachineShape;
  readonly #importFrom: string;
  #predecessor: TalosNode | undefined;

  constructor(cluster: TalosCluster, name: string, role: MachineRole, props: TalosNodeProps) {
    super(cluster, freeId(cluster, name || "unnamed"));
    this.nodeName = name;
    this.role = role;
    this.host = props.host;
    this.address = props.address;
    const { gpu } = props;
    const { site, versions, network } = cluster;
    this.image = props.image ?? (gpu ? cluster.image.withExtensions(gpu.imageVariant, gpu.extensions) : cluster.image);

    const shape = { ...cluster.shapeOf(role), ...props };
    this.#shape = shape;
    const extraNics = shape.extraNics ?? [];
    const { importFrom, importAfter } = this.image.importFor(props.host, versions.talos);
    this.#importFrom = importFrom;
    const configuration = this.#compose(cluster, [
      ...this.#ownIntents(cluster, extraNics.length),
      ...(gpu ? [gpu.intent] : []),
      ...cluster.intents,
      ...(props.intents ?? []),
    ]);
    this.documents = configuration.documents;
    this.explain = configuration.explain;
    this.vm = new ProxmoxVm(this, "Vm", {
      site,
      name,
      host: props.host,
      vmId: props.vmId,
      existing: props.existing,
      cores: shape.cores,
      memoryMiB: shape.memoryMiB,
      cpu: shape.cpu,
      disk: {
        datastore: cluster.datastore,
        sizeGiB: shape.diskGiB ?? 32,
        importFrom,
        importAfter,
      },
      dataDisks: shape.dataDisks,
      networkDevices: [{ ...network.nic, macAddress: props.macAddress }, ...extraNics],
      address: network.hostProblems(props.address).length > 0 ? undefined : network.staticAddress(props.address),
      // The image enrolls its own keys, which a disk with keys in it would not take.
      firmware: { secureBootKeys: "none", tpm: this.image.secureBoot },
      pciDevices: gpu ? [gpu.mapping] : [],
      // Talos' document and the device that it is about cannot disagree: the one makes the other.
      watchdog: this.documents.some(({ kind }) => kind === "WatchdogTimerConfig") ? {} : undefined,
      agent: this.image.missing([guestAgent]).length === 0,
      startup: shape.startup,
      highAvailability: shape.highAvailability,
      tags: ["talos", role],
      // Changes to several control planes are made at the same time, so none of them may restart by itself.
      restartForChanges: role === "worker",
    });

    if (role === "controlplane") {
      // etcd cannot lose it unnoticed: a change that replaces it is refused by Terraform.
      this.vm.resource.lifecycle = { ...this.vm.resource.lifecycle, preventDestroy: true };
    }
    const own = normalizedAddress(props.address);
    if (network.hostProblems(props.address).length > 0) {
      // The VM has no address then, but whose it is twice shall be known all the same.
      claim(this, site, "address", () => [own]);
    }
    claim(this, site, "address", () =>
      networkAddresses(this.documents)
        .map(normalizedAddress)
        .filter((address) => address !== own),
    );
    this.configuration = this.#configure(cluster);
    this.applied = this.#apply(cluster);
    putAfter(this.applied, [this.vm.resource]);
    // A new VM boots without a configuration, also where it keeps its address. Terraform does not count one that is
    // created anew, because somebody deleted it by hand, as a change of the VM; this resource is replaced then.
    // (By its type, because the class that cdktf has for it runs Terraform at every synth, to ask for its version.)
    const made = new TerraformResource(this, "Made", { terraformResourceType: "terraform_data" });
    made.addOverride("triggers_replace", this.vm.resource.id);
    this.applied.addOverride("lifecycle.replace_triggered_by", [addressOf(made)]);
    addCheck(this, () => [...this.#problems(cluster, gpu), ...configuration.problems]);
  }

  /** Makes Terraform change this machine after another one, instead of after whichever it was before. @internal */
  changeAfter(other: TalosNode): void {
    const before = this.#predecessor && addressOf(this.#predecessor.applied);
    this.applied.dependsOn = (this.applied.dependsOn ?? []).filter((address) => address !== before);
    putAfter(this.applied, [other.applied]);
    this.#predecessor = other;
  }

  /** The versions that an earlier synth gave this machine; nothing if it was not in it. @internal */
  versionsIn(folder: string): Partial<Versions> | undefined {
    const before = writtenBefore(this.configuration, folder, "data");
    if (before === undefined) {
      return undefined;
    }
    const patches: unknown = before["config_patches"];
    const [installer] = Array.isArray(patches) ? patches.map(String).flatMap(installersIn) : [];
    const contract = contracts.find((one) => `v${one}` === before["talos_version"]);
    return given({
      talos: installer?.replace(/.*:v?/, ""),
      contract,
      kubernetes: textOf(before, "kubernetes_version"),
    });
  }

  /** Without sound versions nothing can be said about a configuration; the Kubernetes version has no part in it. */
  #compose({ versions }: TalosCluster, intents: readonly Intent[]): Configuration {
    const where = this.node.path;
    if (versionProblems(versions, "").some(({ code }) => code !== "kubernetes-outside-window")) {
      return unknownConfiguration([]);
    }
    const { talos, contract } = versions;
    const { diskGiB: systemDiskGiB = 32 } = this.#shape;
    const machine = { name: where, role: this.role, contract, talos, systemDiskGiB, isUnknown: holdsTerraformValue };
    const written = intents.map((intent) => ({ intent, documents: intent.documents(machine) }));
    if (written.some(({ documents }) => holdsOtherTerraformValue(documents))) {
      return unknownConfiguration([terraformValueInConfiguration(where)]);
    }
    const { documents, problems, explain } = composeConfiguration(
      machine,
      written.map(({ intent, documents: known }) => ({
        name: intent.name,
        documents: () => known,
        problems: () => intent.problems?.(machine) ?? [],
      })),
    );
    return {
      documents,
      problems: [...problems.map(withoutTerraformValues), ...secretsInDocuments(where, documents)],
      explain,
    };
  }

  /** What every machine needs. What is wrong with its name or network is reported there, and not again from here. */
  #ownIntents(cluster: TalosCluster, extraNics: number): Intent[] {
    const { network, versions } = cluster;
    const intents = [install({ image: this.image.installer(versions.talos), disk: installDisk })];
    if (isMachineName(this.nodeName)) {
      intents.push(hostname(this.nodeName));
    }
    if (network.hostProblems(this.address).length === 0) {
      const { address, gateway, nameservers } = network.staticAddress(this.address);
      const others = Array.from({ length: extraNics }, (_, index) => ({ name: `eth${index + 1}` }));
      intents.push(staticNetwork({ links: [{ name: "eth0", address, gateway }, ...others], nameservers }));
    }
    if (cluster.virtualIp !== undefined && network.addressProblems("", cluster.virtualIp).length === 0) {
      intents.push(virtualIp({ address: cluster.virtualIp, link: "eth0" }));
    }
    return intents;
  }

  #configure({ clusterName, endpoint, versions, secrets }: TalosCluster): DataTalosMachineConfiguration {
    return new DataTalosMachineConfiguration(this, "MachineConfiguration", {
      clusterName,
      clusterEndpoint: endpoint,
      machineType: this.role,
      talosVersion: `v${versions.contract}`,
      kubernetesVersion: versions.kubernetes,
      machineSecrets: secrets.resource.machineSecrets,
      // All patches in this one place: given twice, lists would be appended twice.
      configPatches: [terraformDocuments(this.documents)],
    });
  }

  #apply({ versions, secrets, lifecycle, drainKubeconfig }: TalosCluster): MachineConfigurationApply | Machine {
    const { machineConfiguration } = this.configuration;
    const common = {
      nodeAttribute: this.address,
      clientConfiguration: secrets.resource.clientConfiguration,
    };
    if (lifecycle === "managed") {
      return new Machine(this, "Machine", {
        ...common,
        machineConfiguration,
        image: this.image.installer(versions.talos),
        ...(drainKubeconfig === undefined ? {} : { kubeconfigWo: drainKubeconfig }),
        // talos_cluster upgrades Kubernetes, component by component; image tags must not overtake it.
        ignoreKubernetesUpgradeDrift: true,
      });
    }
    return new MachineConfigurationApply(this, "Apply", {
      ...common,
      machineConfigurationInput: machineConfiguration,
      applyMode: applyMode(this.role, versions.talos),
    });
  }

  #problems(cluster: TalosCluster, gpu: NvidiaGpu | undefined): Problem[] {
    const where = this.node.path;
    const withoutDriver = gpu ? this.image.missing(gpu.extensions) : [];
    const { memoryMiB = 4096, diskGiB = 32 } = this.#shape;
    const nics = [cluster.network.nic, ...(cluster.shapeOf(this.role).extraNics ?? [])];
    const leastMemory = this.role === "controlplane" ? 2048 : 1024;
    return [
      ...cluster.network.addressProblems(where, this.address),
      // What is too small for any VM is reported by the VM.
      ...(memoryMiB >= leastVmMemory && memoryMiB < leastMemory
        ? [tooSmall(where, "memoryMiB", memoryMiB, leastMemory)]
        : []),
      ...(diskGiB >= 1 && diskGiB < 10 ? [tooSmall(where, "diskGiB", diskGiB, 10)] : []),
      ...(withoutDriver.length > 0 ? [gpuWithoutDriver(where, withoutDriver)] : []),
      ...talosVmProblems(where, this.vm.resource, { role: this.role, image: this.image, installDisk, nics }),
      ...this.#imageProblems(cluster),
    ];
  }

  /** Read from the resources, because escape hatches may have changed them (TAL-36). */
  #imageProblems({ versions }: TalosCluster): Problem[] {
    const where = this.node.path;
    const installer = this.image.installer(versions.talos);
    const [disk] = Array.isArray(this.vm.resource.diskInput) ? this.vm.resource.diskInput : [];
    const patches = this.configuration.configPatchesInput ?? [];
    const installers = [
      ...patches.flatMap(installersIn),
      ...(this.applied instanceof Machine ? [this.applied.imageInput ?? installer] : []),
    ];
    return [
      ...(disk?.importFromAttribute === this.#importFrom
        ? []
        : [otherImage(where, "The system disk", String(disk?.importFromAttribute), this.#importFrom)]),
      ...[...new Set(installers)]
        .filter((other) => other !== installer)
        .map((other) => otherImage(where, "The installer", other, installer)),
    ];
  }
}

/** The images of Talos' installer that a patch names. */
function installersIn(patch: string): readonly string[] {
  return patch.match(/[\w.:-]+(?:\/[\w.-]+)*\/(?:[\w-]+-)?installer(?:-secureboot)?(?:\/[0-9a-f]{64})?:[\w.-]+/g) ?? [];
}

/** A configuration of which nothing can be said. */
function unknownConfiguration(problems: readonly Problem[]): Configuration {
  return { documents: [], problems, explain: () => [] };
}

/** A name given twice is reported with all other problems, rather than by an exception of the construct tree. */
function freeId(scope: Construct, name: string): string {
  return scope.node.tryFindChild(name) === undefined ? name : freeId(scope, `${name}-again`);
}

/** The boot disk of a VM, which is on the SCSI bus. */
const installDisk = "/dev/sda";

/**
 * Up to Talos 1.13 a configuration can need a reboot. Control planes are then only staged, to be rebooted one at a
 * time by a person; from 1.14 on Talos never reboots for a configuration.
 */
function applyMode(role: MachineRole, talos: string): string {
  return role === "controlplane" && configurationMayReboot(talos) ? "staged_if_needing_reboot" : "auto";
}
