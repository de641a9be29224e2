import type { App } from "cdktf";
import { auditPolicy, oidc } from "../../index";
import { addCluster, type ClusterChanges, versions } from "../helpers/clusters";
import { type Attributes, only, resources, type Synthesized, synthesize } from "../helpers/synth";

function clusterOf(changes: ClusterChanges = {}): Synthesized {
  const { "test-cluster": stack } = synthesize((app: App) => addCluster(app, changes));
  if (stack === undefined) {
    throw new Error("The stack test-cluster was not written.");
  }
  return stack;
}

/** What a resource waits for, without the hashes of the addresses. */
function waitsFor(resource: Attributes | undefined): string[] {
  return (resource?.["depends_on"] ?? []).map((address: string) => address.replace(/_[0-9A-F]{8}$/, ""));
}

function ofNode(stack: Synthesized, type: string, node: string): Attributes | undefined {
  return Object.entries(stack.resource[type] ?? {}).find(([id]) => id.startsWith(`lab_${node}_`))?.[1];
}

describe("the lifecycle apply", () => {
  const stack = clusterOf({ workers: { "w-1": {}, "w-2": {} } });
  const apply = "talos_machine_configuration_apply";

  test("configures control planes one after the other, then the workers", () => {
    expect(waitsFor(ofNode(stack, apply, "cp-1"))).toEqual(["proxmox_virtual_environment_vm.lab_cp-1_Vm"]);
    expect(waitsFor(ofNode(stack, apply, "cp-2"))).toContain(`${apply}.lab_cp-1_Apply`);
    expect(waitsFor(ofNode(stack, apply, "cp-3"))).toContain(`${apply}.lab_cp-2_Apply`);
    expect(waitsFor(ofNode(stack, apply, "w-2"))).toEqual([
      "proxmox_virtual_environment_vm.lab_w-2_Vm",
      `${apply}.lab_cp-3_Apply`,
    ]);
  });

  test("TAL-35: bootstraps once, on the first control plane, and never touches that again", () => {
    const bootstrap = only(stack, "talos_machine_bootstrap");
    expect(bootstrap).toMatchObject({ node: "10.0.0.11", lifecycle: { ignore_changes: "all" } });
    expect(waitsFor(bootstrap)).toEqual([`${apply}.lab_cp-1_Apply`]);
    expect(waitsFor(only(stack, "talos_cluster_kubeconfig"))).toEqual(["talos_machine_bootstrap.lab_Bootstrap"]);
  });

  test("TAL-27: has no talos_machine and no talos_cluster: one owner per node", () => {
    const ofTalos = [...Object.keys(stack.resource), ...Object.keys(stack.data)].filter((type) => /^talos_/.test(type));
    expect(ofTalos.sort()).toEqual([
      "talos_client_configuration",
      "talos_cluster_kubeconfig",
      "talos_image_factory_schematic",
      "talos_machine_bootstrap",
      "talos_machine_configuration",
      "talos_machine_configuration_apply",
      "talos_machine_secrets",
    ]);
  });

  test("orders the same when workers are added before control planes", () => {
    const { "test-cluster": late } = synthesize((app) => {
      const { cluster } = addCluster(app, { controlPlanes: {} });
      cluster.addControlPlane("cp-1", { host: "pve1", address: "10.0.0.11", macAddress: "BC:24:11:00:00:11" });
    });
    expect(late && waitsFor(ofNode(late, apply, "w-1"))).toContain(`${apply}.lab_cp-1_Apply`);
  });

  test.each([
    ["1.14.4", "auto", "auto"],
    ["1.13.9", "staged_if_needing_reboot", "auto"],
  ])(
    "on Talos %s applies to control planes in mode %s, so that none of them reboots by itself",
    (talos, cp, worker) => {
      const old = clusterOf({ cluster: { versions: { talos, contract: "1.13", kubernetes: "1.36.3" } } });
      expect(ofNode(old, apply, "cp-1")).toMatchObject({ apply_mode: cp });
      expect(ofNode(old, apply, "w-1")).toMatchObject({ apply_mode: worker });
    },
  );
});

