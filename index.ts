/** The public API. What is not named here is not public. */
export type { DriftScale, ShardPlan } from "./analysis/drift-shards";
export type { Privilege } from "./analysis/privileges";
export { AntiAffinity, type AntiAffinityProps } from "./constructs/anti-affinity";
export { BackupDashboard, type BackupDashboardProps } from "./constructs/backup-dashboard";
export {
  BackupJob,
  type BackupJobProps,
  type BackupSchedule,
  type BackupSelection,
  type Retention,
} from "./constructs/backup-job";
export {
  BackupPolicy,
  type BackupPolicyProps,
  type BackupSource,
  type DataHolder,
  type Protection,
} from "./constructs/backup-policy";
export { ClusterNetwork, type ClusterNetworkProps, type ReservedUse } from "./constructs/cluster-network";
export { DirectoryMapping, type DirectoryMappingProps } from "./constructs/directory-mapping";
export { DriftDetection, type DriftDetectionProps, type DriftMonitoringProps } from "./constructs/drift-detection";
export { EtcdRestoreDrill, type EtcdRestoreDrillProps } from "./constructs/etcd-restore-drill";
export { EtcdSnapshots, type EtcdSnapshotsProps } from "./constructs/etcd-snapshots";
export { FileIntegrity, type FileIntegrityProps } from "./constructs/file-integrity";
export { HelmChart, type HelmChartProps } from "./constructs/helm-chart";
export { HostBridge, type HostBridgePorts, type HostBridgeProps } from "./constructs/host-bridge";
export { HostVlan, type HostVlanProps } from "./constructs/host-vlan";
export { KeptDisk, type KeptDiskProps } from "./constructs/kept-disk";
export {
  KubernetesNamespace,
  type KubernetesNamespaceProps,
  type PodSecurityLevel,
} from "./constructs/kubernetes-namespace";
export { KubernetesObjects, type KubernetesObjectsProps } from "./constructs/kubernetes-objects";
export { KubernetesSecret, type KubernetesSecretProps } from "./constructs/kubernetes-secret";
export { MachineSecrets, type MachineSecretsProps } from "./constructs/machine-secrets";
export { type MetricsReceiver, MetricsServer, type MetricsServerProps } from "./constructs/metrics-server";
export { type NvidiaGpu, type NvidiaGpuProps, nvidiaGpu } from "./constructs/nvidia-gpu";
export { ObjectStoreProbe, type ObjectStoreProbeProps } from "./constructs/object-store-probe";
export { type PciDevice, PciMapping, type PciMappingProps } from "./constructs/pci-mapping";
export {
  type PostgresBackup,
  PostgresCluster,
  type PostgresClusterProps,
  type PostgresMonitoring,
} from "./constructs/postgres-cluster";
export {
  PostgresOperator,
  type PostgresOperatorFacts,
  type PostgresOperatorProps,
} from "./constructs/postgres-operator";
export { PostgresRestoreDrill, type PostgresRestoreDrillProps } from "./constructs/postgres-restore-drill";
export { ProxmoxAccess, type ProxmoxAccessProps } from "./constructs/proxmox-access";
export { ProxmoxCsiAuth, type ProxmoxCsiAuthProps } from "./constructs/proxmox-csi-auth";
export { ProxmoxPool, type ProxmoxPoolProps } from "./constructs/proxmox-pool";
export {
  type DatastoreContent,
  type DatastoreProps,
  type ExistingVm,
  type HostCapacity,
  ProxmoxSite,
  type ProxmoxSiteProps,
  type S3State,
  type StackState,
  type VmIdRange,
} from "./constructs/proxmox-site";
export { ProxmoxStorage, type ProxmoxStorageProps, type StorageBacking } from "./constructs/proxmox-storage";
export { ProxmoxVm, type ProxmoxVmProps } from "./constructs/proxmox-vm";
export type { DrillMonitoring, RestoreDrillProps, SnapshotRestoreDrillProps } from "./constructs/restore-drill-props";
export { Runbooks, type RunbooksProps } from "./constructs/runbooks";
export { SeaweedFs, type SeaweedFsProps } from "./constructs/seaweed-fs";
export { SeaweedFsHost, type SeaweedFsHostProps } from "./constructs/seaweed-fs-host";
export type { SnapshotProps } from "./constructs/snapshot-props";
export { TalosCluster, type TalosClusterProps } from "./constructs/talos-cluster";
export { TalosDrift, type TalosDriftProps } from "./constructs/talos-drift";
export { TalosImage, type TalosImageProps } from "./constructs/talos-image";
export { type MachineShape, TalosNode, type TalosNodeProps } from "./constructs/talos-node";
export { UbuntuImage, type UbuntuImageProps } from "./constructs/ubuntu-image";
export { UbuntuVm, type UbuntuVmProps } from "./constructs/ubuntu-vm";
export { type UsbDevice, UsbMapping, type UsbMappingProps } from "./constructs/usb-mapping";
export { VaultRestoreDrill, type VaultRestoreDrillProps } from "./constructs/vault-restore-drill";
export { VaultSnapshots, type VaultSnapshotsProps } from "./constructs/vault-snapshots";
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
export type { UserData } from "./constructs/vm-user-data";
export { formatProblems, type Problem, ProblemsError } from "./errors";
export {
  admissionPlugins,
  apiServer,
  auditPolicy,
  authorizers,
  bond,
  bridge,
  type Contract,
  clusterFirewall,
  controllerManager,
  criCustomization,
  discovery,
  diskEncryption,
  type Extension,
  environment,
  etcd,
  etcdEncryption,
  etcFile,
  extensionService,
  externalCloudProvider,
  externalManifests,
  hostDns,
  hostEntries,
  type Intent,
  imageCache,
  ingressFirewall,
  inlineManifests,
  kernelModules,
  kubelet,
  kubeNetwork,
  kubePrism,
  kubeProxy,
  kubeSpan,
  logging,
  type MachineRole,
  nodeAnnotations,
  nodeLabels,
  nodeTaints,
  oidc,
  podSecurity,
  rawVolume,
  registryAuth,
  registryMirrors,
  registryTls,
  schedulableControlPlanes,
  scheduler,
  staticNetwork,
  swap,
  sysctls,
  sysfs,
  systemVolume,
  type TalosDocument,
  talosApiAccess,
  talosApiCertSANs,
  time,
  trustedRoots,
  udevRules,
  userVolume,
  type Versions,
  vlan,
  watchdog,
  withoutCni,
  withoutCoreDns,
  withoutKubeProxy,
} from "./machine-configs";
export type {
  ArchiveSettings,
  BackupForm,
  DataSettings,
  DriftCredentials,
  DriftRepository,
  DriftVolume,
  KubernetesObject,
  NewDatabase,
  NoCredentials,
  ObjectMeta,
  PostgresArchive,
  PostgresBootstrap,
  PostgresRecovery,
  PostgresReplica,
  PostgresVolume,
  RecoveryTarget,
  S3Store,
  SecretCredentials,
  VaultCredentials,
  VaultServer,
  VaultValue,
  WalSettings,
} from "./manifests";
export {
  type BrokenPolicy,
  type Exclusion,
  type MetricsTarget,
  type PatchWindow,
  type TimeOfDay,
  type Toleration,
  ubuntuNode,
  ubuntuNodeExclusions,
  type WatchedDirectory,
  type Weekday,
} from "./manifests";
export type {
  BucketAccess,
  BucketProps,
  CertificateIssuer,
  ExistingSecrets,
  HostStorage,
  HostTls,
  ObjectLock,
  ObjectStore,
  ObjectStoreKeys,
  ObjectStoreProps,
  PinnedImage,
  PlainBucket,
  StoreCredentials,
  StoreMonitoring,
  VersionedBucket,
} from "./object-storage";
export type { SnapshotBucket, SnapshotPlaces, SnapshotRetention, SnapshotShare, VaultProof } from "./snapshots";
export { ClusterStack, type ClusterStackProps } from "./stacks/cluster-stack";
export { KubernetesStack, type KubernetesStackProps } from "./stacks/kubernetes-stack";
export { type ParallelClusterProps, parallelCluster } from "./stacks/parallel-cluster";
export { ProxmoxStack, type ProxmoxStackProps } from "./stacks/proxmox-stack";
export { SiteStack, type SiteStackProps } from "./stacks/site-stack";
