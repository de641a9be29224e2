/** A site as data, so that it can be printed, made wrong, and built. */
import type { App } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { dockerHost } from "../../cloud-init";
import {
  AntiAffinity,
  BackupJob,
  type BackupSchedule,
  ClusterStack,
  type ClusterStackProps,
  type DataDisks,
  DirectoryMapping,
  type DirectoryMappingProps,
  HostBridge,
  type HostBridgeProps,
  HostVlan,
  type HostVlanProps,
  hostEntries,
  type Intent,
  KeptDisk,
  type KeptDiskProps,
  kernelModules,
  MetricsServer,
  type MetricsServerProps,
  nodeLabels,
  nodeTaints,
  nvidiaGpu,
  oidc,
  PciMapping,
  type PciMappingProps,
  ProxmoxAccess,
  type ProxmoxAccessProps,
  ProxmoxCsiAuth,
  ProxmoxPool,
  type ProxmoxPoolProps,
  ProxmoxSite,
  type ProxmoxSiteProps,
  ProxmoxStorage,
  type ProxmoxStorageProps,
  ProxmoxVm,
  type ProxmoxVmProps,
  registryMirrors,
  SiteStack,
  schedulableControlPlanes,
  sysctls,
  TalosImage,
  type TalosImageProps,
  type TalosNodeProps,
  UbuntuImage,
  type UbuntuImageProps,
  UbuntuVm,
  type UbuntuVmProps,
  UsbMapping,
  type UsbMappingProps,
  watchdog,
  withoutCni,
} from "../../index";

/** Settings of a cluster by name. */
export const intents = {
  labels: () => nodeLabels({ "example.com/rack": "r1" }),
  taints: () => nodeTaints({ "example.com/batch": "true:NoSchedule" }),
  mirrors: () => registryMirrors({ "docker.io": { endpoints: ["https://mirror.example.com"] } }),
  sysctls: () => sysctls({ "fs.inotify.max_user_watches": "1048576" }),
  modules: () => kernelModules(["nbd", { name: "br_netfilter", parameters: ["x=1"] }]),
  hosts: () => hostEntries({ "10.200.0.1": ["registry.example.com"] }),
  oidc: () => oidc({ issuerUrl: "https://id.example.com", clientId: "kubernetes" }),
  schedulable: () => schedulableControlPlanes(),
  cilium: () => withoutCni(),
  watchdog: () => watchdog(),
} satisfies Readonly<Record<string, () => Intent>>;

export type IntentName = keyof typeof intents;

/** The same, to be written to; constructs stay what they are. */
export type Draft<T> = T extends IConstruct
  ? T
  : T extends readonly (infer Item)[]
    ? Draft<Item>[]
    : T extends object
      ? { -readonly [Key in keyof T]: Draft<T[Key]> }
      : T;

type Own<Props, Others extends keyof Props = never> = Draft<Omit<Props, "site" | Others>>;

/** The props of a VM, with names for what is elsewhere in the site. */
interface References {
  pci?: { mapping: string; mediatedType?: string }[];
  usb?: string[];
  directories?: string[];
  pool?: string;
  /** By slot; `kept` is the name of a disk. */
  slots?: Record<string, { kept?: string; datastore?: string; sizeGiB?: number; serial?: string; iothread?: boolean }>;
}

type Elsewhere = "pciDevices" | "usbDevices" | "sharedDirectories" | "pool" | "dataDisks";

export type VmSpec = Own<ProxmoxVmProps, Elsewhere | "userData"> & { uses: References };

export type UbuntuSpec = Own<UbuntuVmProps, Elsewhere | "image" | "users" | "pieces"> & {
  uses: References;
  user: string;
  keys: string[];
  docker: boolean;
};

export type NodeSpec = Own<TalosNodeProps, "gpu" | "image" | "intents" | "dataDisks"> & {
  gpu?: string;
  slots?: References["slots"];
};

export interface ClusterSpec
  extends Own<ClusterStackProps<string, string>, "image" | "intents" | "controlPlanes" | "workers"> {
  clusterName: string;
  settings: IntentName[];
  controlPlanes: Record<string, NodeSpec>;
  workers: Record<string, NodeSpec>;
}

export interface SiteSpec {
  name: string;
  site: Own<ProxmoxSiteProps<string, string>, "hosts" | "datastores"> & {
    hosts: Record<string, { memoryMiB?: number; cores?: number }>;
    datastores: Draft<ProxmoxSiteProps<string, string>["datastores"]>;
  };
  talosImage: Own<TalosImageProps>;
  ubuntuImage: Own<UbuntuImageProps>;
  pci: Record<string, Own<PciMappingProps<string>>>;
  usb: Record<string, Own<UsbMappingProps<string>>>;
  directories: Record<string, Own<DirectoryMappingProps<string>>>;
  bridges: Record<string, Own<HostBridgeProps<string>>>;
  vlans: Record<string, Own<HostVlanProps<string>>>;
  storages: Record<string, Own<ProxmoxStorageProps>>;
  pools: Record<string, Own<ProxmoxPoolProps>>;
  metrics: Record<string, Own<MetricsServerProps>>;
  access: Record<string, Draft<ProxmoxAccessProps>>;
  csiUser?: string;
  kept: Record<string, Own<KeptDiskProps>>;
  clusters: ClusterSpec[];
  vms: Record<string, VmSpec>;
  ubuntu: Record<string, UbuntuSpec>;
  /** Of VMs by name, of a pool, or of everything. */
  backups: Record<string, Own<BackupSchedule> & { vms?: string[]; pool?: string }>;
  apart: Record<string, string[]>;
}

