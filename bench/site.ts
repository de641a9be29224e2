import type { App } from "cdktf";
import { ClusterStack, nvidiaGpu, type PciDevice, ProxmoxSite, ProxmoxStack, type TalosNodeProps } from "../index";
import { clusterAddress, hostsFor, network, nodesOf, siteIntents, versions } from "./machines";

/** A site of any size with everything that the site `prox-ops` has, made with the public API as a user would. */
export function addSite(app: App, count: number): void {
  const hosts = hostsFor(count);
  const site = new ProxmoxSite("bench", {
    endpoint: "https://pve.example.com:8006",
    hosts,
    datastores: { "ceph-vm": { shared: true }, cephfs: { shared: true, content: ["import"] } },
  });
  const proxmox = new ProxmoxStack(app, {
    site,
    image: { datastore: "cephfs", extensions: ["siderolabs/qemu-guest-agent"] },
    // More than a host has nodes.
    pciMappings: {
      "rtx-a2000": Object.fromEntries(hosts.map((host) => [host, Array.from({ length: 10 }, gpuInSlot)])),
    },
  });
  const props = nodesOf(count).map(
    ({ name, role, hasGpu, ...node }): [string, typeof role, TalosNodeProps<string, "ceph-vm">] => [
      name,
      role,
      { ...node, ...(hasGpu ? { gpu: nvidiaGpu({ mapping: proxmox.pciMapping("rtx-a2000") }) } : {}) },
    ],
  );
  const ofRole = (wanted: "controlplane" | "worker") =>
    Object.fromEntries(props.filter(([, role]) => role === wanted).map(([name, , node]) => [name, node]));

  new ClusterStack(app, {
    site,
    endpoint: `https://${clusterAddress}:6443`,
    virtualIp: clusterAddress,
    versions,
    image: proxmox.image,
    network: { bridge: "vmbr1", ...network },
    datastore: "ceph-vm",
    controlPlane: { cores: 4, memoryMiB: 8192, diskGiB: 64 },
    worker: {
      cores: 8,
      memoryMiB: 32768,
      diskGiB: 128,
      extraNics: [
        { bridge: "vmbr1", vlanId: 62 },
        { bridge: "vmbr1", vlanId: 81 },
      ],
    },
    intents: siteIntents(),
    controlPlanes: ofRole("controlplane"),
    workers: ofRole("worker"),
  });
}

function gpuInSlot(_: unknown, slot: number): PciDevice {
  return { id: "10de:2571", path: `0000:${10 + slot}:00`, iommuGroup: 10 + slot, subsystemId: "10de:1611" };
}
