import {
  agentWithoutExtension,
  balloonWithTalos,
  installDiskOnOtherBus,
  nicContract,
  type Problem,
  secureBootFirmware,
  unsignedImage,
  virtioScsiSingle,
} from "../../errors";
import type { MachineRole } from "../../machine-configs";
import type { VirtualEnvironmentVm } from "../../providers/proxmox/virtual-environment-vm";
import type { TalosImage } from "../talos-image";
import type { NetworkDevice } from "../vm-network";

/** What a Talos machine expects of its VM. */
interface Expected {
  readonly role: MachineRole;
  readonly image: TalosImage;
  readonly installDisk: string;
  /** The network cards of its role. */
  readonly nics: readonly Pick<NetworkDevice, "vlanId">[];
}

/** The extension that answers Proxmox. */
export const guestAgent = "siderolabs/qemu-guest-agent";

/**
 * What keeps a VM from being the Talos machine that it is made for. Read from the VM's resource, because an escape hatch
 * may have changed it.
 */
export function talosVmProblems(where: string, vm: VirtualEnvironmentVm, expected: Expected): Problem[] {
  const balloon = vm.memoryInput?.floating ?? 0;
  const lacksAgent = vm.agentInput?.enabled === true && expected.image.missing([guestAgent]).length > 0;
  return [
    ...(balloon > 0 ? [balloonWithTalos(where, balloon)] : []),
    ...(vm.scsiHardwareInput === "virtio-scsi-single" ? [virtioScsiSingle(where)] : []),
    ...(lacksAgent ? [agentWithoutExtension(where)] : []),
    ...nicContractProblems(where, vm, expected),
    ...installDiskProblems(where, vm, expected),
    ...firmwareProblems(where, vm, expected),
  ];
}

/** PVE-4, VAL-2, VAL-3. */
function nicContractProblems(where: string, vm: VirtualEnvironmentVm, { role, nics }: Expected): Problem[] {
  const devices = vm.networkDeviceInput;
  if (!Array.isArray(devices)) {
    return [];
  }
  const wanted = nics.map(networkName);
  const found = devices.map(networkName);
  return wanted.join() === found.join() ? [] : [nicContract(where, role, wanted, found)];
}

function networkName(nic: { readonly vlanId?: number }): string {
  return nic.vlanId === undefined ? "native" : `VLAN ${nic.vlanId}`;
}

/** TAL-9. */
function installDiskProblems(where: string, vm: VirtualEnvironmentVm, { installDisk }: Expected): Problem[] {
  const [bus = "scsi0"] = vm.bootOrderInput ?? [];
  const disk = bus.startsWith("virtio") ? "/dev/vda" : "/dev/sda";
  return disk === installDisk ? [] : [installDiskOnOtherBus(where, installDisk, bus, disk)];
}

function firmwareProblems(where: string, vm: VirtualEnvironmentVm, { image }: Expected): Problem[] {
  const { biosInput: bios, efiDiskInput: efiDisk, tpmStateInput: tpm } = vm;
  if (!image.secureBoot) {
    return efiDisk?.preEnrolledKeys === true ? [unsignedImage(where)] : [];
  }
  const wrong = [
    ...(bios === "ovmf" ? [] : [`its bios is "${bios}"`]),
    ...(efiDisk?.preEnrolledKeys === true ? ["its EFI disk has keys of others"] : []),
    ...efiDiskFaults(efiDisk),
    ...(tpm === undefined ? ["it has no TPM"] : tpm.version === "v2.0" ? [] : [`its TPM is ${tpm.version}`]),
  ];
  return wrong.length === 0 ? [] : [secureBootFirmware(where, wrong)];
}

/** Keys are on the EFI disk, and only its larger form has place for them; the provider makes the smaller one. */
function efiDiskFaults(efiDisk: VirtualEnvironmentVm["efiDiskInput"]): string[] {
  if (efiDisk === undefined) return ["it has no EFI disk"];
  const { type = "2m" } = efiDisk;
  return type === "4m" ? [] : [`its EFI disk is of type ${type}`];
}
