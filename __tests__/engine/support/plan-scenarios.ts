import { type Configuration, type Json, synthesized } from "./configuration";
import { type GuardedSite, guardedSites, type LabNode, lab } from "./guarded-sites";
import type { World } from "./world";

/** A change of a site, whose plan is recorded, and the rules that must refuse it. */
export interface PlanScenario {
  readonly name: string;
  readonly site: GuardedSite;
  readonly refused: readonly string[];
  /** Its stacks as they shall become. @default - as they are */
  readonly build?: () => Record<string, Configuration>;
  /** What changes in the last stack; `before` is as it was. @default - nothing */
  readonly edit?: (stack: Configuration, before: Configuration) => void;
  /** What happens to the objects meanwhile, without Terraform. @default - nothing */
  readonly behind?: (world: World) => void;
  /** More arguments for `plan`. @default - none */
  readonly args?: (before: Configuration) => readonly string[];
}

const vmType = "proxmox_virtual_environment_vm";
const controlPlanes: readonly LabNode[] = ["cp-1", "cp-2", "cp-3"];
const workers: readonly LabNode[] = ["w-1", "w-2", "w-3", "w-4", "w-5"];
const newWorker = { host: "pve4", address: "10.0.0.36", macAddress: "BC:24:11:00:00:36", vmId: 136 };
const quorum = ["etcd-quorum-lost", "control-planes-together"];

