import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { type Diagnostic, failureOf, Workspace, type WorkspaceOptions } from "./support/terraform";
import { overlap, World } from "./support/world";

/** Small configurations on the real schemas: they prove the double, not our stacks. */

const opened: { remove(): void }[] = [];

afterEach(() => {
  for (const one of opened.splice(0)) {
    one.remove();
  }
});

function newWorld(): World {
  const world = new World();
  opened.push(world);
  return world;
}

async function workspace(configuration: object, options: WorkspaceOptions = {}): Promise<Workspace> {
  const created = Workspace.from({ ...providers, ...configuration }, options);
  opened.push(created);
  await created.init();
  return created;
}

const providers = {
  terraform: {
    required_providers: {
      proxmox: { source: "bpg/proxmox", version: "0.111.1" },
      talos: { source: "siderolabs/talos", version: "0.12.0" },
    },
  },
  provider: { proxmox: { endpoint: "https://pve.example.com:8006", api_token: "root@pam!t=0" }, talos: {} },
};

const keys = {
  bridge: "vmbr1",
  disconnected: null,
  enabled: null,
  firewall: null,
  mac_address: null,
  model: null,
  mtu: null,
  queues: null,
  rate_limit: null,
  trunks: null,
  vlan_id: null,
};

type Attributes = Readonly<Record<string, unknown>>;

function vm(attributes: Attributes = {}, name = "vm"): object {
  return {
    resource: {
      proxmox_virtual_environment_vm: { [name]: { node_name: "pve-1", name, vm_id: 101, ...attributes } },
    },
  };
}

const image = {
  node_name: "pve-1",
  datastore_id: "local",
  content_type: "import",
  url: "https://example.com/images/talos.raw.xz",
};

function resource(type: string, attributes: Attributes): object {
  return { resource: { [type]: { it: attributes } } };
}

const vmType = "proxmox_virtual_environment_vm";
const applyType = "talos_machine_configuration_apply";
const secretsRef = `\${talos_machine_secrets.it.machine_secrets}`;
const clientRef = `\${talos_machine_secrets.it.client_configuration}`;

/** Machines that get their configuration one after the other, or all at once. */
function machines(nodes: readonly string[], oneByOne = true): object {
  const named = (node: string) => `node-${node.replaceAll(".", "-")}`;
  const applies = nodes.map((node, index) => {
    const previous = oneByOne ? nodes[index - 1] : undefined;
    const attributes = {
      node,
      client_configuration: clientRef,
      machine_configuration_input: "machine: {}\n",
      ...(previous === undefined ? {} : { depends_on: [`${applyType}.${named(previous)}`] }),
    };
    return [named(node), attributes] as const;
  });
  return {
    resource: {
      talos_machine_secrets: { it: { talos_version: "v1.14" } },
      [applyType]: Object.fromEntries(applies),
    },
  };
}

function errors(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.filter(({ severity }) => severity === "error").map(({ detail }) => detail);
}

describe("network_device, the attribute-mode block", () => {
  test.each(Object.keys(keys))("an element without %s is refused", async (key) => {
    const { [key as keyof typeof keys]: _, ...ten } = keys;
    const diagnostics = await (await workspace(vm({ network_device: [ten] }))).validate();
    expect(errors(diagnostics).join()).toMatch(new RegExp(`attribute "${key}" is required`));
  });

  test("explicit nulls are accepted, without a deprecation notice for enabled", async () => {
    expect(await (await workspace(vm({ network_device: [keys] }))).validate()).toEqual([]);
  });

  test("a set enabled is announced as deprecated", async () => {
    const diagnostics = await (await workspace(vm({ network_device: [{ ...keys, enabled: true }] }))).validate();
    expect(diagnostics.map(({ severity, detail }) => [severity, detail])).toEqual([
      ["warning", "network_device.enabled is deprecated by its provider."],
    ]);
  });

  test("nulls become the provider's defaults, and a MAC address is made up", async () => {
    const stack = await workspace(vm({ network_device: [keys, { ...keys, bridge: null }] }));
    await stack.apply();
    const [machine] = await stack.state();
    expect(machine?.values["network_device"]).toEqual([
      expect.objectContaining({ bridge: "vmbr1", model: "virtio", mtu: 0, firewall: false }),
      expect.objectContaining({ bridge: "vmbr0", mac_address: expect.stringMatching(/^BC:24:11:/) }),
    ]);
  });
});

