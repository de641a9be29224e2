import { TerraformResource } from "cdktf";
import { only } from "../helpers/synth";
import { refused, stackOf, type VmChanges, vmOf } from "../helpers/vms";

test("a VM runs, starts with its host and is restarted for changes, unless it says otherwise", () => {
  const vm = vmOf();
  expect(vm).toMatchObject({ on_boot: true, reboot_after_update: true });
  for (const attribute of ["started", "startup", "protection", "pool_id", "description"]) {
    expect(vm).not.toHaveProperty(attribute);
  }
  expect(
    vmOf({
      vm: {
        started: false,
        onBoot: false,
        restartForChanges: false,
        startup: { order: 2, upDelaySeconds: 30, downDelaySeconds: 60 },
        protection: true,
        pool: { poolId: "databases" },
        description: "Holds the orders.",
        tags: ["web", "db", "web"],
      },
    }),
  ).toMatchObject({
    started: false,
    on_boot: false,
    reboot_after_update: false,
    startup: { order: 2, up_delay: 30, down_delay: 60 },
    protection: true,
    pool_id: "databases",
    description: "Holds the orders.",
    tags: ["db", "web"],
  });
});

test("a VM waits for the pool that it belongs to", () => {
  const vm = only(
    stackOf({
      vm: (stack) => ({
        pool: {
          poolId: "databases",
          resource: new TerraformResource(stack, "pool", { terraformResourceType: "proxmox_virtual_environment_pool" }),
        },
      }),
    }),
    "proxmox_virtual_environment_vm",
  );
  expect(vm["depends_on"]).toEqual(["proxmox_virtual_environment_pool.pool"]);
});

test.each<[string, VmChanges["vm"], string, string]>([
  ["half an order", { startup: { order: 1.5 } }, "value-too-small", "startup.order is 1.5"],
  ["a delay before the beginning", { startup: { upDelaySeconds: -1 } }, "value-too-small", "upDelaySeconds is -1"],
])("%s is refused", (_, vm, code, message) => {
  expect(refused({ ...(vm && { vm }) })).toEqual([[code, expect.stringContaining(message)]]);
});
