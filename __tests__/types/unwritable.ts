/**
 * Wrong things that cannot be written. `tsc` refuses each line below an expectation; if one of them became writable,
 * its expectation would be the error.
 */
import { App } from "cdktf";
import {
  BackupJob,
  ClusterStack,
  KeptDisk,
  nvidiaGpu,
  oidc,
  ProxmoxSite,
  ProxmoxStack,
  ProxmoxVm,
  registryMirrors,
  sysctls,
  TalosCluster,
  TalosImage,
} from "../../index";

const app = new App();
const site = new ProxmoxSite("home", {
  endpoint: "https://pve.example.com:8006",
  hosts: ["pve1", "pve2"],
  datastores: { local: { content: ["import"] }, "local-lvm": {} },
});
const { image } = new ProxmoxStack(app, { site, image: { datastore: "local" }, pciMappings: { gpu: {} } });
const proxmox = new ProxmoxStack(app, { site, image: { datastore: "local" }, pciMappings: { gpu: { pve1: [] } } });
const versions = { talos: "1.14.4", contract: "1.14", kubernetes: "1.37.1" } as const;
const network = { bridge: "vmbr0", subnet: "10.0.0.0/24", gateway: "10.0.0.1" };
const cluster = new TalosCluster(proxmox, "lab", {
  site,
  image,
  versions,
  network,
  endpoint: "https://10.0.0.10:6443",
  datastore: "local-lvm",
});
const node = { address: "10.0.0.11", macAddress: "BC:24:11:00:00:11" };

// @ts-expect-error a host that the site does not have
cluster.addWorker("a", { ...node, host: "pve3" });
// @ts-expect-error a machine without a MAC address (PVE-5)
cluster.addWorker("b", { host: "pve1", address: "10.0.0.11" });
// @ts-expect-error a datastore that the site does not have
new TalosImage(proxmox, "c", { site, datastore: "ceph" });
// @ts-expect-error an extension without its namespace
new TalosImage(proxmox, "d", { site, datastore: "local", extensions: ["qemu-guest-agent"] });
new ProxmoxSite("e", {
  endpoint: "https://pve",
  hosts: ["pve"],
  // @ts-expect-error a content type that Proxmox does not have
  datastores: { local: { content: ["images", "disks"] } },
});
// @ts-expect-error a PCI mapping that the stack does not have
proxmox.pciMapping("tpu");
// @ts-expect-error a GPU by address instead of by mapping
nvidiaGpu({ mapping: "0000:01:00.0" });
// @ts-expect-error a number where Talos wants text (T-43)
sysctls({ "vm.max_map_count": 262144 });
// @ts-expect-error a mirror without endpoints
registryMirrors({ "docker.io": {} });
// @ts-expect-error OIDC without a client
oidc({ issuerUrl: "https://auth.example.com/" });

const clusterProps = { site, image, network, endpoint: "https://10.0.0.10:6443", datastore: "local-lvm" } as const;
const controlPlanes = { "cp-1": { ...node, host: "pve1" } } as const;
// @ts-expect-error a cluster without a Kubernetes version: none of the three has a default
new ClusterStack(app, { ...clusterProps, controlPlanes, versions: { talos: "1.14.4", contract: "1.14" } });
// @ts-expect-error a contract that the library does not know
new ClusterStack(app, { ...clusterProps, controlPlanes, versions: { ...versions, contract: "1.15" } });
// @ts-expect-error a lifecycle that does not exist
new ClusterStack(app, { ...clusterProps, controlPlanes, versions, lifecycle: "both" });
new ClusterStack(app, {
  ...clusterProps,
  versions,
  // @ts-expect-error a host that the site does not have, deep in a stack's props
  controlPlanes: { "cp-1": { ...node, host: "pve3" } },
});

const disk = new KeptDisk(proxmox, "disk", { site, host: "pve1", datastore: "local-lvm", sizeGiB: 1 });
const vm = {
  site,
  host: "pve1",
  disk: { datastore: "local-lvm", sizeGiB: 8, importFrom: "local:import/debian-13.qcow2" },
  networkDevices: [],
} as const;
// @ts-expect-error a CPU model on which current systems do not start
new ProxmoxVm(proxmox, "f", { ...vm, cpu: { type: "qemu64" } });
// @ts-expect-error a data disk in the slot of the system disk
new ProxmoxVm(proxmox, "g", { ...vm, dataDisks: { scsi0: { datastore: "local-lvm", sizeGiB: 1 } } });
// @ts-expect-error a slot that no VM has
new ProxmoxVm(proxmox, "h", { ...vm, dataDisks: { virtio16: { datastore: "local-lvm", sizeGiB: 1 } } });
// @ts-expect-error a thread for a disk on the SCSI controller, which has one for all
new ProxmoxVm(proxmox, "i", { ...vm, dataDisks: { scsi1: { datastore: "local-lvm", sizeGiB: 1, iothread: true } } });
// @ts-expect-error a kept disk with a size of its own
new ProxmoxVm(proxmox, "j", { ...vm, dataDisks: { scsi1: { kept: disk, sizeGiB: 1 } } });
// @ts-expect-error a data disk on a datastore that the site does not have
new ProxmoxVm(proxmox, "k", { ...vm, dataDisks: { scsi1: { datastore: "ceph", sizeGiB: 1 } } });
new ProxmoxVm(proxmox, "l", { ...vm, dataDisks: { scsi1: { kept: disk, serial: "data" } } });
const rule = { type: "in", action: "ACCEPT" } as const;
// @ts-expect-error a firewall rule with ports beside the macro that has them
new ProxmoxVm(proxmox, "m", { ...vm, firewall: { rules: [{ ...rule, macro: "SSH", dport: "22" }] } });
// @ts-expect-error a firewall rule with ports of a protocol that has none
new ProxmoxVm(proxmox, "n", { ...vm, firewall: { rules: [{ ...rule, proto: "icmp", dport: "22" }] } });
// @ts-expect-error a priority of a host that the site does not have
new ProxmoxVm(proxmox, "o", { ...vm, highAvailability: { hosts: { pve9: 1 } } });
// @ts-expect-error a backup of some VMs and of all
new BackupJob(proxmox, "p", { site, datastore: "local", schedule: "02:00", vms: [], all: true });
// @ts-expect-error a backup of what nobody says
new BackupJob(proxmox, "q", { site, datastore: "local", schedule: "02:00" });
// @ts-expect-error an address by cloud-init on a card that Talos configures
cluster.addWorker("r", { ...node, host: "pve1", extraNics: [{ bridge: "vmbr0", ipv4: "dhcp" }] });
