/** The public API. What is not named here is not public. */
export { ClusterNetwork, type ClusterNetworkProps } from "./constructs/cluster-network";
export { MachineSecrets, type MachineSecretsProps } from "./constructs/machine-secrets";
export { type NvidiaGpu, type NvidiaGpuProps, nvidiaGpu } from "./constructs/nvidia-gpu";
export { type PciDevice, PciMapping, type PciMappingProps } from "./constructs/pci-mapping";
export {
  type DatastoreContent,
  type DatastoreProps,
  ProxmoxSite,
  type ProxmoxSiteProps,
  type S3State,
} from "./constructs/proxmox-site";
export {
  type NetworkDevice,
  ProxmoxVm,
  type ProxmoxVmProps,
  type StaticAddress,
  type SystemDisk,
} from "./constructs/proxmox-vm";
export { TalosCluster, type TalosClusterProps } from "./constructs/talos-cluster";
export { TalosImage, type TalosImageProps } from "./constructs/talos-image";
export { type MachineShape, TalosNode, type TalosNodeProps } from "./constructs/talos-node";
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
export { ClusterStack, type ClusterStackProps } from "./stacks/cluster-stack";
export { ProxmoxStack, type ProxmoxStackProps } from "./stacks/proxmox-stack";
export { SiteStack, type SiteStackProps } from "./stacks/site-stack";
