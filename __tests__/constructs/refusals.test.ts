import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { type App, TerraformAsset, TerraformOutput, TerraformStack, TerraformVariable, Testing } from "cdktf";
import { Construct } from "constructs";
import {
  formatProblems,
  type Intent,
  kubelet,
  nodeLabels,
  nvidiaGpu,
  PciMapping,
  ProblemsError,
  ProxmoxSite,
  ProxmoxVm,
  SiteStack,
  systemVolume,
  TalosCluster,
  TalosImage,
  type TalosNode,
  userVolume,
} from "../../index";
import { addCluster, type Built, type ClusterChanges, versions } from "../helpers/clusters";
import { inFolder, newApp, refusals, synthesize } from "../helpers/synth";

const lab = "test-cluster/lab";

/** One mistake a row: what is changed, and the code, place and value of the one problem that it makes. */
const mistakes: readonly [string, ClusterChanges, string, string, string][] = [
  [
    "two machines with one MAC address, in any spelling",
    { workers: { "w-1": { macAddress: "bc:24:11:00:00:11" } } },
    "duplicate-mac-address",
    `${lab}/w-1/Vm`,
    "BC:24:11:00:00:11 already belongs to test-cluster/lab/cp-1/Vm",
  ],
  [
    "two machines with one address",
    { workers: { "w-1": { address: "10.0.0.11" } } },
    "duplicate-address",
    `${lab}/w-1`,
    "10.0.0.11 already belongs to test-cluster/lab/cp-1/Vm",
  ],
  [
    "two machines with one VM id",
    { controlPlanes: { "cp-1": { vmId: 100 } }, workers: { "w-1": { vmId: 100 } } },
    "duplicate-vm-id",
    `${lab}/w-1/Vm`,
    "VM id 100 already belongs to",
  ],
  [
    "a malformed MAC address",
    { workers: { "w-1": { macAddress: "BC:24:11:00:00" } } },
    "malformed-mac",
    `${lab}/w-1/Vm`,
    '"BC:24:11:00:00"',
  ],
  [
    "a multicast MAC address",
    { workers: { "w-1": { macAddress: "BD:24:11:00:00:99" } } },
    "multicast-mac",
    `${lab}/w-1/Vm`,
    '"BD:24:11:00:00:99"',
  ],
  [
    "an address outside of the subnet",
    { workers: { "w-1": { address: "10.0.1.31" } } },
    "outside-subnet",
    `${lab}/w-1`,
    "10.0.1.31",
  ],
  [
    "the subnet's broadcast address",
    { workers: { "w-1": { address: "10.0.0.255" } } },
    "outside-subnet",
    `${lab}/w-1`,
    "10.0.0.255",
  ],
  [
    "a gateway outside of the subnet",
    {
      cluster: { network: { bridge: "vmbr0", subnet: "10.0.0.0/24", gateway: "10.0.1.1", nameservers: ["10.0.0.1"] } },
    },
    "outside-subnet",
    lab,
    "10.0.1.1",
  ],
  [
    "a subnet that is no network address",
    { cluster: { network: { bridge: "vmbr0", subnet: "10.0.0.5/24", gateway: "10.0.0.1" } } },
    "malformed-subnet",
    lab,
    '"10.0.0.5/24"',
  ],
  [
    "a worker with one network card too few (VAL-2)",
    {
      cluster: {
        worker: {
          extraNics: [
            { bridge: "vmbr0", vlanId: 62 },
            { bridge: "vmbr0", vlanId: 81 },
          ],
        },
      },
      workers: { "w-1": { extraNics: [{ bridge: "vmbr0", vlanId: 62 }] } },
    },
    "nic-contract",
    `${lab}/w-1`,
    '"native", "VLAN 62", "VLAN 81", in this order, but this one has "native", "VLAN 62"',
  ],
  [
    "a worker with its VLANs in another order (VAL-3)",
    {
      cluster: {
        worker: {
          extraNics: [
            { bridge: "vmbr0", vlanId: 62 },
            { bridge: "vmbr0", vlanId: 81 },
          ],
        },
      },
      workers: {
        "w-1": {
          extraNics: [
            { bridge: "vmbr0", vlanId: 81 },
            { bridge: "vmbr0", vlanId: 62 },
          ],
        },
      },
    },
    "nic-contract",
    `${lab}/w-1`,
    '"native", "VLAN 81", "VLAN 62"',
  ],
  [
    "a VLAN that no bridge takes",
    { cluster: { worker: { extraNics: [{ bridge: "vmbr0", vlanId: 4095 }] } } },
    "vlan-range",
    `${lab}/w-1/Vm`,
    "4095",
  ],
  ["an unknown host", { workers: { "w-1": { host: "asgard" } } }, "unknown-host", `${lab}/w-1/Vm`, '"asgard"'],
  ["an unknown datastore", { cluster: { datastore: "tank" } }, "unknown-datastore", `${lab}/cp-1/Vm`, '"tank"'],
  [
    "a datastore that takes no images to import",
    { image: { datastore: "local-lvm" } },
    "datastore-content",
    "test-cluster/image",
    '"local-lvm"',
  ],
  [
    "a Kubernetes version that the Talos release does not run",
    { cluster: { versions: { talos: "1.14.4", contract: "1.14", kubernetes: "1.38.0" } } },
    "kubernetes-outside-window",
    lab,
    "1.38.0",
  ],
  [
    "a contract that is newer than Talos",
    { cluster: { versions: { talos: "1.13.9", contract: "1.14", kubernetes: "1.36.3" } } },
    "talos-older-than-contract",
    lab,
    "1.13.9",
  ],
  ["no control plane", { controlPlanes: {} }, "no-control-plane", lab, "no control plane"],
  [
    "an even number of control planes",
    { controlPlanes: { "cp-1": {}, "cp-2": {} } },
    "even-control-planes",
    lab,
    "2 control planes",
  ],
  [
    "two control planes on one host, with hosts enough",
    { controlPlanes: { "cp-1": {}, "cp-2": { host: "pve1" }, "cp-3": {} } },
    "control-planes-share-host",
    lab,
    '"cp-1", "cp-2" are all on the host "pve1"',
  ],
  ["a virtual IP outside of the subnet", { cluster: { virtualIp: "10.9.0.10" } }, "outside-subnet", lab, "10.9.0.10"],
  [
    "an endpoint without a port",
    { cluster: { endpoint: "https://10.0.0.10" } },
    "cluster-endpoint",
    lab,
    '"https://10.0.0.10"',
  ],
  [
    "an endpoint that is a worker",
    { cluster: { endpoint: "https://10.0.0.31:6443" } },
    "endpoint-is-worker",
    lab,
    "w-1",
  ],
  ["a name that is no DNS label", { workers: { W_1: {} } }, "malformed-name", `${lab}/W_1/Vm`, '"W_1"'],
  ["a VM id below 100", { workers: { "w-1": { vmId: 99 } } }, "vm-id-range", `${lab}/w-1/Vm`, "99"],
  [
    "an address that is the gateway's",
    { workers: { "w-1": { address: "10.0.0.1" } } },
    "address-is-gateway",
    `${lab}/w-1`,
    "10.0.0.1",
  ],
  ["a virtual IP that is the gateway's", { cluster: { virtualIp: "10.0.0.1" } }, "address-is-gateway", lab, "10.0.0.1"],
  [
    "a bridge without a name",
    { cluster: { worker: { extraNics: [{ bridge: "" }] } } },
    "malformed-bridge",
    `${lab}/w-1/Vm`,
    '""',
  ],
  [
    "a control plane with less memory than Talos needs",
    { controlPlanes: { "cp-1": { memoryMiB: 1024 } } },
    "value-too-small",
    `${lab}/cp-1`,
    "1024",
  ],
  ["a disk on which Talos does not fit", { cluster: { worker: { diskGiB: 4 } } }, "value-too-small", `${lab}/w-1`, "4"],
  [
    "a volume for which the VM's disk is too small",
    {
      cluster: { worker: { diskGiB: 40 } },
      workers: {
        "w-1": {
          intents: [
            systemVolume({ name: "EPHEMERAL", maxSize: "24GiB" }),
            userVolume({ name: "local", disk: "system", minSize: "20GiB" }),
          ],
        },
      },
    },
    "volume-without-room",
    `${lab}/w-1 UserVolumeConfig/local`,
    "needs 20GiB of the system disk, which has 16GiB left after VolumeConfig/EPHEMERAL",
  ],
  [
    "a host that the site names twice",
    { site: { hosts: ["pve1", "pve2", "pve3", "pve1"] } },
    "duplicate-host",
    "test-cluster",
    '"pve1"',
  ],
  [
    "a host under a name that Proxmox does not take",
    { site: { hosts: ["pve1", "pve2", "pve3", "my host"] } },
    "malformed-host-name",
    "test-cluster",
    '"my host"',
  ],
  [
    "a host with half a MiB of memory",
    { site: { hosts: { pve1: { memoryMiB: 65536.5 }, pve2: {}, pve3: {} } } },
    "value-too-small",
    "test-cluster",
    "hosts.pve1.memoryMiB is 65536.5",
  ],
  [
    "cores that are shared by nobody",
    { site: { cpuOvercommit: 0 } },
    "value-not-positive",
    "test-cluster",
    "cpuOvercommit is 0",
  ],
  [
    "an endpoint in Terraform's language",
    { site: { endpoint: "https://${var.host}" } },
    "malformed-url",
    "test-cluster",
    "${var.host}",
  ],
  [
    "an image factory that is no URL",
    { site: { imageFactory: "factory.example.com" } },
    "malformed-url",
    "test-cluster",
    '"factory.example.com"',
  ],
  [
    "an extension that is only a namespace",
    { image: { extensions: ["siderolabs/qemu-guest-agent", "siderolabs/"] } },
    "extension-malformed",
    "test-cluster/image",
    '"siderolabs/"',
  ],
  [
    "two kernel arguments in one",
    { image: { extensions: ["siderolabs/qemu-guest-agent"], kernelArgs: ["console=ttyS0 quiet"] } },
    "kernel-argument-malformed",
    "test-cluster/image",
    '"console=ttyS0 quiet"',
  ],
  [
    "an endpoint with a path before its port",
    { cluster: { endpoint: "https://10.0.0.10/foo:6443" } },
    "cluster-endpoint",
    lab,
    "/foo:6443",
  ],
  [
    "a subnet in a short form",
    { cluster: { network: { bridge: "vmbr0", subnet: "10.0/24", gateway: "10.0.0.1" } } },
    "malformed-subnet",
    lab,
    '"10.0/24"',
  ],
  [
    "an image factory with a path",
    { site: { imageFactory: "https://factory.example.com/" } },
    "malformed-url",
    "test-cluster",
    '"https://factory.example.com/"',
  ],
  ["half a core", { workers: { "w-1": { cores: 0.5 } } }, "value-too-small", `${lab}/w-1/Vm`, "0.5"],
  [
    "an API endpoint with a path",
    { site: { endpoint: "https://pve.example.com:8006/api2/json" } },
    "malformed-url",
    "test-cluster",
    "/api2/json",
  ],
];