describe("refusals", () => {
  test.each<[string, Attributes, string]>([
    ["a value outside the list", { bios: "uefi" }, "bios"],
    ["a value outside the list, in a block", { disk: [{ interface: "scsi0", cache: "fast" }] }, "cache"],
    ["a value outside the range", { cpu: [{ cores: 0 }] }, "cores"],
    ["no duration", { agent: [{ timeout: "15" }] }, "timeout"],
    ["no DNS name", { name: "my_vm" }, "name"],
    ["a vm_id below 100", { vm_id: 99 }, "vm_id"],
    ["no machine type", { machine: "q36" }, "machine"],
    ["no file id", { disk: [{ interface: "scsi0", import_from: "talos.img" }] }, "import_from"],
  ])("%s, at its line", async (_, attributes, line) => {
    const diagnostics = await (await workspace(vm(attributes))).validate();
    expect(diagnostics).toEqual([expect.objectContaining({ severity: "error", summary: "Invalid Attribute Value" })]);
    expect(diagnostics[0]?.code).toContain(`"${line}":`);
  });

  test("a custom CPU type passes beside the list", async () => {
    expect(await (await workspace(vm({ cpu: [{ type: "custom-talos" }] }))).validate()).toEqual([]);
  });

  test("all problems of a resource come at once", async () => {
    const diagnostics = await (await workspace(vm({ bios: "uefi", scsi_hardware: "ide" }))).validate();
    expect(errors(diagnostics)).toEqual([
      'bios: value must be one of: ["ovmf" "seabios"], got: "uefi"',
      expect.stringMatching(/^scsi_hardware: value must be one of: /),
    ]);
  });

  test("attributes that exclude each other", async () => {
    const initialization = [{ user_account: [{ username: "a" }], user_data_file_id: "local:snippets/a.yaml" }];
    expect(errors(await (await workspace(vm({ initialization }))).validate())).toEqual([
      "at most one of initialization.user_account, initialization.user_data_file_id may be set",
    ]);
  });

  test.each<[string, Attributes, string]>([
    ["an attribute that needs another", { checksum: "00" }, "checksum_algorithm must be set when checksum is set"],
    ["a URL that is not http", { url: "ftp://example.com/a" }, "url: must match HTTP URL regex `https?://.*`"],
    [
      "an unknown compression",
      { decompression_algorithm: "xz" },
      'decompression_algorithm: value must be one of: ["gz"',
    ],
  ])("%s", async (_, attributes, message) => {
    const diagnostics = await (
      await workspace(resource("proxmox_download_file", { ...image, ...attributes }))
    ).validate();
    expect(errors(diagnostics)).toEqual([expect.stringContaining(message)]);
  });

  test("neither or both of a pair of which exactly one is needed", async () => {
    const client = { ca_certificate: "a", client_certificate: "b", client_key: "c" };
    const neither = await workspace(resource("talos_machine_bootstrap", { node: "10.0.0.2" }));
    const both = resource("talos_machine_bootstrap", {
      node: "10.0.0.2",
      client_configuration: client,
      client_configuration_wo: client,
    });
    const message = "exactly one of client_configuration, client_configuration_wo must be set";
    expect(errors(await neither.validate())).toEqual([`${message}, got 0`]);
    neither.write({ ...providers, ...both });
    expect(errors(await neither.validate())).toEqual([`${message}, got 2`]);
  });

  test("a missing required attribute is refused by Terraform itself", async () => {
    const { url: _, ...rest } = image;
    const diagnostics = await (await workspace(resource("proxmox_download_file", rest))).validate();
    expect(errors(diagnostics)).toEqual([expect.stringContaining('"url" is required')]);
  });

  test("a deprecated attribute is announced", async () => {
    const diagnostics = await (await workspace(vm({ timeout_move_disk: 60 }))).validate();
    expect(diagnostics.map(({ severity, detail }) => `${severity}: ${detail}`)).toEqual([
      "warning: timeout_move_disk is deprecated by its provider.",
    ]);
  });
});

