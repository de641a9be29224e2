/** SeaweedFS in a cluster: the values of its chart, and the objects beside it. */
import { job, type KubernetesObject } from "../manifests";
import { images } from "../versions";
import { bucketsFile, digestOf, masterArguments, s3Arguments, seaweedUser, signingVariables } from "./config";
import { programConfigMap, programPod } from "./program";
import { admin, type ObjectStore, type ObjectStoreProps } from "./store";

/** Who signs the store's certificate: an issuer of cert-manager. */
export interface CertificateIssuer {
  readonly name: string;

  /** @default "ClusterIssuer" */
  readonly kind?: "ClusterIssuer" | "Issuer";
}

/** Names of Secrets that are there already, such as from the External Secrets operator. */
export interface ExistingSecrets {
  /** With `seaweedfs_s3_config`: the identities, as `s3.json` of SeaweedFS has them, `admin` among them. */
  readonly config: string;

  /** With `AWS_SECRET_ACCESS_KEY` of `admin`, which has the action `Admin`. */
  readonly admin: string;

  /** With `signing`: what the parts sign their requests to each other with. */
  readonly signing: string;
}

/** Prometheus' operator, where metrics are wanted. */
export interface StoreMonitoring {
  /** Namespace of Prometheus, which alone reaches the metrics. */
  readonly namespace: string;