test.each(mistakes)(
  "%s is refused with place, value and remedy, and nothing is written",
  (_, changes, code, where, value) => {
    const problems = refusals((app) => addCluster(app, changes));
    expect(problems.map((problem) => problem.code)).toContain(code);
    const problem = problems.find((candidate) => candidate.code === code && candidate.where.includes(where));
    expect(problem?.message).toContain(value);
    expect(problem?.remedy).toMatch(/^[A-Z].*\.$/);
  },
);

test.each(mistakes)("%s is the only thing refused about it", (_, changes, code) => {
  expect(new Set(refusals((app) => addCluster(app, changes)).map((problem) => problem.code))).toEqual(new Set([code]));
});

test("the cluster that these mistakes are made in is right", () => {
  expect(Object.keys(synthesize((app) => addCluster(app)))).toEqual(["test-cluster"]);
});

test("a site or cluster name that cannot be part of a stack or output is refused without an exception", () => {
  const problems = refusals((app) => {
    const site = new ProxmoxSite("My Site!", {
      endpoint: "https://pve.example.com:8006",
      hosts: ["pve1"],
      datastores: { local: { content: ["import", "images"] } },
    });
    const stack = new SiteStack(app, "cluster", { site });
    const cluster = new TalosCluster(stack, "My Lab!", {
      site,
      versions,
      image: new TalosImage(stack, "image", { site, datastore: "local" }),
      endpoint: "https://10.0.0.11:6443",
      network: { bridge: "vmbr0", subnet: "10.0.0.0/24", gateway: "10.0.0.1" },
      datastore: "local",
    });
    cluster.addControlPlane("cp-1", { host: "pve1", address: "10.0.0.11", macAddress: "BC:24:11:00:00:11" });
  });
  expect(problems.map(({ code }) => code)).toEqual(["malformed-site-name", "malformed-cluster-name"]);
});