describe("plans", () => {
  test("defaults are filled in, computed values are known after apply, and the next plan is empty", async () => {
    const configuration = vm({ memory: [{}], disk: [{ interface: "scsi0" }], network_device: [keys] });
    const stack = await workspace({ ...configuration, output: { id: { value: `\${${vmType}.vm.id}` } } });
    const first = await stack.plan();
    expect(first.changes).toEqual([expect.objectContaining({ address: `${vmType}.vm`, actions: ["create"] })]);
    expect(first.changes[0]?.after).toMatchObject({ bios: "seabios", memory: [{ dedicated: 512 }] });
    expect(first.changes[0]?.after).not.toHaveProperty("id");
    await stack.apply();
    expect(await stack.plan()).toEqual({ changes: [], drift: [], outputs: [] });
    expect((await stack.output())["id"]).toMatchObject({ value: "101" });
  });

  test("memory changes in place", async () => {
    const stack = await workspace(vm({ memory: [{ dedicated: 2048 }] }));
    await stack.apply();
    stack.write({ ...providers, ...vm({ memory: [{ dedicated: 4096 }] }) });
    expect((await stack.plan()).changes).toEqual([
      expect.objectContaining({ address: `${vmType}.vm`, actions: ["update"], replacePaths: [] }),
    ]);
  });

  test.each<[string, Attributes, Attributes, string[]]>([
    ["vm_id", {}, { vm_id: 102 }, ["vm_id"]],
    ["node_name without migrate", {}, { node_name: "pve-2" }, ["node_name"]],
    ["efi_disk.type", { efi_disk: [{ type: "2m" }] }, { efi_disk: [{ type: "4m" }] }, ["efi_disk.0.type"]],
    [
      "tpm_state.version",
      { tpm_state: [{ version: "v1.2" }] },
      { tpm_state: [{ version: "v2.0" }] },
      ["tpm_state.0.version"],
    ],
    [
      "initialization.type",
      { initialization: [{ type: "nocloud" }] },
      { initialization: [{ type: "configdrive2" }] },
      ["initialization.0.type"],
    ],
    [
      "file_id of the second disk",
      { disk: [{ interface: "scsi0" }, { interface: "scsi1", file_id: "local:iso/a.img" }] },
      { disk: [{ interface: "scsi0" }, { interface: "scsi1", file_id: "local:iso/b.img" }] },
      ["disk.1.file_id"],
    ],
  ])("%s replaces the VM", async (_, before, after, replacePaths) => {
    const stack = await workspace(vm(before));
    await stack.apply();
    stack.write({ ...providers, ...vm(after) });
    expect((await stack.plan()).changes).toEqual([
      expect.objectContaining({ address: `${vmType}.vm`, actions: ["delete", "create"], replacePaths }),
    ]);
  });

  test.each<[string, Attributes, Attributes]>([
    ["node_name with migrate", { migrate: true }, { migrate: true, node_name: "pve-2" }],
    [
      "import_from",
      { disk: [{ interface: "scsi0" }] },
      { disk: [{ interface: "scsi0", import_from: "local:import/a.raw" }] },
    ],
    ["one more disk", { disk: [{ interface: "scsi0" }] }, { disk: [{ interface: "scsi0" }, { interface: "scsi1" }] }],
    ["efi_disk.pre_enrolled_keys", { efi_disk: [{}] }, { efi_disk: [{ pre_enrolled_keys: true }] }],
  ])("%s does not", async (_, before, after) => {
    const stack = await workspace(vm(before));
    await stack.apply();
    stack.write({ ...providers, ...vm(after) });
    expect((await stack.plan()).changes).toEqual([expect.objectContaining({ actions: ["update"], replacePaths: [] })]);
  });

  test("another url replaces the download; another timeout does not", async () => {
    const stack = await workspace(resource("proxmox_download_file", image));
    await stack.apply();
    stack.write({ ...providers, ...resource("proxmox_download_file", { ...image, upload_timeout: 900 }) });
    expect((await stack.plan()).changes).toEqual([expect.objectContaining({ actions: ["update"], replacePaths: [] })]);
    const moved = { ...image, url: "https://example.com/images/other.raw.xz" };
    stack.write({ ...providers, ...resource("proxmox_download_file", moved) });
    expect((await stack.plan()).changes).toEqual([
      expect.objectContaining({ actions: ["delete", "create"], replacePaths: ["url"] }),
    ]);
  });

  test("a set of objects that is written in another order is no change", async () => {
    const map = [
      { id: "10de:1eb8", node: "pve-1", path: "0000:01:00.0" },
      { id: "10de:1eb8", node: "pve-2", path: "0000:02:00.0" },
    ];
    const mapping = (order: readonly object[]) => resource("proxmox_hardware_mapping_pci", { name: "t4", map: order });
    const stack = await workspace(mapping(map));
    await stack.apply();
    stack.write({ ...providers, ...mapping([...map].reverse()) });
    expect((await stack.plan()).changes).toEqual([]);
  });

  test("prevent_destroy keeps a resource from being replaced and destroyed", async () => {
    const kept = (id: number) => vm({ vm_id: id, lifecycle: { prevent_destroy: true } });
    const stack = await workspace(kept(101));
    await stack.apply();
    expect(await failureOf(stack.destroy())).toMatch(/[Ii]nstance cannot be destroyed/);
    stack.write({ ...providers, ...kept(102) });
    expect(await failureOf(stack.plan())).toMatch(/[Ii]nstance cannot be destroyed/);
  });
});

