import {
  type CloudInitPiece,
  composeCloudInit,
  dockerHost,
  kubeadmWorker,
  renderCloudConfig,
  ubuntuMachine,
  userData,
} from "../../cloud-init";

/** A public key that belongs to nobody. */
export const sshKey = `ssh-ed25519 ${"A".repeat(68)} wizard@example.com`;

export const wizard = { name: "wizard", sshKeys: [sshKey] };

export const digest = `sha256:${"0123456789abcdef".repeat(4)}` as const;

/** What a repository is signed with, as far as its form goes. */
export const repositoryKey = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENBF\n-----END PGP PUBLIC KEY BLOCK-----\n";

export const mirrors = {
  "docker.io": { endpoints: ["http://10.0.20.10:5000"] },
  "ghcr.io": { endpoints: ["http://10.0.20.10:5010"] },
  "harbor.example.com": { endpoints: ["https://mirror.example.com/v2/harbor"], overridePath: true },
  "*": { endpoints: ["http://10.0.20.10:5090", "http://10.0.20.11:5090"], skipFallback: true },
};

export const worker = {
  kubernetes: "1.37.1",
  repositoryKey,
  join: { endpoint: "10.0.20.100:6443", token: "abcdef.0123456789abcdef", caCertHashes: [digest] },
};

export const registry = {
  services: {
    "docker-io": { image: `docker.io/library/registry@${digest}`, ports: ["5000:5000"], volumes: ["cache:/var/lib"] },
    "ghcr-io": { image: `docker.io/library/registry@${digest}`, ports: ["5010:5000"], restart: "always" },
  },
  volumes: { cache: {} },
} as const;

/** A piece with every field. */
export const everything: CloudInitPiece = {
  name: "everything",
  files: [
    { path: "/etc/motd", content: "off\n" },
    {
      path: "/home/wizard/.profile",
      content: "# ${HOME} %{x} 'it' \"is\"\n\ttabbed \\n é 漢\n",
      owner: "wizard:wizard",
    },
    { path: "/usr/local/bin/empty", content: "", permissions: "0755" },
  ],
  packages: ["git", { name: "jq", version: "1.7.*" }],
  aptSources: {
    tools: { url: "https://apt.example.com/ubuntu", suite: "noble", components: ["main", "extra"], key: repositoryKey },
  },
  users: [{ name: "backup", sudo: false, groups: ["adm", "docker"], passwordHash: "$6$rounds=4096$salt$hash" }],
  bootCommands: [["cloud-init-per", "instance", "mark", "touch", "/run/mark"]],
  commands: ['echo "it\'s" $HOME', ["printf", "%s\\n", "it's"]],
  hostname: "everything",
  timezone: "Europe/Vienna",
  growPartitions: ["/", "/var/lib"],
  modules: { ntp: { enabled: true, servers: ["ntp.example.com"] }, package_reboot_if_required: false },
};

/** The user data of every preset, by the name of its golden file. */
export const machines: Readonly<Record<string, readonly CloudInitPiece[]>> = {
  admin: ubuntuMachine({ hostname: "admin", users: [wizard, { name: "second", sshKeys: [sshKey] }] }),
  masked: ubuntuMachine({ hostname: "masked", users: [wizard], sshPolicy: "mask", agent: false }),
  "kubeadm-worker": ubuntuMachine({
    hostname: "k8s-node1",
    users: [wizard],
    sshPolicy: "mask",
    pieces: [
      kubeadmWorker({ ...worker, mirrors, labels: { gpu: "true" }, taints: { "nvidia.com/gpu": "true:NoSchedule" } }),
    ],
  }),
  "docker-host": ubuntuMachine({
    hostname: "docker-registry",
    users: [wizard],
    pieces: [dockerHost({ projects: { registry } })],
  }),
  everything: [everything],
};

/** The text that cloud-init gets. */
export function textOf(pieces: readonly CloudInitPiece[]): string {
  const { config, problems } = composeCloudInit({ name: "it" }, pieces);
  expect(problems).toEqual([]);
  return userData(renderCloudConfig(config));
}