test("the same name in two stacks of one site is refused", () => {
  const problems = refusals((app) => {
    const { site, image } = addCluster(app);
    const other = new SiteStack(app, "other", { site });
    new ProxmoxVm(other, "w-1", {
      site,
      host: "pve2",
      disk: { datastore: "local-lvm", sizeGiB: 8, ...image.importFor("pve2", versions.talos) },
      networkDevices: [{ bridge: "vmbr0" }],
    });
  });
  expect(problems).toEqual([
    {
      code: "duplicate-name",
      where: "test-other/w-1",
      message: "The name w-1 already belongs to test-cluster/lab/w-1/Vm.",
      remedy: "Give each machine of the site a name of its own.",
    },
  ]);
});

describe("a VM without Talos", () => {
  const withAddress = (address: string, gateway: string) => (app: App) => {
    const { site, stack } = addCluster(app);
    new ProxmoxVm(stack, "db-1", {
      site,
      host: "pve1",
      disk: { datastore: "local-lvm", sizeGiB: 8, importFrom: "local:import/debian-13.qcow2" },
      networkDevices: [{ bridge: "vmbr0" }],
      address: { address, gateway },
    });
  };

  test.each([
    ["a tag that Proxmox would write differently", { tags: ["NAS"] }, "malformed-tag", '"NAS"'],
    [
      "an ISO as its disk image",
      { disk: { datastore: "local-lvm", sizeGiB: 8, importFrom: "local:iso/debian.iso" } },
      "malformed-import",
      '"local:iso/debian.iso"',
    ],
  ] as const)("with %s is refused", (_, change, code, value) => {
    const problems = refusals((app) => {
      const { site, stack } = addCluster(app);
      new ProxmoxVm(stack, "db-1", {
        site,
        host: "pve1",
        disk: { datastore: "local-lvm", sizeGiB: 8, importFrom: "local:import/debian-13.qcow2" },
        networkDevices: [{ bridge: "vmbr0" }],
        ...change,
      });
    });
    expect(problems).toMatchObject([{ code, where: "test-cluster/db-1", message: expect.stringContaining(value) }]);
  });

  test.each([
    ["the address of a Talos machine", "10.0.0.31/24", "10.0.0.1", "duplicate-address"],
    ["the cluster's virtual IP", "10.0.0.10/24", "10.0.0.1", "duplicate-address"],
    ["an address without prefix length", "10.0.0.99", "10.0.0.1", "malformed-cidr"],
    ["a gateway outside of its network", "10.0.0.99/24", "10.0.1.1", "outside-subnet"],
    ["a gateway that is no address", "10.0.0.99/24", "router", "malformed-address"],
    ["a short form of an address", "10.9/24", "10.0.0.1", "malformed-cidr"],
    ["its own gateway", "10.0.0.99/24", "10.0.0.99", "address-is-gateway"],
    ["the broadcast address as gateway", "10.0.0.99/24", "10.0.0.255", "outside-subnet"],
  ])("with %s is refused", (_, address, gateway, code) => {
    expect(refusals(withAddress(address, gateway))).toMatchObject([{ code, where: "test-cluster/db-1" }]);
  });
});

