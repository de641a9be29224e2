import { type Disruption, mayRestart, nodeDisruptions, pendingChanges, vmDisruptions, worstOf } from "./disruptions";
import { grouped } from "./grouped";
import { haDisruptions, haResourcesByVm } from "./ha-resources";
import { configurationOf, type GuardedPlan, keyOf, type PlannedObject, referredTo } from "./plan-objects";
import { blocksOf, textOf, textsOf, type Values } from "./values";

/** A machine that there is: a VM, or a Talos node whose VM is in none of the plans. */
export interface Machine {
  readonly plan: string;
  readonly address: string;
  /** `undefined` where no plan tells. */
  readonly role: Role | undefined;
  /** Its cluster, where a plan tells: by name and endpoint, or else by something that is not for print. */
  readonly cluster: Cluster | undefined;
  readonly vm: PlannedObject | undefined;
  /** Whether a plan tells what Talos runs on the VM, or on which VM the Talos node is. */
  readonly joined: boolean;
  /** Proxmox host of the VM, and the API that knows it by this name. */
  readonly host: string | undefined;
  readonly endpoint: string | undefined;
  readonly running: boolean;
  /** The worst that would happen to it. */
  readonly disruption: Disruption | undefined;
  /** The attributes whose change waits for a restart that is left to a person. */
  readonly pending: readonly string[];
  /** What may restart it, which the Talos there decides. */
  readonly uncertain: PlannedObject | undefined;
}

export type Role = "control plane" | "worker";

export interface Cluster {
  readonly id: string;
  readonly name: string | undefined;
}

/** The machines of all plans together: a VM and what Talos has for it may be in different ones. */
export function machinesOf(plans: readonly GuardedPlan[]): Machine[] {
  const vms = plans.flatMap((plan) => [
    ...plan.objects.filter(isVm).map((object) => ({ plan, object, there: true })),
    ...plan.vanished.filter(isVm).map((object) => ({ plan, object, there: false })),
  ]);
  const byAddress = vmsByAddress(vms.map(({ object }) => object));
  const nodes = withClusters(plans.flatMap((plan) => nodesOf(plan, byAddress)));
  const controlPlanes = new Set(plans.flatMap(controlPlaneAddresses));
  const alone = grouped(
    nodes.filter(({ vm, object }) => vm === undefined && object.before !== undefined),
    ({ object, address }) => JSON.stringify([object.plan, address ?? object.address]),
  );
  const ownOf = grouped(nodes, ({ vm }) => (vm === undefined ? "" : keyOf(vm)));
  const haOf = haResourcesByVm(
    plans,
    vms.map(({ object }) => object),
  );
  return [
    ...vms.map(({ plan, object, there }) => {
      const own = (ownOf.get(keyOf(object)) ?? []).filter(({ vm }) => vm === object);
      const running = there && object.before?.["started"] !== false;
      return {
        ...told(object, own, controlPlanes),
        vm: object,
        joined: own.length > 0,
        host: textOf(object.before, "node_name"),
        endpoint: plan.configuration.get(configurationOf(object))?.endpoint ?? plan.endpoint,
        running,
        disruption: there
          ? worstOf([
              ...vmDisruptions(object, running),
              ...(haOf.get(keyOf(object)) ?? []).flatMap((ha) => haDisruptions(ha, running)),
              ...disruptionsBy(own),
            ])
          : undefined,
        pending: pendingChanges(object, running),
      };
    }),
    ...[...alone.values()].flatMap((own) =>
      own.slice(0, 1).map(({ object }) => ({
        ...told(object, own, controlPlanes),
        vm: undefined,
        joined: false,
        host: undefined,
        endpoint: undefined,
        running: true,
        disruption: worstOf(disruptionsBy(own)),
        pending: [],
      })),
    ),
  ];
}

/** What configures or upgrades a machine. */
interface TalosNode {
  readonly object: PlannedObject;
  readonly address: string | undefined;
  readonly vm: PlannedObject | undefined;
  readonly machineTypes: readonly string[];
  readonly cluster: Cluster | undefined;
  readonly contract: string | undefined;
}

const vmTypes = new Set([
  "proxmox_cloned_vm",
  "proxmox_virtual_environment_cloned_vm",
  "proxmox_virtual_environment_vm",
  "proxmox_virtual_environment_vm2",
  "proxmox_vm",
]);

/** A VM that exists, or did until lately; what others are cloned from is no machine. */
function isVm({ type, local, before }: PlannedObject): boolean {
  return vmTypes.has(type) && !local.startsWith("data.") && before !== undefined && before["template"] !== true;
}

type VmsByAddress = ReadonlyMap<string, readonly PlannedObject[]>;

function nodesOf(plan: GuardedPlan, vms: VmsByAddress): TalosNode[] {
  return plan.objects
    .filter(({ type }) => type === "talos_machine" || type === "talos_machine_configuration_apply")
    .map((object) => {
      const address = textOf(object.before, "node") ?? textOf(object.after, "node");
      const generated = referredTo(object, configurationAttributes, plan)
        .filter(({ type }) => type === "talos_machine_configuration")
        .map(({ before, after }) => after ?? before);
      const [name, endpoint] = [agreed(generated, "cluster_name"), agreed(generated, "cluster_endpoint")];
      return {
        object,
        address,
        vm: vmOf(object, address, plan, vms),
        machineTypes: [agreed(generated, "machine_type"), ...configuredTypes(object)].filter(
          (type) => type !== undefined,
        ),
        cluster: name === undefined ? undefined : clusterOf(name, endpoint),
        contract: agreed(generated, "talos_version"),
      };
    });
}