describe("values", () => {
  test("the schematic's id is the hash of its text, and follows it", async () => {
    const schematic = (text: string) => ({
      ...resource("talos_image_factory_schematic", { schematic: text }),
      output: { id: { value: `\${talos_image_factory_schematic.it.id}` } },
    });
    const stack = await workspace(schematic("customization: {}\n"));
    for (const text of ["customization: {}\n", "customization:\n  systemExtensions: {}\n"]) {
      stack.write({ ...providers, ...schematic(text) });
      await stack.apply();
      expect((await stack.output())["id"]?.value).toBe(createHash("sha256").update(text).digest("hex"));
    }
  });

  test("secrets are filled to the last string, are sensitive, and are the same in every run", async () => {
    const configuration = {
      ...resource("talos_machine_secrets", { talos_version: "v1.14" }),
      output: { secrets: { value: secretsRef, sensitive: true } },
    };
    const first = await workspace(configuration);
    await first.apply();
    const secrets = (await first.output())["secrets"];
    const strings = leaves(secrets?.value);
    expect(strings).toHaveLength(15);
    expect(strings.filter((value) => typeof value !== "string" || value === "")).toEqual([]);
    expect(secrets?.sensitive).toBe(true);

    const second = await workspace(configuration);
    await second.apply();
    expect((await second.output())["secrets"]).toEqual(secrets);
  });

  test("a sensitive value cannot leave through an open output", async () => {
    const stack = await workspace({
      ...resource("talos_machine_secrets", {}),
      output: { key: { value: `\${talos_machine_secrets.it.client_configuration.client_key}` } },
    });
    expect(await failureOf(stack.apply())).toMatch(/Output refers to sensitive values/);
  });

  test("a machine configuration holds its patches and reaches the machine", async () => {
    const stack = await workspace({
      data: {
        talos_machine_configuration: {
          it: {
            cluster_name: "prox-ops",
            cluster_endpoint: "https://10.0.0.1:6443",
            machine_type: "worker",
            machine_secrets: secretsRef,
            config_patches: ["machine:\n  install:\n    wipe: true\n"],
          },
        },
      },
      resource: {
        talos_machine_secrets: { it: {} },
        [applyType]: {
          it: {
            node: "10.0.0.2",
            client_configuration: clientRef,
            machine_configuration_input: `\${data.talos_machine_configuration.it.machine_configuration}`,
          },
        },
      },
    });
    await stack.apply();
    const applied = (await stack.state()).find(({ type }) => type === applyType)?.values;
    expect(applied).toMatchObject({ endpoint: "10.0.0.2", apply_mode: "auto", resolved_apply_mode: "auto" });
    expect(applied?.["machine_configuration"]).toMatch(/type: worker.*install:\n {4}wipe: true/s);
  });

  test("an ephemeral kubeconfig reaches a write-only argument and stays out of plan and state", async () => {
    const world = newWorld();
    const stack = await workspace(
      {
        ephemeral: {
          talos_cluster_kubeconfig: {
            it: { cluster_name: "prox-ops", endpoint: "https://10.0.0.1:6443", machine_secrets: secretsRef },
          },
        },
        resource: {
          talos_machine_secrets: { it: {} },
          talos_machine: {
            it: {
              node: "10.0.0.2",
              client_configuration: clientRef,
              machine_configuration: "machine: {}\n",
              image: "factory.talos.dev/nocloud-installer/0:v1.14.4",
              kubeconfig_wo: `\${ephemeral.talos_cluster_kubeconfig.it.kubeconfig_raw}`,
            },
          },
        },
      },
      world.options,
    );
    await stack.apply();
    const machine = (await stack.state()).find(({ type }) => type === "talos_machine");
    expect(machine?.values).toMatchObject({ node: "10.0.0.2", kubeconfig_wo: null, reboot_mode: "DEFAULT" });
    expect(world.calls("open").length).toBeGreaterThan(0);
    expect(JSON.stringify(world.objects())).not.toContain("kind: Config");
    expect((await stack.plan()).changes).toEqual([]);
  });
});