test("the virtual IP as a node's address, and so as a Talos endpoint, is refused", () => {
  const problems = refusals((app) => addCluster(app, { controlPlanes: { "cp-1": { address: "10.0.0.10" } } }));
  expect(problems.map((problem) => problem.code)).toEqual(
    expect.arrayContaining(["virtual-ip-as-talos-endpoint", "duplicate-address"]),
  );
});

test("an enabled agent without the guest agent in the schematic is refused", () => {
  const [problem, ...others] = refusals((app) => {
    const { cluster } = addCluster(app, { image: { extensions: [] }, workers: {} });
    cluster
      .addWorker("w-1", { host: "pve1", address: "10.0.0.31", macAddress: "BC:24:11:00:00:31" })
      .vm.resource.putAgent({
        enabled: true,
      });
  });
  expect(others).toEqual([]);
  expect(problem).toMatchObject({ code: "agent-without-extension", where: `${lab}/w-1` });
});

describe("a GPU", () => {
  const gpuWorker = (app: App, change: (node: TalosNode) => void = () => {}, host = "pve1", own = false) => {
    const { site, stack, cluster } = addCluster(app, { workers: {} });
    const devices = [{ id: "10de:2571", path: "0000:01:00", iommuGroup: 14, subsystemId: "10de:1611" }];
    const mapping = new PciMapping(stack, "gpu", { site, devices: { pve1: devices } });
    const node = cluster.addWorker("w-1", {
      host,
      address: "10.0.0.31",
      macAddress: "BC:24:11:00:00:31",
      gpu: nvidiaGpu({ mapping }),
      ...(own ? { image: new TalosImage(stack, "own", { site, datastore: "local" }) } : {}),
    });
    change(node);
    return { cluster, mapping };
  };

  test("on a VM that is not q35 with OVMF is refused", () => {
    const problems = refusals((app) =>
      gpuWorker(app, (node) => {
        node.vm.resource.machine = "pc";
        node.vm.resource.bios = "seabios";
      }),
    );
    expect(problems).toMatchObject([{ code: "passthrough-platform", where: `${lab}/w-1/Vm` }]);
    expect(problems[0]?.message).toContain('machine "pc" and bios "seabios"');
  });

  test("without the driver extensions in its schematic is refused", () => {
    const problems = refusals((app) => gpuWorker(app, undefined, "pve1", true));
    expect(problems).toMatchObject([{ code: "gpu-without-driver", where: `${lab}/w-1` }]);
    expect(problems[0]?.message).toContain("nvidia-container-toolkit-production");
  });

  test("by a raw PCI id instead of a mapping is refused", () => {
    const problems = refusals((app) =>
      gpuWorker(app, (node) => node.vm.resource.putHostpci([{ device: "hostpci0", id: "0000:01:00.0", pcie: true }])),
    );
    expect(problems).toMatchObject([{ code: "raw-hostpci-id", where: `${lab}/w-1/Vm` }]);
    expect(problems[0]?.message).toContain('"0000:01:00.0"');
  });

  test("on a host that the mapping has no device for is refused", () => {
    const problems = refusals((app) => gpuWorker(app, undefined, "pve2"));
    expect(problems).toMatchObject([{ code: "mapping-without-host", where: `${lab}/w-1/Vm` }]);
  });

  test("whose id, subsystem id or path is not as Proxmox writes it is refused, each of them", () => {
    const problems = refusals((app) => {
      const { site, stack } = addCluster(app);
      const device = { id: "10de2571", path: "01:00.0", iommuGroup: 14, subsystemId: "x" };
      new PciMapping(stack, "gpu", { site, devices: { pve1: [device] } });
    });
    expect(problems).toMatchObject(Array(3).fill({ code: "malformed-pci-device", where: "test-cluster/gpu" }));
  });

  test("that two VMs of a host want is refused", () => {
    const problems = refusals((app) => {
      const { cluster, mapping } = gpuWorker(app);
      const gpu = nvidiaGpu({ mapping });
      cluster.addWorker("w-2", { host: "pve1", address: "10.0.0.32", macAddress: "BC:24:11:00:00:32", gpu });
    });
    expect(problems).toMatchObject([{ code: "mapping-exhausted", where: "test-cluster/gpu" }]);
  });
});

