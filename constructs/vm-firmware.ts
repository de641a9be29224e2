import type { VirtualEnvironmentVmConfig } from "../providers/proxmox/virtual-environment-vm";

/** What starts the guest: always OVMF, the UEFI firmware. */
export interface Firmware {
  /**
   * Keys that the EFI disk is made with. With `microsoft` it starts only what Microsoft signed, such as the boot loaders
   * of distributions. With `none` it starts anything, until the guest brings keys of its own, as Talos' secure boot
   * image does at its first start. A change restarts the VM.
   *
   * @default "none"
   */
  readonly secureBootKeys?: "none" | "microsoft";

  /** Whether it has a TPM 2.0, for keys that are bound to the machine. A change restarts the VM. @default false */
  readonly tpm?: boolean;
}

/** @internal */
export function firmwareConfig({ secureBootKeys = "none", tpm = false }: Firmware, datastoreId: string) {
  return {
    machine: "q35",
    bios: "ovmf",
    efiDisk: { datastoreId, type: "4m", preEnrolledKeys: secureBootKeys === "microsoft" },
    ...(tpm ? { tpmState: { datastoreId, version: "v2.0" } } : {}),
  } satisfies Partial<VirtualEnvironmentVmConfig>;
}
