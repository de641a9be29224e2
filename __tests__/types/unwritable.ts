/**
 * Wrong things that cannot be written. `tsc` refuses each line below an expectation; if one of them became writable,
 * its expectation would be the error.
 */
import { App } from "cdktf";
import { type CloudInitPiece, dockerHost } from "../../cloud-init";
import {
  admissionPlugins,
  apiServer,
  authorizers,
  BackupJob,
  bond,
  ClusterStack,
  clusterFirewall,
  diskEncryption,
  etcdEncryption,
  hostDns,
  ingressFirewall,
  KeptDisk,
  kubeNetwork,
  kubePrism,
  kubeProxy,
  logging,
  nvidiaGpu,
  ObjectStoreProbe,
  oidc,
  ProxmoxSite,
  ProxmoxStack,
  ProxmoxVm,
  podSecurity,
  registryAuth,
  registryMirrors,
  SeaweedFs,
  sysctls,
  systemVolume,
  TalosCluster,
  TalosImage,
  talosApiAccess,
  time,
  UbuntuImage,
  type UbuntuVmProps,
  userVolume,
  watchdog,
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
// @ts-expect-error an admission plugin that Kubernetes does not have
admissionPlugins({ AlwaysPullImage: {} });
// @ts-expect-error a level that Kubernetes does not have
podSecurity({ enforce: "strict" });
// @ts-expect-error memory in a unit that Kubernetes does not have
apiServer({ resources: { limits: { memory: "4GB" } } });
// @ts-expect-error a resource that Talos does not pass on
apiServer({ resources: { limits: { "nvidia.com/gpu": "1" } } });
// @ts-expect-error a webhook of which nobody knows what its silence means
authorizers({ hook: { kubeconfig: "" } });
// @ts-expect-error encryption without a key
etcdEncryption({ keys: [] });
// @ts-expect-error three families of addresses
kubeNetwork({ podSubnets: ["10.42.0.0/16", "fd00:42::/56", "10.44.0.0/16"] });
// @ts-expect-error a mode that kube-proxy does not have
kubeProxy({ mode: "ebpf" });
// @ts-expect-error a role of the Talos API that does not exist
talosApiAccess({ allowedRoles: ["os:root"], allowedKubernetesNamespaces: ["kube-system"] });
// @ts-expect-error a login by two methods
registryAuth({ "registry.example.com": { username: "a", password: "b", identityToken: "c" } });
// @ts-expect-error a username without a password
registryAuth({ "registry.example.com": { username: "a" } });
// @ts-expect-error a receiver of logs without a port
logging({ kernel: ["udp://logs.example.com"] });
// @ts-expect-error a time without a unit
watchdog({ timeout: "60" });

const disk = { serial: "data" } as const;
// @ts-expect-error a partition without a size
userVolume({ name: "data", disk });
// @ts-expect-error a folder with a size
userVolume({ name: "data", type: "directory", maxSize: "1GiB" });
// @ts-expect-error the system disk as a whole
userVolume({ name: "data", type: "disk", disk: "system" });
// @ts-expect-error a disk by two things
userVolume({ name: "data", disk: { serial: "data", match: "!system_disk" }, maxSize: "1GiB" });
// @ts-expect-error a size without a unit
userVolume({ name: "data", disk, maxSize: "100" });
// @ts-expect-error a volume that leaves EPHEMERAL nothing of the system disk
systemVolume({ name: "ETCD", disk: "system" });
// @ts-expect-error EPHEMERAL is encrypted by diskEncryption
systemVolume({ name: "EPHEMERAL", encryption: { 0: { nodeID: {} } } });
// @ts-expect-error a passphrase for STATE, which would lie beside it
diskEncryption({ state: { 0: { static: { passphrase: "a" } } } });
// @ts-expect-error a key by two methods
diskEncryption({ ephemeral: { 0: { nodeID: {}, tpm: {} } } });
// @ts-expect-error a key from a server without TLS
diskEncryption({ ephemeral: { 0: { kms: { endpoint: "kms.example.com:4443" } } } });
// @ts-expect-error a rate of LACP in a mode without it
bond({ name: "bond0", links: ["eth1", "eth2"], mode: "active-backup", lacpRate: "fast" });
// @ts-expect-error a time from servers and from devices
time({ servers: ["ntp.example.com"], devices: ["/dev/ptp0"] });
// @ts-expect-error a port by name
ingressFirewall({ rules: { web: { ports: ["https"], protocol: "tcp", subnets: ["0.0.0.0/0"] } } });
// @ts-expect-error a firewall through which nobody may use the cluster
clusterFirewall({ nodes: ["10.0.0.0/24"] });
// @ts-expect-error a port of a KubePrism that is off
kubePrism({ enabled: false, port: 7445 });
// @ts-expect-error a resolver that is off and asked by CoreDNS
hostDns({ enabled: false, forwardKubeDNSToHost: true });

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

const noble = { site, datastore: "local", version: "24.04", serial: "20260801", sha256: "" } as const;
// @ts-expect-error the folder that always holds another image
new UbuntuImage(proxmox, "f", { ...noble, serial: "current" });
// @ts-expect-error a name of a release instead of its version
new UbuntuImage(proxmox, "g", { ...noble, version: "noble" });
// @ts-expect-error a container image by tag
dockerHost({ projects: { registry: { services: { registry: { image: "registry:3" } } } } });
// @ts-expect-error permissions that are not octal
({ name: "h", files: [{ path: "/etc/motd", content: "", permissions: "0888" }] }) satisfies CloudInitPiece;
// @ts-expect-error a machine without anybody who works on it
({ site, host: "pve1" }) satisfies Pick<UbuntuVmProps<"pve1">, "site" | "host" | "users">;
const kept = new KeptDisk(proxmox, "disk", { site, host: "pve1", datastore: "local-lvm", sizeGiB: 1 });
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
new ProxmoxVm(proxmox, "j", { ...vm, dataDisks: { scsi1: { kept, sizeGiB: 1 } } });
// @ts-expect-error a data disk on a datastore that the site does not have
new ProxmoxVm(proxmox, "k", { ...vm, dataDisks: { scsi1: { datastore: "ceph", sizeGiB: 1 } } });
new ProxmoxVm(proxmox, "l", { ...vm, dataDisks: { scsi1: { kept, serial: "data" } } });
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
// @ts-expect-error a data disk of a node on a datastore that the site does not have
cluster.addWorker("s", { ...node, host: "pve1", dataDisks: { scsi1: { datastore: "ceph", sizeGiB: 1 } } });
// @ts-expect-error a priority of a host that the site does not have, for a node
cluster.addWorker("t", { ...node, host: "pve1", highAvailability: { hosts: { pve9: 1 } } });
const keys = { admin: "", signing: "", identities: { cnpg: "" } };
const storeProps = {
  site,
  namespace: "storage",
  volumes: { sizeGiB: 1 },
  tls: { secret: "tls" },
  buckets: { backup: {} },
  identities: { cnpg: { backup: "write" } },
  keys,
} as const;
const { store } = new SeaweedFs(proxmox, "u", storeProps);
// @ts-expect-error a right in a bucket that the store does not have
new SeaweedFs(proxmox, "v", { ...storeProps, identities: { cnpg: { backups: "write" } } });
// @ts-expect-error an identity without a key
new SeaweedFs(proxmox, "w", { ...storeProps, identities: { cnpg: { backup: "write" }, vault: { backup: "read" } } });
// @ts-expect-error a lifecycle of a bucket with versions, on which nothing would act
new SeaweedFs(proxmox, "x", { ...storeProps, buckets: { backup: { versioning: true, expireAfterDays: 1 } } });
// @ts-expect-error object lock of a bucket without versions
new SeaweedFs(proxmox, "y", { ...storeProps, buckets: { backup: { objectLock: { mode: "GOVERNANCE", days: 1 } } } });
// @ts-expect-error an image by tag
new SeaweedFs(proxmox, "z", { ...storeProps, image: "chrislusf/seaweedfs:4.44" });
const probe = { store, namespace: "storage", runbooks: "", credentials: { identity: "cnpg", secret: "s3" } } as const;
// @ts-expect-error a probe of a bucket that the store does not have
new ObjectStoreProbe(proxmox, "aa", { ...probe, bucket: "backups" });