export const planScenarios: readonly PlanScenario[] = [
  // --- Nothing happens to a machine ---
  safe("no-changes", "lab"),
  safe("outputs-only", "lab", {
    edit: ({ root }) => {
      root["output"] = { ...root["output"], subnet: { value: "10.0.0.0/24" } };
    },
  }),
  safe("drift-only", "lab", {
    behind: (world) => world.edit(vmType, "w-1", (vm) => Object.assign(vm, { description: "Changed by hand." })),
    args: () => ["-refresh-only"],
  }),
  safe("everything-created", "nothing", { build: () => synthesized(lab()) }),
  safe("worker-added", "lab", {
    build: labWith({}, { "w-6": newWorker }),
  }),
  safe("tags-of-all", "lab", {
    edit: (stack) => each(stack, [...controlPlanes, ...workers], (vm) => vm["tags"].push("zone-a")),
  }),
  safe("vlan-of-all-workers", "lab", {
    edit: (stack) => each(stack, workers, (vm) => Object.assign(vm["network_device"][0], { vlan_id: 62 })),
  }),
  safe("disk-grows", "lab", { build: labWith({ "w-1": { diskGiB: 64 } }) }),
  safe("new-image", "lab", { edit: (stack) => replaceIn(stack, "1.14.4", "1.14.5") }),
  safe("configuration-of-all", "lab", {
    edit: ({ root }) => {
      for (const data of Object.values<Json>(root["data"].talos_machine_configuration)) {
        data["config_patches"].push("apiVersion: v1alpha1\nkind: SysctlConfig\nparams:\n  vm.swappiness: '10'\n");
      }
    },
  }),
  safe("kubernetes-raised", "lab", { edit: (stack) => replaceIn(stack, "1.37.1", "1.37.2") }),
  safe("address-moved", "lab", {
    edit: (stack, before) => {
      const [from, to] = [addressIn(before, vmType, "w-1"), `${vmType}.renamed`];
      replaceIn(stack, from.slice(vmType.length + 1), "renamed");
      stack.root["moved"] = [{ from, to }];
    },
  }),
  safe("worker-forgotten", "lab", {
    build: labWith({ "w-1": "gone" }),
    edit: ({ root }, before) => {
      root["removed"] = [{ from: addressIn(before, vmType, "w-1"), lifecycle: { destroy: false } }];
    },
  }),
  safe("worker-imported", "lab", {
    build: labWith({}, { "w-6": newWorker }),
    edit: (stack) => {
      stack.root["import"] = [{ to: addressIn(stack, vmType, "w-6"), id: "pve4/136" }];
    },
    behind: (world) =>
      world.copy(vmType, "w-5", (vm) =>
        Object.assign(vm, JSON.parse(JSON.stringify(vm).replaceAll("w-5", "w-6").replaceAll(/35\b/g, "36"))),
      ),
  }),

  // --- Restarts ---
  safe("worker-memory", "lab", { build: labWith({ "w-1": { memoryMiB: 8192 } }) }),
  safe("two-workers-memory", "lab", { build: labWith({ "w-1": { memoryMiB: 8192 }, "w-2": { memoryMiB: 8192 } }) }),
  refused("three-workers-memory", "lab", ["too-many-machines"], {
    build: labWith({ "w-1": { memoryMiB: 8192 }, "w-2": { memoryMiB: 8192 }, "w-3": { memoryMiB: 8192 } }),
  }),
  refused("all-workers-of-a-host", "lab", ["whole-host"], {
    build: labWith({ "w-4": { cores: 4 }, "w-5": { cores: 4 } }),
  }),
  safe("memory-grows-by-hotplug", "lab", {
    edit: (stack) =>
      each(stack, workers, (vm) =>
        Object.assign(vm, { hotplug: "memory,cpu,disk", memory: { dedicated: 8192, floating: 0 } }),
      ),
  }),
  refused("agent-of-all-workers", "lab", ["too-many-machines", "whole-host"], {
    edit: (stack) => each(stack, workers, (vm) => Object.assign(vm["agent"], { timeout: "5m" })),
  }),
  refused("workers-stopped", "lab", ["too-many-machines", "whole-host"], {
    edit: (stack) => each(stack, workers, (vm) => Object.assign(vm, { started: false })),
  }),
  refused("control-planes-stopped-by-ha", "lab", quorum, {
    edit: ({ root }) => {
      const stopped = (id: number) => ({ resource_id: `vm:${id}`, state: "stopped" });
      root["resource"]["proxmox_haresource"] = { "cp-1": stopped(111), "cp-2": stopped(112) };
    },
  }),
  safe("control-plane-memory-pending", "lab", { build: labWith({ "cp-1": { memoryMiB: 8192 } }) }),
  safe("control-planes-memory-pending", "lab", {
    edit: (stack) =>
      each(stack, controlPlanes, (vm) => Object.assign(vm, { memory: { dedicated: 8192, floating: 0 } })),
  }),
  safe("control-plane-restarts", "lab", { edit: (stack) => each(stack, ["cp-1"], restart) }),
  refused("two-control-planes-restart", "lab", quorum, {
    edit: (stack) => each(stack, ["cp-1", "cp-2"], restart),
  }),
  refused("control-plane-restarts-while-one-is-gone", "lab", ["etcd-quorum-lost"], {
    edit: (stack) => each(stack, ["cp-1"], restart),
    behind: (world) => world.delete(vmType, "cp-3"),
  }),
  refused("control-plane-restarts-while-one-is-off", "lab", ["etcd-quorum-lost"], {
    edit: (stack) => each(stack, ["cp-1"], restart),
    behind: (world) => world.edit(vmType, "cp-3", (vm) => Object.assign(vm, { started: false })),
  }),
  safe("control-plane-created-again", "lab", { behind: (world) => world.delete(vmType, "cp-3") }),
  safe("single-node-memory-pending", "single-node", {
    edit: (stack) => each(stack, ["talos-1"], (vm) => Object.assign(vm, { memory: { dedicated: 16384, floating: 0 } })),
  }),
  refused("single-node-restarts", "single-node", ["etcd-quorum-lost"], {
    edit: (stack) => each(stack, ["talos-1"], restart),
  }),

  // --- Migrations ---
  safe("worker-changes-host", "lab", { build: labWith({ "w-1": { host: "pve2" } }) }),
  safe("all-workers-change-host", "lab", {
    edit: (stack) => each(stack, workers, (vm) => Object.assign(vm, { node_name: "pve1" })),
  }),
  refused("gpu-worker-changes-host", "prox-ops", ["migration-with-device"], {
    edit: (stack) => each(stack, ["k8s-work-4"], (vm) => Object.assign(vm, { node_name: "loki" })),
  }),

  refused("usb-device-changes-host", "plain", ["migration-with-device"], {
    behind: (world) => world.edit(vmType, "build", (vm) => Object.assign(vm, { usb: [{ mapping: "zigbee" }] })),
    edit: (stack) =>
      each(stack, ["build"], (vm) =>
        Object.assign(vm, { node_name: "pve2", migrate: true, usb: [{ mapping: "zigbee" }] }),
      ),
  }),

  // --- Machines destroyed and replaced ---
  safe("worker-removed", "lab", { build: labWith({ "w-1": "gone" }) }),
  refused("workers-to-zero", "lab", ["data-disk-lost", "too-many-machines", "whole-host"], {
    build: labWith({ "w-1": "gone", "w-2": "gone", "w-3": "gone", "w-4": "gone", "w-5": "gone" }),
  }),
  refused("host-removed", "lab", ["whole-host"], { build: labWith({ "w-4": "gone", "w-5": "gone" }) }),
  refused("two-control-planes-removed", "lab", quorum, { build: labWith({ "cp-2": "gone", "cp-3": "gone" }) }),
  refused(
    "everything-removed",
    "lab",
    [...quorum, "data-disk-lost", "machine-secrets-lost", "too-many-machines", "whole-host"],
    {
      edit: ({ root }) => {
        for (const part of ["resource", "data", "output"]) {
          delete root[part];
        }
      },
    },
  ),
  safe("worker-vm-id", "lab", { build: labWith({ "w-1": { vmId: 231 } }) }),
  safe("worker-tainted", "lab", { args: (before) => [`-replace=${addressIn(before, vmType, "w-1")}`] }),
  safe("control-plane-vm-id", "lab", {
    build: labWith({ "cp-1": { vmId: 211 } }),
    edit: (stack) => each(stack, ["cp-1"], unprotected),
  }),
  refused("two-control-planes-vm-id", "lab", quorum, {
    build: labWith({ "cp-1": { vmId: 211 }, "cp-2": { vmId: 212 } }),
    edit: (stack) => each(stack, ["cp-1", "cp-2"], unprotected),
  }),
  refused("single-node-vm-id", "single-node", ["etcd-quorum-lost"], {
    edit: (stack) => each(stack, ["talos-1"], (vm) => Object.assign(unprotected(vm), { vm_id: 211 })),
  }),
  safe("worker-changes-host-without-migration", "lab", {
    edit: (stack) => each(stack, ["w-1"], (vm) => Object.assign(vm, { node_name: "pve2", migrate: false })),
  }),
  safe("worker-efi-type", "lab", {
    edit: (stack) => each(stack, ["w-1"], (vm) => Object.assign(vm["efi_disk"], { type: "2m" })),
  }),
  refused("efi-type-of-all", "lab", [...quorum, "data-disk-lost", "too-many-machines", "whole-host"], {
    edit: (stack) =>
      each(stack, [...controlPlanes, ...workers], (vm) => Object.assign(unprotected(vm)["efi_disk"], { type: "2m" })),
  }),

  // --- Disks ---
  refused("worker-with-data-disk-replaced", "lab", ["data-disk-lost"], { build: labWith({ "w-3": { vmId: 233 } }) }),
  refused("data-disk-removed", "lab", ["data-disk-lost"], {
    edit: (stack) => each(stack, ["w-3"], (vm) => vm["disk"].pop()),
  }),
  refused("data-disk-interface", "lab", ["data-disk-lost"], {
    edit: (stack) => each(stack, ["w-3"], (vm) => Object.assign(vm["disk"][1], { interface: "scsi2" })),
  }),
  refused("disk-shrinks", "lab", ["disk-shrinks"], {
    edit: (stack) => each(stack, ["w-3"], (vm) => Object.assign(vm["disk"][1], { size: 100 })),
  }),
  refused("disks-of-all-workers-move", "lab", ["too-many-machines", "whole-host"], {
    edit: (stack) => each(stack, workers, (vm) => Object.assign(vm["disk"][0], { datastore_id: "local-zfs" })),
  }),
  safe("borrowed-disk-is-kept", "plain", {
    edit: (stack) => each(stack, ["files"], (vm) => Object.assign(vm, { vm_id: 902 })),
  }),
  refused("vm-that-only-holds-disks-removed", "plain", ["data-disk-lost"], {
    edit: ({ root }) => {
      delete root["resource"][vmType].vault;
    },
  }),

  // --- Secrets ---
  refused("secrets-replaced", "lab", ["machine-secrets-lost"], {
    edit: ({ root }) => {
      for (const secrets of Object.values<Json>(root["resource"].talos_machine_secrets)) {
        unprotected(secrets);
      }
    },
    args: (before) => before.names("talos_machine_secrets").map((name) => `-replace=talos_machine_secrets.${name}`),
  }),
  refused("secrets-forgotten", "fleet", ["machine-secrets-lost"], {
    edit: ({ root }) => {
      const { talos_machine_secrets: _, talos_machine_configuration_apply: __, ...resource } = root["resource"];
      root["resource"] = resource;
      delete root["data"];
      root["removed"] = [{ from: "talos_machine_secrets.this", lifecycle: { destroy: false } }];
    },
  }),

  // --- Fifteen machines in two stacks ---
  refused("all-workers-of-thor", "prox-ops", ["too-many-machines", "whole-host"], {
    edit: (stack) => each(stack, ["k8s-work-4", "k8s-work-8", "k8s-work-16"], grow),
  }),
  safe("gpu-worker-memory", "prox-ops", { edit: (stack) => each(stack, ["k8s-work-14"], grow) }),

  // --- Upgrades by Terraform ---
  safe("talos-raised-one-after-the-other", "three-nodes", {
    edit: (stack) => replaceIn(stack, "v1.14.4", "v1.14.5"),
  }),
  safe("kubernetes-raised-managed", "three-nodes", { edit: (stack) => replaceIn(stack, "1.36.3", "1.36.4") }),
  safe("configuration-of-all-managed", "three-nodes", {
    edit: ({ root }) => {
      for (const data of Object.values<Json>(root["data"].talos_machine_configuration)) {
        data["config_patches"].push("machine:\n  env:\n    A: b\n");
      }
    },
  }),
  refused("talos-raised-all-at-once", "managed-fleet", [...quorum, "too-many-machines", "whole-host"], {
    edit: (stack) => replaceIn(stack, "v1.14.3", "v1.14.4"),
  }),

  // --- Plans of others, whose roles the machine configurations tell ---
  safe("fleet-worker-gone", "fleet", { edit: ({ root }) => nodesOf(root, ({ epsilon: _, ...others }) => others) }),
  refused("fleet-two-control-planes-gone", "fleet", quorum, {
    edit: ({ root }) => nodesOf(root, ({ beta: _, gamma: __, ...others }) => others),
  }),
  refused("fleet-renamed", "fleet", [...quorum, "too-many-machines", "whole-host"], {
    edit: ({ root }) =>
      nodesOf(root, (nodes) => Object.fromEntries(Object.entries(nodes).map(([name, node]) => [`${name}-1`, node]))),
  }),
  refused("fleet-memory", "fleet", [...quorum, "too-many-machines", "whole-host"], {
    edit: ({ root }) => Object.assign(root["resource"][vmType].node, { memory: { dedicated: 16384 } }),
  }),
  safe("fleet-configuration", "fleet", {
    edit: ({ root }) =>
      Object.assign(root["data"].talos_machine_configuration.node, {
        config_patches: ["machine:\n  env:\n    A: b\n"],
      }),
  }),
  refused("fleet-rebooted-for-a-configuration", "fleet", [...quorum, "too-many-machines", "whole-host"], {
    edit: ({ root }) =>
      Object.assign(root["resource"].talos_machine_configuration_apply.node, { apply_mode: "reboot" }),
  }),
  safe("one-of-three-control-planes-of-a-module", "clusters", {
    edit: ({ files }) => Object.assign(files["main.tf.json"]?.["module"].blue, { control_planes: 2 }),
  }),
  refused("the-only-control-plane-of-a-module", "clusters", ["etcd-quorum-lost"], {
    edit: ({ files }) => Object.assign(files["main.tf.json"]?.["module"].green, { memory: 16384 }),
  }),
  refused("control-planes-of-a-module", "clusters", [...quorum, "too-many-machines"], {
    edit: ({ files }) => Object.assign(files["main.tf.json"]?.["module"].blue, { memory: 16384 }),
  }),
  refused("vms-whose-roles-another-stack-tells", "split", [...quorum, "too-many-machines", "whole-host"], {
    build: () => {
      const stacks = guardedSites.split();
      Object.assign(stacks["machines"]?.root["resource"][vmType].node, {
        vm_id: "${8000 + index(keys(var.nodes), each.key)}",
      });
      return stacks;
    },
  }),
  safe("machine-of-unknown-role", "plain", { edit: (stack) => each(stack, ["build"], grow) }),
  refused("host-of-unknown-roles", "plain", ["whole-host"], { edit: (stack) => each(stack, ["build", "mail"], grow) }),
];