describe("a secret as a literal", () => {
  const token = "root@pam!terraform=12345678-1234-1234-1234-1234567890ab";

  test.each<[string, (built: Built) => void, string]>([
    [
      "a Proxmox API token of the provider",
      ({ stack }) => (stack.proxmox.apiToken = token),
      "provider.proxmox.0.api_token",
    ],
    ["a password of the provider", ({ stack }) => (stack.proxmox.password = "hunter2"), "provider.proxmox.0.password"],
    [
      "a password for cloud-init",
      ({ cluster }) =>
        cluster.workers[0]?.vm.resource.putInitialization({ userAccount: { username: "admin", password: "hunter2" } }),
      "initialization.user_account.password",
    ],
    [
      "a token in some other text",
      ({ cluster }) => {
        const vm = cluster.workers[0]?.vm.resource;
        if (vm) {
          vm.description = `made with ${token}`;
        }
      },
      "description",
    ],
    [
      "an ED25519 key, as Talos has them",
      ({ stack }) => new TerraformOutput(stack, "key", { value: "-----BEGIN ED25519 PRIVATE KEY-----\nMHcC" }),
      "output.key.value",
    ],
    [
      "such a key in base64",
      ({ stack }) =>
        new TerraformOutput(stack, "key", {
          value: Buffer.from("-----BEGIN ED25519 PRIVATE KEY-----\nMHcCMHcCMHcC").toString("base64"),
        }),
      "output.key.value",
    ],
    [
      "the literal value of a sensitive output",
      ({ stack }) => new TerraformOutput(stack, "key", { value: "hunter2", sensitive: true }),
      "output.key.value",
    ],
    [
      "the default of a sensitive variable",
      ({ stack }) => new TerraformVariable(stack, "token", { default: "hunter2", sensitive: true }),
      "variable.token.default",
    ],
    [
      "a password in a URL",
      ({ cluster }) =>
        ((cluster.workers[0] as TalosNode).vm.resource.description = "https://admin:hunter2@example.com"),
      "description",
    ],
    [
      "a private key in an output",
      ({ stack }) => new TerraformOutput(stack, "key", { value: "-----BEGIN EC PRIVATE KEY-----\nMHcC" }),
      "output.key.value",
    ],
  ])("%s is refused without repeating it", (_, plant, path) => {
    const problems = refusals((app) => plant(addCluster(app)));
    expect(problems).toMatchObject([{ code: "literal-secret", where: "test-cluster" }]);
    expect(problems[0]?.message).toContain(path);
    expect(formatProblems(problems)).not.toMatch(/hunter2|12345678|MHcC/);
  });

  const registryAuth = (fields: object): Intent => ({
    name: "registryAuth",
    documents: () => [{ apiVersion: "v1alpha1", kind: "RegistryAuthConfig", name: "ghcr.io", ...fields }],
  });

  test.each([
    ["password", { username: "me", password: "hunter2" }],
    ["auth", { auth: "hunter2" }],
    ["identityToken", { identityToken: "hunter2" }],
  ])("in the %s of a machine configuration is refused", (field, fields) => {
    const intents = [registryAuth(fields)];
    const problems = refusals((app) => addCluster(app, { workers: { "w-1": { intents } } }));
    expect(problems).toMatchObject([{ code: "literal-secret", where: `${lab}/w-1` }]);
    expect(problems[0]?.message).toContain(`RegistryAuthConfig.${field}`);
    expect(formatProblems(problems)).not.toContain("hunter2");
  });

  test("is not seen in what only looks like one", () => {
    const { "test-cluster": stack } = synthesize((app) => {
      const intents = [nodeLabels({ secret: "none", token: "yes" })];
      const { stack: scope, cluster } = addCluster(app, { cluster: { intents } });
      new TerraformVariable(scope, "password", { type: "string", sensitive: true, description: "of the API" });
      new TerraformVariable(scope, "region", { default: "eu" });
      new TerraformOutput(scope, "wiki", { value: "https://wiki.example.com:8080?user=admin@example.com" });
      const [worker] = cluster.workers;
      if (worker) {
        worker.vm.resource.description = "oci://registry.example.com:5000@sha256:0123";
      }
    });
    expect(stack?.output).toHaveProperty("wiki");
  });

  test("in a stack of somebody else is refused, too", () => {
    const problems = refusals((app) => {
      addCluster(app);
      const other = new TerraformStack(app, "other");
      new TerraformOutput(other, "key", { value: "-----BEGIN PRIVATE KEY-----" });
    });
    expect(problems).toMatchObject([{ code: "literal-secret", where: "other" }]);
  });

  test("TAL-37: a sensitive variable in its place is accepted", () => {
    const { "test-cluster": stack } = synthesize((app) => {
      const built = addCluster(app);
      built.stack.proxmox.apiToken = new TerraformVariable(built.stack, "token", { sensitive: true }).stringValue;
    });
    expect(stack?.provider["proxmox"]?.[0]).toMatchObject({ api_token: "${var.token}" });
  });
});

