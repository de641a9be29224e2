import { parse } from "yaml";
import { type CloudInitPiece, kubeadmWorker } from "../../cloud-init";
import { ProxmoxVm, UbuntuImage, UbuntuVm } from "../../index";
import { sshKey, wizard, worker } from "../cloud-init/machines";
import { only, refusals, resources, type Synthesized, synthesize } from "../helpers/synth";
import { addUbuntu, addWorker, noble, type UbuntuChanges } from "../helpers/ubuntu";

const fileType = "proxmox_virtual_environment_file";
const vmType = "proxmox_virtual_environment_vm";

function stackOf(changes: UbuntuChanges = {}, pieces?: (secret: string) => CloudInitPiece[]): Synthesized | undefined {
  return synthesize((app) => addUbuntu(app, changes, pieces))["test-ubuntu"];
}

function dataOf(stack: Synthesized | undefined): string {
  return only(stack, fileType)["source_raw"].data;
}

function problemsOf(changes: UbuntuChanges, pieces?: (secret: string) => CloudInitPiece[]) {
  return refusals((app) => addUbuntu(app, changes, pieces)).map(({ where, code }) => `${where}: ${code}`);
}

describe("the VM", () => {
  test("boots from the image and takes its user data from the snippet, by literal names, after both are there", () => {
    const vm = only(stackOf(), vmType);
    expect(vm).toMatchObject({
      name: "node-1",
      disk: [{ import_from: "local:import/ubuntu-24.04-20260801-amd64.qcow2", size: 32 }],
      initialization: { user_data_file_id: "local:snippets/test-ubuntu-node-1-user-data.yaml" },
      agent: { enabled: true },
    });
    expect(vm["depends_on"].map((address: string) => address.split(".")[0])).toEqual([
      "proxmox_download_file",
      fileType,
    ]);
  });

  test("has all that a VM can have", () => {
    const vm = { vmId: 220, cores: 4, address: { address: "10.0.20.10/24", gateway: "10.0.20.1" }, tags: ["registry"] };
    expect(only(stackOf({ vm }), vmType)).toMatchObject({ vm_id: 220, cpu: { cores: 4 }, tags: ["registry"] });
  });

  test("takes user data of somebody else, too", () => {
    const vmOf = (file: string) => (app: Parameters<typeof addUbuntu>[0]) => {
      const { site, stack } = addUbuntu(app);
      const disk = { datastore: "local-lvm", sizeGiB: 8, importFrom: "local:import/x.qcow2" };
      return new ProxmoxVm(stack, "other", { site, host: "pve1", disk, networkDevices: [], userData: { file } });
    };
    const { "test-ubuntu": stack } = synthesize(vmOf("local:snippets/mine.yaml"));
    const files = resources(stack, vmType).map(({ initialization }) => initialization.user_data_file_id);
    expect(files).toContain("local:snippets/mine.yaml");
    expect(refusals(vmOf("mine.yaml"))).toMatchObject([{ code: "malformed-snippet" }]);
  });
});

