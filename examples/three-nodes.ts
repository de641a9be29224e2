import type { App } from "cdktf";
import { ProxmoxSite, SiteStack, schedulableControlPlanes, TalosCluster, TalosImage } from "../index";

/** Three hosts without shared storage; a cluster born with Talos 1.13 that Terraform upgrades, one node at a time. */
export function threeNodes(app: App): void {
  const site = new ProxmoxSite("three-nodes", {
    endpoint: "https://pve1.example.com:8006",
    hosts: ["pve1", "pve2", "pve3"],
    datastores: { local: { content: ["import"] }, "local-zfs": {} },
  });
  const stack = new SiteStack(app, "cluster", { site });
  const cluster = new TalosCluster(stack, "lab", {
    site,
    endpoint: "https://10.0.30.10:6443",
    virtualIp: "10.0.30.10",
    versions: { talos: "1.14.4", contract: "1.13", kubernetes: "1.36.3" },
    image: new TalosImage(stack, "image", { site, datastore: "local", extensions: ["siderolabs/qemu-guest-agent"] }),
    network: { bridge: "vmbr0", subnet: "10.0.30.0/24", gateway: "10.0.30.1" },
    datastore: "local-zfs",
    controlPlane: { cores: 4, memoryMiB: 16384, diskGiB: 64 },
    intents: [schedulableControlPlanes()],
    lifecycle: "managed",
  });
  cluster.addControlPlane("lab-1", { host: "pve1", address: "10.0.30.11", macAddress: "BC:24:11:00:30:11" });
  cluster.addControlPlane("lab-2", { host: "pve2", address: "10.0.30.12", macAddress: "BC:24:11:00:30:12" });
  cluster.addControlPlane("lab-3", { host: "pve3", address: "10.0.30.13", macAddress: "BC:24:11:00:30:13" });
}