test("a mistake in the configuration of the whole cluster is reported once, with the number of machines", () => {
  const intents = [kubelet({ config: { serializeImagePulls: true, maxParallelImagePulls: 5 } })];
  expect(refusals((app) => addCluster(app, { cluster: { intents } }))).toMatchObject([
    {
      code: "parallel-pulls-serialized",
      where: expect.stringMatching(/^test-cluster\/lab\/cp-1 Kubelet.* \(and 3 more\)$/),
    },
  ]);
});

test("a mistake in the configuration of one machine names that machine", () => {
  const intents = [kubelet({ config: { serializeImagePulls: true, maxParallelImagePulls: 5 } })];
  expect(refusals((app) => addCluster(app, { workers: { "w-1": { intents } } }))).toMatchObject([
    { code: "parallel-pulls-serialized", where: expect.stringMatching(/^test-cluster\/lab\/w-1 Kubelet[^ ]*$/) },
  ]);
});

test("two machines of one cluster with one name are refused like everything else, without an exception", () => {
  const problems = refusals((app) => {
    const { cluster } = addCluster(app);
    cluster.addWorker("w-1", { host: "pve1", address: "10.0.0.77", macAddress: "BC:24:11:00:00:77" });
  });
  expect(problems.map(({ code }) => code)).toEqual(["duplicate-name"]);
});