  /**
   * Labels by which Prometheus finds ServiceMonitors: its operator ignores others.
   *
   * @default - { release: "kube-prometheus-stack" }
   */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface ChartOptions {
  /** Name of the release. */
  readonly name: string;
  readonly namespace: string;
  readonly masters: number;
  readonly volumes: { readonly replicas: number; readonly sizeGiB: number };
  readonly metadataGiB: number;
  readonly storageClass: string | undefined;
  readonly tlsSecret: string;
  readonly secrets: ExistingSecrets;
  readonly monitoring: StoreMonitoring | undefined;
  /** Differs when the identities do: the S3 process reads them when it starts. */
  readonly configDigest: string;
}

export const s3Port = 8333;

const metricsPort = 9327;

/** The labels by which Prometheus finds what is for it. */
export const prometheusLabels = { release: "kube-prometheus-stack" };

/** The values of the chart, 4.44. */
export function chartValues(props: ObjectStoreProps, options: ChartOptions): Readonly<Record<string, unknown>> {
  const { name, masters, volumes, metadataGiB, storageClass, secrets, monitoring } = options;
  const disk = (sizeGiB: number) => ({
    type: "persistentVolumeClaim",
    size: `${sizeGiB}Gi`,
    ...(storageClass === undefined ? {} : { storageClass }),
  });
  const server = { imageOverride: props.image ?? images.seaweedFs, ...confined };
  const replication = volumes.replicas > 1 ? "001" : "000";
  const https = { httpGet: { path: "/status", scheme: "HTTPS" } };
  const signing = { secretKeyRef: { name: secrets.signing, key: "signing" } };
  return {
    nameOverride: name,
    fullnameOverride: name,
    global: {
      seaweedfs: {
        // TLS between the parts, by certificates of cert-manager.
        enableSecurity: true,
        // The chart would make keys up and put them into a ConfigMap.
        securityConfig: { jwtSigning: { volumeWrite: false, volumeRead: false, filerWrite: false, filerRead: false } },
        extraEnvironmentVars: Object.fromEntries(signingVariables.map((variable) => [variable, signing])),
        createClusterRole: false,
        automountServiceAccountToken: false,
        monitoring: {
          enabled: monitoring !== undefined,
          additionalLabels: monitoring?.labels ?? prometheusLabels,
        },
      },
    },
    master: {
      ...server,
      replicas: masters,
      defaultReplication: replication,
      data: disk(1),
      logs: { type: "emptyDir" },
      extraArgs: masterArguments,
    },
    volume: {
      ...server,
      replicas: volumes.replicas,
      dataDirs: [{ name: "data", maxVolumes: 0, ...disk(volumes.sizeGiB) }],
      // It runs an image of somebody else by its tag.
      resizeHook: { enabled: false },
    },
    filer: {
      ...server,
      replicas: 1,
      defaultReplicaPlacement: replication,
      data: disk(metadataGiB),
      logs: { type: "emptyDir" },
    },
    s3: {
      ...server,
      enabled: true,
      replicas: 1,
      port: s3Port,
      // Without a port of its own for TLS there is nothing but TLS.
      httpsPort: 0,
      tlsSecret: options.tlsSecret,
      enableAuth: true,
      existingConfigSecret: secrets.config,
      podAnnotations: { "checksum/config": options.configDigest },
      extraArgs: s3Arguments,
      logs: { type: "emptyDir" },
      readinessProbe: https,
      livenessProbe: https,
    },
  };
}

/** Pod security `restricted`. */
const confined = {
  podSecurityContext: {
    enabled: true,
    runAsNonRoot: true,
    runAsUser: seaweedUser,
    runAsGroup: seaweedUser,
    fsGroup: seaweedUser,
    seccompProfile: { type: "RuntimeDefault" },
  },
  containerSecurityContext: { enabled: true, allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
};

export interface ChartObjectsOptions {
  /** Names of the certificate; undefined where its Secret is there already. */
  readonly certificate: { readonly issuer: CertificateIssuer; readonly names: readonly string[] } | undefined;
  readonly store: ObjectStore;
  /** `object-store.mjs` and its modules, out of `scripts`. */
  readonly programs: Readonly<Record<string, string>>;
}

/** What is in the namespace beside the chart: certificate, who reaches what, and the Job that makes the buckets. */
export function chartObjects(
  props: ObjectStoreProps,
  options: ChartOptions,
  { certificate, store, programs }: ChartObjectsOptions,
): readonly KubernetesObject[] {
  const { name, namespace, secrets } = options;
  const buckets = { "buckets.json": bucketsFile(props) };
  const configMap = programConfigMap(`${name}-buckets`, namespace, programs, store, buckets);
  const pod = programPod({
    configMap: configMap.metadata.name,
    store,
    credentials: { identity: admin, secret: secrets.admin },
    arguments: ["buckets", "/program/buckets.json"],
    image: props.nodeImage,
  });
  const digest = digestOf([configMap, pod]);
  return [
    ...(certificate === undefined ? [] : [certificateObject(options, certificate.issuer, certificate.names)]),
    networkPolicy(options),
    configMap,
    job({ name: `${name}-buckets-${digest}`, namespace, deadlineSeconds: 3600, retries: 8, ...pod }),
  ];
}

function certificateObject(
  { name, namespace, tlsSecret }: ChartOptions,
  { name: issuer, kind = "ClusterIssuer" }: CertificateIssuer,
  names: readonly string[],
): KubernetesObject {
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: { name: `${name}-s3`, namespace },
    spec: {
      secretName: tlsSecret,
      dnsNames: names,
      issuerRef: { group: "cert-manager.io", kind, name: issuer },
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
    },
  };
}

/** Everybody reaches S3, Prometheus the metrics, and only the parts themselves each other: they ask for no password. */
function networkPolicy({ name, namespace, monitoring }: ChartOptions): KubernetesObject {
  const parts = { matchLabels: { "app.kubernetes.io/instance": name } };
  const port = (number: number) => [{ protocol: "TCP", port: number }];
  const scraping = (prometheus: string) => ({
    from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": prometheus } } }],
    ports: port(metricsPort),
  });
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace },
    spec: {
      podSelector: parts,
      policyTypes: ["Ingress"],
      ingress: [
        { from: [{ podSelector: parts }] },
        { ports: port(s3Port) },
        ...(monitoring === undefined ? [] : [scraping(monitoring.namespace)]),
      ],
    },
  };
}
