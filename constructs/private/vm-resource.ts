import { Token } from "cdktf";
import { VirtualEnvironmentVm } from "../../providers/proxmox/virtual-environment-vm";

/** All keys of a network device, in the schema's words. */
const networkDeviceKeys = [
  "bridge",
  "disconnected",
  "enabled",
  "firewall",
  "mac_address",
  "model",
  "mtu",
  "queues",
  "rate_limit",
  "trunks",
  "vlan_id",
] as const;

/**
 * The generated VM resource, with every key of every network device. The provider declares `network_device` in
 * attribute mode, and in Terraform's JSON syntax an attribute needs all its keys: unset ones as `null`.
 */
export class VmResource extends VirtualEnvironmentVm {
  protected override synthesizeAttributes(): Record<string, unknown> {
    const attributes: Record<string, unknown> = super.synthesizeAttributes();
    const devices = attributes["network_device"];
    return Array.isArray(devices) ? { ...attributes, network_device: devices.map(withAllKeys) } : attributes;
  }
}

function withAllKeys(device: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(networkDeviceKeys.map((key) => [key, device[key] ?? null]));
}

/** Where the VM has its disks and volumes, as far as it is known. Read from the resource, which may have been changed. */
export function datastoresOf({
  diskInput,
  efiDiskInput,
  tpmStateInput,
  initializationInput,
}: VirtualEnvironmentVm): string[] {
  const disks = Array.isArray(diskInput) ? diskInput : [];
  const all = [...disks, efiDiskInput, tpmStateInput, initializationInput].flatMap((one) => one?.datastoreId ?? []);
  return [...new Set(all)].filter((datastore) => !Token.isUnresolved(datastore));
}
