import { Lazy, TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import {
  antiAffinityNotEnforced,
  clusterEndpoint,
  controlPlanesShareHost,
  endpointIsWorker,
  evenControlPlanes,
  hostBreaksQuorum,
  malformedClusterName,
  moreControlPlanesThanHosts,
  noControlPlane,
  nothingSchedulable,
  type Problem,
  virtualIpAsNode,
} from "../errors";
import {
  type Intent,
  type MachineRole,
  type TalosDocument,
  upgradeProblems,
  type Versions,
  versionProblems,
} from "../machine-configs";
import { Cluster } from "../providers/talos/cluster";
import { ClusterKubeconfig } from "../providers/talos/cluster-kubeconfig";
import { DataTalosClientConfiguration } from "../providers/talos/data-talos-client-configuration";
import { MachineBootstrap } from "../providers/talos/machine-bootstrap";
import { haResources, separationProblems, separationRule } from "./anti-affinity";
import { ClusterNetwork, type ClusterNetworkProps, normalizedAddress } from "./cluster-network";
import { MachineSecrets } from "./machine-secrets";
import { addCheck } from "./private/checks";
import { claim } from "./private/claims";
import { EphemeralResource } from "./private/ephemeral-resource";
import { fileName, isMachineName } from "./private/names";
import { compareNetworks } from "./private/networks";
import { putAfter } from "./private/order";
import { rangeProblems } from "./private/ranges";
import type { ProxmoxSite } from "./proxmox-site";
import type { TalosImage } from "./talos-image";
import { type MachineShape, TalosNode, type TalosNodeProps } from "./talos-node";

export interface TalosClusterProps<Host extends string = string, Datastore extends string = string> {
  readonly site: ProxmoxSite<Host, Datastore>;

  /** URL of the Kubernetes API, with its port: that of the virtual IP, of a load balancer or of the one control plane. */
  readonly endpoint: string;

  /**
   * The Talos version of image and installer, the contract that the cluster was born with, and the Kubernetes
   * version. None has a default, because a default would change with the provider. Leave `contract` alone. To upgrade
   * with the lifecycle `managed`, raise `talos` first and `kubernetes` later; with `apply`, upgrade with `talosctl` first
   * and then raise them, since a raised `kubernetes` alone rewrites the images of all components at once.
   */
  readonly versions: Versions;

  readonly image: TalosImage;
  readonly network: ClusterNetworkProps;

  /** Datastore of the machines' disks; needs the content type `images`. A change moves them, which restarts the VMs. */
  readonly datastore: NoInfer<Datastore>;

  /** Shape of the control planes. @default - 2 cores, 4096 MiB, 32 GiB, one network card */
  readonly controlPlane?: MachineShape<NoInfer<Host>, NoInfer<Datastore>>;

  /** Shape of the workers. @default - 2 cores, 4096 MiB, 32 GiB, one network card */
  readonly worker?: MachineShape<NoInfer<Host>, NoInfer<Datastore>>;

  /** An address of the subnet that one healthy control plane holds (TAL-25). @default - none */
  readonly virtualIp?: string;

  /** Machine configuration of all nodes; each intent knows for which role it is. @default - none */
  readonly intents?: readonly Intent[];

  /**
   * Who changes running machines.
   *
   * `apply`: Terraform applies configurations and bootstraps; Talos and Kubernetes are upgraded with `talosctl`.
   * `managed`: `talos_machine` and `talos_cluster` also upgrade Talos and Kubernetes and detect drift, one control
   * plane at a time and then all workers at once (`-parallelism` bounds that); needs Terraform or OpenTofu ≥ 1.11.
   * Choose before the first apply.
   *
   * @default "apply"
   */
  readonly lifecycle?: "apply" | "managed";
}

/**
 * A Talos cluster on Proxmox: secrets, machines, bootstrap, and the outputs `<id>_kubeconfig` and `<id>_talosconfig`.
 *
 * Control planes are changed one after the other, in the order in which they were added, and before the workers.
 *
 * @example
 * const cluster = new TalosCluster(stack, "home", {
 *   site,
 *   image,
 *   endpoint: "https://192.168.1.10:6443",
 *   versions: { talos: "1.14.4", contract: "1.14", kubernetes: "1.37.1" },
 *   network: { bridge: "vmbr0", subnet: "192.168.1.0/24", gateway: "192.168.1.1" },
 *   datastore: "local-lvm",
 * });
 * cluster.addControlPlane("talos-1", { host: "pve", address: "192.168.1.10", macAddress: "BC:24:11:00:00:10" });
 */
export class TalosCluster<Host extends string = string, Datastore extends string = string> extends Construct {
  readonly clusterName: string;
  readonly site: ProxmoxSite;
  readonly endpoint: string;
  readonly versions: Versions;
  readonly image: TalosImage;
  readonly network: ClusterNetwork;
  readonly datastore: string;
  readonly virtualIp: string | undefined;
  readonly lifecycle: "apply" | "managed";
  readonly secrets: MachineSecrets;
  readonly #shapes: Readonly<Record<MachineRole, MachineShape>>;
  readonly #intents: readonly Intent[];
  readonly #nodes: TalosNode[] = [];
  readonly #bootstrap: MachineBootstrap | Cluster;
  readonly #drainKubeconfig: EphemeralResource | undefined;
  readonly #kubeconfig: ClusterKubeconfig;
  readonly #talosconfig: DataTalosClientConfiguration;

  constructor(scope: Construct, id: string, props: TalosClusterProps<Host, Datastore>) {
    super(scope, id || "unnamed");
    this.clusterName = id;
    this.site = props.site;
    this.endpoint = props.endpoint;
    this.versions = { ...props.versions };
    this.image = props.image;
    this.network = new ClusterNetwork(props.network);
    this.datastore = props.datastore;
    this.virtualIp = props.virtualIp;
    this.lifecycle = props.lifecycle ?? "apply";
    this.#shapes = { controlplane: { ...props.controlPlane }, worker: { ...props.worker } };
    this.#intents = [...(props.intents ?? [])];
    this.secrets = new MachineSecrets(this, "Secrets", { contract: this.versions.contract });

    const { machineSecrets, clientConfiguration } = this.secrets.resource;
    const first = {
      nodeAttribute: Lazy.stringValue({ produce: () => this.controlPlanes[0]?.address ?? "" }),
      clientConfiguration,
    };
    const controlPlanes = Lazy.listValue({ produce: () => this.controlPlanes.map((node) => node.address) });
    if (this.lifecycle === "managed") {
      this.#bootstrap = new Cluster(this, "Cluster", {
        ...first,
        controlPlaneNodes: controlPlanes,
        kubernetesVersion: this.versions.kubernetes,
      });
      this.#drainKubeconfig = new EphemeralResource(this, "DrainKubeconfig", "talos_cluster_kubeconfig", {
        cluster_name: id,
        endpoint: this.endpoint,
        machine_secrets: machineSecrets,
      });
    } else {
      // Bootstrapping happens once in the life of a cluster, so nothing about it may ever be done again.
      this.#bootstrap = new MachineBootstrap(this, "Bootstrap", { ...first, lifecycle: { ignoreChanges: "all" } });
    }
    this.#kubeconfig = new ClusterKubeconfig(this, "Kubeconfig", { ...first, dependsOn: [this.#bootstrap] });
    this.#talosconfig = new DataTalosClientConfiguration(this, "Talosconfig", {
      clusterName: id,
      clientConfiguration,
      // Never the virtual IP: it depends on etcd, and Talos is what repairs etcd.
      endpoints: controlPlanes,
      nodes: Lazy.listValue({ produce: () => this.#nodes.map((node) => node.address) }),
    });
    this.#output("kubeconfig", this.kubeconfig);
    this.#output("talosconfig", this.talosconfig);
    claim(this, this.site, "cluster name", () => [this.clusterName]);
    compareNetworks(this.site, this, this.network, this.virtualIp);
    claim(this, this.site, "address", () => [this.virtualIp && normalizedAddress(this.virtualIp)]);
    addCheck(this, () => this.#problems());
  }

  /** Adds a control plane. Its name is part of its Terraform addresses: another name is another machine. */
  addControlPlane(name: string, props: TalosNodeProps<NoInfer<Host>, NoInfer<Datastore>>): TalosNode {
    return this.#add(name, "controlplane", props);
  }

  /** Adds a worker. Its name is part of its Terraform addresses: another name is another machine. */
  addWorker(name: string, props: TalosNodeProps<NoInfer<Host>, NoInfer<Datastore>>): TalosNode {
    return this.#add(name, "worker", props);
  }

  get intents(): readonly Intent[] {
    return this.#intents;
  }

  /** What a {@link BackupPolicy} asks about. */
  get holdsData(): string {
    return `etcd of ${this.clusterName}`;
  }

  get nodes(): readonly TalosNode[] {
    return [...this.#nodes];
  }

  get controlPlanes(): readonly TalosNode[] {
    return this.#nodes.filter((node) => node.role === "controlplane");
  }

  get workers(): readonly TalosNode[] {
    return this.#nodes.filter((node) => node.role === "worker");
  }

  /** What all nodes of a role have unless they say otherwise. */
  shapeOf(role: MachineRole): MachineShape {
    return this.#shapes[role];
  }

  /** Kubeconfig of the cluster's administrator. Sensitive. */
  get kubeconfig(): string {
    return this.#kubeconfig.kubeconfigRaw;
  }

  /** Talosconfig; its endpoints are the control planes. Sensitive. */
  get talosconfig(): string {
    return this.#talosconfig.talosConfig;
  }

  /** The Terraform resources of the cluster itself, for what has no prop here. */
  get resources() {
    return { bootstrap: this.#bootstrap, kubeconfig: this.#kubeconfig, talosconfig: this.#talosconfig };
  }

  /** Kubeconfig for draining nodes in upgrades; it is never stored. @internal */
  get drainKubeconfig(): string | undefined {
    return this.#drainKubeconfig?.attribute("kubeconfig_raw");
  }

  #add(name: string, role: MachineRole, props: TalosNodeProps): TalosNode {
    const last = this.controlPlanes.at(-1);
    const node = new TalosNode(this, name, role, props);
    this.#nodes.push(node);
    if (last !== undefined) {
      node.changeAfter(last);
    }
    if (role === "controlplane") {
      this.#keepApart();
      // Waiting for the last control plane is waiting for all of them.
      for (const worker of this.workers) {
        worker.changeAfter(node);
      }
    }
    // `talos_cluster` upgrades Kubernetes, which comes after Talos on every machine; a bootstrap needs one node only.
    if (this.lifecycle === "managed" || (role === "controlplane" && last === undefined)) {
      putAfter(this.#bootstrap, [node.applied]);
    }
    return node;
  }

  /** etcd survives a host, if Proxmox does not bring two of its members together when another one fails. */
  #keepApart(): void {
    const isRuled = this.node.tryFindChild("ControlPlanesApart") !== undefined;
    if (!isRuled && this.site.pveMajor !== 8 && this.#movable().length > 1) {
      const scope = new Construct(this, "ControlPlanesApart");
      const resources = Lazy.listValue({ produce: () => haResources(this.controlPlanes.map(({ vm }) => vm)) });
      const rule = `ha-${this.clusterName}-control-planes`;
      separationRule(scope, rule, resources);
      claim(this, this.site, "HA rule", () => [rule]);
    }
  }

  /** The control planes that Proxmox may move. */
  #movable(): readonly TalosNode[] {
    return this.controlPlanes.filter(({ vm }) => vm.ha !== undefined);
  }

  #output(name: string, value: string): void {
    const output = new TerraformOutput(this, `Output-${name}`, { value, sensitive: true });
    output.overrideLogicalId(this.outputName(name));
  }

  /** @internal */
  outputName(name: string): string {
    return `${fileName(this.clusterName)}_${name}`;
  }

  #problems(): Problem[] {
    const where = this.node.path;
    return [
      ...(isMachineName(this.clusterName) ? [] : [malformedClusterName(where, this.clusterName)]),
      ...versionProblems(this.versions, where),
      ...this.network.problems(where),
      ...this.#endpointProblems(where),
      ...this.#virtualIpProblems(where),
      ...this.#quorumProblems(where),
      ...this.#schedulingProblems(where),
      ...this.#upgradeProblems(where),
      ...rangeProblems(where, this.network, this.controlPlanes[0]?.documents ?? [], this.#addresses()),
    ];
  }

  /** Every address that is taken, with who has it. */
  #addresses(): readonly (readonly [owner: string, address: string])[] {
    const own = this.virtualIp === undefined ? [this.network.gateway] : [this.network.gateway, this.virtualIp];
    return [
      ...own.map((address) => [this.node.path, address] as const),
      ...this.#nodes.map((node) => [node.node.path, node.address] as const),
    ];
  }

  #endpointProblems(where: string): Problem[] {
    const url = URL.canParse(this.endpoint) ? new URL(this.endpoint) : undefined;
    if (url === undefined || !/^https:\/\/[^/?#@]+:[1-9]\d*$/.test(this.endpoint)) {
      return [clusterEndpoint(where, this.endpoint)];
    }
    const host = normalizedAddress(url.hostname.replace(/^\[|\]$/g, ""));
    return this.workers
      .filter((worker) => normalizedAddress(worker.address) === host)
      .map((worker) => endpointIsWorker(where, this.endpoint, worker.nodeName));
  }

  #virtualIpProblems(where: string): Problem[] {
    const { virtualIp } = this;
    if (virtualIp === undefined) {
      return [];
    }
    return [
      ...this.network.addressProblems(where, virtualIp, "The virtual IP"),
      ...this.#nodes
        .filter((node) => normalizedAddress(node.address) === normalizedAddress(virtualIp))
        .map((node) => virtualIpAsNode(node.node.path, virtualIp)),
    ];
  }

  /** Talos keeps ordinary pods off control planes unless it is told otherwise, CoreDNS excepted. */
  #schedulingProblems(where: string): Problem[] {
    const isClosed =
      this.workers.length === 0 && !this.controlPlanes.some(({ documents }) => documents.some(opensNode));
    return isClosed && this.controlPlanes.length > 0 ? [nothingSchedulable(where)] : [];
  }

  /** A machine that was there before tells what the cluster ran. */
  #upgradeProblems(where: string): readonly Problem[] {
    const { previous } = this.site;
    if (previous === undefined) {
      return [];
    }
    const before = this.#nodes.map((node) => node.versionsIn(previous)).find((versions) => versions !== undefined);
    return before === undefined ? [] : upgradeProblems(before, this.versions, where);
  }

  #quorumProblems(where: string): Problem[] {
    const { controlPlanes } = this;
    if (controlPlanes.length === 0) {
      return [noControlPlane(where)];
    }
    const byHost = this.site.hosts.map((host) => [host, controlPlanes.filter((node) => node.host === host)] as const);
    const hosts = this.site.hosts.length;
    const spreadable = hosts >= controlPlanes.length;
    const quorum = Math.floor(controlPlanes.length / 2) + 1;
    const movable = this.#movable();
    return [
      ...(movable.length > 1 && movable.length > hosts
        ? [moreControlPlanesThanHosts(where, movable.length, hosts)]
        : []),
      ...(movable.length > 1 && this.site.pveMajor === 8 ? [antiAffinityNotEnforced(where, namesOf(movable))] : []),
      ...(movable.length > 1 && this.site.pveMajor !== 8
        ? separationProblems(
            where,
            movable.map(({ vm }) => vm),
          )
        : []),
      ...byHost
        .filter(([, nodes]) => !spreadable && controlPlanes.length - nodes.length < quorum)
        .map(([host, nodes]) => hostBreaksQuorum(where, host, namesOf(nodes), controlPlanes.length)),
      ...(controlPlanes.length % 2 === 0 ? [evenControlPlanes(where, controlPlanes.length)] : []),
      ...byHost
        .filter(([, nodes]) => spreadable && nodes.length > 1)
        .map(([host, nodes]) => controlPlanesShareHost(where, host, namesOf(nodes))),
    ];
  }
}

/** Whether a document says itself which pods a control plane takes. */
function opensNode({ kind, cluster, taints }: TalosDocument): boolean {
  if (kind === "KubeNodeConfig") return taints !== undefined;
  const field = "allowSchedulingOnControlPlanes";
  return typeof cluster === "object" && cluster !== null && field in cluster && cluster[field] === true;
}

function namesOf(nodes: readonly TalosNode[]): string[] {
  return nodes.map(({ nodeName }) => nodeName);
}