describe("the snippet", () => {
  test("is on the VM's host, for root only, and keeps its content", () => {
    expect(only(stackOf(), fileType)).toMatchObject({
      node_name: "pve1",
      datastore_id: "local",
      content_type: "snippets",
      file_mode: "0600",
      lifecycle: { ignore_changes: ["source_raw[0].data"] },
    });
  });

  test("is written once to a shared datastore, by its machine's host: others may not have that one", () => {
    const datastores = { local: { content: ["import", "snippets"], shared: true }, "local-lvm": {} } as const;
    const stack = stackOf({ site: { datastores }, vm: { host: "pve2" } });
    expect(only(stack, fileType)).toMatchObject({
      node_name: "pve2",
      lifecycle: { ignore_changes: ["source_raw[0].data", "node_name"] },
    });
    expect(only(stack, "proxmox_download_file")["node_name"]).toBe("pve2");
  });

  test("says which user data it is, and a check of every plan looks for that", () => {
    const stack = stackOf();
    const [first, second = ""] = dataOf(stack).split("\n");
    expect([first, second]).toEqual(["#cloud-config", expect.stringMatching(/^# [0-9a-f]{12}$/)]);
    expect(JSON.stringify(stack)).toContain(`.source_raw[0].data, \\"${second.replace("# ", "")}\\")}`);
  });

  test("has a name of its own for every content with replaceOnChange, and no check", () => {
    const names = [[], [{ name: "motd", files: [{ path: "/etc/motd", content: "" }] }]].map((pieces) => {
      const stack = stackOf({ vm: { replaceOnChange: true, pieces } });
      expect(stack).not.toHaveProperty("check");
      const { file_name, data } = only(stack, fileType)["source_raw"];
      expect(file_name).toBe(`test-ubuntu-node-1-user-data-${data.split("\n")[1].slice(2)}.yaml`);
      expect(only(stack, vmType)["initialization"].user_data_file_id).toBe(`local:snippets/${file_name}`);
      return file_name;
    });
    expect(new Set(names).size).toBe(2);
  });

  test("is the same whatever else is in the app", () => {
    const lonely = synthesize((app) => addWorker(app))["test-ubuntu"];
    const { "test-ubuntu": crowded } = synthesize((app) => {
      const { site, image, stack } = addWorker(app);
      for (const id of ["a", "b"]) {
        const rest = { host: "pve1", disk: { datastore: "local-lvm", sizeGiB: 8 }, snippets: "local" } as const;
        new UbuntuVm(stack, id, { site, image, ...rest, networkDevices: [], users: [wizard] });
      }
    });
    const sources = resources(crowded, fileType).map(({ source_raw }) => source_raw);
    expect(sources).toHaveLength(3);
    expect(sources).toContainEqual(only(lonely, fileType)["source_raw"]);
  });
});

describe("secrets", () => {
  test("come from Terraform, in a file for root only", () => {
    const data = dataOf(synthesize((app) => addWorker(app))["test-ubuntu"]);
    expect(data).toMatch(
      /permissions: "0600"\n {4}content: \$\{jsonencode\(join\("", \["[^$]*token: ", var\.secret, "/,
    );
  });

  test.each([
    ["a join token", [kubeadmWorker(worker)], "kubeadmWorker.join.token"],
    [
      "the hash of a password",
      [{ name: "p", users: [{ name: "ops", passwordHash: "$6$x$y" }] }],
      "p.users.ops.passwordHash",
    ],
  ])("%s in the code is refused without repeating it", (_, pieces, prop) => {
    const problems = refusals((app) => addUbuntu(app, { vm: { pieces } }));
    expect(problems).toMatchObject([{ code: "literal-secret", where: "test-ubuntu/node-1" }]);
    expect(problems[0]?.message).toContain(prop);
    expect(JSON.stringify(problems)).not.toMatch(/abcdef\.|\$6\$/);
  });

  test("a whole file can be one", () => {
    const data = dataOf(stackOf({}, (secret) => [{ name: "s", files: [{ path: "/etc/secret", content: secret }] }]));
    expect(data).toContain('permissions: "0600"\n    content: ${jsonencode(var.secret)}\n');
  });

  test("a Terraform value that is no text is refused", () => {
    const groups = ["#{TfToken[TOKEN.0]}"];
    expect(problemsOf({ vm: { users: [{ ...wizard, groups }] } })).toEqual([
      "test-ubuntu/node-1: terraform-value-in-configuration",
    ]);
  });
});

describe("refused", () => {
  test.each([
    ["a datastore without snippets", { vm: { snippets: "local-lvm" } }, ": datastore-content"],
    ["a datastore that does not exist", { vm: { snippets: "ceph" } }, ": unknown-datastore"],
    ["a disk smaller than the image", { vm: { disk: { datastore: "local-lvm", sizeGiB: 3 } } }, ": value-too-small"],
    ["users without a key", { vm: { users: [{ name: "wizard" }] } }, " ubuntuMachine.users: everybody-locked-out"],
    [
      "a key for root alone, who may not log in",
      { vm: { users: [{ ...wizard, name: "root" }, { name: "wizard" }] } },
      " ubuntuMachine.users: everybody-locked-out",
    ],
    [
      "a second mouth for one file",
      {
        vm: { pieces: [{ name: "mine", files: [{ path: "/etc/ssh/sshd_config.d/00-hardening.conf", content: "" }] }] },
      },
      ' cloud-init.write_files["/etc/ssh/sshd_config.d/00-hardening.conf"]: pieces-disagree',
    ],
  ] satisfies [string, UbuntuChanges, string][])("%s", (_, changes, expected) => {
    expect(problemsOf(changes)).toEqual([`test-ubuntu/node-1${expected}`]);
  });

  test("a malformed name, once", () => {
    expect(problemsOf({ vm: { name: "Node 1" } })).toEqual(["test-ubuntu/node-1/Vm: malformed-name"]);
  });

  test.each([
    ["a folder that changes", { serial: "current" }],
    ["a release without its date", { serial: "24" }],
    ["a name instead of a version", { version: "noble" }],
    ["a short checksum", { sha256: "0533b0655c32" }],
  ])("of an image: %s", (_, image) => {
    expect(problemsOf({ image })).toEqual(["test-ubuntu/noble: malformed-ubuntu-image"]);
  });

  test("two images that are one file", () => {
    const problems = refusals((app) => {
      const { site, stack } = addUbuntu(app);
      const image = new UbuntuImage(stack, "twin", { site, datastore: "local", ...noble });
      image.importFor("pve1");
    });
    expect(problems).toMatchObject([{ code: "duplicate-image-file", remedy: "Use one image construct for both." }]);
  });

  test("a host without a machine downloads nothing", () => {
    expect(only(stackOf(), "proxmox_download_file")["node_name"]).toBe("pve1");
  });
});

test("HRD-3, HRD-5: every node is hardened from its first boot, and exactly five are without SSH after it", () => {
  const policies = { "k8s-master": "keep", "k8s-node1": "keep" } as const;
  const masked = ["k8s-node2", "k8s-node3", "k8s-node4", "k8s-node5", "k8s-node6"];
  const { "test-ubuntu": stack } = synthesize((app) => {
    const { site, stack, image } = addUbuntu(app);
    const rest = { disk: { datastore: "local-lvm", sizeGiB: 8 }, snippets: "local", networkDevices: [] } as const;
    for (const [name, sshPolicy] of [...Object.entries(policies), ...masked.map((name) => [name, "mask"] as const)]) {
      const users = [{ name: "wizard", sshKeys: [sshKey] }];
      new UbuntuVm(stack, name, { site, image, host: "pve1", ...rest, users, sshPolicy });
    }
  });
  const nodes = resources(stack, fileType).map(({ source_raw }) => parse(source_raw.data));
  expect(nodes).toHaveLength(8);
  for (const { write_files } of nodes) {
    expect(write_files).toContainEqual(
      expect.objectContaining({
        path: "/etc/ssh/sshd_config.d/00-hardening.conf",
        content: expect.stringContaining("PasswordAuthentication no\n"),
      }),
    );
  }
  const withoutSsh = nodes
    .filter(({ runcmd }) => JSON.stringify(runcmd).includes('"mask"'))
    .map(({ hostname }) => hostname);
  expect(withoutSsh).toEqual(masked);
});
