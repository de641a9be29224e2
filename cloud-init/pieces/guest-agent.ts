import type { CloudInitPiece } from "../piece";

/** The QEMU guest agent, through which Proxmox shuts the machine down and freezes its file systems for backups. */
export function guestAgent(): CloudInitPiece {
  return {
    name: "guestAgent",
    packages: ["qemu-guest-agent"],
    // Its unit is started by the device, which was there before the package.
    commands: [["systemctl", "start", "qemu-guest-agent.service"]],
  };
}
