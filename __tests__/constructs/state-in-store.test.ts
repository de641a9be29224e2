/** A store and the state of the stacks without which there is no store. */
import { type App, S3Backend } from "cdktf";
import { KubernetesStack, ProxmoxSite, SiteStack, type UbuntuImage, UbuntuVm } from "../../index";
import { wizard } from "../cloud-init/machines";
import { addSeaweedFs, addSeaweedFsHost } from "../helpers/object-stores";
import { refusals, synthesize } from "../helpers/synth";

const config = { bucket: "terraform", key: "test/terraform.tfstate", region: "us-east-1" };

/** The stack of a store, with its state at an endpoint. */
function withState(endpoint: string, stateRestore?: string) {
  return (app: App) => {
    const { stack } = addSeaweedFsHost(app, stateRestore === undefined ? {} : { stateRestore });
    stack.node.tryRemoveChild("backend");
    new S3Backend(stack, { ...config, endpoints: { s3: endpoint } });
  };
}

test("STATE-1: a stack does not keep its state in the store that it makes, however the endpoint is written", () => {
  for (const endpoint of ["https://s3.example.com:8333", "https://S3.example.com:8333/"]) {
    expect(refusals(withState(endpoint))).toMatchObject([
      {
        code: "state-in-own-store",
        where: "test-machines/seaweedfs",
        message: expect.stringContaining("test-machines"),
      },
    ]);
  }
});

test("it may, where it is said how the state comes back", () => {
  expect(synthesize(withState("https://s3.example.com:8333", "The NAS has a copy of last night."))).toBeDefined();
  expect(refusals(withState("https://s3.example.com:8333", " "))).toMatchObject([{ code: "wrong-value" }]);
});

test("it may be in another store, or on another port", () => {
  for (const endpoint of ["https://s3.example.com", "https://s3.example.org:8333"]) {
    expect(synthesize(withState(endpoint))).toBeDefined();
  }
});

test("the stack of the machine on which a store runs is no exception", () => {
  const problems = refusals((app) => {
    const { site, stack, seaweedFs } = addSeaweedFsHost(app);
    const machine = new SiteStack(app, "docker", { site });
    machine.node.tryRemoveChild("backend");
    new S3Backend(machine, { ...config, key: "test/docker.tfstate", endpoints: { s3: "https://s3.example.com:8333" } });
    new UbuntuVm(machine, "docker-2", {
      ...{ site, host: "pve1", users: [wizard], snippets: "local", networkDevices: [{ bridge: "vmbr0" }] },
      image: stack.node.findChild("noble") as UbuntuImage,
      disk: { datastore: "local-lvm", sizeGiB: 32 },
      pieces: seaweedFs.pieces,
    });
  });
  expect(problems.map(({ code, message }) => [code, /The stack ([\w-]+)/.exec(message)?.[1]])).toEqual([
    ["state-in-own-store", "test-docker"],
  ]);
});

test("the stacks that come before the store's are no exception, those after it are", () => {
  const endpoint = "https://seaweedfs-s3.storage.svc:8333";
  const site = new ProxmoxSite("other", {
    endpoint: "https://pve2.example.com:8006",
    hosts: ["pve1"],
    datastores: { local: {} },
    state: { bucket: "terraform", region: "us-east-1", endpoint },
  });
  const problems = refusals((app) => {
    const { stack } = addSeaweedFs(app);
    const cluster = new SiteStack(app, "cluster", { site });
    const machines = new SiteStack(app, "machines", { site, state: "local" });
    machines.addDependency(cluster);
    stack.addDependency(machines);
    new KubernetesStack(app, "apps", { site, kubeContext: "admin@lab" }).addDependency(stack);
  });
  expect(problems.map(({ code, message }) => [code, /The stack ([\w-]+)/.exec(message)?.[1]])).toEqual([
    ["state-in-own-store", "other-cluster"],
  ]);
});