describe("the world behind Terraform", () => {
  test("a change made by hand is found at refresh and planned back", async () => {
    const world = newWorld();
    const stack = await workspace(vm({ memory: [{ dedicated: 2048 }] }), world.options);
    await stack.apply();
    world.edit(vmType, "vm", (attributes) => {
      attributes["memory"] = [{ ...(attributes["memory"] as object[])[0], dedicated: 1024 }];
    });
    const plan = await stack.plan();
    expect(plan.drift.map(({ address, actions }) => [address, actions])).toEqual([[`${vmType}.vm`, ["update"]]]);
    expect(plan.changes).toEqual([
      expect.objectContaining({
        actions: ["update"],
        before: expect.objectContaining({ memory: [expect.objectContaining({ dedicated: 1024 })] }),
        after: expect.objectContaining({ memory: [expect.objectContaining({ dedicated: 2048 })] }),
      }),
    ]);
    await stack.apply();
    expect(world.objects(vmType)[0]?.attributes["memory"]).toEqual([expect.objectContaining({ dedicated: 2048 })]);
  });

  test("a VM deleted by hand is planned anew", async () => {
    const world = newWorld();
    const stack = await workspace(vm(), world.options);
    await stack.apply();
    world.delete(vmType, "vm");
    expect((await stack.plan()).changes).toEqual([expect.objectContaining({ actions: ["create"] })]);
  });

  test("an applied configuration is never looked at again, as with the real provider", async () => {
    const world = newWorld();
    const stack = await workspace(machines(["10.0.0.2"]), world.options);
    await stack.apply();
    world.delete(applyType, "10.0.0.2");
    expect((await stack.plan()).changes).toEqual([]);
  });

  test("a vm_id that another stack took is refused", async () => {
    const world = newWorld();
    await (await workspace(vm({}, "first"), world.options)).apply();
    const second = await workspace(vm({}, "second"), world.options);
    expect(await failureOf(second.apply())).toMatch(/vm_id 101 is already in use/);
    await (await workspace(vm({ vm_id: 102 }, "third"), world.options)).apply();
    expect(world.objects(vmType).map(({ label }) => label)).toEqual(["first", "third"]);
  });

  test("destroy empties the world and the state", async () => {
    const world = newWorld();
    const stack = await workspace({ ...vm(), ...machines(["10.0.0.2"]) }, world.options);
    await stack.apply();
    expect(world.objects()).not.toEqual([]);
    await stack.destroy();
    expect(world.objects()).toEqual([]);
    expect(await stack.state()).toEqual([]);
  });

  test("an object is imported from the world with no change left to make", async () => {
    const world = newWorld();
    const first = await workspace(vm({ memory: [{ dedicated: 2048 }] }), world.options);
    await first.apply();
    rmSync(`${first.directory}/terraform.tfstate`);
    first.write({
      ...providers,
      ...vm({ memory: [{ dedicated: 2048 }] }),
      import: [{ to: `${vmType}.vm`, id: "pve-1/101" }],
    });
    await first.apply();
    expect(world.calls("import").map(({ label }) => label)).toContain("pve-1/101");
    expect(world.calls("create")).toHaveLength(1);
    expect((await first.plan()).changes).toEqual([]);
  });

  test("without a world an import makes up what its id tells", async () => {
    const stack = await workspace(vm());
    await stack.run("import", "-input=false", "-no-color", `${vmType}.vm`, "pve-7/101");
    expect((await stack.state())[0]?.values).toMatchObject({ node_name: "pve-7", vm_id: 101, id: "101" });
  });

  test("what does not exist cannot be imported", async () => {
    const world = newWorld();
    await (await workspace(vm(), world.options)).apply();
    const stack = await workspace(vm(), world.options);
    expect(await failureOf(stack.run("import", "-input=false", `${vmType}.vm`, "pve-1/999"))).toMatch(
      /no proxmox_virtual_environment_vm with the import id "pve-1\/999"/,
    );
  });
});

