/** The public API. What is not named here is not public. */

export { AntiAffinity, type AntiAffinityProps } from "./constructs/anti-affinity";
export {
  BackupJob,
  type BackupJobProps,
  type BackupSchedule,
  type BackupSelection,
  type Retention,
} from "./constructs/backup-job";
export { ClusterNetwork, type ClusterNetworkProps } from "./constructs/cluster-network";
export { DirectoryMapping, type DirectoryMappingProps } from "./constructs/directory-mapping";
export { KeptDisk, type KeptDiskProps } from "./constructs/kept-disk";
export { MachineSecrets, type MachineSecretsProps } from "./constructs/machine-secrets";
export { type NvidiaGpu, type NvidiaGpuProps, nvidiaGpu } from "./constructs/nvidia-gpu";
export { type PciDevice, PciMapping, type PciMappingProps } from "./constructs/pci-mapping";
export {
  type DatastoreContent,
  type DatastoreProps,
  type ExistingVm,
  ProxmoxSite,
  type ProxmoxSiteProps,
  type S3State,
  type VmIdRange,
} from "./constructs/proxmox-site";
export { ProxmoxVm, type ProxmoxVmProps } from "./constructs/proxmox-vm";
export { TalosCluster, type TalosClusterProps } from "./constructs/talos-cluster";
export { TalosImage, type TalosImageProps } from "./constructs/talos-image";
export { type MachineShape, TalosNode, type TalosNodeProps } from "./constructs/talos-node";
export { type UsbDevice, UsbMapping, type UsbMappingProps } from "./constructs/usb-mapping";
export type { Compute, Cpu, CpuType } from "./constructs/vm-compute";
export type { Devices, MediatedDevice, SharedDirectory, Watchdog } from "./constructs/vm-devices";
export type {
  AttachedDisk,
  DataDisk,
  DataDisks,
  DiskOptions,
  Disks,
  OwnDisk,
  SystemDisk,
} from "./constructs/vm-disks";
export type { FirewallPolicy, FirewallRule, SecurityGroupRule, VmFirewall } from "./constructs/vm-firewall";
export type { Firmware } from "./constructs/vm-firmware";
export type { HighAvailability } from "./constructs/vm-high-availability";
export type { CardAddress, NetworkDevice, Networking, StaticAddress } from "./constructs/vm-network";
export type { Operation, Pool, Startup } from "./constructs/vm-operation";
export { formatProblems, type Problem, ProblemsError } from "./errors";
export {
  auditPolicy,
  type Contract,
  type Extension,
  type Intent,
  kernelModules,
  kubelet,
  type MachineRole,
  nodeLabels,
  nodeTaints,
  oidc,
  registryMirrors,
  schedulableControlPlanes,
  sysctls,
  type TalosDocument,
  type Versions,
} from "./machine-configs";
export { ClusterStack, type ClusterStackProps } from "./stacks/cluster-stack";
export { ProxmoxStack, type ProxmoxStackProps } from "./stacks/proxmox-stack";
export { SiteStack, type SiteStackProps } from "./stacks/site-stack";
