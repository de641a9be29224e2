/** VMs that exist are taken over: the first plan imports them, and nothing happens to them. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { ProxmoxSite, ProxmoxVm, SiteStack } from "../../index";
import { synthesize } from "./support/app";
import { failureOf, Workspace } from "./support/terraform";
import { World } from "./support/world";

interface Changes {
  readonly existing?: boolean;
  readonly vmId?: number;
  readonly memoryMiB?: number;
  readonly agent?: boolean;
  readonly address?: { readonly address: string; readonly gateway: string };
}

/** A machine of somebody else, once as it was made and then as our code has it. */
class Site {
  readonly world = new World();
  readonly #folder = realpathSync(mkdtempSync(path.join(tmpdir(), "existing-")));
  readonly stack = new Workspace(path.join(this.#folder, "cdktf.out/stacks/home-web"), this.world.options);

  write({ vmId = 100, ...changes }: Changes = {}): void {
    synthesize(this.#folder, (app) => {
      const site = new ProxmoxSite("home", {
        endpoint: "https://pve.example.com:8006",
        hosts: ["pve1"],
        datastores: { local: { content: ["import"] }, "local-lvm": {} },
      });
      new ProxmoxVm(new SiteStack(app, "web", { site }), "web-1", {
        site,
        host: "pve1",
        vmId,
        disk: { datastore: "local-lvm", sizeGiB: 20, importFrom: "local:import/debian-13.qcow2" },
        networkDevices: [{ bridge: "vmbr0", macAddress: "BC:24:11:00:00:77" }],
        ...changes,
      });
    });
  }

  /** Makes the VM, and forgets that Terraform did. */
  async make(): Promise<void> {
    this.write();
    await this.stack.init();
    await this.stack.apply();
    rmSync(path.join(this.#folder, "terraform.home-web.tfstate"));
    this.world.forgetCalls();
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
    this.world.remove();
  }
}

let site: Site;

beforeEach(async () => {
  site = new Site();
  await site.make();
});

afterEach(() => site.remove());

test("PVE-18: the first plan imports it and does nothing else; the next one does nothing", async () => {
  site.write({ existing: true });
  expect(imports(await site.stack.planJson())).toEqual([[["no-op"], "pve1/100"]]);
  await site.stack.apply();
  expect(site.world.calls("create", "update", "delete")).toEqual([]);
  expect(imports(await site.stack.planJson())).toEqual([]);
});

test("its agent and its cloud-init stay as they are; what else the code says is changed in place", async () => {
  site.write({ existing: true, agent: true, address: { address: "10.0.0.9/24", gateway: "10.0.0.1" } });
  expect((await site.stack.plan()).changes).toEqual([]);
  site.write({ existing: true, memoryMiB: 8192 });
  expect((await site.stack.plan()).changes).toMatchObject([{ actions: ["update"] }]);
});

test("what would replace it is refused, as long as it is said to exist", async () => {
  site.write({ existing: true });
  await site.stack.apply();
  site.write({ existing: true, vmId: 101 });
  expect(await failureOf(site.stack.plan())).toMatch(/instance cannot be destroyed/i);
  site.write({ vmId: 101 });
  expect((await site.stack.plan()).changes).toMatchObject([{ actions: ["delete", "create"] }]);
});

test("one that does not exist is not made", async () => {
  site.write({ existing: true, vmId: 999 });
  expect(await failureOf(site.stack.plan())).toMatch(/import id "pve1\/999"/);
});

/** What a plan imports: action and id. */
function imports(plan: string): unknown[] {
  const { resource_changes: changes }: { resource_changes: Imported[] } = JSON.parse(plan);
  return changes.flatMap(({ change: { actions, importing } }) =>
    importing === undefined ? [] : [[actions, importing.id]],
  );
}

interface Imported {
  readonly change: { readonly actions: string[]; readonly importing?: { readonly id: string } };
}