test("two clusters of a site with one name, and so one name for their outputs, are refused", () => {
  const problems = refusals((app) => {
    const { site, stack, image } = addCluster(app);
    const cluster = new TalosCluster(new Construct(stack, "elsewhere"), "lab", {
      site,
      image,
      versions,
      endpoint: "https://10.0.0.99:6443",
      network: { bridge: "vmbr0", subnet: "10.0.0.0/24", gateway: "10.0.0.1" },
      datastore: "local-lvm",
    });
    cluster.addControlPlane("other-1", { host: "pve1", address: "10.0.0.99", macAddress: "BC:24:11:00:00:99" });
  });
  expect(problems).toMatchObject([
    { code: "duplicate-cluster-name", remedy: "Give each cluster of the site a cluster name of its own." },
  ]);
});

test("Testing.fullSynth writes one stack of several, and refuses what is wrong", () => {
  const written = Testing.fullSynth(addTwo({}));
  expect(readFileSync(path.join(written, "stacks/test-cluster/cdk.tf.json"), "utf8")).toContain("lab_cp-1");
  expect(() => Testing.fullSynth(addTwo({ cluster: { endpoint: "nonsense" } }))).toThrow(/cluster-endpoint/);

  function addTwo(changes: ClusterChanges) {
    const app = Testing.app();
    const { stack } = addCluster(app, changes);
    new TerraformStack(app, "other");
    return stack;
  }
});

test("what the resource behind a VM was changed to is checked, not what the props were", () => {
  const problems = refusals((app) => {
    const { cluster } = addCluster(app, { controlPlanes: { "cp-1": { vmId: 100 } } });
    const vm = cluster.workers[0]?.vm.resource;
    if (vm) {
      vm.vmId = 100;
      vm.nodeName = "asgard";
      vm.putNetworkDevice([{ bridge: "vmbr0", macAddress: "bc:24:11:00:00:11" }]);
    }
  });
  expect(problems.map(({ code }) => code).sort()).toEqual(["duplicate-mac-address", "duplicate-vm-id", "unknown-host"]);
});

