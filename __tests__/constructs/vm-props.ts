import type { App } from "cdktf";
import { isValues, type Values } from "../../analysis/values";
import { type VmEffect, vmEffects } from "../../analysis/vm-changes";
import {
  DirectoryMapping,
  type FirewallRule,
  KeptDisk,
  type NetworkDevice,
  PciMapping,
  ProxmoxSite,
  ProxmoxVm,
  type ProxmoxVmProps,
  SiteStack,
  type SystemDisk,
  UsbMapping,
} from "../../index";
import { type Attributes, type Synthesized, synthesize } from "../helpers/synth";

type Props = Partial<ProxmoxVmProps>;

/** What an example needs beside its VM. */
interface Around {
  readonly stack: SiteStack;
  readonly site: ProxmoxSite;
  /** The name of the example's VM, to name other things after. */
  readonly name: string;
}

type Change = Props | ((around: Around) => Props);

/** A VM before and after a change of one prop. */
interface Example {
  readonly from?: Change;
  readonly to: Change;
}

const disk: SystemDisk = { datastore: "ceph", sizeGiB: 20, importFrom: "local:import/debian-13.qcow2" };
const card: NetworkDevice = { bridge: "vmbr0" };
const cards = (device: Partial<NetworkDevice>): Props => ({ networkDevices: [{ ...card, ...device }] });
const dataDisk = (options: object): Props => ({ dataDisks: { scsi1: { datastore: "ceph", sizeGiB: 10, ...options } } });
type RuleOptions = Partial<
  Pick<
    Extract<FirewallRule, { readonly action: string }>,
    "type" | "action" | "source" | "dest" | "iface" | "log" | "comment"
  >
>;
const accept: FirewallRule = { type: "in", action: "ACCEPT" };
const rule = (changed: RuleOptions): Props => ({
  firewall: { rules: [{ type: "in", action: "ACCEPT", ...changed }] },
});

