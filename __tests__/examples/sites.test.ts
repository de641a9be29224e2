import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import type { App } from "cdktf";
import { sites } from "../../examples";
import { expectGolden } from "../helpers/golden";
import { objectsOf } from "../helpers/kubernetes-objects";
import { objectOf } from "../helpers/postgres";
import { dependencies, type Synthesized, synthesize } from "../helpers/synth";

const golden = path.join(__dirname, "golden");

describe.each(Object.entries(sites))("the site %s", (name, add) => {
  const stacks = synthesize(add);

  test("keeps every Terraform address: another one would destroy what it named", () => {
    const addresses = Object.entries(stacks).flatMap(([stack, json]) =>
      addressesOf(json).map((it) => `${stack} ${it}`),
    );
    expectGolden(path.join(golden, name, "addresses.txt"), `${addresses.join("\n")}\n`);
  });

  test("gives each machine the configuration that its golden file shows", () => {
    const machines = Object.values(stacks).flatMap((stack) => Object.entries(patchesOf(stack)));
    expect(machines.length).toBeGreaterThan(0);
    const failed: unknown[] = [];
    for (const [machine, yaml] of machines) {
      try {
        expectGolden(path.join(golden, name, `${machine}.yaml`), yaml);
      } catch (error) {
        failed.push(error);
      }
    }
    if (failed.length > 0) {
      throw failed[0];
    }
    const files = readdirSync(path.join(golden, name)).filter((file) => file.endsWith(".yaml"));
    expect(files.sort()).toEqual(machines.map(([machine]) => `${machine}.yaml`).sort());
  });

  test("holds no secret, in the stacks and in the golden files", () => {
    const written = [
      ...Object.values(stacks).map((stack) => JSON.stringify(stack)),
      ...readdirSync(path.join(golden, name)).map((file) => readFileSync(path.join(golden, name, file), "utf8")),
    ];
    for (const text of written.map((one) => one.replaceAll(/PGPASSWORD|key\W+password/g, "the name of a value"))) {
      expect(text).not.toMatch(/PRIVATE KEY|PVEAPIToken|![\w-]+=[0-9a-f]{8}-|password(?!Authentication)|LS0tLS1/i);
    }
  });
});

test.each(["single-node", "three-nodes"])("the example %s is at most 40 lines", (name) => {
  const text = readFileSync(path.join(__dirname, `../../examples/${name}.ts`), "utf8");
  expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(40);
});

describe("prox-ops", () => {
  const {
    "prox-ops-cluster": cluster,
    "prox-ops-proxmox": proxmox,
    "prox-ops-storage": storage,
  } = synthesize((app) => sites["prox-ops"]?.(app));
  const vms = Object.values(cluster?.resource["proxmox_virtual_environment_vm"] ?? {});
  const vlans = (vm: (typeof vms)[number]) => vm["network_device"].map(({ vlan_id }: { vlan_id: unknown }) => vlan_id);
  const role = (name: string) => vms.filter((vm) => vm["tags"].includes(name));

  test("CL-2: has three control planes and twelve workers on four hosts", () => {
    expect(role("controlplane")).toHaveLength(3);
    expect(role("worker")).toHaveLength(12);
    expect(new Set(vms.map((vm) => vm["node_name"]))).toEqual(new Set(["baldar", "heimdall", "loki", "thor"]));
    expect(new Set(role("controlplane").map((vm) => vm["node_name"])).size).toBe(3);
  });

  test("PVE-1, PVE-5: eth0 of every machine is on vmbr1, untagged, virtio, with a MAC address of its own", () => {
    for (const vm of vms) {
      expect(vm["network_device"][0]).toMatchObject({ bridge: "vmbr1", model: "virtio", vlan_id: null });
    }
    expect(new Set(vms.map((vm) => vm["network_device"][0].mac_address)).size).toBe(15);
  });

  test("PVE-2, PVE-3, PVE-4: control planes have that card only, workers also VLAN 62 and 81", () => {
    expect(role("controlplane").map(vlans)).toEqual(Array(3).fill([null]));
    expect(role("worker").map(vlans)).toEqual(Array(12).fill([null, 62, 81]));
  });

  test("PVE-6: the API is reached at its address, without a token in the configuration", () => {
    expect(cluster?.provider["proxmox"]).toEqual([{ endpoint: "https://10.20.66.4:8006" }]);
  });

  test("PVE-7: two workers have a GPU, by mappings that have a device on their hosts", () => {
    const gpus = vms.filter((vm) => vm["hostpci"] !== undefined);
    expect(gpus.map((vm) => [vm["name"], vm["hostpci"][0].mapping]).sort()).toEqual([
      ["k8s-work-14", "rtx-a5000"],
      ["k8s-work-4", "rtx-a2000"],
    ]);
    expect(Object.values(proxmox?.resource["proxmox_hardware_mapping_pci"] ?? {})).toHaveLength(2);
  });

  test("S3-6, S3-7, S3-8: the objects of applications are in the cluster, after its machines", () => {
    const { "prox-ops-storage": before } = dependencies((app) => sites["prox-ops"]?.(app));
    expect(before).toContain("prox-ops-cluster");
    const releases = Object.values(storage?.resource["helm_release"] ?? {}).map(({ name }) => name);
    expect(releases.sort()).toEqual(["s3-probe", "seaweedfs", "seaweedfs-objects"]);
    const secrets = Object.values(storage?.resource["kubernetes_secret_v1"] ?? {});
    expect(secrets).toHaveLength(4);
    for (const { depends_on } of secrets)
      expect(depends_on).toEqual([expect.stringMatching(/^kubernetes_namespace_v1/)]);
  });

  const patches = patchesOf(cluster);

  test("TAL-22, TAL-23: only the machines with a GPU have its modules, label and taint", () => {
    const withGpu = Object.entries(patches).filter(([, patch]) => /nvidia|gpu/i.test(patch));
    expect(withGpu.map(([name]) => name).sort()).toEqual(["k8s-work-14", "k8s-work-4"]);
  });

  test.each([
    ["containerd's mirrors", "k8s-work-4", "kind: RegistryMirrorConfig\nname: docker.io"],
    ["the DaemonSet for inotify", "k8s-work-4", "kind: SysctlConfig\nparams:\n  fs.inotify"],
    ["the API server's flags for OIDC", "k8s-ctrl-1", "kind: KubeAuthenticationConfig"],
    ["the API server's audit policy", "k8s-ctrl-1", "kind: KubeAuditPolicyConfig"],
    ["the label of GPU nodes", "k8s-work-4", 'labels:\n  gpu: "true"'],
    ["the taint of GPU nodes", "k8s-work-4", "taints:\n  nvidia.com/gpu: true:NoSchedule"],
    ["netplan", "k8s-work-4", "kind: LinkConfig\nname: eth0\naddresses:\n  - address: 10.20.66.34/23"],
  ])("TAL-29: what %s did is in the machine configuration", (_, machine, form) => {
    expect(patches[machine]).toContain(form);
  });

  test("TAL-31: nothing is left of cloud-init, commands over SSH and files for a package manager", () => {
    const written = JSON.stringify([cluster, proxmox]);
    expect(written).not.toMatch(/null_resource|local-exec|remote-exec|user_data_file|runcmd|apt|kubeadm|sed -i/);
  });
});