test("TAL-9: a Talos machine whose boot disk was moved to another bus is refused", () => {
  const problems = refusals((app) => {
    const { cluster } = addCluster(app);
    for (const { vm } of cluster.workers) vm.resource.bootOrder = ["virtio0"];
  });
  expect(problems).toMatchObject([
    { code: "install-disk-on-other-bus", where: `${lab}/w-1`, message: expect.stringContaining("/dev/vda") },
  ]);
});

test("an address that two machines have is found even where it is no host of the subnet", () => {
  const address = "10.9.9.9";
  const problems = refusals((app) => addCluster(app, { workers: { "w-1": { address }, "w-2": { address } } }));
  expect(problems.map(({ code, where }) => [code, where])).toEqual([
    ["duplicate-address", "test-cluster/lab/w-2"],
    ["outside-subnet", "test-cluster/lab/w-1 (and 1 more)"],
  ]);
});

test("empty names are refused without an exception", () => {
  const problems = refusals((app) => {
    const { site, stack, image } = addCluster(app, { workers: { "": { host: "" } } });
    new TalosCluster(stack, "", {
      site,
      image,
      versions,
      endpoint: "https://10.0.0.99:6443",
      network: { bridge: "vmbr0", subnet: "10.0.0.0/24", gateway: "10.0.0.1" },
      datastore: "local-lvm",
    });
  });
  expect(new Set(problems.map(({ code }) => code))).toEqual(
    new Set(
      ["malformed-name", "hostname-malformed", "unknown-host", "malformed-cluster-name", "no-control-plane"].filter(
        (code) => code !== "hostname-malformed",
      ),
    ),
  );
});

describe("a refusal over an existing output", () => {
  const snapshot = (folder: string) =>
    Object.fromEntries(
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name))
        .map((file) => [file, readFileSync(file, "utf8")]),
    );
  const build = (outdir: string, asset: string, secret?: string) => {
    const app = newApp(outdir);
    const other = new TerraformStack(app, "other");
    writeFileSync(path.join(outdir, "asset.txt"), asset);
    new TerraformAsset(other, "asset", { path: path.join(outdir, "asset.txt") });
    const { stack } = addCluster(app);
    if (secret !== undefined) {
      stack.proxmox.password = secret;
    }
    return app;
  };

  test("leaves it as it was, assets of other stacks included", () => {
    inFolder((outdir) => {
      build(outdir, "one").synth();
      const refused = build(outdir, "two", "hunter2");
      const before = snapshot(outdir);
      expect(() => refused.synth()).toThrow(ProblemsError);
      expect(snapshot(outdir)).toEqual(before);
    });
  });

  test("leaves nothing behind in the temporary folder, and can be repeated", () => {
    const shared = process.env["TMPDIR"];
    inFolder((temporary) => {
      // One of its own: others write to the shared one meanwhile.
      process.env["TMPDIR"] = temporary;
      try {
        const outdir = path.join(temporary, "cdktf.out");
        mkdirSync(outdir);
        const refused = build(outdir, "one", "hunter2");
        expect(() => refused.synth()).toThrow(ProblemsError);
        expect(() => refused.synth()).toThrow(ProblemsError);
        build(outdir, "one").synth();
        expect(readdirSync(temporary)).toEqual(["cdktf.out"]);
      } finally {
        if (shared === undefined) delete process.env["TMPDIR"];
        else process.env["TMPDIR"] = shared;
      }
    });
  });
});

test("all problems of all stacks are reported at once, and no stack is written, not even one that came first", () => {
  const problems = refusals((app) => {
    new TerraformStack(app, "innocent");
    addCluster(app, {
      site: { endpoint: "pve.example.com" },
      cluster: { endpoint: "10.0.0.10" },
      workers: { "w-1": { macAddress: "nonsense", host: "asgard" } },
    });
  });
  expect(new Set(problems.map((problem) => problem.code))).toEqual(
    new Set(["malformed-url", "cluster-endpoint", "malformed-mac", "unknown-host"]),
  );
  expect(formatProblems(problems)).toMatch(/^4 problems, nothing was written\./);
});
