/** Every kind of document. One file each; the order here is the order in a rendered configuration. */
import type { DocumentKind } from "../kind";
import { bgpInstanceConfig } from "./bgp-instance-config";
import { blackholeRouteConfig } from "./blackhole-route-config";
import { bondConfig } from "./bond-config";
import { bridgeConfig } from "./bridge-config";
import { containerConfig } from "./container-config";
import { criBaseRuntimeSpecConfig } from "./cri-base-runtime-spec-config";
import { criCustomizationConfig } from "./cri-customization-config";
import { dhcp4Config } from "./dhcp4-config";
import { dhcp6Config } from "./dhcp6-config";
import { discoveryIdentityConfig } from "./discovery-identity-config";
import { discoveryServiceConfig } from "./discovery-service-config";
import { dummyLinkConfig } from "./dummy-link-config";
import { environmentConfig } from "./environment-config";
import { etcFileConfig } from "./etc-file-config";
import { ethernetConfig } from "./ethernet-config";
import { eventSinkConfig } from "./event-sink-config";
import { existingVolumeConfig } from "./existing-volume-config";
import { extensionServiceConfig } from "./extension-service-config";
import { externalVolumeConfig } from "./external-volume-config";
import { filesystemScrubConfig } from "./filesystem-scrub-config";
import { filesystemTrimConfig } from "./filesystem-trim-config";
import { hcloudVipConfig } from "./hcloud-vip-config";
import { hostnameConfig } from "./hostname-config";
import { httpProbeConfig } from "./http-probe-config";
import { imageCacheConfig } from "./image-cache-config";
import { imageVerificationConfig } from "./image-verification-config";
import { kernelModuleConfig } from "./kernel-module-config";
import { kmsgLogConfig } from "./kmsg-log-config";
import { kubeAdmissionControlConfig } from "./kube-admission-control-config";
import { kubeAggregatorCaConfig } from "./kube-aggregator-ca-config";
import { kubeApiServerCaConfig } from "./kube-api-server-ca-config";
import { kubeApiServerConfig } from "./kube-api-server-config";
import { kubeAuditPolicyConfig } from "./kube-audit-policy-config";
import { kubeAuthenticationConfig } from "./kube-authentication-config";
import { kubeAuthorizerConfig } from "./kube-authorizer-config";
import { kubeClusterConfig } from "./kube-cluster-config";
import { kubeControllerManagerConfig } from "./kube-controller-manager-config";
import { kubeCoreDnsConfig } from "./kube-core-dns-config";
import { kubeCredentialProviderConfig } from "./kube-credential-provider-config";
import { kubeEtcdEncryptionConfig } from "./kube-etcd-encryption-config";
import { kubeExternalManifestConfig } from "./kube-external-manifest-config";
import { kubeFlannelCniConfig } from "./kube-flannel-cni-config";
import { kubeInlineManifestConfig } from "./kube-inline-manifest-config";
import { kubeNetworkConfig } from "./kube-network-config";
import { kubeNodeConfig } from "./kube-node-config";
import { kubePrismConfig } from "./kube-prism-config";
import { kubeProxyConfig } from "./kube-proxy-config";
import { kubeSchedulerConfig } from "./kube-scheduler-config";
import { kubeServiceAccountConfig } from "./kube-service-account-config";
import { kubeStaticPodConfig } from "./kube-static-pod-config";
import { kubeTalosApiAccessConfig } from "./kube-talos-api-access-config";
import { kubeletConfig } from "./kubelet-config";
import { kubeSpanConfig } from "./kubespan-config";
import { kubeSpanEndpointsConfig } from "./kubespan-endpoints-config";
import { layer2VipConfig } from "./layer2-vip-config";
import { linkAliasConfig } from "./link-alias-config";
import { linkConfig } from "./link-config";
import { lvmLogicalVolumeConfig } from "./lvm-logical-volume-config";
import { lvmVolumeGroupConfig } from "./lvm-volume-group-config";
import { networkDefaultActionConfig } from "./network-default-action-config";
import { networkRuleConfig } from "./network-rule-config";
import { oomConfig } from "./oom-config";
import { pciDriverRebindConfig } from "./pci-driver-rebind-config";
import { raidArrayConfig } from "./raid-array-config";
import { rawVolumeConfig } from "./raw-volume-config";
import { registryAuthConfig } from "./registry-auth-config";
import { registryMirrorConfig } from "./registry-mirror-config";
import { registryTlsConfig } from "./registry-tls-config";
import { resolverConfig } from "./resolver-config";
import { routingRuleConfig } from "./routing-rule-config";
import { securityProfileConfig } from "./security-profile-config";
import { sideroLinkConfig } from "./siderolink-config";
import { staticHostConfig } from "./static-host-config";
import { swapVolumeConfig } from "./swap-volume-config";
import { sysctlConfig } from "./sysctl-config";
import { sysfsConfig } from "./sysfs-config";
import { tcpProbeConfig } from "./tcp-probe-config";
import { timeSyncConfig } from "./time-sync-config";
import { trustedRootsConfig } from "./trusted-roots-config";
import { udevRulesConfig } from "./udev-rules-config";
import { unattendedInstallConfig } from "./unattended-install-config";
import { userVolumeConfig } from "./user-volume-config";
import { v1alpha1 } from "./v1alpha1";
import { vethConfig } from "./veth-config";
import { vlanConfig } from "./vlan-config";
import { volumeConfig } from "./volume-config";
import { vrfConfig } from "./vrf-config";
import { watchdogTimerConfig } from "./watchdog-timer-config";
import { wireguardConfig } from "./wireguard-config";
import { zswapConfig } from "./zswap-config";

