import type { App } from "cdktf";
import { sites } from "../../../examples";
import { ProxmoxSite, SiteStack, TalosCluster, TalosImage, type TalosNodeProps } from "../../../index";
import { Configuration, type Json, synthesized } from "./configuration";

/** The sites whose plans are recorded: what there is, by stack, before a change is planned. */
export const guardedSites = {
  /** Ours: three control planes and five workers on four hosts, one of them with a data disk. */
  lab: () => synthesized(lab()),
  "prox-ops": () => withMachines(synthesized((app) => sites["prox-ops"]?.(app))),
  "single-node": () => synthesized((app) => sites["single-node"]?.(app)),
  /** One whose upgrades Terraform makes. */
  "three-nodes": () => synthesized((app) => sites["three-nodes"]?.(app)),
  /** Not ours: one `for_each` over all machines, whose roles only the machine configurations tell. */
  fleet: () => ({ fleet: fleet("talos_machine_configuration_apply") }),
  /** The same with `talos_machine`, which nothing makes wait for another one. */
  "managed-fleet": () => ({ fleet: fleet("talos_machine") }),
  /** Two clusters from one module, the second with one control plane. */
  clusters: () => ({ clusters: clusters() }),
  /** VMs in one stack, Talos in the other. */
  split: () => split(),
  /** Machines of which nothing tells what they are for. */
  plain: () => ({ machines: plain() }),
  /** Nothing yet. */
  nothing: () => ({ lab: new Configuration({ "main.tf.json": {} }) }),
} satisfies Record<string, () => Record<string, Configuration>>;

/** Without the stacks of what runs in the cluster: the guard is about machines. */
function withMachines(stacks: Record<string, Configuration>): Record<string, Configuration> {
  const isOfSite = ({ root }: Configuration) => Object.hasOwn(root["provider"], "talos");
  return Object.fromEntries(Object.entries(stacks).filter(([, stack]) => isOfSite(stack)));
}

export type GuardedSite = keyof typeof guardedSites;

const labNodes = {
  "cp-1": { host: "pve1", address: "10.0.0.11", macAddress: "BC:24:11:00:00:11", vmId: 111 },
  "cp-2": { host: "pve2", address: "10.0.0.12", macAddress: "BC:24:11:00:00:12", vmId: 112 },
  "cp-3": { host: "pve3", address: "10.0.0.13", macAddress: "BC:24:11:00:00:13", vmId: 113 },
  "w-1": { host: "pve1", address: "10.0.0.31", macAddress: "BC:24:11:00:00:31", vmId: 131 },
  "w-2": { host: "pve2", address: "10.0.0.32", macAddress: "BC:24:11:00:00:32", vmId: 132 },
  "w-3": { host: "pve3", address: "10.0.0.33", macAddress: "BC:24:11:00:00:33", vmId: 133 },
  "w-4": { host: "pve4", address: "10.0.0.34", macAddress: "BC:24:11:00:00:34", vmId: 134 },
  "w-5": { host: "pve4", address: "10.0.0.35", macAddress: "BC:24:11:00:00:35", vmId: 135 },
} as const;

export type LabNode = keyof typeof labNodes;

/** The lab, without some nodes or with other props of theirs. */
export function lab(
  changes: { readonly [Name in LabNode]?: Partial<TalosNodeProps> | "gone" } = {},
  more: Readonly<Record<string, TalosNodeProps>> = {},
): (app: App) => void {
  return (app) => {
    const site = new ProxmoxSite<string, string>("lab", {
      endpoint: "https://pve.example.com:8006",
      hosts: ["pve1", "pve2", "pve3", "pve4"],
      datastores: { local: { content: ["import"] }, "local-lvm": {}, "local-zfs": {} },
    });
    const stack = new SiteStack(app, "cluster", { site });
    const cluster = new TalosCluster(stack, "lab", {
      site,
      image: new TalosImage(stack, "image", { site, datastore: "local", extensions: ["siderolabs/qemu-guest-agent"] }),
      endpoint: "https://10.0.0.10:6443",
      virtualIp: "10.0.0.10",
      versions: { talos: "1.14.4", contract: "1.14", kubernetes: "1.37.1" },
      network: { bridge: "vmbr0", subnet: "10.0.0.0/24", gateway: "10.0.0.1" },
      datastore: "local-lvm",
    });
    for (const [name, node] of Object.entries<TalosNodeProps>({ ...labNodes, ...more })) {
      const change = Object.entries(changes).find(([changed]) => changed === name)?.[1] ?? {};
      if (change !== "gone") {
        const props = { ...node, ...change };
        const { vm } = name.startsWith("cp-") ? cluster.addControlPlane(name, props) : cluster.addWorker(name, props);
        if (name === "w-3") {
          const [system] = Array.isArray(vm.resource.diskInput) ? vm.resource.diskInput : [];
          vm.resource.putDisk([
            ...(system === undefined ? [] : [system]),
            { interface: "scsi1", datastoreId: "local-lvm", size: 200 },
          ]);
        }
      }
    }
  };
}

const terraform = {
  required_providers: { proxmox: { source: "bpg/proxmox" }, talos: { source: "siderolabs/talos" } },
};

const disk = { interface: "scsi0", datastore_id: "local-lvm", import_from: "local:import/talos.qcow2", size: 32 };

