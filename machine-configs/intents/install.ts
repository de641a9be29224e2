import { installDiskMalformed, installerMalformed, installerOfOtherTalos, type Problem } from "../../errors";
import { placesIn } from "../document";
import { unattendedInstallConfig } from "../documents/unattended-install-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesUnattendedInstall } from "../releases";

export interface InstallProps {
  /**
   * The installer of the machine's schematic and Talos release, as `installerImage` names it (TAL-36). Its tag must be
   * the machine's Talos version.
   */
  readonly image: string;
  /**
   * The disk that Talos is installed on (TAL-9). Disks on a SCSI controller are `/dev/sda`, virtio-blk ones `/dev/vda`.
   *
   * @default "/dev/sda"
   */
  readonly disk?: string;
}

/**
 * Where and from what Talos is installed, without wiping the disk. A machine whose disk was imported from a disk image
 * is already installed: for it this only states what an upgrade would use. Applied without a restart.
 *
 * From contract 1.14 the document is always complete, since merging empties a disk selector that is not repeated.
 */
export function install({ image, disk = "/dev/sda" }: InstallProps): Intent {
  return {
    name: "install",
    documents: ({ contract }) => [
      usesUnattendedInstall(contract)
        ? unattendedInstallConfig.build({
            installer: { image },
            provisioning: { diskSelector: { match: `disk.dev_path == ${JSON.stringify(disk)}` }, wipe: false },
          })
        : v1alpha1.build({ machine: { install: { disk, image, wipe: false } } }),
    ],
    problems: (machine) => {
      const at = placesIn(machine, "install");
      const problems: Problem[] = [];
      if (!/^\/dev\/[\w/.:-]+$/.test(disk)) problems.push(installDiskMalformed(at("disk"), disk));
      const tag = /^[\w.:-]+(?:\/[\w.-]+)+:(?<tag>[\w.-]+)$/.exec(image)?.groups?.["tag"];
      if (tag === undefined && !image.includes("@sha256:")) problems.push(installerMalformed(at("image"), image));
      if (tag !== undefined && tag !== `v${machine.talos}`) {
        problems.push(installerOfOtherTalos(at("image"), tag, machine.talos));
      }
      return problems;
    },
  };
}
