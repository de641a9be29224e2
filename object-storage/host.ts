/** SeaweedFS on a Docker host: a compose project, and the files beside it. */
import { type CloudFile, type CloudInitPiece, type ComposeProject, dockerHost } from "../cloud-init";
import { images } from "../versions";
import { bucketsFile, masterArguments, s3Arguments, s3Config, seaweedUser, secretsIn, securityToml } from "./config";
import { admin, type ObjectStoreKeys, type ObjectStoreProps, region } from "./store";

/** Where the store keeps what it holds. */
export interface HostStorage {
  /**
   * Folder on a disk of the machine, for what is small and has to be quick: where each object is. Objects are in it too,
   * unless they are on NFS.
   */
  readonly folder: string;

  /**
   * NFS export for the objects, which the user 1000 may write (S3-3): `{ server: "192.168.1.127", path: "/srv/nfs/x" }`.
   *
   * @default - they are in the folder
   */
  readonly nfs?: { readonly server: string; readonly path: string };
}

/** Files of the certificate on the machine. A renewed one is used without a restart. */
export interface HostTls {
  /** Folder with the files themselves, not links out of it; the user 1000 may read them. */
  readonly folder: string;

  /** The certificate, then those of the authorities between. @default "fullchain.pem" */
  readonly certificate?: string;

  /** @default "privkey.pem" */
  readonly key?: string;
}

export interface HostOptions {
  readonly host: string;
  readonly port: number;
  readonly storage: HostStorage;
  readonly tls: HostTls;
  readonly keys: ObjectStoreKeys;
  /** Address of the machine at which metrics are served. */
  readonly metricsAddress: string;
  /** `object-store.mjs` and its modules, out of `scripts`. */
  readonly programs: Readonly<Record<string, string>>;
}

/** Name of the compose project, and of its folder below /opt. */
const project = "seaweedfs";

const folder = `/opt/${project}`;

/** Ports of metrics, by service. */
export const metricsPorts = { master: 9324, volume: 9325, filer: 9326, s3: 9327 } as const;

/** What the machine is given, in this order: files and folders, then Docker and the project. */
export function hostPieces(props: ObjectStoreProps, options: HostOptions): readonly CloudInitPiece[] {
  const { keys, storage } = options;
  const files = hostFiles(props, options);
  const secretFiles = files.filter(({ permissions }) => permissions === "0600");
  const folders = ["master", "volume", "filer"].map((service) => `${storage.folder}/${service}`);
  const owner = String(seaweedUser);
  return [
    {
      name: "seaweedFs",
      packages: storage.nfs === undefined ? [] : ["nfs-common"],
      files,
      commands: [
        ["install", "--directory", "--owner", owner, "--group", owner, "--mode", "0750", ...folders],
        ["chown", `${owner}:${owner}`, ...secretFiles.map(({ path }) => path)],
      ],
      secrets: secretsIn(keys),
    },
    dockerHost({ projects: { [project]: composeProject(props, options) } }),
  ];
}

function hostFiles(props: ObjectStoreProps, { keys, programs }: HostOptions): readonly CloudFile[] {
  const config = JSON.stringify(s3Config(props, keys), null, 2);
  return [
    { path: `${folder}/s3.json`, permissions: "0600", content: `${config}\n` },
    { path: `${folder}/security.toml`, permissions: "0600", content: securityToml(keys.signing) },
    {
      path: `${folder}/admin.env`,
      permissions: "0600",
      content: `AWS_ACCESS_KEY_ID=${admin}\nAWS_SECRET_ACCESS_KEY=${keys.admin}\n`,
    },
    { path: `${folder}/buckets/buckets.json`, content: bucketsFile(props) },
    ...Object.entries(programs).map(([name, content]) => ({ path: `${folder}/buckets/${name}`, content })),
    ...(props.ca === undefined ? [] : [{ path: `${folder}/buckets/ca.pem`, content: props.ca }]),
  ];
}