/** One change for each prop of each interface that a VM is made of. */
export const vmProps: Readonly<Record<string, Example>> = {
  "ProxmoxVmProps.host": { to: { host: "pve2" } },
  "ProxmoxVmProps.name": { to: { name: "another-name" } },
  "ProxmoxVmProps.vmId": { from: { vmId: 1000 }, to: { vmId: 1001 } },
  "ProxmoxVmProps.highAvailability": { from: { highAvailability: {} }, to: { highAvailability: { maxRestart: 2 } } },
  "ProxmoxVmProps.firewall": { from: { firewall: {} }, to: { firewall: { dhcp: true } } },
  "ProxmoxVmProps.userData": {
    from: { userData: { file: "local:snippets/a.yaml" } },
    to: { userData: { file: "local:snippets/b.yaml" } },
  },
  "ProxmoxVmProps.existing": { from: { vmId: 1002 }, to: { vmId: 1002, existing: true } },
  "UserData.file": {
    from: { userData: { file: "local:snippets/a.yaml" } },
    to: { userData: { file: "local:snippets/b.yaml" } },
  },
  "UserData.after": {
    from: { userData: { file: "local:snippets/a.yaml" } },
    to: (around) => ({ userData: { file: "local:snippets/a.yaml", after: kept(around).resource } }),
  },
  "ProxmoxVmProps.firmware": { to: { firmware: { tpm: true } } },

  "Compute.cores": { to: { cores: 4 } },
  "Compute.memoryMiB": { to: { memoryMiB: 8192 } },
  "Compute.balloonMiB": { to: { balloonMiB: 2048 } },
  "Compute.cpu": { to: { cpu: { type: "x86-64-v3" } } },
  "Cpu.type": { to: { cpu: { type: "EPYC-Rome" } } },
  "Cpu.sockets": { to: { cpu: { sockets: 2 } } },
  "Cpu.numa": { to: { cpu: { numa: true } } },
  "Cpu.affinity": { to: { cpu: { affinity: "0-3" } } },
  "Cpu.limit": { to: { cpu: { limit: 2 } } },
  "Cpu.units": { from: { cpu: { units: 100 } }, to: { cpu: { units: 200 } } },
  "Cpu.flags": { to: { cpu: { flags: ["+aes"] } } },

  "Disks.dataDisks": { to: dataDisk({}) },
  "SystemDisk.datastore": { to: { disk: { ...disk, datastore: "ceph-2" } } },
  "SystemDisk.sizeGiB": { to: { disk: { ...disk, sizeGiB: 40 } } },
  "SystemDisk.importFrom": { to: { disk: { ...disk, importFrom: "local:import/debian-14.qcow2" } } },
  "SystemDisk.importAfter": { to: (around) => ({ disk: { ...disk, importAfter: kept(around).resource } }) },
  "OwnDisk.datastore": { from: dataDisk({}), to: dataDisk({ datastore: "ceph-2" }) },
  "OwnDisk.sizeGiB": { from: dataDisk({}), to: dataDisk({ sizeGiB: 11 }) },
  "AttachedDisk.kept": {
    from: (around) => ({ dataDisks: { scsi1: { kept: twoKept(around)[0] } } }),
    to: (around) => ({ dataDisks: { scsi1: { kept: twoKept(around)[1] } } }),
  },
  "DiskOptions.serial": { from: dataDisk({}), to: dataDisk({ serial: "data" }) },
  "DiskOptions.backup": { from: dataDisk({ backup: true }), to: dataDisk({ backup: false }) },
  "DiskOptions.replicate": { from: dataDisk({ replicate: true }), to: dataDisk({ replicate: false }) },
  "DiskOptions.discard": { from: dataDisk({}), to: dataDisk({ discard: false }) },
  "DiskOptions.cache": { from: dataDisk({}), to: dataDisk({ cache: "writeback" }) },
  "Medium.ssd": { from: dataDisk({}), to: dataDisk({ ssd: false }) },
  "Thread.iothread": {
    from: { dataDisks: { virtio0: { datastore: "ceph", sizeGiB: 10 } } },
    to: { dataDisks: { virtio0: { datastore: "ceph", sizeGiB: 10, iothread: true } } },
  },

  "Networking.networkDevices": { to: { networkDevices: [card, { bridge: "vmbr1" }] } },
  "Networking.address": { to: { address: { address: "10.0.1.2/24", gateway: "10.0.1.1" } } },
  "StaticAddress.address": {
    from: { address: { address: "10.0.1.3/24", gateway: "10.0.1.1" } },
    to: { address: { address: "10.0.1.4/24", gateway: "10.0.1.1" } },
  },
  "StaticAddress.gateway": {
    from: { address: { address: "10.0.1.5/24", gateway: "10.0.1.1" } },
    to: { address: { address: "10.0.1.5/24", gateway: "10.0.1.254" } },
  },
  "StaticAddress.nameservers": {
    from: { address: { address: "10.0.1.6/24", gateway: "10.0.1.1", nameservers: ["10.0.1.2"] } },
    to: { address: { address: "10.0.1.6/24", gateway: "10.0.1.1", nameservers: ["10.0.1.3"] } },
  },
  "StaticAddress.searchDomain": {
    from: { address: { address: "10.0.1.7/24", gateway: "10.0.1.1" } },
    to: { address: { address: "10.0.1.7/24", gateway: "10.0.1.1", searchDomain: "example.com" } },
  },
  "NetworkDevice.bridge": { to: cards({ bridge: "vmbr1" }) },
  "NetworkDevice.macAddress": {
    from: cards({ macAddress: "BC:24:11:00:00:01" }),
    to: cards({ macAddress: "BC:24:11:00:00:02" }),
  },
  "NetworkDevice.vlanId": { to: cards({ vlanId: 62 }) },
  "NetworkDevice.trunks": { to: cards({ trunks: [62, 81] }) },
  "NetworkDevice.mtu": { to: cards({ mtu: 9000 }) },
  "NetworkDevice.queues": { to: cards({ queues: 4 }) },
  "NetworkDevice.rateLimitMBps": { to: cards({ rateLimitMBps: 100 }) },
  "NetworkDevice.firewall": { to: cards({ firewall: true }) },
  "NetworkDevice.ipv4": { to: cards({ ipv4: { address: "10.0.1.8/24" } }) },
  "NetworkDevice.ipv6": { to: cards({ ipv6: "auto" }) },
  "CardAddress.address": {
    from: cards({ ipv4: { address: "10.0.1.9/24" } }),
    to: cards({ ipv4: { address: "10.0.1.10/24" } }),
  },
  "CardAddress.gateway": {
    from: cards({ ipv4: { address: "10.0.1.11/24", gateway: "10.0.1.1" } }),
    to: cards({ ipv4: { address: "10.0.1.11/24", gateway: "10.0.1.254" } }),
  },

  "Firmware.secureBootKeys": { to: { firmware: { secureBootKeys: "microsoft" } } },
  "Firmware.tpm": { to: { firmware: { tpm: true } } },

  "Devices.pciDevices": { to: (around) => ({ pciDevices: [pci(around, false)] }) },
  "Devices.usbDevices": {
    to: ({ stack, site, name }) => ({
      usbDevices: [new UsbMapping(stack, `${name}-usb`, { site, devices: { pve1: [{ id: "10c4:ea60" }] } })],
    }),
  },
  "Devices.sharedDirectories": { to: shared({}) },
  "Devices.watchdog": { to: { watchdog: {} } },
  "Devices.serialPorts": { to: { serialPorts: 2 } },
  "Devices.display": { to: { display: "serial0" } },
  "MediatedDevice.mapping": {
    from: (around) => ({ pciDevices: [{ mapping: pci(around, true), mediatedType: "nvidia-63" }] }),
    to: (around) => ({
      pciDevices: [{ mapping: pci({ ...around, name: `${around.name}-2` }, true), mediatedType: "nvidia-63" }],
    }),
  },
  "MediatedDevice.mediatedType": {
    from: (around) => ({ pciDevices: [{ mapping: pci(around, true), mediatedType: "nvidia-63" }] }),
    to: (around) => ({ pciDevices: [{ mapping: pci(around, true), mediatedType: "nvidia-64" }] }),
  },
  "SharedDirectory.mapping": { to: shared({}) },
  "SharedDirectory.cache": { from: shared({}), to: shared({ cache: "never" }) },
  "SharedDirectory.directIo": { from: shared({}), to: shared({ directIo: true }) },
  "SharedDirectory.exposeAcl": { from: shared({}), to: shared({ exposeAcl: true }) },
  "SharedDirectory.exposeXattr": { from: shared({}), to: shared({ exposeXattr: true }) },
  "Watchdog.action": { from: { watchdog: {} }, to: { watchdog: { action: "poweroff" } } },
  "Watchdog.model": { from: { watchdog: {} }, to: { watchdog: { model: "ib700" } } },

  "Operation.agent": { to: { agent: true } },
  "Operation.started": { from: { started: true }, to: { started: false } },
  "Operation.onBoot": { to: { onBoot: false } },
  "Operation.startup": { to: { startup: { order: 1 } } },
  "Operation.restartForChanges": { to: { restartForChanges: false } },
  "Operation.protection": { to: { protection: true } },
  "Operation.pool": { to: { pool: { poolId: "databases" } } },
  "Operation.tags": { to: { tags: ["db"] } },
  "Operation.description": { to: { description: "Holds the orders." } },
  "Startup.order": { from: { startup: { order: 1 } }, to: { startup: { order: 2 } } },
  "Startup.upDelaySeconds": { from: { startup: { order: 1 } }, to: { startup: { order: 1, upDelaySeconds: 30 } } },
  "Startup.downDelaySeconds": { from: { startup: { order: 1 } }, to: { startup: { order: 1, downDelaySeconds: 30 } } },

  "HighAvailability.hosts": {
    from: { highAvailability: { hosts: { pve1: 1 } } },
    to: { highAvailability: { hosts: { pve1: 1, pve2: 1 } } },
  },
  "HighAvailability.strict": {
    from: { highAvailability: { hosts: { pve1: 1, pve2: 1 } } },
    to: { highAvailability: { hosts: { pve1: 1, pve2: 1 }, strict: true } },
  },
  "HighAvailability.failback": { from: { highAvailability: {} }, to: { highAvailability: { failback: true } } },
  "HighAvailability.maxRestart": { from: { highAvailability: {} }, to: { highAvailability: { maxRestart: 3 } } },
  "HighAvailability.maxRelocate": { from: { highAvailability: {} }, to: { highAvailability: { maxRelocate: 3 } } },

  "VmFirewall.inputPolicy": { from: { firewall: {} }, to: { firewall: { inputPolicy: "REJECT" } } },
  "VmFirewall.outputPolicy": { from: { firewall: {} }, to: { firewall: { outputPolicy: "DROP" } } },
  "VmFirewall.rules": { from: { firewall: { rules: [accept] } }, to: { firewall: { rules: [accept, accept] } } },
  "VmFirewall.dhcp": { from: { firewall: {} }, to: { firewall: { dhcp: true } } },
  "VmFirewall.ndp": { from: { firewall: {} }, to: { firewall: { ndp: false } } },
  "VmFirewall.macFilter": { from: { firewall: {} }, to: { firewall: { macFilter: false } } },
  "VmFirewall.ipFilter": { from: { firewall: {} }, to: { firewall: { ipFilter: true } } },
  "Traffic.type": { from: rule({}), to: rule({ type: "out" }) },
  "Traffic.action": { from: rule({}), to: rule({ action: "DROP" }) },
  "Traffic.source": { from: rule({}), to: rule({ source: "10.0.0.0/8" }) },
  "Traffic.dest": { from: rule({}), to: rule({ dest: "10.0.0.1" }) },
  "Traffic.iface": { from: rule({}), to: rule({ iface: "net0" }) },
  "Traffic.log": { from: rule({}), to: rule({ log: "info" }) },
  "Traffic.comment": { from: rule({}), to: rule({ comment: "for now" }) },
  "SecurityGroupRule.securityGroup": {
    from: { firewall: { rules: [{ securityGroup: "web" }] } },
    to: { firewall: { rules: [{ securityGroup: "mail" }] } },
  },
  "SecurityGroupRule.iface": {
    from: { firewall: { rules: [{ securityGroup: "web" }] } },
    to: { firewall: { rules: [{ securityGroup: "web", iface: "net0" }] } },
  },
  "SecurityGroupRule.comment": {
    from: { firewall: { rules: [{ securityGroup: "web" }] } },
    to: { firewall: { rules: [{ securityGroup: "web", comment: "for now" }] } },
  },
};

