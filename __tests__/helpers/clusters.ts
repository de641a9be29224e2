import type { App } from "cdktf";
import {
  ProxmoxSite,
  type ProxmoxSiteProps,
  SiteStack,
  TalosCluster,
  type TalosClusterProps,
  TalosImage,
  type TalosImageProps,
  type TalosNodeProps,
} from "../../index";

/** A small site that is right in everything; a test names what it changes. */
export interface ClusterChanges {
  readonly site?: Partial<ProxmoxSiteProps<string, string>>;
  readonly image?: Partial<TalosImageProps>;
  readonly cluster?: Partial<TalosClusterProps>;
  readonly controlPlanes?: Readonly<Record<string, Partial<TalosNodeProps>>>;
  readonly workers?: Readonly<Record<string, Partial<TalosNodeProps>>>;
}

export interface Built {
  readonly site: ProxmoxSite;
  readonly stack: SiteStack;
  readonly image: TalosImage;
  readonly cluster: TalosCluster;
}

export const versions = { talos: "1.14.4", contract: "1.14", kubernetes: "1.37.1" } as const;

/** Three control planes `cp-1` … on hosts of their own and one worker `w-1`, in the stack `test-cluster`. */
export function addCluster(app: App, changes: ClusterChanges = {}): Built {
  const site = new ProxmoxSite<string, string>("test", {
    endpoint: "https://pve.example.com:8006",
    hosts: ["pve1", "pve2", "pve3"],
    datastores: { local: { content: ["import"] }, "local-lvm": {} },
    ...changes.site,
  });
  const stack = new SiteStack(app, "cluster", { site });
  const image = new TalosImage(stack, "image", {
    site,
    datastore: "local",
    extensions: ["siderolabs/qemu-guest-agent"],
    ...changes.image,
  });
  const cluster = new TalosCluster(stack, "lab", {
    site,
    image,
    endpoint: "https://10.0.0.10:6443",
    virtualIp: "10.0.0.10",
    versions,
    network: { bridge: "vmbr0", subnet: "10.0.0.0/24", gateway: "10.0.0.1" },
    datastore: "local-lvm",
    ...changes.cluster,
  });
  const controlPlanes = changes.controlPlanes ?? { "cp-1": {}, "cp-2": {}, "cp-3": {} };
  for (const [index, [name, node]] of Object.entries(controlPlanes).entries()) {
    cluster.addControlPlane(name, { ...nodeDefaults(index, 11), ...node });
  }
  for (const [index, [name, node]] of Object.entries(changes.workers ?? { "w-1": {} }).entries()) {
    cluster.addWorker(name, { ...nodeDefaults(index, 31), ...node });
  }
  return { site, stack, image, cluster };
}

function nodeDefaults(index: number, first: number): TalosNodeProps {
  return {
    host: `pve${(index % 3) + 1}`,
    address: `10.0.0.${first + index}`,
    macAddress: `BC:24:11:00:00:${String(first + index)}`,
  };
}