describe.each([
  ["prox-ops", "main", "databases"],
  ["staged-ubuntu", "pg-cluster", "dbaas"],
])("the databases of %s", (name, cluster, namespace) => {
  const add = (app: App) => sites[name]?.(app);
  const objects = objectsOf(synthesize(add)[`${name}-databases`] as Synthesized);

  test("PG-1, PG-2, PG-3, DR-1: archive their WAL for 30 days, and a drill proves the backups", () => {
    expect(objectOf(objects, "Cluster")).toMatchObject({
      metadata: { name: cluster, namespace },
      spec: { plugins: [{ isWALArchiver: true, parameters: { barmanObjectName: `${cluster}-backup` } }] },
    });
    expect(objectOf(objects, "ObjectStore", `${cluster}-backup`)["spec"]).toMatchObject({ retentionPolicy: "30d" });
    expect(objectOf(objects, "ScheduledBackup")["spec"]).toMatchObject({ immediate: true });
    expect(objectOf(objects, "CronJob", `drill-${cluster}`)).toBeDefined();
  });

  test("S3-10, X-7: keep their backups on a machine that is none of the cluster's", () => {
    expect(JSON.stringify(objects)).toContain('"endpointURL":"https://s3.example.com:8333"');
  });

  test("come after the machines", () => {
    expect(dependencies(add)[`${name}-databases`]?.length).toBeGreaterThan(0);
  });
});

describe("turnkey", () => {
  const stacks = synthesize((app) => sites["turnkey"]?.(app));

  test("PVE-12, TAL-28: access and images come before the machines, in stacks of their own", () => {
    expect(Object.keys(stacks).sort()).toEqual(["turnkey-access", "turnkey-cluster", "turnkey-proxmox"]);
    const { "turnkey-cluster": before } = dependencies((app) => sites["turnkey"]?.(app));
    expect(before?.toSorted()).toEqual(["turnkey-access", "turnkey-proxmox"]);
  });

  test("PVE-23, LB-1: the virtual IP is none of the addresses for load balancers, nor is a machine's", () => {
    expect(JSON.stringify(stacks["turnkey-cluster"])).toContain("10.0.3.1");
    expect(JSON.stringify(stacks["turnkey-cluster"])).not.toMatch(/10\.0\.3\.(?:[2-9]|1\d|20)\b/);
  });

  test("TAL-26: each machine says on which host it is", () => {
    const vms = Object.values(stacks["turnkey-cluster"]?.resource["proxmox_virtual_environment_vm"] ?? {});
    const patches = patchesOf(stacks["turnkey-cluster"]);
    expect(vms).toHaveLength(5);
    for (const { name, node_name } of vms) {
      expect(patches[name]).toContain(`topology.kubernetes.io/zone: ${node_name}\n`);
    }
  });
});