function composeProject(props: ObjectStoreProps, options: HostOptions): ComposeProject {
  const { host, port, storage, tls, metricsAddress } = options;
  const { image = images.seaweedFs } = props;
  const security = `${folder}/security.toml:/etc/seaweedfs/security.toml:ro`;
  const objects = storage.nfs === undefined ? `${storage.folder}/volume` : "objects";
  const server = (name: keyof typeof metricsPorts, rest: ServerOptions) => ({
    image,
    ...confined,
    entrypoint: ["/usr/bin/weed", "-logtostderr=true"],
    command: [name, "-ip.bind=0.0.0.0", `-metricsPort=${metricsPorts[name]}`, ...rest.arguments],
    ports: [`${metricsAddress}:${metricsPorts[name]}:${metricsPorts[name]}`, ...(rest.ports ?? [])],
    volumes: [security, ...rest.volumes],
    healthcheck: { test: ["CMD", "wget", "-q", "-O", "/dev/null", ...rest.health], ...patience },
    ...(rest.after === undefined ? {} : { depends_on: { [rest.after]: { condition: "service_healthy" } } }),
    ...(rest.networks === undefined ? {} : { networks: rest.networks }),
  });
  return {
    services: {
      master: server("master", {
        arguments: [
          "-ip=master",
          "-mdir=/data",
          "-volumeSizeLimitMB=1024",
          "-defaultReplication=000",
          ...masterArguments,
        ],
        volumes: [`${storage.folder}/master:/data`],
        health: ["http://127.0.0.1:9333/cluster/status"],
      }),
      volume: server("volume", {
        arguments: ["-ip=volume", "-master=master:9333", "-dir=/data", "-max=0"],
        volumes: [`${objects}:/data`],
        health: ["http://127.0.0.1:8080/healthz"],
        after: "master",
      }),
      filer: server("filer", {
        arguments: ["-ip=filer", "-master=master:9333", "-defaultStoreDir=/data"],
        volumes: [`${storage.folder}/filer:/data`],
        health: ["http://127.0.0.1:8888/healthz"],
        after: "volume",
      }),
      s3: server("s3", {
        arguments: [
          "-filer=filer:8888",
          `-port=${port}`,
          "-config=/etc/seaweedfs/s3.json",
          `-cert.file=/tls/${tls.certificate ?? "fullchain.pem"}`,
          `-key.file=/tls/${tls.key ?? "privkey.pem"}`,
          ...s3Arguments,
        ],
        ports: [`${port}:${port}`],
        volumes: [`${folder}/s3.json:/etc/seaweedfs/s3.json:ro`, `${tls.folder}:/tls:ro`],
        health: ["--no-check-certificate", `https://127.0.0.1:${port}/healthz`],
        after: "filer",
        // So that the buckets are made by the name that is in the certificate.
        networks: { default: { aliases: [host] } },
      }),
      buckets: {
        image: props.nodeImage ?? images.node,
        ...confined,
        command: ["node", "/buckets/object-store.mjs", "buckets", "/buckets/buckets.json"],
        environment: {
          S3_ENDPOINT: `https://${host}:${port}`,
          S3_REGION: region,
          ...(props.ca === undefined ? {} : { NODE_EXTRA_CA_CERTS: "/buckets/ca.pem" }),
        },
        env_file: [`${folder}/admin.env`],
        volumes: [`${folder}/buckets:/buckets:ro`],
        depends_on: { s3: { condition: "service_healthy" } },
        restart: "on-failure",
      },
    },
    ...(storage.nfs === undefined ? {} : { volumes: { objects: nfsVolume(storage.nfs) } }),
  };
}

interface ServerOptions {
  readonly arguments: readonly string[];
  readonly volumes: readonly string[];
  /** Arguments of `wget`. */
  readonly health: readonly string[];
  readonly ports?: readonly string[];
  readonly after?: string;
  readonly networks?: object;
}

/** What containers may not do. */
const confined = {
  user: `${seaweedUser}:${seaweedUser}`,
  read_only: true,
  tmpfs: ["/tmp"],
  cap_drop: ["ALL"],
  security_opt: ["no-new-privileges:true"],
};

const patience = { interval: "10s", timeout: "5s", retries: 12, start_period: "30s" };

function nfsVolume({ server, path }: { readonly server: string; readonly path: string }) {
  return { driver: "local", driver_opts: { type: "nfs", o: `addr=${server},rw,hard,nfsvers=4.2`, device: `:${path}` } };
}
