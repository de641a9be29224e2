import { type App, TerraformVariable } from "cdktf";
import {
  KubernetesNamespace,
  KubernetesStack,
  ObjectStoreProbe,
  type ObjectStoreProbeProps,
  ProxmoxSite,
  SeaweedFs,
  SeaweedFsHost,
  type SeaweedFsHostProps,
  type SeaweedFsProps,
  SiteStack,
  UbuntuImage,
  UbuntuVm,
} from "../../index";
import { wizard } from "../cloud-init/machines";
import { inFolder, newApp } from "./synth";
import { noble } from "./ubuntu";

/** A store that is right in everything; a test names what it changes. */
export const store = {
  buckets: {
    "cnpg-backup": { expireAfterDays: 40 },
    snapshots: { versioning: true, objectLock: { mode: "GOVERNANCE", days: 14 } },
    terraform: { versioning: true },
  },
  identities: {
    cnpg: { "cnpg-backup": "write" },
    terraform: { terraform: "write" },
    auditor: { snapshots: "read", terraform: "read" },
  },
} as const;

/** What an authority's certificate looks like, as far as is looked. */
export const ca = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

export type HostChanges = Partial<SeaweedFsHostProps>;

/** A Docker host, `docker`, with the store `seaweedfs` on it, in the stack `test-machines`. */
export function addSeaweedFsHost(app: App, changes: HostChanges = {}) {
  const site = new ProxmoxSite<string, string>("test", {
    endpoint: "https://pve.example.com:8006",
    hosts: ["pve1"],
    datastores: { local: { content: ["import", "snippets"] }, "local-lvm": {} },
  });
  const stack = new SiteStack(app, "machines", { site });
  const key = (name: string) => new TerraformVariable(stack, name, { type: "string", sensitive: true }).stringValue;
  const seaweedFs = new SeaweedFsHost<string, string>(stack, "seaweedfs", {
    site,
    ...store,
    host: "s3.example.com",
    storage: { folder: "/srv/seaweedfs" },
    tls: { folder: "/etc/seaweedfs-tls" },
    keys: {
      admin: key("admin_key"),
      signing: key("signing_key"),
      identities: { cnpg: key("cnpg_key"), terraform: key("terraform_key"), auditor: key("auditor_key") },
    },
    ...changes,
  });
  const vm = new UbuntuVm(stack, "docker", {
    site,
    image: new UbuntuImage(stack, "noble", { site, datastore: "local", ...noble }),
    host: "pve1",
    disk: { datastore: "local-lvm", sizeGiB: 32 },
    snippets: "local",
    networkDevices: [{ bridge: "vmbr0" }],
    users: [wizard],
    pieces: seaweedFs.pieces,
  });
  return { site, stack, seaweedFs, vm };
}

/** The same, not synthesized. */
export function seaweedFsHost(changes: HostChanges = {}) {
  return inFolder((outdir) => addSeaweedFsHost(newApp(outdir), changes)).seaweedFs;
}

export interface ClusterChanges {
  readonly seaweedFs?: Partial<SeaweedFsProps>;
  readonly probe?: Partial<ObjectStoreProbeProps>;
}

/** The same store in a cluster, and a probe of it, in the stack `test-storage`. */
export function addSeaweedFs(app: App, changes: ClusterChanges = {}) {
  const site = new ProxmoxSite<string, string>("test", {
    endpoint: "https://pve.example.com:8006",
    hosts: ["pve1"],
    datastores: { local: {} },
  });
  const stack = new KubernetesStack(app, "storage", { site, kubeContext: "admin@lab" });
  return { site, stack, ...fillStack(stack, changes) };
}

function fillStack(stack: KubernetesStack, changes: ClusterChanges) {
  const key = (name: string) => new TerraformVariable(stack, name, { type: "string", sensitive: true }).stringValue;
  const seaweedFs = new SeaweedFs<string, string>(stack, "seaweedfs", {
    site: stack.site,
    ...store,
    namespace: "storage",
    volumes: { sizeGiB: 200 },
    tls: { issuer: { name: "internal-ca" } },
    ca,
    keys: {
      admin: key("admin_key"),
      signing: key("signing_key"),
      identities: { cnpg: key("cnpg_key"), terraform: key("terraform_key"), auditor: key("auditor_key") },
    },
    ...changes.seaweedFs,
  });
  const probe = new ObjectStoreProbe<string, string>(stack, "s3-probe", {
    store: seaweedFs.store,
    bucket: "cnpg-backup",
    namespace: "storage",
    credentials: { identity: "cnpg", secret: "cnpg-s3" },
    runbooks: "https://runbooks.example.com/object-storage",
    ...changes.probe,
  });
  return { seaweedFs, probe };
}

/** All that there is for object stores in a cluster, in a namespace of its own: a store, and probes of both forms. */
export function addObjectStores(stack: KubernetesStack): void {
  new KubernetesNamespace(stack, "storage");
  const monitored = {
    seaweedFs: { monitoring: { namespace: "monitoring" } },
    probe: { pushgateway: "http://pushgateway:9091" },
  };
  fillStack(stack, monitored);
  new ObjectStoreProbe(stack, "host-probe", {
    store: seaweedFsHost({ metricsAddress: "10.0.20.10" }).store,
    bucket: "cnpg-backup",
    namespace: "storage",
    credentials: { identity: "cnpg", secret: "cnpg-s3" },
    runbooks: "https://runbooks.example.com/object-storage",
  });
}

/** The same, not synthesized. */
export function seaweedFsInCluster(changes: ClusterChanges = {}) {
  return inFolder((outdir) => addSeaweedFs(newApp(outdir), changes));
}
