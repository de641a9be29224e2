import type { App } from "cdktf";
import { ClusterStack, ProxmoxSite, ProxmoxStack, schedulableControlPlanes } from "../index";

/**
 * One control plane that runs everything: a single host, and a cluster that began with an earlier Talos. Its contract
 * stays that of its birth, whatever Talos it runs.
 */
export function catalyst(app: App): void {
  const site = new ProxmoxSite("catalyst", {
    endpoint: "https://192.168.1.5:8006",
    hosts: { pve: { memoryMiB: 61440, cores: 16 } },
    datastores: { local: { content: ["import"] }, "local-lvm": { sizeGiB: 800 } },
  });

  const { image } = new ProxmoxStack(app, {
    site,
    image: { datastore: "local", extensions: ["siderolabs/qemu-guest-agent", "siderolabs/nfs-utils"] },
  });

  new ClusterStack(app, {
    site,
    image,
    endpoint: "https://192.168.1.54:6443",
    versions: { talos: "1.12.11", contract: "1.11", kubernetes: "1.35.2" },
    network: {
      bridge: "vmbr0",
      subnet: "192.168.1.0/24",
      gateway: "192.168.1.1",
      reserved: { dhcp: "192.168.1.100-192.168.1.199" },
    },
    datastore: "local-lvm",
    intents: [schedulableControlPlanes()],
    controlPlane: { cores: 8, memoryMiB: 32768, diskGiB: 200 },
    controlPlanes: {
      talos00: { host: "pve", vmId: 154, address: "192.168.1.54", macAddress: "BC:24:11:01:00:54" },
    },
  });
}