describe("the lifecycle managed", () => {
  const stack = clusterOf({ cluster: { lifecycle: "managed" } });

  test("chains the control planes and puts Kubernetes after Talos on every machine", () => {
    expect(waitsFor(ofNode(stack, "talos_machine", "cp-3"))).toContain("talos_machine.lab_cp-2_Machine");
    expect(waitsFor(ofNode(stack, "talos_machine", "w-1"))).toContain("talos_machine.lab_cp-3_Machine");
    expect(waitsFor(only(stack, "talos_cluster"))).toEqual(
      ["cp-1", "cp-2", "cp-3", "w-1"].map((node) => `talos_machine.lab_${node}_Machine`),
    );
  });

  test("names all control planes to talos_cluster, without which its health check fails in an HA cluster", () => {
    expect(only(stack, "talos_cluster")).toMatchObject({
      node: "10.0.0.11",
      control_plane_nodes: ["10.0.0.11", "10.0.0.12", "10.0.0.13"],
      kubernetes_version: versions.kubernetes,
    });
  });

  test("upgrades to the installer of the node's schematic, draining by a kubeconfig that is never stored", () => {
    const machine = ofNode(stack, "talos_machine", "w-1");
    expect(machine?.["image"]).toMatch(/^factory\.talos\.dev\/nocloud-installer\/[0-9a-f]{64}:v1\.14\.4$/);
    expect(machine?.["kubeconfig_wo"]).toMatch(/^\$\{ephemeral\.talos_cluster_kubeconfig\.[^.]+\.kubeconfig_raw\}$/);
    expect(Object.values(stack.ephemeral?.["talos_cluster_kubeconfig"] ?? {})).toMatchObject([
      { cluster_name: "lab", endpoint: "https://10.0.0.10:6443" },
    ]);
  });

  test("leaves the images of Kubernetes to talos_cluster", () => {
    expect(ofNode(stack, "talos_machine", "w-1")).toMatchObject({ ignore_kubernetes_upgrade_drift: true });
  });

  test("has neither a configuration apply nor a bootstrap: one owner per node", () => {
    expect(resources(stack, "talos_machine_configuration_apply")).toEqual([]);
    expect(resources(stack, "talos_machine_bootstrap")).toEqual([]);
  });
});

test("the order in which machines are added changes no Terraform address", () => {
  const machines = [1, 2, 3].map((index) => ({
    host: "pve1",
    address: `10.0.0.3${index}`,
    macAddress: `BC:24:11:00:00:3${index}`,
  }));
  const addresses = (order: readonly number[]) => {
    const { "test-cluster": stack } = synthesize((app) => {
      const { cluster } = addCluster(app, { workers: {} });
      for (const index of order) {
        const machine = machines[index];
        machine && cluster.addWorker(`w-${index}`, machine);
      }
    });
    return Object.entries(stack?.resource ?? {}).flatMap(([type, named]) =>
      Object.keys(named).map((id) => `${type}.${id}`),
    );
  };
  expect(addresses([2, 0, 1]).sort()).toEqual(addresses([0, 1, 2]).sort());
});

