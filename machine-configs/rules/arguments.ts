/** Arguments of the components that Talos starts: it gives some itself, and refuses others only when they start. */
import { argumentDenied, argumentWithDashes, type Problem } from "../../errors";
import type { At } from "../document";
import { isAtLeast, type TalosMinor } from "../releases";

/** A component that takes arguments. What the kubelet refuses is among its own rules. */
export type Component = "kube-apiserver" | "kube-controller-manager" | "kube-scheduler" | "kube-proxy" | "etcd";

const DENIED: Readonly<Record<Component, readonly string[]>> = {
  "kube-apiserver": [
    "authorization-config",
    "client-ca-file",
    "encryption-provider-config",
    "etcd-cafile",
    "etcd-certfile",
    "etcd-keyfile",
    "etcd-servers",
    "kubelet-client-certificate",
    "kubelet-client-key",
    "proxy-client-cert-file",
    "proxy-client-key-file",
    "requestheader-client-ca-file",
    "service-account-key-file",
    "service-account-signing-key-file",
    "tls-cert-file",
    "tls-private-key-file",
  ],
  "kube-controller-manager": [
    "authentication-kubeconfig",
    "authorization-kubeconfig",
    "cluster-signing-cert-file",
    "cluster-signing-key-file",
    "kubeconfig",
    "root-ca-file",
    "service-account-private-key-file",
  ],
  "kube-scheduler": ["authentication-kubeconfig", "authorization-kubeconfig", "config", "kubeconfig"],
  "kube-proxy": ["config", "kubeconfig"],
  etcd: [
    "cert-file",
    "client-cert-auth",
    "data-dir",
    "key-file",
    "listen-client-urls",
    "listen-peer-urls",
    "name",
    "peer-cert-file",
    "peer-client-cert-auth",
    "peer-key-file",
    "peer-trusted-ca-file",
    "trusted-ca-file",
  ],
};

/** Arguments that only later releases refuse. */
const DENIED_SINCE: readonly { readonly since: TalosMinor; readonly component: Component; readonly name: string }[] = [
  { since: "1.14", component: "kube-apiserver", name: "authentication-config" },
  { since: "1.14", component: "kube-apiserver", name: "tls-min-version" },
];

/** What Talos refuses about a component's arguments, and those that are written as on a command line. */
export function argumentProblems(
  component: Component,
  names: readonly string[],
  at: At,
  talos: string | undefined,
): readonly Problem[] {
  return names.flatMap((name) => {
    const bare = name.replace(/^-+/, "");
    if (isDenied(component, bare, talos ?? "1.14")) return [argumentDenied(at(name), bare, component)];
    return bare === name ? [] : [argumentWithDashes(at(name), name)];
  });
}

function isDenied(component: Component, name: string, talos: string): boolean {
  const isSinceThen = DENIED_SINCE.some(
    (one) => one.component === component && one.name === name && isAtLeast(talos, one.since),
  );
  return isSinceThen || DENIED[component].includes(name);
}
