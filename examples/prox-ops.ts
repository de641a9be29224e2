import type { App } from "cdktf";
import {
  auditPolicy,
  ClusterStack,
  kubelet,
  nvidiaGpu,
  oidc,
  ProxmoxSite,
  ProxmoxStack,
  registryMirrors,
  sysctls,
  talosApiAccess,
} from "../index";
import { proxOpsDatabases } from "./prox-ops-databases";
import { integrityNamespace, proxOpsIntegrity } from "./prox-ops-integrity";
import { proxOpsRecovery, recoveryNamespace } from "./prox-ops-recovery";
import { proxOpsStorage } from "./prox-ops-storage";

/**
 * Fifteen Talos nodes on four Proxmox hosts: three control planes with one network card, twelve workers with three
 * (native, VLAN 62 for IoT, VLAN 81 for the DMZ), two of them with a GPU.
 */
export function proxOps(app: App): void {
  const site = new ProxmoxSite("prox-ops", {
    endpoint: "https://10.20.66.4:8006",
    hosts: ["baldar", "heimdall", "loki", "thor"],
    datastores: { "ceph-vm": { shared: true }, cephfs: { shared: true, content: ["import"] } },
  });

  const proxmox = new ProxmoxStack(app, {
    site,
    image: { datastore: "cephfs", extensions: ["siderolabs/qemu-guest-agent"] },
    pciMappings: {
      "rtx-a2000": { thor: [{ id: "10de:2571", path: "0000:01:00", iommuGroup: 14, subsystemId: "10de:1611" }] },
      "rtx-a5000": { loki: [{ id: "10de:2231", path: "0000:41:00", iommuGroup: 27, subsystemId: "10de:147e" }] },
    },
  });

  const cluster = new ClusterStack(app, {
    site,
    endpoint: "https://10.20.66.20:6443",
    virtualIp: "10.20.66.20",
    versions: { talos: "1.14.4", contract: "1.14", kubernetes: "1.37.1" },
    image: proxmox.image,
    network: { bridge: "vmbr1", subnet: "10.20.66.0/23", gateway: "10.20.66.1" },
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
    intents: [
      registryMirrors({
        "docker.io": { endpoints: ["https://registry.example.com:5000"] },
        "ghcr.io": { endpoints: ["https://registry.example.com:5010"] },
        "quay.io": { endpoints: ["https://registry.example.com:5020"] },
        "registry.k8s.io": { endpoints: ["https://registry.example.com:5030"] },
      }),
      sysctls({ "fs.inotify.max_user_watches": "1048576", "fs.inotify.max_user_instances": "8192" }),
      kubelet({ config: { serializeImagePulls: false, maxParallelImagePulls: 50 } }),
      talosApiAccess({ allowedRoles: ["os:etcd:backup"], allowedKubernetesNamespaces: [recoveryNamespace] }),
      talosApiAccess({ allowedRoles: ["os:reader"], allowedKubernetesNamespaces: [integrityNamespace] }),
      oidc({
        issuerUrl: "https://auth.example.com/application/o/kubernetes/",
        clientId: "kubernetes",
        usernameClaim: "email",
        groupsClaim: "groups",
      }),
      auditPolicy({
        rules: [
          { level: "None", users: ["system:kube-proxy"], verbs: ["watch"] },
          { level: "Metadata", resources: [{ group: "", resources: ["secrets", "configmaps"] }] },
          { level: "RequestResponse", verbs: ["create", "update", "patch", "delete"] },
          { level: "Metadata", omitStages: ["RequestReceived"] },
        ],
      }),
    ],
    controlPlanes: {
      "k8s-ctrl-1": { host: "baldar", vmId: 6621, address: "10.20.66.21", macAddress: "BC:24:11:66:00:21" },
      "k8s-ctrl-2": { host: "heimdall", vmId: 6622, address: "10.20.66.22", macAddress: "BC:24:11:66:00:22" },
      "k8s-ctrl-3": { host: "loki", vmId: 6623, address: "10.20.66.23", macAddress: "BC:24:11:66:00:23" },
    },
    workers: {
      "k8s-work-1": { host: "baldar", vmId: 6631, address: "10.20.66.31", macAddress: "BC:24:11:66:00:31" },
      "k8s-work-2": { host: "heimdall", vmId: 6632, address: "10.20.66.32", macAddress: "BC:24:11:66:00:32" },
      "k8s-work-3": { host: "loki", vmId: 6633, address: "10.20.66.33", macAddress: "BC:24:11:66:00:33" },
      "k8s-work-4": {
        host: "thor",
        vmId: 6634,
        address: "10.20.66.34",
        macAddress: "BC:24:11:66:00:34",
        gpu: nvidiaGpu({ mapping: proxmox.pciMapping("rtx-a2000") }),
      },
      "k8s-work-5": { host: "baldar", vmId: 6635, address: "10.20.66.35", macAddress: "BC:24:11:66:00:35" },
      "k8s-work-6": { host: "heimdall", vmId: 6636, address: "10.20.66.36", macAddress: "BC:24:11:66:00:36" },
      "k8s-work-7": { host: "loki", vmId: 6637, address: "10.20.66.37", macAddress: "BC:24:11:66:00:37" },
      "k8s-work-8": { host: "thor", vmId: 6638, address: "10.20.66.38", macAddress: "BC:24:11:66:00:38" },
      "k8s-work-9": { host: "baldar", vmId: 6639, address: "10.20.66.39", macAddress: "BC:24:11:66:00:39" },
      "k8s-work-10": { host: "heimdall", vmId: 6640, address: "10.20.66.40", macAddress: "BC:24:11:66:00:40" },
      "k8s-work-14": {
        host: "loki",
        vmId: 6644,
        address: "10.20.66.44",
        macAddress: "BC:24:11:66:00:44",
        gpu: nvidiaGpu({ mapping: proxmox.pciMapping("rtx-a5000") }),
      },
      "k8s-work-16": { host: "thor", vmId: 6646, address: "10.20.66.46", macAddress: "BC:24:11:66:00:46" },
    },
  });
  const storage = proxOpsStorage(app, site);
  const databases = proxOpsDatabases(app, site);
  const recovery = proxOpsRecovery(app, site, { cluster: cluster.cluster, databases, storage });
  const integrity = proxOpsIntegrity(app, site, cluster.cluster);
  for (const stack of [storage.stack, databases.stack, recovery, integrity]) {
    stack.addDependency(cluster);
  }
}
