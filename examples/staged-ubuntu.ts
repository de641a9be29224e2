import { type App, TerraformVariable } from "cdktf";
import { dockerHost, kubeadmWorker } from "../cloud-init";
import {
  ClusterStack,
  PciMapping,
  ProxmoxSite,
  ProxmoxStack,
  Runbooks,
  registryMirrors,
  SiteStack,
  schedulableControlPlanes,
  UbuntuImage,
  UbuntuVm,
} from "../index";
import { stagedUbuntuDatabases } from "./staged-ubuntu-databases";
import { nodeLabels, stagedUbuntuIntegrity } from "./staged-ubuntu-integrity";
import { stagedUbuntuRecovery } from "./staged-ubuntu-recovery";
import { seaweedFsOnDocker, stagedUbuntuStorage } from "./staged-ubuntu-storage";

/**
 * One host with a kubeadm cluster on Ubuntu that is there to stay for a while: a master, a worker with a GPU, five
 * workers without SSH, and a Docker host whose registries serve all of them, and whose S3 endpoint takes the backups.
 * AIDE watches the files of the nodes, and every morning all stacks are compared with what there is. Beside it, in a network
 * of its own, three Talos machines to try what would come after.
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

  stagedUbuntuIntegrity(app, site).addDependency(stack);
  stagedUbuntuStorage(app, site, seaweedFs).addDependency(stack);
  const databases = stagedUbuntuDatabases(app, site, seaweedFs);
  databases.stack.addDependency(stack);

  const { image: talos } = new ProxmoxStack(app, {
    site,
    image: { datastore: "local", extensions: ["siderolabs/qemu-guest-agent"] },
  });
  const { cluster: sandbox } = new ClusterStack(app, {
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
  stagedUbuntuRecovery(app, site, { seaweedFs, databases, sandbox }).addDependency(databases.stack);
}

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