/** The kinds that Talos registers, and the v1alpha1 document, which has none. */
export const documentKinds: readonly DocumentKind[] = [
  v1alpha1,
  hostnameConfig,
  linkConfig,
  linkAliasConfig,
  bondConfig,
  bridgeConfig,
  vlanConfig,
  vrfConfig,
  vethConfig,
  dummyLinkConfig,
  wireguardConfig,
  ethernetConfig,
  dhcp4Config,
  dhcp6Config,
  layer2VipConfig,
  hcloudVipConfig,
  blackholeRouteConfig,
  routingRuleConfig,
  bgpInstanceConfig,
  resolverConfig,
  staticHostConfig,
  timeSyncConfig,
  kubeSpanConfig,
  kubeSpanEndpointsConfig,
  networkDefaultActionConfig,
  networkRuleConfig,
  tcpProbeConfig,
  httpProbeConfig,
  discoveryIdentityConfig,
  discoveryServiceConfig,
  registryMirrorConfig,
  registryAuthConfig,
  registryTlsConfig,
  imageVerificationConfig,
  imageCacheConfig,
  criCustomizationConfig,
  criBaseRuntimeSpecConfig,
  containerConfig,
  sysctlConfig,
  sysfsConfig,
  kernelModuleConfig,
  udevRulesConfig,
  environmentConfig,
  etcFileConfig,
  trustedRootsConfig,
  securityProfileConfig,
  pciDriverRebindConfig,
  watchdogTimerConfig,
  oomConfig,
  zswapConfig,
  kmsgLogConfig,
  eventSinkConfig,
  sideroLinkConfig,
  extensionServiceConfig,
  unattendedInstallConfig,
  volumeConfig,
  userVolumeConfig,
  rawVolumeConfig,
  swapVolumeConfig,
  existingVolumeConfig,
  externalVolumeConfig,
  lvmVolumeGroupConfig,
  lvmLogicalVolumeConfig,
  raidArrayConfig,
  filesystemTrimConfig,
  filesystemScrubConfig,
  kubeClusterConfig,
  kubeNetworkConfig,
  kubePrismConfig,
  kubeletConfig,
  kubeNodeConfig,
  kubeCredentialProviderConfig,
  kubeStaticPodConfig,
  kubeApiServerConfig,
  kubeApiServerCaConfig,
  kubeAggregatorCaConfig,
  kubeServiceAccountConfig,
  kubeAuthenticationConfig,
  kubeAuthorizerConfig,
  kubeAdmissionControlConfig,
  kubeAuditPolicyConfig,
  kubeEtcdEncryptionConfig,
  kubeControllerManagerConfig,
  kubeSchedulerConfig,
  kubeProxyConfig,
  kubeFlannelCniConfig,
  kubeCoreDnsConfig,
  kubeInlineManifestConfig,
  kubeExternalManifestConfig,
  kubeTalosApiAccessConfig,
];