/** Builds a site; in the other order it is the same site. */
export function addSite(app: App, spec: SiteSpec, order: "given" | "reversed" = "given"): void {
  const each = <T>(all: Record<string, T>) => {
    const entries = Object.entries(all);
    return order === "given" ? entries : entries.reverse();
  };
  const site = new ProxmoxSite<string, string>(spec.name, spec.site);

  const around = new SiteStack(app, "around", { site });
  const talosImage = new TalosImage(around, "talos", { site, ...spec.talosImage });
  const ubuntuImage = new UbuntuImage(around, "ubuntu", { site, ...spec.ubuntuImage });
  const made = <P, C>(all: Record<string, P>, make: (name: string, props: P) => C) =>
    new Map(each(all).map(([name, props]) => [name, make(name, props)]));
  // What is of another kind may have the same name.
  const within = (stack: SiteStack, kind: string) => stack.node.tryFindChild(kind) ?? new Construct(stack, kind);
  const pci = made(spec.pci, (name, props) => new PciMapping(within(around, "pci"), name, { site, ...props }));
  const usb = made(spec.usb, (name, props) => new UsbMapping(within(around, "usb"), name, { site, ...props }));
  const directories = made(
    spec.directories,
    (name, props) => new DirectoryMapping(within(around, "directories"), name, { site, ...props }),
  );
  const pools = made(spec.pools, (name, props) => new ProxmoxPool(within(around, "pools"), name, props));
  made(spec.bridges, (name, props) => new HostBridge(within(around, "bridges"), name, { site, ...props }));
  made(spec.vlans, (name, props) => new HostVlan(within(around, "vlans"), name, { site, ...props }));
  made(spec.storages, (name, props) => new ProxmoxStorage(within(around, "storages"), name, { site, ...props }));
  made(spec.metrics, (name, props) => new MetricsServer(within(around, "metrics"), name, props));
  made(spec.access, (name, props) => new ProxmoxAccess(within(around, "access"), name, props));
  if (spec.csiUser !== undefined) new ProxmoxCsiAuth(around, "csi-auth", { site, user: spec.csiUser });

  const machines = new SiteStack(app, "machines", { site });
  const kept = made(spec.kept, (name, props) => new KeptDisk(machines, name, { site, ...props }));
  const slotsOf = (slots: References["slots"] = {}): DataDisks =>
    Object.fromEntries(
      Object.entries(slots).map(([slot, { kept: name, datastore = "", sizeGiB = 0, ...options }]) => {
        const disk = name === undefined ? undefined : kept.get(name);
        return [slot, disk === undefined ? { datastore, sizeGiB, ...options } : { kept: disk, ...options }];
      }),
    );
  const resolved = ({ pci: devices = [], usb: ports = [], directories: shared = [], pool, slots }: References) => {
    const of = pool === undefined ? undefined : pools.get(pool);
    return {
      pciDevices: devices.flatMap(({ mapping, mediatedType }) => {
        const found = pci.get(mapping);
        if (found === undefined) return [];
        return [mediatedType === undefined ? found : { mapping: found, mediatedType }];
      }),
      usbDevices: ports.flatMap((name) => usb.get(name) ?? []),
      sharedDirectories: shared.flatMap((name) => directories.get(name) ?? []).map((mapping) => ({ mapping })),
      ...(of === undefined ? {} : { pool: of }),
      dataDisks: slotsOf(slots),
    };
  };
  const vms = made(
    spec.vms,
    (name, { uses, ...props }) => new ProxmoxVm(machines, name, { site, ...props, ...resolved(uses) }),
  );

  const ubuntu = new SiteStack(app, "ubuntu", { site });
  made(spec.ubuntu, (name, { uses, user, keys, docker, ...props }) => {
    const pieces = docker ? [dockerHost({ projects: {} })] : [];
    const users = [{ name: user, sshKeys: keys }];
    return new UbuntuVm(ubuntu, name, { site, image: ubuntuImage, users, pieces, ...props, ...resolved(uses) });
  });

  for (const { settings, controlPlanes, workers, ...cluster } of spec.clusters) {
    const nodes = (all: Record<string, NodeSpec>) =>
      Object.fromEntries(
        each(all).map(([name, { gpu, slots, ...node }]) => {
          const mapping = gpu === undefined ? undefined : pci.get(gpu);
          const device = mapping === undefined ? {} : { gpu: nvidiaGpu({ mapping }) };
          return [name, { ...node, ...device, dataDisks: slotsOf(slots) }];
        }),
      );
    new ClusterStack<string, string>(app, {
      ...cluster,
      site,
      image: talosImage,
      intents: settings.map((name) => intents[name]()),
      controlPlanes: nodes(controlPlanes),
      workers: nodes(workers),
    });
  }

  const operation = new SiteStack(app, "operation", { site });
  const named = (names: readonly string[]) => names.flatMap((name) => vms.get(name) ?? []);
  made(spec.backups, (name, { vms: some, pool, ...schedule }) => {
    const of = pools.get(pool ?? "");
    const selection = of ? { pool: of } : some ? { vms: named(some) } : { all: true as const };
    return new BackupJob(within(operation, "backups"), name, { site, ...schedule, ...selection });
  });
  made(spec.apart, (name, some) => new AntiAffinity(within(operation, "apart"), name, { site, vms: named(some) }));
}