function fleet(configures: "talos_machine" | "talos_machine_configuration_apply"): Configuration {
  const input = configures === "talos_machine" ? "machine_configuration" : "machine_configuration_input";
  const image = { image: "${var.image}", drain_on_upgrade: false };
  return new Configuration({
    "main.tf.json": {
      terraform,
      provider: { proxmox: [{ endpoint: "${var.endpoint}" }] },
      variable: {
        endpoint: { default: "https://pve.example.com:8006" },
        image: { default: "factory.talos.dev/nocloud-installer/a:v1.14.3" },
        nodes: {
          default: {
            alpha: { role: "controlplane", host: "pve1", address: "10.0.1.11" },
            beta: { role: "controlplane", host: "pve2", address: "10.0.1.12" },
            gamma: { role: "controlplane", host: "pve3", address: "10.0.1.13" },
            delta: { role: "worker", host: "pve1", address: "10.0.1.14" },
            epsilon: { role: "worker", host: "pve2", address: "10.0.1.15" },
          },
        },
      },
      resource: {
        proxmox_virtual_environment_vm: {
          node: {
            for_each: "${var.nodes}",
            name: "${each.key}",
            node_name: "${each.value.host}",
            cpu: { cores: 4, type: "host" },
            memory: { dedicated: 8192 },
            disk: [disk],
            initialization: { ip_config: [{ ipv4: { address: "${each.value.address}/24", gateway: "10.0.1.1" } }] },
          },
        },
        talos_machine_secrets: { this: {} },
        [configures]: {
          node: {
            for_each: "${var.nodes}",
            node: "${each.value.address}",
            client_configuration: "${talos_machine_secrets.this.client_configuration}",
            [input]: "${data.talos_machine_configuration.node[each.key].machine_configuration}",
            depends_on: ["proxmox_virtual_environment_vm.node"],
            ...(configures === "talos_machine" ? image : {}),
          },
        },
      },
      data: { talos_machine_configuration: { node: machineConfiguration("fleet", "10.0.1.10", "${each.value.role}") } },
    },
  });
}

function machineConfiguration(cluster: string, address: string, role: string) {
  return {
    for_each: "${var.nodes}",
    cluster_name: cluster,
    cluster_endpoint: `https://${address}:6443`,
    machine_type: role,
    machine_secrets: "${talos_machine_secrets.this.machine_secrets}",
    talos_version: "v1.13",
  };
}

function clusters(): Configuration {
  const call = { source: "./cluster", providers: { proxmox: "proxmox", talos: "talos" } };
  const { for_each: _, ...configuration } = machineConfiguration("${var.name}", "${var.subnet}.10", "controlplane");
  return new Configuration({
    "main.tf.json": {
      terraform,
      provider: { proxmox: [{ endpoint: "https://pve.example.com:8006" }], talos: [{}] },
      module: {
        blue: { ...call, name: "blue", subnet: "10.0.2", control_planes: 3, memory: 8192 },
        green: { ...call, name: "green", subnet: "10.0.3", control_planes: 1, memory: 8192 },
      },
    },
    "cluster/main.tf.json": {
      terraform,
      variable: { name: {}, subnet: {}, control_planes: {}, memory: {} },
      resource: {
        proxmox_virtual_environment_vm: {
          cp: {
            count: "${var.control_planes}",
            name: "${var.name}-${count.index}",
            node_name: "pve${count.index + 1}",
            memory: { dedicated: "${var.memory}" },
            disk: [disk],
            agent: { enabled: true },
          },
        },
        talos_machine_secrets: { this: {} },
        talos_machine_configuration_apply: {
          cp: {
            count: "${var.control_planes}",
            // As from an agent: the address is known only when the VM runs.
            node: '${try(proxmox_virtual_environment_vm.cp[count.index].ipv4_addresses[1][0], "${var.subnet}.1${count.index}")}',
            client_configuration: "${talos_machine_secrets.this.client_configuration}",
            machine_configuration_input: "${data.talos_machine_configuration.cp.machine_configuration}",
          },
        },
      },
      data: { talos_machine_configuration: { cp: configuration } },
    },
  });
}

function split(): Record<string, Configuration> {
  const { root } = fleet("talos_machine_configuration_apply");
  const { proxmox_virtual_environment_vm, ...talos } = root["resource"];
  const [[, { depends_on: _, ...apply }] = ["", {}]] = Object.entries<Json>(talos.talos_machine_configuration_apply);
  const stack = (resource: Json, more: Json = {}) =>
    new Configuration({
      "main.tf.json": { terraform, provider: root["provider"], variable: root["variable"], resource, ...more },
    });
  return {
    machines: stack({ proxmox_virtual_environment_vm }),
    talos: stack({ ...talos, talos_machine_configuration_apply: { node: apply } }, { data: root["data"] }),
  };
}

function plain(): Configuration {
  const vm = (host: string, more: Json = {}) => ({
    node_name: host,
    memory: { dedicated: 4096 },
    disk: [disk],
    ...more,
  });
  return new Configuration({
    "main.tf.json": {
      terraform: { required_providers: { proxmox: terraform.required_providers.proxmox } },
      provider: { proxmox: [{ endpoint: "https://pve.example.com:8006" }] },
      resource: {
        proxmox_virtual_environment_vm: {
          build: vm("pve1", { name: "build" }),
          mail: vm("pve1", { name: "mail" }),
          web: vm("pve2", { name: "web" }),
          template: vm("pve2", { name: "template", template: true, started: false }),
          // The disks of others, so that those can be replaced.
          vault: vm("pve2", { name: "vault", vm_id: 900, started: false, disk: [data("scsi0"), data("scsi1")] }),
          files: vm("pve2", {
            name: "files",
            vm_id: 901,
            disk: [disk, { ...data("scsi1"), path_in_datastore: "vm-900-disk-0" }],
          }),
        },
      },
    },
  });
}

function data(at: string) {
  return { interface: at, datastore_id: "local-lvm", size: 100 };
}
