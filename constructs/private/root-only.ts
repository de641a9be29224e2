import { type Problem, rootOnlySetting } from "../../errors";
import type { VirtualEnvironmentVm } from "../../providers/proxmox/virtual-environment-vm";

/**
 * What Proxmox takes from root@pam with a password only: not from an API token, not even one of root. Read from the
 * resource, since most of it has no prop.
 */
export function rootOnlyProblems(where: string, resource: VirtualEnvironmentVm): Problem[] {
  const { cpuInput: cpu, memoryInput: memory, initializationInput: initialization } = resource;
  const set: readonly (readonly [string, unknown])[] = [
    ["cpu.affinity", cpu?.affinity],
    ["cpu.architecture", cpu?.architecture],
    ["memory.hugepages", memory?.hugepages],
    ["initialization.upgrade", initialization?.upgrade],
    ["amd_sev", resource.amdSevInput],
    ["rng", blocksOf(resource.rngInput)[0]],
    ["kvm_arguments", resource.kvmArgumentsInput],
    ["hook_script_file_id", resource.hookScriptFileIdInput],
    ["usb.host", blocksOf(resource.usbInput).find(({ host }) => isSet(host))],
    ["serial_device", blocksOf(resource.serialDeviceInput).find(({ device }) => device?.startsWith("/dev/"))],
  ];
  return set.filter(([, value]) => isSet(value)).map(([setting]) => rootOnlySetting(where, setting));
}

/** Blocks that are known here; those of a Terraform value are not. */
function blocksOf<T>(input: readonly T[] | object | undefined): readonly T[] {
  return Array.isArray(input) ? input : [];
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== "" && value !== false;
}