const configurationAttributes = [
  "machine_configuration",
  "machine_configuration_wo",
  "machine_configuration_input",
  "machine_configuration_input_wo",
];

function clusterOf(name: string, endpoint: string | undefined): Cluster {
  const full = endpoint === undefined ? name : `${name} at ${endpoint}`;
  return { id: full, name: full };
}

/** Nodes with one CA are of one cluster, also where only some of them refer to what has its name. */
function withClusters(nodes: readonly TalosNode[]): TalosNode[] {
  const clusters = new Map<string, Cluster>();
  for (const { object, cluster } of nodes) {
    const ca = caOf(object);
    if (ca !== undefined && cluster !== undefined) {
      clusters.set(ca, cluster);
    }
  }
  return nodes.map((node) => {
    const ca = caOf(node.object);
    return ca === undefined || node.cluster !== undefined
      ? node
      : { ...node, cluster: clusters.get(ca) ?? { id: ca, name: undefined } };
  });
}

function caOf({ before, after }: PlannedObject): string | undefined {
  const [credentials] = [before, after].flatMap((values) => blocksOf(values, "client_configuration"));
  return textOf(credentials, "ca_certificate");
}

/** What all of them say: where the plan does not tell which one is meant, they may differ. */
function agreed(all: readonly (Values | undefined)[], name: string): string | undefined {
  const values = [...new Set(all.map((one) => textOf(one, name)))];
  return values.length === 1 ? values[0] : undefined;
}

/** From the configuration that is there: what is taken out of the code refers to no data any more. */
function configuredTypes({ before, after }: PlannedObject): string[] {
  const texts = [before, after].flatMap((values) => configurationAttributes.map((name) => textOf(values, name) ?? ""));
  return texts.flatMap((text) => /type: (\w+)/.exec(text)?.[1] ?? []);
}

function vmOf(
  node: PlannedObject,
  address: string | undefined,
  plan: GuardedPlan,
  vms: VmsByAddress,
): PlannedObject | undefined {
  const there = vms.get(address ?? "") ?? [];
  const here = there.filter((vm) => vm.plan === plan.name);
  // Two sites may have the same private network, so an address that several plans have tells nothing.
  const found = [referredTo(node, ["node"], plan).filter(isVm), here, there].find((some) => some.length > 0) ?? [];
  return found.length === 1 ? found[0] : undefined;
}

function vmsByAddress(vms: readonly PlannedObject[]): VmsByAddress {
  const at = vms.flatMap((vm) => [...new Set(addressesOf(vm.before))].map((address) => ({ address, vm })));
  const groups = grouped(at, ({ address }) => address);
  return new Map([...groups].map(([address, found]) => [address, found.map(({ vm }) => vm)]));
}

function addressesOf(vm: Values | undefined): string[] {
  const configured = blocksOf(vm, "initialization")
    .flatMap((block) => blocksOf(block, "ip_config"))
    .flatMap((block) => [...blocksOf(block, "ipv4"), ...blocksOf(block, "ipv6")])
    .map((block) => textOf(block, "address")?.replace(/\/.*$/, ""));
  const reported = ["ipv4_addresses", "ipv6_addresses"].flatMap((name) => [vm?.[name]].flat(3));
  return [...configured, ...reported]
    .filter((address) => typeof address === "string")
    .filter((address) => !/^(dhcp|auto|127\..*|::1)$/.test(address));
}

/** The nodes that a bootstrap or a cluster names. */
function controlPlaneAddresses({ objects }: GuardedPlan): string[] {
  return objects
    .filter(({ type }) => type === "talos_machine_bootstrap" || type === "talos_cluster")
    .flatMap(({ before, after }) => [before, after])
    .flatMap((values) => [...textsOf(values, "control_plane_nodes"), textOf(values, "node") ?? ""]);
}

const roles: ReadonlyMap<string, Role> = new Map([
  ["control-plane", "control plane"],
  ["control_plane", "control plane"],
  ["controlplane", "control plane"],
  ["init", "control plane"],
  ["master", "control plane"],
  ["worker", "worker"],
]);

/** What the plans tell about a machine: whatever calls it a control plane wins. */
function told(
  { plan, address, before }: PlannedObject,
  nodes: readonly TalosNode[],
  controlPlanes: ReadonlySet<string>,
) {
  const names = [...nodes.flatMap(({ machineTypes }) => machineTypes), ...textsOf(before, "tags")];
  const named = names.flatMap((name) => roles.get(name.toLowerCase()) ?? []);
  const addresses = [...addressesOf(before), ...nodes.map((node) => node.address ?? "")];
  const isControlPlane =
    named.includes("control plane") || addresses.some((one) => one !== "" && controlPlanes.has(one));
  return {
    plan,
    address,
    role: isControlPlane ? ("control plane" as const) : named[0],
    cluster: nodes.map(({ cluster }) => cluster).find((cluster) => cluster !== undefined),
    uncertain: nodes.find(({ object, contract }) => mayRestart(object, contract))?.object,
  };
}

function disruptionsBy(nodes: readonly TalosNode[]): Disruption[] {
  return nodes.flatMap(({ object }) => nodeDisruptions(object));
}