function safe(name: string, site: GuardedSite, change: Change = {}): PlanScenario {
  return { name, site, refused: [], ...change };
}

function refused(name: string, site: GuardedSite, rules: readonly string[], change: Change): PlanScenario {
  return { name, site, refused: rules, ...change };
}

type Change = Omit<PlanScenario, "name" | "site" | "refused">;

function labWith(...changes: Parameters<typeof lab>): () => Record<string, Configuration> {
  return () => synthesized(lab(...changes));
}

function each(stack: Configuration, names: readonly string[], change: (vm: Json) => void): void {
  for (const name of names) {
    change(stack.vm(name));
  }
}

/** A change for which the provider restarts the VM. */
function restart(vm: Json): void {
  Object.assign(grow(vm), { reboot_after_update: true });
}

function grow(vm: Json): Json {
  return Object.assign(vm, { memory: { dedicated: 49152, floating: 0 } });
}

/** Without what makes Terraform itself refuse the plan. */
function unprotected(resource: Json): Json {
  delete resource["lifecycle"].prevent_destroy;
  return resource;
}

function nodesOf(root: Json, change: (nodes: Json) => Json): void {
  root["variable"].nodes.default = change(root["variable"].nodes.default);
}

function addressIn({ root }: Configuration, type: string, name: string): string {
  const [found] = Object.entries<Json>(root["resource"][type]).find(([, resource]) => resource["name"] === name) ?? [];
  return `${type}.${found}`;
}

function replaceIn(stack: Configuration, text: string, by: string): void {
  for (const [file, json] of Object.entries(stack.files)) {
    stack.files[file] = JSON.parse(JSON.stringify(json).replaceAll(text, by));
  }
}
