import { type App, TerraformVariable } from "cdktf";
import { dockerHost, kubeadmWorker } from "../cloud-init";
import {
  ClusterStack,
  FileIntegrity,
  KubernetesNamespace,
  KubernetesSecret,
  KubernetesStack,
  PciMapping,
  PostgresCluster,
  PostgresOperator,
  PostgresRestoreDrill,
  ProxmoxSite,
  ProxmoxStack,
  Runbooks,
  registryMirrors,
  SiteStack,
  schedulableControlPlanes,
  UbuntuImage,
  UbuntuVm,
} from "../index";
import { seaweedFsOnDocker, stagedUbuntuStorage } from "./staged-ubuntu-storage";

/**
 * One host with a kubeadm cluster on Ubuntu that is there to stay for a while: a master, a worker with a GPU, five
 * workers without SSH, and a Docker host whose registries serve all of them, and whose S3 endpoint takes the backups.
 * AIDE watches the files of the nodes. Beside it, in a network of its own, three Talos machines to try what would come
 * after.
 */
export function stagedUbuntu(app: App): void {
  const site = new ProxmoxSite("staged-ubuntu", {
    endpoint: "https://192.168.1.127:8006",
    hosts: { pve: { memoryMiB: 131072, cores: 32 } },
    datastores: { local: { content: ["import", "snippets"] }, "local-lvm": {} },
  });

  new Runbooks(app, { site });

  const stack = new SiteStack(app, "ubuntu", { site });
  const image = new UbuntuImage(stack, "noble", {
    site,
    datastore: "local",
    version: "24.04",
    serial: "20260801",
    sha256: "0533b0655c32e68b31d792ecd6ccfca95abdbc536c4446874fe0513bd4140ffe",
  });
  const machine = {
    site,
    image,
    host: "pve",
    snippets: "local",
    users: [{ name: "ops", sshKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleKey ops@example.com"] }],
  } as const;
  const on = (address: string, macAddress: string) => ({
    networkDevices: [{ bridge: "vmbr0", macAddress }],
    address: { address: `${address}/24`, gateway: "10.0.20.1", nameservers: ["10.0.20.101", "1.1.1.1"] },
  });

  const mirrors = Object.fromEntries(
    Object.entries(registries).map(([name, { port }]) => [name, { endpoints: [`http://10.0.20.10:${port}`] }]),
  );
  const seaweedFs = seaweedFsOnDocker(stack, site);
  new UbuntuVm(stack, "docker-registry", {
    ...machine,
    ...on("10.0.20.10", "BC:24:11:20:00:10"),
    vmId: 220,
    memoryMiB: 8192,
    disk: { datastore: "local-lvm", sizeGiB: 200 },
    pieces: [dockerHost({ projects: { registry: registryProject } }), ...seaweedFs.pieces],
  });

  // It is set up by hand, once: `kubeadm init` makes the secrets that every worker joins with.
  new UbuntuVm(stack, "k8s-master", {
    ...machine,
    ...on("10.0.20.100", "BC:24:11:20:01:00"),
    cores: 4,
    memoryMiB: 8192,
    disk: { datastore: "local-lvm", sizeGiB: 64 },
  });

  const token = new TerraformVariable(stack, "join_token", { type: "string", sensitive: true });
  const repositoryKey = new TerraformVariable(stack, "kubernetes_repository_key", { type: "string" });
  const worker = {
    kubernetes: "1.36.3",
    repositoryKey: repositoryKey.stringValue,
    join: {
      endpoint: "10.0.20.100:6443",
      token: token.stringValue,
      caCertHashes: ["sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"],
    },
    mirrors,
    labels: nodeLabels,
  };
  const t4 = new PciMapping(stack, "tesla-t4", {
    site,
    devices: { pve: [{ id: "10de:1eb8", path: "0000:3b:00", iommuGroup: 31, subsystemId: "10de:12a2" }] },
  });
  new UbuntuVm(stack, "k8s-node1", {
    ...machine,
    ...on("10.0.20.101", "BC:24:11:20:01:01"),
    cores: 8,
    memoryMiB: 32768,
    disk: { datastore: "local-lvm", sizeGiB: 128 },
    pciDevices: [t4],
    pieces: [
      kubeadmWorker({
        ...worker,
        labels: { ...nodeLabels, gpu: "true" },
        taints: { "nvidia.com/gpu": "true:NoSchedule" },
      }),
    ],
  });
  for (const index of [2, 3, 4, 5, 6]) {
    new UbuntuVm(stack, `k8s-node${index}`, {
      ...machine,
      ...on(`10.0.20.10${index}`, `BC:24:11:20:01:0${index}`),
      cores: 4,
      memoryMiB: 8192,
      disk: { datastore: "local-lvm", sizeGiB: 64 },
      sshPolicy: "mask",
      pieces: [kubeadmWorker(worker)],
    });
  }

  const integrity = new KubernetesStack(app, "integrity", { site, kubeContext: "kubernetes-admin@kubernetes" });
  integrity.addDependency(stack);
  new FileIntegrity(integrity, "file-integrity", {
    image: aideImage,
    nodeSelector: nodeLabels,
    // When unattended-upgrades does its work.
    patchWindows: [{ from: "06:00", until: "07:30" }],
    brokenPolicies: [{ validatingPolicy: "disallow-host-path" }],
    runbooks: "https://docs.example.com/file-integrity",
  });
  stagedUbuntuStorage(app, site, seaweedFs).addDependency(stack);
  databases(app, site).addDependency(stack);

  const { image: talos } = new ProxmoxStack(app, {
    site,
    image: { datastore: "local", extensions: ["siderolabs/qemu-guest-agent"] },
  });
  new ClusterStack(app, {
    site,
    clusterName: "sandbox",
    image: talos,
    endpoint: "https://10.0.30.11:6443",
    versions: { talos: "1.14.4", contract: "1.14", kubernetes: "1.36.3" },
    network: { bridge: "vmbr0", vlanId: 30, subnet: "10.0.30.0/24", gateway: "10.0.30.1" },
    datastore: "local-lvm",
    intents: [registryMirrors(mirrors), schedulableControlPlanes()],
    controlPlanes: { "sandbox-1": { host: "pve", address: "10.0.30.11", macAddress: "BC:24:11:30:00:11" } },
    workers: {
      "sandbox-2": { host: "pve", address: "10.0.30.12", macAddress: "BC:24:11:30:00:12" },
      "sandbox-3": { host: "pve", address: "10.0.30.13", macAddress: "BC:24:11:30:00:13" },
    },
  });
}

/** The cluster's database, in the namespace that it always had, with backups that leave the cluster for the Docker host. */
function databases(app: App, site: ProxmoxSite): KubernetesStack {
  const stack = new KubernetesStack(app, "databases", { site, kubeContext: "kubernetes-admin@kubernetes" });
  const s3Keys = (namespace: string, user: string) => {
    const secret = (name: string) =>
      new TerraformVariable(stack, name, { type: "string", sensitive: true }).stringValue;
    const data = { ACCESS_KEY_ID: secret(`s3_${user}_id`), ACCESS_SECRET_KEY: secret(`s3_${user}_key`) };
    return new KubernetesSecret(stack, `s3-${user}`, { namespace, data }).secretName;
  };
  const { namespaceName: namespace, resource } = new KubernetesNamespace(stack, "dbaas");
  const cluster = new PostgresCluster(stack, "pg-cluster", {
    site,
    operator: new PostgresOperator(stack, "cnpg-system"),
    namespace,
    image:
      "ghcr.io/cloudnative-pg/postgresql:18.6-standard-trixie@sha256:71eef62330076deb985c8ffb1abeb957d86779c3911a8057c0b97f3c5a30b50b",
    storage: { sizeGiB: 20 },
    backup: {
      store: { endpoint: "https://s3.example.com:8333", bucket: "cnpg-backup", secret: s3Keys(namespace, "cnpg") },
      schedule: "0 30 2 * * *",
      retention: "30d",
    },
    monitoring: { runbooks: "https://docs.example.com/postgres" },
    dependsOn: [resource],
  });
  const drill = new PostgresRestoreDrill(stack, "drill-pg-cluster", {
    cluster,
    schedule: "0 4 1,15 * *",
    maxAgeDays: 31,
    s3Secret: "s3-drill",
    s3: ["10.0.20.10/32"],
    apiServer: ["10.0.20.100/32"],
    monitoring: {
      runbooks: "https://docs.example.com/postgres",
      pushgateway: "http://pushgateway.monitoring.svc:9091",
    },
  });
  s3Keys(drill.namespaceName, "drill");
  return stack;
}
/** What tells the nodes from those of Talos. The master, which is set up by hand, gets it by `kubectl label`. */
const nodeLabels = { "example.com/os": "ubuntu" };

const aideImage = `registry.example.com/aide:0.19.1@sha256:${"0123456789abcdef".repeat(4)}`;

/** The registries that are mirrored: each needs a port of its own. */
const registries = {
  "docker.io": { port: 5000, url: "https://registry-1.docker.io" },
  "ghcr.io": { port: 5010, url: "https://ghcr.io" },
  "quay.io": { port: 5020, url: "https://quay.io" },
  "registry.k8s.io": { port: 5030, url: "https://registry.k8s.io" },
  "reg.kyverno.io": { port: 5040, url: "https://reg.kyverno.io" },
};

const registryImage = `docker.io/library/registry@sha256:${"0123456789abcdef".repeat(4)}` as const;

const registryProject = {
  services: Object.fromEntries(
    Object.entries(registries).map(([name, { port, url }]) => [
      name.replaceAll(".", "-"),
      {
        image: registryImage,
        ports: [`${port}:5000`],
        environment: { REGISTRY_PROXY_REMOTEURL: url },
        volumes: [`${name.replaceAll(".", "-")}:/var/lib/registry`],
        restart: "unless-stopped",
      },
    ]),
  ),
  volumes: Object.fromEntries(Object.keys(registries).map((name) => [name.replaceAll(".", "-"), {}])),
};
