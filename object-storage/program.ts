/** How `scripts/object-store.mjs` runs in a pod. */
import type { ContainerOptions, KubernetesObject, NamedObject } from "../manifests";
import { images } from "../versions";
import type { ObjectStore, PinnedImage } from "./store";

/** Who asks a store, and where the secret key is. */
export interface StoreCredentials<Identity extends string = string> {
  /** Its name is its access key. */
  readonly identity: Identity;

  /** Name of the Secret with the secret key, in the namespace of who asks. */
  readonly secret: string;

  /** Key of the Secret. @default "AWS_SECRET_ACCESS_KEY" */
  readonly key?: string;
}

export interface ProgramOptions {
  /** Name of the ConfigMap with the program. */
  readonly configMap: string;
  readonly store: Pick<ObjectStore, "endpoint" | "region" | "ca">;
  readonly credentials: StoreCredentials;
  readonly arguments: readonly string[];
  /** @default - none */
  readonly env?: readonly NamedObject[];
  readonly image: PinnedImage | undefined;
}

const folder = "/program";

/** The program with its modules, and whatever else is to be beside it. */
export function programConfigMap(
  name: string,
  namespace: string,
  programs: Readonly<Record<string, string>>,
  { ca }: Pick<ObjectStore, "ca">,
  files: Readonly<Record<string, string>> = {},
): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace },
    data: { ...programs, ...files, ...(ca === undefined ? {} : { "ca.pem": ca }) },
  };
}

/** The container and the volume of a pod that runs it. */
export function programPod(options: ProgramOptions): {
  readonly containers: readonly ContainerOptions[];
  readonly volumes: readonly NamedObject[];
} {
  const { configMap, store, credentials, env = [], image = images.node } = options;
  const { identity, secret, key = "AWS_SECRET_ACCESS_KEY" } = credentials;
  return {
    containers: [
      {
        name: "object-store",
        image,
        command: ["node", `${folder}/object-store.mjs`, ...options.arguments],
        env: [
          { name: "S3_ENDPOINT", value: store.endpoint },
          { name: "S3_REGION", value: store.region },
          ...(store.ca === undefined ? [] : [{ name: "NODE_EXTRA_CA_CERTS", value: `${folder}/ca.pem` }]),
          ...env,
          { name: "AWS_ACCESS_KEY_ID", value: identity },
          { name: "AWS_SECRET_ACCESS_KEY", valueFrom: { secretKeyRef: { name: secret, key } } },
        ],
        volumeMounts: [{ name: "program", mountPath: folder, readOnly: true }],
        resources: { cpu: "20m", memory: "128Mi" },
      },
    ],
    volumes: [{ name: "program", configMap: { name: configMap } }],
  };
}