function shared(options: object): Change {
  return ({ stack, site, name }) => ({
    sharedDirectories: [
      {
        mapping: new DirectoryMapping(stack, `${name}-directory`, { site, directories: { pve1: "/srv" } }),
        ...options,
      },
    ],
  });
}

function kept({ stack, site, name }: Around): KeptDisk {
  return new KeptDisk(stack, `${name}-disk`, { site, host: "pve1", datastore: "ceph", sizeGiB: 1 });
}

/** Both, whichever is attached: one that is taken out of the code would be destroyed. */
function twoKept(around: Around) {
  return [kept(around), kept({ ...around, name: `${around.name}-2` })] as const;
}

function pci({ stack, site, name }: Around, mediatedDevices: boolean): PciMapping {
  const path = mediatedDevices ? "0000:02:00.0" : "0000:01:00";
  const device = { id: "10de:2571", path, iommuGroup: 14, subsystemId: "10de:1611" };
  return new PciMapping(stack, `${name}-pci`, { site, mediatedDevices, devices: { pve1: [device] } });
}

/** The name of an example's VM. */
export function vmNameOf(prop: string): string {
  return prop.toLowerCase().replace(".", "-");
}

/** One VM per example, in the stack `props-vms`, all before or all after their change. */
export function addVmProps(app: App, when: keyof Example): void {
  const site = new ProxmoxSite<string, string>("props", {
    endpoint: "https://pve.example.com:8006",
    hosts: ["pve1", "pve2", "pve3"],
    datastores: { local: { content: ["import"] }, ceph: { shared: true }, "ceph-2": { shared: true } },
    pveMajor: 9,
    login: "root",
  });
  const stack = new SiteStack(app, "vms", { site });
  for (const [prop, example] of Object.entries(vmProps)) {
    const name = vmNameOf(prop);
    const change = example[when] ?? {};
    const props = typeof change === "function" ? change({ stack, site, name }) : change;
    new ProxmoxVm(stack, name, { site, host: "pve1", disk, networkDevices: [card], ...props });
  }
}

