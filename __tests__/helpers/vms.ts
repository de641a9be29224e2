import type { App } from "cdktf";
import { ProxmoxSite, type ProxmoxSiteProps, ProxmoxVm, type ProxmoxVmProps, SiteStack } from "../../index";
import { type Attributes, only, refusals, synthesize, warnings } from "./synth";

/** What a test changes about a VM that is right in everything, and about its site. */
export interface VmChanges {
  readonly site?: Partial<ProxmoxSiteProps<string, string>>;
  readonly vm?: Partial<ProxmoxVmProps> | ((stack: SiteStack, site: ProxmoxSite) => Partial<ProxmoxVmProps>);
  /** Through the resource, as a user would. */
  readonly change?: (vm: ProxmoxVm, stack: SiteStack) => void;
}

/** One VM `db-1` without Talos on the first of three hosts, in the stack `test-alone`. */
export function addVm(
  app: App,
  { site: siteChanges, vm: vmChanges = {}, change = () => {} }: VmChanges = {},
): ProxmoxVm {
  const site = new ProxmoxSite<string, string>("test", {
    endpoint: "https://pve.example.com:8006",
    hosts: ["pve1", "pve2", "pve3"],
    datastores: { local: { content: ["import"] }, "local-lvm": {}, ceph: { shared: true } },
    ...siteChanges,
  });
  const stack = new SiteStack(app, "alone", { site });
  const vm = new ProxmoxVm(stack, "db-1", {
    site,
    host: "pve1",
    disk: { datastore: "local-lvm", sizeGiB: 20, importFrom: "local:import/debian-13.qcow2" },
    networkDevices: [{ bridge: "vmbr0", macAddress: "BC:24:11:00:00:77" }],
    ...(typeof vmChanges === "function" ? vmChanges(stack, site) : vmChanges),
  });
  change(vm, stack);
  return vm;
}

/** The VM resource as it is written. */
export function vmOf(changes: VmChanges = {}): Attributes {
  return only(stackOf(changes), "proxmox_virtual_environment_vm");
}

/** The whole stack as it is written. */
export function stackOf(changes: VmChanges = {}) {
  return synthesize((app) => addVm(app, changes))["test-alone"];
}

/** Code and place of what the synth is refused for. */
export function refused(changes: VmChanges): (readonly [code: string, message: string])[] {
  return refusals((app) => addVm(app, changes)).map(({ code, message }) => [code, message]);
}

/** Texts of the warnings. */
export function warned(changes: VmChanges): string[] {
  return warnings((app) => addVm(app, changes)).map(([, text]) => text);
}