describe("staged-ubuntu", () => {
  const stacks = synthesize((app) => sites["staged-ubuntu"]?.(app));
  const machines = Object.values(stacks["staged-ubuntu-ubuntu"]?.resource["proxmox_virtual_environment_vm"] ?? {});
  const userData = (name: string) =>
    Object.values(stacks["staged-ubuntu-ubuntu"]?.resource["proxmox_virtual_environment_file"] ?? {})
      .map(({ source_raw }) => String(source_raw.data))
      .find((data) => data.includes(`hostname: ${name}\n`));

  test("CL-1, PVE-8, PVE-16, PVE-20: has a master, six workers, one with a GPU, the registry 220 and a sandbox apart", () => {
    expect(machines.map(({ name }) => name).sort()).toEqual([
      "docker-registry",
      "k8s-master",
      ...[1, 2, 3, 4, 5, 6].map((index) => `k8s-node${index}`),
    ]);
    expect(machines.filter(({ hostpci }) => hostpci !== undefined).map(({ name }) => name)).toEqual(["k8s-node1"]);
    expect(machines.find(({ name }) => name === "docker-registry")).toMatchObject({ vm_id: 220 });
    const sandbox = Object.values(stacks["staged-ubuntu-sandbox"]?.resource["proxmox_virtual_environment_vm"] ?? {});
    expect(sandbox.map(({ initialization }) => initialization.ip_config[0].ipv4.address)).toEqual([
      "10.0.30.11/24",
      "10.0.30.12/24",
      "10.0.30.13/24",
    ]);
  });

  test("HRD-3: SSH is kept on the master and the worker with the GPU, and masked on the other workers", () => {
    const masked = machines.map(({ name }) => String(name)).filter((name) => userData(name)?.includes("- mask\n"));
    expect(masked.sort()).toEqual([2, 3, 4, 5, 6].map((index) => `k8s-node${index}`));
  });

  test("PVE-16, TAL-6: kubeadm and Talos pull through the same registries, each on a port of its own", () => {
    for (const port of [5000, 5010, 5020, 5030, 5040]) {
      expect(userData("docker-registry")).toContain(`- ${port}:5000\n`);
      expect(userData("k8s-node1")).toContain(`http://10.0.20.10:${port}`);
      expect(patchesOf(stacks["staged-ubuntu-sandbox"])["sandbox-1"]).toContain(`http://10.0.20.10:${port}\n`);
    }
  });
});

test("S3-1, S3-3, S3-6, X-7: backups of staged-ubuntu go to the Docker host, whose cluster probes the way there", () => {
  const { "staged-ubuntu-ubuntu": machines, "staged-ubuntu-storage": storage } = synthesize((app) =>
    sites["staged-ubuntu"]?.(app),
  );
  const snippets = Object.values(machines?.resource["proxmox_virtual_environment_file"] ?? {});
  const [data = "", ...others] = snippets
    .map(({ source_raw }) => String(source_raw.data))
    .filter((text) => text.includes("/opt/seaweedfs/"));
  expect(others).toEqual([]);
  expect(data).toContain("hostname: docker-registry\n");
  expect(data).toMatch(/device: .*:\/srv\/nfs\/seaweedfs/);
  const [secret] = Object.values(storage?.resource["kubernetes_secret_v1"] ?? {});
  expect(secret).toMatchObject({
    metadata: { name: "cnpg-s3" },
    data_wo: { AWS_SECRET_ACCESS_KEY: "${var.s3_cnpg_key}" },
  });
  expect(JSON.stringify(storage)).toContain("https://s3.example.com:8333");
});

test("CL-4: catalyst keeps the contract that it was born with under a newer Talos", () => {
  const { "catalyst-cluster": cluster } = synthesize((app) => sites["catalyst"]?.(app));
  const [configuration] = Object.values(cluster?.data["talos_machine_configuration"] ?? {});
  expect(configuration).toMatchObject({ talos_version: "v1.11" });
  expect(Object.keys(patchesOf(cluster))).toEqual(["talos00"]);
});

function addressesOf(stack: Synthesized): string[] {
  const sections = { "": stack.resource, "data.": stack.data, "ephemeral.": stack.ephemeral };
  const resources = Object.entries(sections).flatMap(([prefix, types]) =>
    Object.entries(types ?? {}).flatMap(([type, named]) => Object.keys(named).map((id) => `${prefix}${type}.${id}`)),
  );
  return [...resources, ...Object.keys(stack.output ?? {}).map((id) => `output.${id}`)].sort();
}

/** The machine configuration that each machine is given, by its name. */
function patchesOf(stack: Synthesized | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.values(stack?.data?.["talos_machine_configuration"] ?? {}).map(({ config_patches: [patch] }) => [
      /^ *hostname: (.+)$/m.exec(patch)?.[1] ?? "",
      patch,
    ]),
  );
}