/** What the change of each prop does, by the table of what the provider does. */
export function effectsOfProps(): ReadonlyMap<string, VmEffect> {
  const [before, after] = (["from", "to"] as const).map(
    (when) => synthesize((app) => addVmProps(app, when))["props-vms"],
  );
  return new Map(
    Object.keys(vmProps).map((prop) => {
      const ofVm = worstEffect(vmIn(before, prop), vmIn(after, prop), {});
      // What is not of the VM itself, such as its firewall, leaves it alone.
      return [prop, ofVm ?? (othersOf(before, prop) === othersOf(after, prop) ? "none" : "live")];
    }),
  );
}

const effects: readonly VmEffect[] = ["none", "live", "migrate", "restart", "stop", "replace"];

/** The worst of what a change of a VM does; nothing if nothing of it changes. */
export function worstEffect(before: Values, after: Values, unknown: unknown): VmEffect | undefined {
  const found = vmEffects(before, after, unknown).map(({ effect }) => effect);
  return effects.findLast((effect) => found.includes(effect));
}

function vmIn(stack: Synthesized | undefined, prop: string): Values {
  const id = Object.entries(stack?.resource["proxmox_virtual_environment_vm"] ?? {}).find(([key]) =>
    key.startsWith(`${vmNameOf(prop)}_`),
  );
  const { "//": _, depends_on: __, lifecycle: ___, ...attributes }: Attributes = id?.[1] ?? {};
  return isValues(attributes) ? attributes : {};
}

