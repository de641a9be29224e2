/** Arguments of Kubernetes components that Talos gives itself: it refuses others only when the component starts. */
import { argumentAdded, argumentDenied, argumentWithDashes } from "../../errors";
import { identityOf, kindOf, type Path, ROOT_KIND, type TalosDocument } from "../document";
import type { PlacedProblem } from "../rules/conflicts";
import { entriesAt } from "./fields";

interface Component {
  readonly name: string;
  readonly kind: string;
  readonly section: Path;
  readonly denied: readonly string[];
  /** Arguments whose values are put beside those of Talos, where one would expect that they take their place. */
  readonly added?: readonly string[];
}

const COMPONENTS: readonly Component[] = [
  {
    name: "kube-apiserver",
    kind: "KubeAPIServerConfig",
    section: ["cluster", "apiServer"],
    denied: [
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
    added: ["authorization-mode", "service-cluster-ip-range"],
  },
  {
    name: "kube-controller-manager",
    kind: "KubeControllerManagerConfig",
    section: ["cluster", "controllerManager"],
    denied: [
      "authentication-kubeconfig",
      "authorization-kubeconfig",
      "cluster-signing-cert-file",
      "cluster-signing-key-file",
      "kubeconfig",
      "root-ca-file",
      "service-account-private-key-file",
    ],
    added: ["controllers", "service-cluster-ip-range"],
  },
  {
    name: "kube-scheduler",
    kind: "KubeSchedulerConfig",
    section: ["cluster", "scheduler"],
    denied: ["authentication-kubeconfig", "authorization-kubeconfig", "config", "kubeconfig"],
  },
  // What the kubelet refuses is among the rules of its documents.
  { name: "the kubelet", kind: "KubeletConfig", section: ["machine", "kubelet"], denied: [] },
  { name: "kube-proxy", kind: "KubeProxyConfig", section: ["cluster", "proxy"], denied: [] },
];

/** What Talos refuses about arguments at the node, and those that are written as on a command line. */
export function argumentProblems(documents: readonly TalosDocument[]): readonly PlacedProblem[] {
  return COMPONENTS.flatMap((component) =>
    documents.flatMap((document) => {
      const kind = kindOf(document);
      if (kind !== component.kind && kind !== ROOT_KIND) return [];
      const path = [...(kind === ROOT_KIND ? component.section : []), "extraArgs"];
      return entriesAt(document, path).flatMap(([name, value]): readonly PlacedProblem[] => {
        const place = { identity: identityOf(document), path: [...path, name] };
        const where = place.path.join(".");
        const bare = name.replace(/^-+/, "");
        if (component.denied.includes(bare)) {
          return [{ ...place, problem: argumentDenied(where, bare, component.name) }];
        }
        if (component.added?.includes(bare)) {
          return [{ ...place, problem: argumentAdded(where, bare, value, component.name) }];
        }
        return bare === name ? [] : [{ ...place, problem: argumentWithDashes(where, name) }];
      });
    }),
  );
}