describe("every cluster", () => {
  const stack = clusterOf();

  test("keeps its secrets from being destroyed or made anew", () => {
    expect(only(stack, "talos_machine_secrets")).toMatchObject({
      talos_version: "v1.14",
      lifecycle: { prevent_destroy: true, ignore_changes: ["talos_version"] },
    });
  });

  test("hands out kubeconfig and talosconfig as sensitive outputs", () => {
    expect(stack.output).toMatchObject({ lab_kubeconfig: { sensitive: true }, lab_talosconfig: { sensitive: true } });
  });

  test("has the control planes as Talos endpoints, never the virtual IP", () => {
    const [talosconfig] = Object.values(stack.data["talos_client_configuration"] ?? {});
    expect(talosconfig).toMatchObject({ endpoints: ["10.0.0.11", "10.0.0.12", "10.0.0.13"] });
  });

  test("TAL-1, TAL-11: tells the generator the role of each machine and the cluster's endpoint", () => {
    const configurations = Object.values(stack.data["talos_machine_configuration"] ?? {});
    expect(configurations.map(({ machine_type }) => machine_type).sort()).toEqual([
      "controlplane",
      "controlplane",
      "controlplane",
      "worker",
    ]);
    for (const { cluster_endpoint } of configurations) expect(cluster_endpoint).toBe("https://10.0.0.10:6443");
  });

  test("TAL-34: has its endpoint from one place", () => {
    const moved = clusterOf({ cluster: { endpoint: "https://api.example.com:6443", virtualIp: "10.0.0.9" } });
    expect(JSON.stringify(moved)).not.toContain("10.0.0.10");
  });

  test("TAL-32: changes the configuration of each control plane, and of no worker, when a value of one setting does", () => {
    const patches = (issuerUrl: string, level: "Metadata" | "Request") => {
      const intents = [oidc({ issuerUrl, clientId: "kubernetes" }), auditPolicy({ rules: [{ level }] })];
      const { data } = clusterOf({ cluster: { intents } });
      const configurations = Object.values(data["talos_machine_configuration"] ?? {});
      return configurations.map(({ machine_type, config_patches }) => `${machine_type} ${config_patches}`);
    };
    const before = patches("https://id.example.com/", "Metadata");
    for (const after of [
      patches("https://id.example.com", "Metadata"),
      patches("https://id.example.com/", "Request"),
    ]) {
      const changed = after.filter((patch) => !before.includes(patch));
      expect(changed.map((patch) => patch.split(" ")[0])).toEqual(Array(3).fill("controlplane"));
    }
  });

  test("fixes contract and Kubernetes version of every machine configuration", () => {
    for (const configuration of Object.values(stack.data["talos_machine_configuration"] ?? {})) {
      expect(configuration).toMatchObject({ talos_version: "v1.14", kubernetes_version: "1.37.1" });
    }
  });

  test("gives each machine all its patches as one text that ends in a newline, so that it is no file name", () => {
    for (const { config_patches } of Object.values(stack.data["talos_machine_configuration"] ?? {})) {
      expect(config_patches).toEqual([expect.stringMatching(/\n$/)]);
    }
  });

  test("lets Terraform replace no control plane", () => {
    expect(ofNode(stack, "proxmox_virtual_environment_vm", "cp-1")?.["lifecycle"]).toMatchObject({
      prevent_destroy: true,
    });
    expect(ofNode(stack, "proxmox_virtual_environment_vm", "w-1")?.["lifecycle"]).not.toHaveProperty("prevent_destroy");
  });

  test("configures a machine again when its VM is another one, be it replaced or created anew", () => {
    const [[made, { triggers_replace } = {}] = []] = Object.entries(stack.resource["terraform_data"] ?? {});
    expect(triggers_replace).toMatch(/^\$\{proxmox_virtual_environment_vm\.lab_cp-1_Vm_[0-9A-F]{8}\.id\}$/);
    expect(ofNode(stack, "talos_machine_configuration_apply", "cp-1")?.["lifecycle"]).toEqual({
      replace_triggered_by: [`terraform_data.${made}`],
    });
  });

  test("never restarts a control plane by itself, but does restart a worker", () => {
    expect(ofNode(stack, "proxmox_virtual_environment_vm", "cp-1")).toMatchObject({ reboot_after_update: false });
    expect(ofNode(stack, "proxmox_virtual_environment_vm", "w-1")).toMatchObject({ reboot_after_update: true });
  });

  test("enables the guest agent because, and only if, the image has it", () => {
    const without = clusterOf({ image: { extensions: [] } });
    expect(ofNode(stack, "proxmox_virtual_environment_vm", "w-1")).toMatchObject({
      // Without it a create or refresh would wait 15 minutes for addresses that are known.
      agent: { enabled: true, wait_for_ip: { disabled: true } },
    });
    expect(ofNode(without, "proxmox_virtual_environment_vm", "w-1")).toMatchObject({ agent: { enabled: false } });
  });
});
