import { Construct } from "constructs";
import type { CloudInitPiece } from "../cloud-init";
import { type Problem, wrongValue } from "../errors";
import { placesIn } from "../machine-configs/document";
import {
  type HostStorage,
  type HostTls,
  hostPieces,
  keyProblems,
  metricsPorts,
  type ObjectStore,
  type ObjectStoreKeys,
  type ObjectStoreProps,
  region,
  storeProblems,
} from "../object-storage";
import type { DataHolder } from "./backup-policy";
import { addCheck } from "./private/checks";
import { makeStoreKnown } from "./private/known-stores";
import { namesOf } from "./private/names-of";
import { packagePrograms } from "./private/package-files";
import { stateProblems } from "./private/state-in-store";
import { withoutTerraformValues } from "./private/terraform-text";
import type { ProxmoxSite } from "./proxmox-site";

export interface SeaweedFsHostProps<Bucket extends string = string, Identity extends string = string>
  extends ObjectStoreProps<Bucket, Identity> {
  /** The site that it is part of: its BackupPolicy has to say where a copy of the objects is (S3-9). */
  readonly site: ProxmoxSite;

  /** Name, or address, by which clients call it, and for which its certificate is: `s3.example.com` (S3-5). */
  readonly host: string;

  /** @default 8333 */
  readonly port?: number;

  /** Where it keeps what it holds, on the machine and on NFS (S3-3). */
  readonly storage: HostStorage;

  /** The certificate's files on the machine (S3-4). Without them the store does not start. */
  readonly tls: HostTls;

  /** The secrets. They are in the machine's user data, and so in the state. */
  readonly keys: ObjectStoreKeys<Identity>;

  /**
   * Address of the machine at which Prometheus may scrape it (S3-7). Whoever reaches it reads metrics without a password.
   *
   * @default - its own, 127.0.0.1
   */
  readonly metricsAddress?: string;
}

/**
 * SeaweedFS on a Docker host (S3-1, S3-2): an S3 endpoint with TLS, of which nothing but S3 can be reached from outside.
 * It is no resource: `pieces` are what a machine has to be, and `store` is what clients need.
 *
 * As for all pieces, a machine keeps what it was made with.
 *
 * @example
 * const seaweedFs = new SeaweedFsHost(stack, "seaweedfs", {
 *   site,
 *   host: "s3.example.com",
 *   storage: { folder: "/srv/seaweedfs" },
 *   tls: { folder: "/etc/seaweedfs-tls" },
 *   buckets: { "cnpg-backup": {} },
 *   identities: { cnpg: { "cnpg-backup": "write" } },
 *   keys: { admin: adminKey.stringValue, signing: signingKey.stringValue, identities: { cnpg: cnpgKey.stringValue } },
 * });
 * new UbuntuVm(stack, "docker", { ...machine, pieces: seaweedFs.pieces });
 */
export class SeaweedFsHost<const Bucket extends string, const Identity extends string>
  extends Construct
  implements DataHolder
{
  readonly pieces: readonly CloudInitPiece[];
  readonly store: ObjectStore<Bucket, Identity>;
  readonly site: ProxmoxSite;

  constructor(scope: Construct, id: string, props: SeaweedFsHostProps<Bucket, Identity>) {
    super(scope, id);
    this.site = props.site;
    const { host, port = 8333, storage, tls, keys, metricsAddress = "127.0.0.1", ca } = props;
    this.pieces = hostPieces(props, {
      host,
      port,
      storage,
      tls,
      keys,
      metricsAddress,
      programs: packagePrograms("object-store.mjs"),
    });
    this.store = {
      endpoint: `https://${host}:${port}`,
      region,
      ca,
      buckets: namesOf(props.buckets),
      identities: namesOf(props.identities),
      metrics:
        metricsAddress === "127.0.0.1"
          ? undefined
          : Object.values(metricsPorts).map((metricsPort) => `${metricsAddress}:${metricsPort}`),
      cluster: undefined,
    };
    makeStoreKnown(this, { store: this.store, buckets: props.buckets, identities: props.identities });
    addCheck(this, () => this.#problems(props).map(withoutTerraformValues));
  }

  get holdsData(): string {
    return `the objects of ${this.node.id}`;
  }

  #problems(props: SeaweedFsHostProps<Bucket, Identity>): readonly Problem[] {
    const { host, port = 8333, storage, tls } = props;
    const at = placesIn({ name: this.node.path }, "seaweedFs");
    const folders = [
      ["storage", storage.folder],
      ["storage.nfs", storage.nfs?.path ?? "/"],
      ["tls", tls.folder],
    ] as const;
    return [
      ...storeProblems(props, host, at),
      ...keyProblems(props, props.keys, at),
      ...stateProblems(this, at, this.store.endpoint, props.stateRestore, this.pieces),
      ...(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(host)
        ? []
        : [wrongValue(at("host"), host, 'a name or an IPv4 address, such as "s3.example.com"')]),
      ...(Number.isInteger(port) && port > 1023 && port < 65536
        ? []
        : [wrongValue(at("port"), port, "a port from 1024 to 65535, which needs no rights")]),
      ...folders
        .filter(([, folder]) => !/^\/([\w.-]+(\/[\w.-]+)*)?$/.test(folder))
        .map(([prop, folder]) => wrongValue(at(prop), folder, "an absolute path without blanks")),
    ];
  }
}
