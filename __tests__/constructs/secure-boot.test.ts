import { nvidiaGpu, PciMapping, TalosImage, type TalosNode } from "../../index";
import { addCluster, type ClusterChanges } from "../helpers/clusters";
import { refusals, resources, synthesize } from "../helpers/synth";
import { vmOf } from "../helpers/vms";

const extensions = ["siderolabs/qemu-guest-agent"] as const;
const secure: ClusterChanges = { image: { extensions, secureBoot: true } };
const lab = "test-cluster/lab";

const changed = (changes: ClusterChanges, change: (worker: TalosNode) => void) =>
  refusals((app) => {
    const { cluster } = addCluster(app, changes);
    cluster.workers.forEach(change);
  });

test("a VM has a TPM, and an EFI disk with Microsoft's keys, where it says so", () => {
  expect(vmOf()).not.toHaveProperty("tpm_state");
  expect(vmOf({ vm: { firmware: { secureBootKeys: "microsoft", tpm: true } } })).toMatchObject({
    bios: "ovmf",
    efi_disk: { datastore_id: "local-lvm", type: "4m", pre_enrolled_keys: true },
    tpm_state: { datastore_id: "local-lvm", version: "v2.0" },
  });
});

test("an image for secure boot makes disk image, installer, EFI disk and TPM of its machines agree", () => {
  const { "test-cluster": stack } = synthesize((app) => addCluster(app, secure));
  for (const vm of resources(stack, "proxmox_virtual_environment_vm")) {
    expect(vm).toMatchObject({ efi_disk: { pre_enrolled_keys: false }, tpm_state: { version: "v2.0" } });
    expect(vm["disk"][0]["import_from"]).toMatch(/-nocloud-amd64-secureboot\.qcow2$/);
  }
  for (const download of resources(stack, "proxmox_download_file")) {
    expect(download["url"]).toMatch(/\/v1\.14\.4\/nocloud-amd64-secureboot\.qcow2$/);
  }
  const patches = Object.values(stack?.data["talos_machine_configuration"] ?? {}).map(
    (data) => data["config_patches"][0],
  );
  expect(patches).toHaveLength(4);
  for (const patch of patches) {
    expect(patch).toMatch(/nocloud-installer-secureboot\/[0-9a-f]{64}:v1\.14\.4/);
  }
});

test("a machine with a GPU keeps it: the variant of the image is for secure boot, too", () => {
  const { "test-cluster": stack } = synthesize((app) => {
    const { site, stack: scope, cluster } = addCluster(app, { ...secure, workers: {} });
    const device = { id: "10de:2571", path: "0000:01:00", iommuGroup: 14, subsystemId: "10de:1611" };
    const mapping = new PciMapping(scope, "gpu", { site, devices: { pve1: [device] } });
    const gpu = nvidiaGpu({ mapping });
    cluster.addWorker("w-1", { host: "pve1", address: "10.0.0.31", macAddress: "BC:24:11:00:00:31", gpu });
  });
  expect(resources(stack, "proxmox_virtual_environment_vm").map(({ tpm_state }) => tpm_state?.version)).toEqual(
    Array(4).fill("v2.0"),
  );
});

test.each<[string, (worker: TalosNode) => void, string]>([
  ["another firmware", ({ vm }) => (vm.resource.bios = "seabios"), 'its bios is "seabios"'],
  [
    "keys of others",
    ({ vm }) => vm.resource.putEfiDisk({ type: "4m", preEnrolledKeys: true }),
    "its EFI disk has keys of others",
  ],
  ["no EFI disk", ({ vm }) => vm.resource.resetEfiDisk(), "it has no EFI disk"],
  [
    "an EFI disk of the provider's default",
    ({ vm }) => vm.resource.putEfiDisk({ datastoreId: "local-lvm" }),
    "its EFI disk is of type 2m",
  ],
  ["no TPM", ({ vm }) => vm.resource.resetTpmState(), "it has no TPM"],
  ["an old TPM", ({ vm }) => vm.resource.putTpmState({ version: "v1.2" }), "its TPM is v1.2"],
])("an image for secure boot on a VM with %s is refused", (_, change, message) => {
  expect(changed(secure, change)).toMatchObject([
    { code: "secure-boot-firmware", where: `${lab}/w-1`, message: expect.stringContaining(message) },
  ]);
});

test("Microsoft's keys on a VM whose image nobody signed are refused", () => {
  const problems = changed({}, ({ vm }) => vm.resource.putEfiDisk({ type: "4m", preEnrolledKeys: true }));
  expect(problems).toMatchObject([{ code: "unsigned-image", where: `${lab}/w-1` }]);
});

describe("a machine whose parts come from different images is refused:", () => {
  const other = `factory.talos.dev/nocloud-installer/${"0".repeat(64)}:v1.14.4`;

  test("its system disk", () => {
    const problems = changed({}, ({ vm }) =>
      vm.resource.putDisk([{ interface: "scsi0", importFromAttribute: "local:import/x" }]),
    );
    expect(problems).toMatchObject([
      {
        code: "image-of-other-schematic",
        where: `${lab}/w-1`,
        message: expect.stringMatching(/^The system disk is "local:import\/x"/),
      },
    ]);
  });

  test("its installer, in a patch", () => {
    const patch = `machine:\n  install:\n    image: ${other}\n`;
    const problems = changed({}, ({ configuration }) => {
      configuration.configPatches = [...(configuration.configPatchesInput ?? []), patch];
    });
    expect(problems).toMatchObject([
      {
        code: "image-of-other-schematic",
        where: `${lab}/w-1`,
        message: expect.stringContaining(`The installer is "${other}"`),
      },
    ]);
  });

  test.each([
    "ghcr.io/siderolabs/installer:v1.14.4",
    `factory.talos.dev/metal-installer-secureboot/${"0".repeat(64)}:v1.14.4`,
  ])("its installer, which is %s", (image) => {
    const problems = changed({}, ({ configuration }) => {
      configuration.configPatches = [`machine:\n  install:\n    image: ${image}\n`];
    });
    expect(problems).toMatchObject([{ code: "image-of-other-schematic", message: expect.stringContaining(image) }]);
  });

  test("its installer, where Terraform upgrades it", () => {
    const problems = changed({ cluster: { lifecycle: "managed" } }, ({ applied }) => {
      if ("image" in applied) applied.image = other;
    });
    expect(problems).toMatchObject([{ code: "image-of-other-schematic", message: expect.stringContaining(other) }]);
  });
});

test("an image for secure boot beside one of the same schematic without it is another file", () => {
  const { "test-cluster": stack } = synthesize((app) => {
    const { site, stack: scope, cluster } = addCluster(app, { workers: {} });
    const image = new TalosImage(scope, "secure", { site, datastore: "local", extensions, secureBoot: true });
    cluster.addWorker("w-1", { host: "pve1", address: "10.0.0.31", macAddress: "BC:24:11:00:00:31", image });
  });
  const files = resources(stack, "proxmox_download_file").map(({ file_name }) => file_name);
  expect(files.filter((file) => file.endsWith("-secureboot.qcow2"))).toHaveLength(1);
});
