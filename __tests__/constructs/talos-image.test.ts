import { readFileSync } from "node:fs";
import { nvidiaGpu, PciMapping, SiteStack, TalosImage } from "../../index";
import { addCluster } from "../helpers/clusters";
import { inFolder, newApp, only, refusals, resources, synthesize } from "../helpers/synth";

const schematic = "ce4c980550dd2ab1b17bbf2b08801c7eb59418eafe8f279833297925d67c7515";

test("the image is downloaded once per host that has a machine", () => {
  const { "test-cluster": stack } = synthesize((app) =>
    addCluster(app, { controlPlanes: { "cp-1": {} }, workers: { "w-1": { host: "pve2" }, "w-2": { host: "pve2" } } }),
  );
  expect(resources(stack, "proxmox_download_file").map(({ node_name }) => node_name)).toEqual(["pve1", "pve2"]);
});

test("the image is downloaded once to a shared datastore, by the host of the first machine", () => {
  const { "test-cluster": stack } = synthesize((app) =>
    addCluster(app, { site: { datastores: { local: { content: ["import"], shared: true }, "local-lvm": {} } } }),
  );
  expect(only(stack, "proxmox_download_file")).toMatchObject({
    node_name: "pve1",
    content_type: "import",
    url: `https://factory.talos.dev/image/${schematic}/v1.14.4/nocloud-amd64.qcow2`,
    file_name: `talos-v1.14.4-${schematic.slice(0, 12)}-nocloud-amd64.qcow2`,
    overwrite: false,
    // The new file is there before the old one goes, and it does not matter which host fetched it.
    lifecycle: { create_before_destroy: true, ignore_changes: ["node_name"] },
  });
});

test("two images with one schematic would download one file twice, and are refused", () => {
  const problems = refusals((app) => {
    const { site, stack, cluster } = addCluster(app, { workers: {} });
    const extensions = ["siderolabs/qemu-guest-agent"] as const;
    const image = new TalosImage(stack, "twin", { site, datastore: "local", extensions });
    cluster.addWorker("w-1", { host: "pve1", address: "10.0.0.31", macAddress: "BC:24:11:00:00:31", image });
  });
  expect(problems).toMatchObject([{ code: "duplicate-image-file", remedy: "Use one image construct for both." }]);
});

test("a VM imports the literal path of what its host downloads, and waits for it", () => {
  const { "test-cluster": stack } = synthesize((app) => addCluster(app));
  const vm = Object.entries(stack?.resource["proxmox_virtual_environment_vm"] ?? {}).find(([id]) => id.includes("w-1"));
  expect(vm?.[1]["disk"][0]["import_from"]).toBe(
    `local:import/talos-v1.14.4-${schematic.slice(0, 12)}-nocloud-amd64.qcow2`,
  );
  expect(vm?.[1]["depends_on"]).toEqual([expect.stringMatching(/^proxmox_download_file\.image_pve1_/)]);
});

test("the schematic is known to the factory before anything is downloaded, under the id that was computed", () => {
  const { "test-cluster": stack } = synthesize((app) => addCluster(app));
  const [address] = Object.keys(stack?.resource["talos_image_factory_schematic"] ?? {});
  expect(only(stack, "talos_image_factory_schematic")["lifecycle"]["postcondition"][0]["condition"]).toContain(
    schematic,
  );
  for (const download of resources(stack, "proxmox_download_file")) {
    expect(download["depends_on"]).toEqual([`talos_image_factory_schematic.${address}`]);
  }
});

test("machines with the same GPU driver share one image, and the others keep theirs", () => {
  const { "test-cluster": stack } = synthesize((app) => {
    const { site, stack: scope, cluster } = addCluster(app, { workers: {} });
    const device = { id: "10de:2571", path: "0000:01:00", iommuGroup: 14, subsystemId: "10de:1611" };
    const mapping = new PciMapping(scope, "gpu", { site, devices: { pve1: [device], pve2: [device] } });
    for (const [index, host] of ["pve1", "pve2"].entries()) {
      const address = `10.0.0.${31 + index}`;
      cluster.addWorker(`w-${index}`, {
        host,
        address,
        macAddress: `BC:24:11:00:01:0${index}`,
        gpu: nvidiaGpu({ mapping }),
      });
    }
  });
  expect(resources(stack, "talos_image_factory_schematic")).toHaveLength(2);
  expect(only(stack, "proxmox_hardware_mapping_pci")["map"]).toHaveLength(2);
  const [gpuVm] = resources(stack, "proxmox_virtual_environment_vm").filter(({ hostpci }) => hostpci !== undefined);
  expect(gpuVm?.["hostpci"]).toEqual([{ device: "hostpci0", mapping: "gpu", pcie: true, rombar: true }]);
  expect(gpuVm?.["depends_on"]).toContainEqual(expect.stringMatching(/^proxmox_hardware_mapping_pci\.gpu_/));
});

test("one image used for two Talos versions is refused", () => {
  const problems = refusals((app) => {
    const { image } = addCluster(app);
    image.importFor("pve1", "1.13.9");
  });
  expect(problems).toMatchObject([{ code: "image-version-conflict", where: "test-cluster/image" }]);
});

test("the image of another stack makes that stack come first", () => {
  inFolder((outdir) => {
    const app = newApp(outdir);
    const { site, cluster } = addCluster(app, { workers: {} });
    const image = new TalosImage(new SiteStack(app, "images", { site }), "image", { site, datastore: "local" });
    cluster.addWorker("w-1", { host: "pve1", address: "10.0.0.31", macAddress: "BC:24:11:00:00:31", image });
    app.synth();
    const { stacks } = JSON.parse(readFileSync(`${outdir}/manifest.json`, "utf8"));
    expect(stacks["test-cluster"].dependencies).toEqual(["test-images"]);
    expect(stacks["test-images"].dependencies).toEqual([]);
  });
});
