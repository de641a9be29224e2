import type { App } from "cdktf";
import { KeptDisk, ProxmoxSite, SiteStack, type VmIdRange } from "../../index";
import { refusals, synthesize } from "../helpers/synth";
import { refused, stackOf, type VmChanges, vmOf } from "../helpers/vms";

const vmIds = { first: 6600, last: 6699 };
const inventory = [{ vmid: 6610, name: "db-1" }, { vmid: 6611, name: "registry" }, { vmid: 6612 }];

test("an id of the site's range is taken, and one that the inventory has for the same VM", () => {
  expect(vmOf({ site: { vmIds, inventory }, vm: { vmId: 6600 } })["vm_id"]).toBe(6600);
  expect(vmOf({ site: { vmIds, inventory }, vm: { vmId: 6610 } })["vm_id"]).toBe(6610);
  expect(vmOf({ site: { vmIds, inventory } })).not.toHaveProperty("vm_id");
});

test.each<[string, VmChanges, string, string]>([
  ["outside of the site's range", { site: { vmIds }, vm: { vmId: 6700 } }, "vm-id-outside-site", "6600 to 6699"],
  [
    "outside of it through the resource",
    { site: { vmIds }, change: ({ resource }) => (resource.vmId = 100) },
    "vm-id-outside-site",
    "VM id 100",
  ],
  ["of another VM", { site: { inventory }, vm: { vmId: 6611 } }, "vm-id-taken", "6611 belongs to registry"],
  ["of a VM without a name", { site: { inventory }, vm: { vmId: 6612 } }, "vm-id-taken", "a VM without a name"],
  [
    "of another VM, for a kept disk",
    {
      site: { inventory },
      vm: (stack, site) => {
        new KeptDisk(stack, "data", { site, host: "pve1", datastore: "ceph", sizeGiB: 1, vmId: 6611 });
        return {};
      },
    },
    "vm-id-taken",
    "6611",
  ],
])("an id %s is refused", (_, changes, code, message) => {
  expect(refused(changes)).toEqual([[code, expect.stringContaining(message)]]);
});

test.each([
  [{ first: 99, last: 200 }, "vmIds.first is 99"],
  [{ first: 300, last: 200 }, "vmIds.last is 200"],
])("a range of ids such as %j is refused", (range, message) => {
  expect(refused({ site: { vmIds: range } })).toEqual([["value-out-of-range", `${message}.`]]);
});

test("an id that nobody gives is one of the site's range", () => {
  const providerOf = (range?: VmIdRange) => stackOf({ site: range ? { vmIds: range } : {} })?.provider["proxmox"]?.[0];
  expect(providerOf(vmIds)).toMatchObject({
    random_vm_ids: true,
    random_vm_id_start: 6600,
    random_vm_id_end: 6699,
  });
  expect(providerOf()).not.toHaveProperty("random_vm_ids");
  // There is nothing to choose from, and the provider wants an end beyond the start.
  expect(providerOf({ first: 6600, last: 6600 })).not.toHaveProperty("random_vm_ids");
});

describe("the ranges of two sites", () => {
  const twoSites =
    (range: VmIdRange, endpoint = "https://pve.example.com:8006", name = "two") =>
    (app: App) => {
      const common = { hosts: ["pve1"], datastores: {} };
      const one = new ProxmoxSite("one", { ...common, endpoint: "https://pve.example.com:8006", vmIds });
      new SiteStack(app, "vms", { site: one });
      const two = new ProxmoxSite(name, { ...common, endpoint, vmIds: range });
      new SiteStack(app, "other-vms", { site: two });
    };

  test("of one Proxmox have no id in common", () => {
    expect(refusals(twoSites({ first: 6690, last: 6799 }))).toMatchObject([
      {
        code: "vm-ids-overlap",
        where: "two",
        message: "The VM ids 6690 to 6699 of the site are those of the site one as well.",
      },
    ]);
  });

  test.each<[string, Parameters<typeof twoSites>]>([
    ["beside each other", [{ first: 6700, last: 6799 }]],
    ["of two Proxmox", [vmIds, "https://other.example.com:8006"]],
    ["of one site that is described twice", [vmIds, "https://pve.example.com:8006", "one"]],
  ])("are fine that are %s", (_, changes) => {
    expect(Object.keys(synthesize(twoSites(...changes)))).toHaveLength(2);
  });
});