describe("faults", () => {
  test("the second call fails, nothing later is done, and the next run finishes the work", async () => {
    const world = newWorld();
    const nodes = ["10.0.0.2", "10.0.0.3", "10.0.0.4"];
    const stack = await workspace(machines(nodes), { ...world.options, fail: [`apply:${applyType}:2`] });
    expect(await failureOf(stack.apply())).toMatch(
      /asked to fail create of talos_machine_configuration_apply "10.0.0.3" at call 2/,
    );
    expect(world.objects(applyType).map(({ label }) => label)).toEqual(["10.0.0.2"]);
    await stack.apply();
    expect(world.objects(applyType).map(({ label }) => label)).toEqual(nodes);
  });

  test("a fault can be aimed at one object", async () => {
    const world = newWorld();
    const stack = await workspace(machines(["10.0.0.2", "10.0.0.3"]), {
      ...world.options,
      fail: [`create:${applyType}@10.0.0.3:1`],
    });
    expect(await failureOf(stack.apply())).toMatch(/asked to fail create/);
    expect(world.objects(applyType).map(({ label }) => label)).toEqual(["10.0.0.2"]);
  });

  test("a VM that comes into being damaged is tainted and replaced by the next plan", async () => {
    const world = newWorld();
    const stack = await workspace(vm(), { ...world.options, fail: [`taint:${vmType}:1`] });
    expect(await failureOf(stack.apply())).toMatch(/asked to fail taint/);
    expect((await stack.state()).map(({ tainted }) => tainted)).toEqual([true]);
    expect((await stack.plan()).changes).toEqual([expect.objectContaining({ actions: ["delete", "create"] })]);
  });

  test("a failed destroy leaves the object where it is", async () => {
    const world = newWorld();
    const stack = await workspace(vm(), world.options);
    await stack.apply();
    expect(await failureOf(stack.with({ fail: [`delete:${vmType}:1`] }).destroy())).toMatch(/asked to fail delete/);
    expect(world.objects(vmType)).toHaveLength(1);
    expect((await stack.state()).map(({ address }) => address)).toEqual([`${vmType}.vm`]);
  });

  test("the log tells whether two machines were at work at once", async () => {
    for (const oneByOne of [true, false]) {
      const world = newWorld();
      const nodes = ["10.0.0.2", "10.0.0.3", "10.0.0.4"];
      const stack = await workspace(machines(nodes, oneByOne), { ...world.options, delayMs: 300 });
      await stack.apply();
      const creates = world.calls("create").filter(({ type }) => type === applyType);
      expect(creates.map(({ label }) => label).sort()).toEqual(nodes);
      expect(overlap(creates)).toBe(!oneByOne);
    }
  });

  test("a misspelt fault is refused, so that no test waits for it in vain", async () => {
    const stack = await workspace(vm());
    expect(await failureOf(stack.with({ fail: ["aply:x:1"] }).plan())).toMatch(/"aply" is none of apply, create/);
  });
});

function leaves(value: unknown): unknown[] {
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [value];
}
