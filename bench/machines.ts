import {
  auditPolicy,
  hostname,
  type Intent,
  install,
  installerImage,
  kubelet,
  type MachineTarget,
  nvidiaDriver,
  oidc,
  registryMirrors,
  schematicId,
  schematicYaml,
  staticNetwork,
  sysctls,
  virtualIp,
} from "../machine-configs";

/** One node of the site that is measured. */
export interface Node {
  readonly name: string;
  readonly role: MachineTarget["role"];
  readonly vmId: number;
  readonly host: string;
  readonly address: string;
  readonly macAddress: string;
  readonly hasGpu: boolean;
}

export const versions = { talos: "1.14.4", contract: "1.14", kubernetes: "1.37.1" } as const;

/** Of all nodes, so that a site of any size fits in. */
export const network = { subnet: "10.32.0.0/16", gateway: "10.32.0.1" } as const;

export const clusterAddress = "10.32.0.2";

/** A site grows by hosts, not by machines per host. */
export function hostsFor(nodes: number): string[] {
  return Array.from({ length: Math.max(4, Math.ceil(nodes / 10)) }, (_, index) => `pve-${index + 1}`);
}

/** Three control planes, then workers; every sixth worker has a GPU, which makes two of them in a site of fifteen. */
export function nodesOf(count: number): Node[] {
  const hosts = hostsFor(count);
  return Array.from({ length: count }, (_, index) => {
    const role = index < 3 ? "controlplane" : "worker";
    return {
      name: role === "worker" ? `worker-${index - 2}` : `control-${index + 1}`,
      role,
      vmId: 10_000 + index,
      host: hosts[index % hosts.length] ?? "",
      address: `10.32.${1 + Math.floor(index / 250)}.${1 + (index % 250)}`,
      macAddress: `BC:24:11:20:${hexByte(index >> 8)}:${hexByte(index & 255)}`,
      hasGpu: role === "worker" && (index - 2) % 6 === 0,
    };
  });
}

/** What all nodes are told, as much as the site `prox-ops` tells its nodes. */
export function siteIntents(): Intent[] {
  return [
    registryMirrors({
      "docker.io": { endpoints: ["https://registry.example.com:5000"] },
      "ghcr.io": { endpoints: ["https://registry.example.com:5010"] },
      "quay.io": { endpoints: ["https://registry.example.com:5020"] },
      "registry.k8s.io": { endpoints: ["https://registry.example.com:5030"] },
    }),
    sysctls({ "fs.inotify.max_user_watches": "1048576", "fs.inotify.max_user_instances": "8192" }),
    kubelet({ config: { serializeImagePulls: false, maxParallelImagePulls: 50 } }),
    oidc({
      issuerUrl: "https://auth.example.com/application/o/kubernetes/",
      clientId: "kubernetes",
      usernameClaim: "email",
      groupsClaim: "groups",
    }),
    auditPolicy({
      rules: [
        { level: "None", users: ["system:kube-proxy"], verbs: ["watch"] },
        { level: "Metadata", resources: [{ group: "", resources: ["secrets", "configmaps"] }] },
        { level: "RequestResponse", verbs: ["create", "update", "patch", "delete"] },
        { level: "Metadata", omitStages: ["RequestReceived"] },
      ],
    }),
  ];
}

/** The nodes of a site as targets and intents: what its constructs give to the machine configurations. */
export function machines(count: number): { readonly target: MachineTarget; readonly intents: readonly Intent[] }[] {
  const forAll = siteIntents();
  const schematic = schematicId(schematicYaml({ extensions: ["siderolabs/qemu-guest-agent"], kernelArgs: [] }));
  const { talos, contract } = versions;
  return nodesOf(count).map(({ name, role, address, hasGpu }) => ({
    target: { name, role, contract, talos },
    intents: [
      install({ image: installerImage("factory.talos.dev", schematic, talos) }),
      hostname(name),
      staticNetwork({
        links: [
          { name: "eth0", address: `${address}/16`, gateway: network.gateway },
          ...(role === "worker" ? [{ name: "eth1" }, { name: "eth2" }] : []),
        ],
        nameservers: [network.gateway],
      }),
      virtualIp({ address: clusterAddress, link: "eth0" }),
      ...(hasGpu ? [nvidiaDriver()] : []),
      ...forAll,
    ],
  }));
}

function hexByte(value: number): string {
  return value.toString(16).toUpperCase().padStart(2, "0");
}
