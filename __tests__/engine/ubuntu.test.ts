/** Ubuntu machines in the real Terraform: what makes them, what changes them, and what must not. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { summarizePlan } from "../../analysis/plan-summary";
import { dockerHost } from "../../cloud-init";
import { registry, wizard } from "../cloud-init/machines";
import { synthesize } from "../helpers/synth";
import { addWorker, noble, type UbuntuChanges } from "../helpers/ubuntu";
import { type Plan, Workspace } from "./support/terraform";
import { World } from "./support/world";

const vmType = "proxmox_virtual_environment_vm";
const fileType = "proxmox_virtual_environment_file";
const idle = { changes: [], drift: [], outputs: [] };

/** The machine as it is after its first apply, in Terraform and in the world; changed by what a test gives. */
class Machine {
  readonly world = new World();
  readonly #workspace: Workspace;

  private constructor(changes: UbuntuChanges) {
    this.#workspace = Workspace.from(configuration(changes), this.world.options);
  }

  static async applied(changes: UbuntuChanges = {}): Promise<Machine> {
    const machine = new Machine(changes);
    machine.give("abcdef.0123456789abcdef");
    await machine.#workspace.init();
    await machine.#workspace.apply();
    return machine;
  }

  give(secret: string): void {
    writeFileSync(join(this.#workspace.directory, "terraform.tfvars.json"), JSON.stringify({ secret }));
  }

  /** What a plan would do with other code. */
  plan(changes: UbuntuChanges = {}): Promise<Plan> {
    this.#workspace.write(configuration(changes));
    return this.#workspace.plan();
  }

  /** What the plan command shows of a plan with other code, beside its changes. */
  async warnings(changes: UbuntuChanges = {}): Promise<readonly string[]> {
    await this.plan(changes);
    return summarizePlan(JSON.parse(await this.#workspace.run("show", "-json", "engine.tfplan")), "").warnings;
  }

  async apply(changes: UbuntuChanges): Promise<void> {
    this.#workspace.write(configuration(changes));
    await this.#workspace.apply();
  }

  remove(): void {
    this.#workspace.remove();
    this.world.remove();
  }
}

function configuration(changes: UbuntuChanges): object {
  const { "test-ubuntu": stack } = synthesize((app) => addWorker(app, changes));
  const { backend: _, ...terraform } = { backend: undefined, ...stack?.terraform };
  return { ...stack, terraform };
}

let machine: Machine;

beforeEach(async () => {
  machine = await Machine.applied();
});

afterEach(() => machine?.remove());

function actions({ changes }: Plan) {
  return changes.map(({ address, actions: list, replacePaths }) => [address.split(".")[0], list.join(), replacePaths]);
}

const motd = { pieces: [{ name: "motd", files: [{ path: "/etc/motd", content: "hi\n" }] }] };

test("is made of an image with its checksum, a snippet for root and a VM, and then there is nothing left to do", async () => {
  expect(await machine.plan()).toEqual(idle);
  expect(await machine.warnings()).toEqual([]);
  const [download] = machine.world.objects("proxmox_download_file");
  expect(download?.attributes).toMatchObject({
    content_type: "import",
    url: "https://cloud-images.ubuntu.com/releases/24.04/release-20260801/ubuntu-24.04-server-cloudimg-amd64.img",
    file_name: "ubuntu-24.04-20260801-amd64.qcow2",
    checksum: noble.sha256,
    checksum_algorithm: "sha256",
  });
  const [file] = machine.world.objects(fileType);
  expect(file?.attributes).toMatchObject({ content_type: "snippets", node_name: "pve1", file_mode: "0600" });
  const [source] = Array(file?.attributes["source_raw"]).flat() as { data: string }[];
  const files: { path: string; content: string }[] = parse(source?.data ?? "").write_files;
  const join_ = files.find(({ path }) => path === "/run/kubeadm-join.yaml")?.content ?? "";
  expect(parse(join_).discovery.bootstrapToken.token).toBe("abcdef.0123456789abcdef");
});

test("keeps its first user data when the code has others, and every plan says so", async () => {
  expect(await machine.plan({ vm: motd })).toEqual(idle);
  const warnings = await machine.warnings({ vm: motd });
  expect(warnings).toEqual([expect.stringMatching(/^node-1 keeps the user data that it was made with/)]);
  expect(warnings[0]).toMatch(
    /replace proxmox_virtual_environment_file\.\S+ and proxmox_virtual_environment_vm\.\S+ in/,
  );
  await machine.apply({ vm: motd });
  expect(JSON.stringify(machine.world.objects(fileType))).not.toContain("/etc/motd");
  expect(machine.world.calls("create", "delete").filter(({ type }) => type === vmType)).toHaveLength(1);
});

test("keeps its snippet when a secret in it is another one, without a word", async () => {
  machine.give("zyxwvu.fedcba9876543210");
  expect(await machine.plan()).toEqual(idle);
  expect(await machine.warnings()).toEqual([]);
});

test("is called otherwise in place", async () => {
  expect(actions(await machine.plan({ vm: { name: "node-9" } }))).toEqual([[vmType, "update", []]]);
});

test("changes its size in place", async () => {
  expect(actions(await machine.plan({ vm: { memoryMiB: 8192 } }))).toEqual([[vmType, "update", []]]);
});

test("gets its snippet on another host as well, and is not replaced there", async () => {
  const plan = actions(await machine.plan({ vm: { host: "pve2" } }));
  expect(plan.filter(([type]) => type === vmType)).toEqual([[vmType, "update", []]]);
  expect(plan.filter(([type]) => type === fileType)).toEqual([[fileType, "delete,create", ["node_name"]]]);
});

test("is replaced on another datastore of snippets, as its docs say", async () => {
  const datastores = {
    local: { content: ["import", "snippets"] },
    "local-lvm": {},
    nfs: { content: ["snippets"] },
  } as const;
  const plan = actions(await machine.plan({ site: { datastores }, vm: { snippets: "nfs" } }));
  expect(plan.filter(([type]) => type === vmType)).toEqual([
    [vmType, "delete,create", ["initialization.0.user_data_file_id"]],
  ]);
});

test("has another address in place", async () => {
  const address = { address: "10.0.20.10/24", gateway: "10.0.20.1" };
  expect(actions(await machine.plan({ vm: { address } }))).toEqual([[vmType, "update", []]]);
});

test("is not touched by a newer image", async () => {
  const plan = actions(await machine.plan({ image: { serial: "20260826", sha256: "f".repeat(64) } }));
  expect(plan.map(([type, action]) => [type, action])).toEqual([["proxmox_download_file", "create,delete"]]);
});

describe("with replaceOnChange", () => {
  const replaceOnChange = true;

  beforeEach(() => machine.apply({ vm: { replaceOnChange } }));

  test("is replaced by other user data, as the plan says, after its new snippet is there", async () => {
    expect(await machine.plan({ vm: { replaceOnChange } })).toEqual(idle);
    const vm = { ...motd, replaceOnChange };
    expect(actions(await machine.plan({ vm })).sort()).toEqual([
      [fileType, "delete,create", ["source_raw"]],
      [vmType, "delete,create", ["initialization.0.user_data_file_id"]],
    ]);
    expect(await machine.warnings({ vm })).toEqual([]);
    await machine.apply({ vm });
    expect(JSON.stringify(machine.world.objects(fileType))).toContain("/etc/motd");
    expect(await machine.plan({ vm })).toEqual(idle);
  });

  test("is not replaced for another secret", async () => {
    machine.give("zyxwvu.fedcba9876543210");
    expect(await machine.plan({ vm: { replaceOnChange } })).toEqual(idle);
  });
});

test("PVE-16: the registry is VM 220 with its compose project", async () => {
  const vm = { vmId: 220, name: "docker-registry", users: [wizard], pieces: [dockerHost({ projects: { registry } })] };
  const other = await Machine.applied({ vm });
  try {
    expect(other.world.objects(vmType).map(({ attributes }) => attributes["vm_id"])).toEqual([220]);
    expect(JSON.stringify(other.world.objects(fileType))).toContain("/opt/registry/docker-compose.yml");
    expect(await other.plan({ vm })).toEqual(idle);
  } finally {
    other.remove();
  }
});
