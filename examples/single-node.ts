import type { App } from "cdktf";
import { ProxmoxSite, SiteStack, schedulableControlPlanes, TalosCluster, TalosImage } from "../index";

/** One host at home, one machine that is control plane and worker. */
export function singleNode(app: App): void {
  const site = new ProxmoxSite("single-node", {
    endpoint: "https://pve.example.com:8006",
    hosts: ["pve"],
    datastores: { local: { content: ["import"] }, "local-lvm": {} },
  });
  const stack = new SiteStack(app, "cluster", { site });
  const cluster = new TalosCluster(stack, "home", {
    site,
    endpoint: "https://192.168.1.10:6443",
    versions: { talos: "1.14.4", contract: "1.14", kubernetes: "1.37.1" },
    image: new TalosImage(stack, "image", { site, datastore: "local", extensions: ["siderolabs/qemu-guest-agent"] }),
    network: { bridge: "vmbr0", subnet: "192.168.1.0/24", gateway: "192.168.1.1" },
    datastore: "local-lvm",
    intents: [schedulableControlPlanes()],
  });
  cluster.addControlPlane("talos-1", {
    host: "pve",
    address: "192.168.1.10",
    macAddress: "BC:24:11:00:00:10",
    cores: 4,
    memoryMiB: 8192,
  });
}
