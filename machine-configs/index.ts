/**
 * Talos machine configurations as pure functions: plain data in, documents and problems out. Needs neither Terraform
 * nor files, and may be used on its own:
 *
 * ```ts
 * const { documents, problems } = composeConfiguration(
 *   { name: "k8s-work-4", role: "worker", contract: "1.14", talos: "1.14.4" },
 *   [hostname("k8s-work-4"), sysctls({ "vm.max_map_count": "262144" })],
 * );
 * if (problems.length === 0) console.log(renderDocuments(documents));
 * ```
 */
export { type Configuration, composeConfiguration } from "./compose";
export { identityOf, type MachineRole, type MachineTarget, renderDocuments, type TalosDocument } from "./document";
export type { Intent } from "./intent";
export { type AdmissionPlugin, admissionPlugins } from "./intents/admission-plugins";
export { type ApiServerProps, apiServer } from "./intents/api-server";
export {
  type AuditLevel,
  type AuditPolicyProps,
  type AuditResources,
  type AuditRule,
  type AuditStage,
  auditPolicy,
} from "./intents/audit-policy";
export { authorizers, type WebhookAuthorizer } from "./intents/authorizers";
export { type BondProps, bond } from "./intents/bond";
export { type BridgeProps, bridge } from "./intents/bridge";
export { type ClusterFirewallProps, clusterFirewall } from "./intents/cluster-firewall";
export type { ComponentProps, ComponentResources, CpuQuantity, MemoryQuantity } from "./intents/component";
export { controllerManager } from "./intents/controller-manager";
export { type CriCustomizationProps, criCustomization } from "./intents/cri-customization";
export { type DiscoveryProps, discovery } from "./intents/discovery";
export { type DiskEncryptionProps, diskEncryption } from "./intents/disk-encryption";
export { environment } from "./intents/environment";
export { type EtcFileProps, etcFile } from "./intents/etc-file";
export { type EtcdProps, etcd } from "./intents/etcd";
export { type EtcdEncryptionKey, type EtcdEncryptionProps, etcdEncryption } from "./intents/etcd-encryption";
export { type ExtensionServiceProps, extensionService } from "./intents/extension-service";
export { type ExternalCloudProviderProps, externalCloudProvider } from "./intents/external-cloud-provider";
export { type ExternalManifest, externalManifests } from "./intents/external-manifests";
export { type HostDnsProps, hostDns } from "./intents/host-dns";
export { hostEntries } from "./intents/host-entries";
export { hostname } from "./intents/hostname";
export { imageCache } from "./intents/image-cache";
export { type IngressFirewallProps, type IngressRule, ingressFirewall } from "./intents/ingress-firewall";
export { inlineManifests } from "./intents/inline-manifests";
export { type InstallProps, install } from "./intents/install";
export { type KernelModule, kernelModules } from "./intents/kernel-modules";
export { type KubeNetworkProps, kubeNetwork, type Subnets } from "./intents/kube-network";
export { type KubePrismProps, kubePrism } from "./intents/kube-prism";
export { type KubeProxyProps, kubeProxy } from "./intents/kube-proxy";
export { type KubeSpanProps, kubeSpan } from "./intents/kube-span";
export { type KubeletMount, type KubeletProps, kubelet } from "./intents/kubelet";
export { type LogDestination, type LoggingProps, type LogReceiver, logging } from "./intents/logging";
export { nodeAnnotations } from "./intents/node-annotations";
export { nodeLabels } from "./intents/node-labels";
export { nodeTaints } from "./intents/node-taints";
export { type NvidiaDriverProps, nvidiaDriver, nvidiaExtensions } from "./intents/nvidia-driver";
export { type OidcProps, oidc } from "./intents/oidc";
export { type PodSecurityLevel, type PodSecurityProps, podSecurity } from "./intents/pod-security";
export { type RawVolumeProps, rawVolume } from "./intents/raw-volume";
export { type RegistryAuth, registryAuth } from "./intents/registry-auth";
export { type RegistryMirror, registryMirrors } from "./intents/registry-mirrors";
export { type RegistryTls, registryTls } from "./intents/registry-tls";
export { schedulableControlPlanes } from "./intents/schedulable-control-planes";
export { type SchedulerProps, scheduler } from "./intents/scheduler";
export { type StaticLink, type StaticNetworkProps, staticNetwork } from "./intents/static-network";
export { type SwapProps, swap, type ZswapProps } from "./intents/swap";
export { sysctls } from "./intents/sysctls";
export { sysfs } from "./intents/sysfs";
export { type SystemVolumeProps, systemVolume } from "./intents/system-volume";
export { type TalosApiAccessProps, talosApiAccess } from "./intents/talos-api-access";
export { talosApiCertSANs } from "./intents/talos-api-cert-sans";
export { type TimeProps, time } from "./intents/time";
export { trustedRoots } from "./intents/trusted-roots";
export { udevRules } from "./intents/udev-rules";
export { type UserVolumeProps, userVolume } from "./intents/user-volume";
export { type VirtualIpProps, virtualIp } from "./intents/virtual-ip";
export { type VlanProps, vlan } from "./intents/vlan";
export { type WatchdogProps, watchdog } from "./intents/watchdog";
export { withoutCni } from "./intents/without-cni";
export { withoutCoreDns } from "./intents/without-core-dns";
export { withoutKubeProxy } from "./intents/without-kube-proxy";
export type { LinkByMac, LinkChoice, LinkSettings, Route } from "./links";
export {
  type Contract,
  configurationMayReboot,
  contracts,
  upgradeProblems,
  type Versions,
  versionProblems,
} from "./releases";
export type { TalosRole } from "./rules/api-access";
export type { Taint, TaintEffect } from "./rules/node";
export {
  diskImageFileName,
  diskImageUrl,
  type Extension,
  extensionProblems,
  installerImage,
  kernelArgumentProblems,
  type SchematicProps,
  schematicId,
  schematicIdProblems,
  schematicYaml,
} from "./schematic";
export { documentProblems } from "./validate";
export type {
  EncryptionKey,
  EncryptionKeys,
  LargestSize,
  OtherDisk,
  StateEncryptionKey,
  VolumeDisk,
  VolumeLimits,
  VolumeSize,
  VolumeSizes,
} from "./volumes";
