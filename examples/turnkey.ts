import { type App, TerraformOutput } from "cdktf";
import {
  ClusterStack,
  nodeLabels,
  ProxmoxCsiAuth,
  ProxmoxSite,
  ProxmoxStack,
  SiteStack,
  withoutCni,
  withoutKubeProxy,
} from "../index";

/**
 * A cluster to be filled from one command: three control planes behind a virtual IP, two workers, Cilium instead of
 * Talos' own network, and access for the Proxmox CSI driver. Control planes are in 10.0.1.x, workers in 10.0.2.x, and
 * what moves between machines in 10.0.3.x.
 */
export function turnkey(app: App): void {
  const site = new ProxmoxSite("turnkey", {
    endpoint: "https://turnkey.example.com:8006",
    hosts: {
      pve1: { memoryMiB: 61440, cores: 16 },
      pve2: { memoryMiB: 61440, cores: 16 },
      pve3: { memoryMiB: 61440, cores: 16 },
    },
    datastores: { local: { content: ["import"] }, "local-zfs": {} },
  });

  // First the driver's access, then images, then machines: what is needed on them comes before them.
  const access = new SiteStack(app, "access", { site });
  const { config } = new ProxmoxCsiAuth(access, "CsiAuth", { site });
  new TerraformOutput(access, "csi-config", { value: config, sensitive: true, staticId: true });

  const { image } = new ProxmoxStack(app, {
    site,
    image: { datastore: "local", extensions: ["siderolabs/qemu-guest-agent"] },
  });

  const cluster = new ClusterStack(app, {
    site,
    image,
    endpoint: "https://10.0.3.1:6443",
    virtualIp: "10.0.3.1",
    versions: { talos: "1.14.4", contract: "1.14", kubernetes: "1.37.1" },
    network: {
      bridge: "vmbr0",
      subnet: "10.0.0.0/16",
      gateway: "10.0.0.1",
      reserved: { loadBalancers: "10.0.3.2-10.0.3.20" },
    },
    datastore: "local-zfs",
    intents: [withoutCni(), withoutKubeProxy()],
    controlPlane: { cores: 4, memoryMiB: 8192 },
    worker: { cores: 8, memoryMiB: 16384, diskGiB: 100 },
    controlPlanes: {
      "turnkey-ctrl-1": { host: "pve1", address: "10.0.1.1", macAddress: "BC:24:11:03:01:01", ...on("pve1") },
      "turnkey-ctrl-2": { host: "pve2", address: "10.0.1.2", macAddress: "BC:24:11:03:01:02", ...on("pve2") },
      "turnkey-ctrl-3": { host: "pve3", address: "10.0.1.3", macAddress: "BC:24:11:03:01:03", ...on("pve3") },
    },
    workers: {
      "turnkey-work-1": { host: "pve1", address: "10.0.2.1", macAddress: "BC:24:11:03:02:01", ...on("pve1") },
      "turnkey-work-2": { host: "pve2", address: "10.0.2.2", macAddress: "BC:24:11:03:02:02", ...on("pve2") },
    },
  });
  cluster.addDependency(access);
}

/** Where a machine is, as the CSI driver reads it: a volume is made on the host of the machine that needs it. */
function on(host: string) {
  const topology = { "topology.kubernetes.io/region": "turnkey", "topology.kubernetes.io/zone": host };
  return { intents: [nodeLabels(topology)] };
}
