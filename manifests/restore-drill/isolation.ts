/** A namespace in which copies of production are brought up, and from which nothing of production can be reached. */
import type { KubernetesObject } from "../object";

/** What a drill may reach beside its own namespace. */
export interface DrillReach {
  /** Addresses of the S3 server in CIDR notation: `10.0.20.10/32`. */
  readonly s3: readonly string[];
  readonly s3Port: number;
  /**
   * Addresses of the control planes in CIDR notation, as they are behind the Service of the API server. With Cilium, for
   * which they are no addresses, the word.
   */
  readonly apiServer: readonly string[] | "cilium";
  /**
   * Who may look after the instances of a copy: the namespace of their operator. They talk to each other and to the API
   * server.
   *
   * @default - nobody; only the drill itself reaches the API server
   */
  readonly operatorNamespace?: string;
  /** @default - metrics are only printed */
  readonly pushgateway?: Pushgateway;
}

/** A Pushgateway, by its namespace or its address. */
export type Pushgateway =
  | { readonly namespace: string; readonly port: number; readonly address?: never }
  | { readonly address: string; readonly port: number; readonly namespace?: never };

/** Where a Pushgateway is: `http://<service>.<namespace>.svc:9091`, or an address; nothing if it is neither. */
export function pushgatewayOf(url: string): Pushgateway | undefined {
  const [, host = "", port = "80"] = /^http:\/\/([^/:@\s]+)(?::(\d+))?\/?$/i.exec(url) ?? [];
  const [, namespace] = /^[a-z0-9-]+\.([a-z0-9-]+)\.svc(?:\..+)?$/.exec(host) ?? [];
  if (namespace !== undefined) {
    return { namespace, port: Number(port) };
  }
  return /^\d+\.\d+\.\d+\.\d+$/.test(host) ? { address: host, port: Number(port) } : undefined;
}

/**
 * Policies by which pods reach what is named and nothing else, and are reached by nobody but their own and their operator.
 *
 * @param drill name of the drill, and of its namespace
 */
export function isolation(drill: string, reach: DrillReach): readonly KubernetesObject[] {
  const namespace = drill;
  const { s3, s3Port, apiServer, operatorNamespace, pushgateway } = reach;
  const itself = { matchLabels: { "app.kubernetes.io/name": drill } };
  const askingApiServer = operatorNamespace === undefined ? itself : {};
  const policy = (name: string, rules: object, podSelector: object = {}, ways = Object.keys(rules)) => ({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace },
    spec: { podSelector, policyTypes: ways.map(capitalized), ...rules },
  });
  return [
    policy("nothing-else", {}, {}, ["ingress", "egress"]),
    ...(operatorNamespace === undefined
      ? []
      : [
          policy("among-themselves", {
            ingress: [{ from: [{ podSelector: {} }] }],
            egress: [{ to: [{ podSelector: {} }] }],
          }),
        ]),
    policy("dns", {
      egress: [
        {
          to: [{ ...inNamespace("kube-system"), podSelector: { matchLabels: { "k8s-app": "kube-dns" } } }],
          ports: [port(53, "UDP"), port(53)],
        },
      ],
    }),
    policy("s3", { egress: [{ to: s3.map(address), ports: [port(s3Port)] }] }),
    ...(operatorNamespace === undefined
      ? []
      : [policy("operator", { ingress: [{ from: [inNamespace(operatorNamespace)], ports: [port(8000)] }] })]),
    apiServer === "cilium"
      ? {
          apiVersion: "cilium.io/v2",
          kind: "CiliumNetworkPolicy",
          metadata: { name: "api-server", namespace },
          spec: { endpointSelector: askingApiServer, egress: [{ toEntities: ["kube-apiserver"] }] },
        }
      : policy("api-server", { egress: [{ to: apiServer.map(address), ports: [port(6443)] }] }, askingApiServer),
    ...(pushgateway === undefined
      ? []
      : [policy("pushgateway", { egress: [{ to: [placeOf(pushgateway)], ports: [port(pushgateway.port)] }] }, itself)]),
  ];
}

/**
 * What all copies together may take, and what a container gets that says nothing.
 *
 * @param storageGiB of volumes; none for a copy whose data goes with its pod
 */
export function drillQuota(namespace: string, storageGiB: number): readonly KubernetesObject[] {
  return [
    {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "drill", namespace },
      spec: {
        hard: {
          pods: "6",
          persistentvolumeclaims: storageGiB === 0 ? "0" : "4",
          "requests.storage": `${storageGiB}Gi`,
          "services.loadbalancers": "0",
          "services.nodeports": "0",
        },
      },
    },
    {
      apiVersion: "v1",
      kind: "LimitRange",
      metadata: { name: "drill", namespace },
      spec: {
        limits: [{ type: "Container", default: { memory: "1Gi" }, defaultRequest: { cpu: "100m", memory: "256Mi" } }],
      },
    },
  ];
}

const address = (cidr: string) => ({ ipBlock: { cidr } });
const inNamespace = (name: string) => ({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } });
const port = (number: number, protocol = "TCP") => ({ protocol, port: number });

function placeOf(pushgateway: Pushgateway) {
  return pushgateway.namespace === undefined
    ? address(`${pushgateway.address}/32`)
    : inNamespace(pushgateway.namespace);
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
