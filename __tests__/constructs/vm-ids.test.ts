import { KeptDisk } from "../../index";
import { refused, type VmChanges, vmOf } from "../helpers/vms";

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