function othersOf(stack: Synthesized | undefined, prop: string): string {
  const ofProp = new RegExp(`^${vmNameOf(prop)}_(Ha|Firewall)`);
  const others = Object.values(stack?.resource ?? {}).flatMap((ofType) => Object.entries(ofType));
  return JSON.stringify(others.filter(([id]) => ofProp.test(id)));
}

/** What a reader is told about each effect. */
const words: Readonly<Record<VmEffect, string>> = {
  none: "does nothing to a VM that exists",
  live: "is made while the VM runs",
  migrate: "migrates the VM while it runs",
  restart: "**restarts** the VM",
  stop: "starts the VM, or shuts it down",
  replace: "**replaces** the VM, its own disks with it",
};

/** Parts of public types that have no name there. */
const publicNames: Readonly<Record<string, string>> = {
  Medium: "DataDisk",
  Thread: "DataDisk",
  Traffic: "FirewallRule",
};

/** The table of the docs: the props of each interface by what a change of them does. */
export function vmPropTable(): string {
  const rows = new Map<string, { readonly type: string; readonly effect: VmEffect; readonly props: string[] }>();
  for (const [name, effect] of effectsOfProps()) {
    const [part = "", prop = ""] = name.split(".");
    const type = publicNames[part] ?? part;
    const row = rows.get(`${type} ${effect}`) ?? { type, effect, props: [] };
    rows.set(`${type} ${effect}`, row);
    row.props.push(`\`${prop}\``);
  }
  const lines = [...rows.values()].map(
    ({ type, effect, props }) => `| \`${type}\` | ${props.join(", ")} | ${words[effect]} |`,
  );
  return `| of | a change of | what it does |\n| --- | --- | --- |\n${lines.join("\n")}`;
}
