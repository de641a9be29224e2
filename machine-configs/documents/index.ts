/** Every kind of document, by name. One file each; the order here is the order in a rendered configuration. */
import type { DocumentKind } from "../kind";
import { hostnameConfig } from "./hostname-config";
import { kernelModuleConfig } from "./kernel-module-config";
import { kubeApiServerConfig } from "./kube-api-server-config";
import { kubeAuditPolicyConfig } from "./kube-audit-policy-config";
import { kubeAuthenticationConfig } from "./kube-authentication-config";
import { kubeNodeConfig } from "./kube-node-config";
import { kubeletConfig } from "./kubelet-config";
import { layer2VipConfig } from "./layer2-vip-config";
import { linkConfig } from "./link-config";
import { registryMirrorConfig } from "./registry-mirror-config";
import { registryTlsConfig } from "./registry-tls-config";
import { resolverConfig } from "./resolver-config";
import { sysctlConfig } from "./sysctl-config";
import { unattendedInstallConfig } from "./unattended-install-config";
import { v1alpha1 } from "./v1alpha1";

/** The kinds whose fields are modelled. */
export const documentKinds: readonly DocumentKind[] = [
  v1alpha1,
  hostnameConfig,
  linkConfig,
  layer2VipConfig,
  resolverConfig,
  registryMirrorConfig,
  registryTlsConfig,
  sysctlConfig,
  kernelModuleConfig,
  unattendedInstallConfig,
  kubeletConfig,
  kubeNodeConfig,
  kubeApiServerConfig,
  kubeAuthenticationConfig,
  kubeAuditPolicyConfig,
];
