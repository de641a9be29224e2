import { kubeadmTooOld, labelNotAllowed, type Problem, versionMalformed, wrongValue } from "../../errors";
import type { RegistryMirror } from "../../machine-configs";
import type { At } from "../../machine-configs/document";
import { mirrorProblems } from "../../machine-configs/intents/registry-mirrors";
import { isLabelValue, isQualifiedName, mayLabelItself, type Taint } from "../../machine-configs/rules/node";
import type { CloudInitPiece } from "../piece";
import { yamlText } from "../render";
import { containerdFiles } from "./containerd";

/** How a worker finds its cluster and proves itself, as `kubeadm token create --print-join-command` prints it. */
export interface KubeadmJoin {
  /** Host and port of the Kubernetes API: `10.0.20.100:6443`. */
  readonly endpoint: string;

  /** Bootstrap token, `abcdef.0123456789abcdef`. A secret: it may not stand in the code of a construct. */
  readonly token: string;

  /** Hashes of the cluster's CA, `sha256:` and 64 hexadecimal digits: the worker trusts no other cluster. */
  readonly caCertHashes: readonly string[];
}

export interface KubeadmWorkerProps {
  /** Version of kubelet and kubeadm, 1.31 or later: `1.37.1`. The machine stays at it. */
  readonly kubernetes: string;

  /**
   * Public key of the package repository, in ASCII armour: what is at
   * `https://pkgs.k8s.io/core:/stable:/v<minor>/deb/Release.key`. It expires, and then has to be given anew.
   */
  readonly repositoryKey: string;

  readonly join: KubeadmJoin;

  /** Mirrors that images are pulled through; the same value as for Talos' `registryMirrors`. @default - none */
  readonly mirrors?: Readonly<Record<string, RegistryMirror>>;

  /** Labels of the node, such as `{ gpu: "true" }` (CL-6). @default - none */
  readonly labels?: Readonly<Record<string, string>>;

  /** Taints of the node, such as `{ "nvidia.com/gpu": "true:NoSchedule" }`. @default - none */
  readonly taints?: Readonly<Record<string, Taint>>;
}

/**
 * A worker of a kubeadm cluster (PVE-17): containerd, kubelet and kubeadm in one version, the kernel settings and inotify
 * limits that Kubernetes needs, and the join.
 */
export function kubeadmWorker(props: KubeadmWorkerProps): CloudInitPiece {
  const { kubernetes, repositoryKey, join, mirrors = {} } = props;
  const [major, minor] = kubernetes.split(".");
  const version = `${kubernetes}-*`;
  return {
    name: "kubeadmWorker",
    aptSources: {
      kubernetes: {
        url: `https://pkgs.k8s.io/core:/stable:/v${major}.${minor}/deb/`,
        suite: "/",
        key: repositoryKey,
      },
    },
    packages: ["containerd", "conntrack", { name: "kubelet", version }, { name: "kubeadm", version }],
    files: [
      ...containerdFiles(mirrors),
      { path: "/etc/modules-load.d/kubernetes.conf", content: "overlay\nbr_netfilter\n" },
      { path: "/etc/sysctl.d/60-kubernetes.conf", content: SYSCTLS },
      {
        // Upgrades by unattended-upgrades or by hand stay at the version, too.
        path: "/etc/apt/preferences.d/kubernetes",
        content: `Package: kubelet kubeadm\nPin: version ${version}\nPin-Priority: 1001\n`,
      },
      { path: JOIN_FILE, permissions: "0600", content: yamlText(joinConfiguration(props)) },
    ],
    commands: [
      ["systemctl", "restart", "systemd-modules-load.service", "systemd-sysctl.service", "containerd.service"],
      `test -e /etc/kubernetes/kubelet.conf || kubeadm join --config ${JOIN_FILE}`,
    ],
    secrets: [{ prop: "join.token", text: join.token }],
    problems: (at) => [...problems(props, at), ...mirrorProblems(mirrors, (...path) => at("mirrors", ...path))],
  };
}

/** Below /run, so that the token is gone with the first boot. */
const JOIN_FILE = "/run/kubeadm-join.yaml";

const SYSCTLS = `net.ipv4.ip_forward = 1
net.bridge.bridge-nf-call-iptables = 1
net.bridge.bridge-nf-call-ip6tables = 1
fs.inotify.max_user_watches = 1048576
fs.inotify.max_user_instances = 8192
`;

function joinConfiguration({ join, labels = {}, taints = {} }: KubeadmWorkerProps) {
  const nodeLabels = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return {
    apiVersion: "kubeadm.k8s.io/v1beta4",
    kind: "JoinConfiguration",
    discovery: {
      bootstrapToken: {
        apiServerEndpoint: join.endpoint,
        token: join.token,
        caCertHashes: join.caCertHashes,
      },
    },
    nodeRegistration: {
      criSocket: "unix:///run/containerd/containerd.sock",
      ...(nodeLabels.length === 0 ? {} : { kubeletExtraArgs: [{ name: "node-labels", value: nodeLabels.join(",") }] }),
      ...(Object.keys(taints).length === 0 ? {} : { taints: Object.entries(taints).map(taintEntry) }),
    },
  };
}

function taintEntry([key, taint]: readonly [string, Taint]) {
  const [effect, value] = taint.split(":").reverse();
  return { key, ...(value === undefined ? {} : { value }), effect };
}

function problems({ kubernetes, join, labels = {}, taints = {} }: KubeadmWorkerProps, at: At): readonly Problem[] {
  const [major = 0, minor = 0] = kubernetes.split(".").map(Number);
  const keys = [
    ...Object.keys(labels).map((key) => ["labels", key]),
    ...Object.keys(taints).map((key) => ["taints", key]),
  ];
  return [
    ...(/^\d+\.\d+\.\d+$/.test(kubernetes) ? [] : [versionMalformed(at("kubernetes"), "kubernetes", kubernetes)]),
    ...(major === 1 && minor < 31 ? [kubeadmTooOld(at("kubernetes"), kubernetes)] : []),
    ...(/^[\w.-]+:\d+$|^\[[0-9a-f:]+\]:\d+$/i.test(join.endpoint)
      ? []
      : [wrongValue(at("join", "endpoint"), join.endpoint, 'a host and a port, such as "10.0.20.100:6443"')]),
    ...(join.caCertHashes.length > 0
      ? []
      : [wrongValue(at("join", "caCertHashes"), join.caCertHashes, "at least one hash of the cluster's CA")]),
    ...join.caCertHashes
      .filter((hash) => !/^sha256:[0-9a-f]{64}$/.test(hash))
      .map((hash) => wrongValue(at("join", "caCertHashes"), hash, '"sha256:" and 64 hexadecimal digits')),
    ...keys
      .filter(([, key = ""]) => !isQualifiedName(key))
      .map(([prop = "", key = ""]) =>
        wrongValue(at(prop, key), key, "a key of Kubernetes, such as gpu or example.com/gpu"),
      ),
    ...Object.entries(labels)
      .filter(([, value]) => !isLabelValue(value))
      .map(([key, value]) => wrongValue(at("labels", key), value, "a value of a label, such as true")),
    ...Object.keys(labels)
      .filter((key) => !mayLabelItself(key))
      .map((key) => labelNotAllowed(at("labels", key), key)),
  ];
}
