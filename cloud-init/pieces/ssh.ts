import type { CloudInitPiece } from "../piece";

/**
 * sshd takes keys only, never root, and only these users (HRD-1).
 *
 * The first value that sshd reads wins, so the file's name sorts before the `50-cloud-init.conf` of cloud-init and the
 * `60-cloudimg-settings.conf` of Ubuntu's images; a `99-hardening.conf` would be read and have no effect (T-21).
 * `AllowUsers` is the exception: users of other files are allowed as well.
 */
export function hardenedSsh(allowUsers: readonly string[]): CloudInitPiece {
  const lines = [
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "PubkeyAuthentication yes",
    "PermitRootLogin no",
    ...(allowUsers.length === 0 ? [] : [`AllowUsers ${[...new Set(allowUsers)].sort().join(" ")}`]),
  ];
  return {
    name: "hardenedSsh",
    files: [{ path: "/etc/ssh/sshd_config.d/00-hardening.conf", content: `${lines.join("\n")}\n` }],
    // Proxmox derives a new instance id from a new address, and cloud-init would then make new host keys.
    modules: { ssh_deletekeys: false },
  };
}

/**
 * No SSH at all: the socket and the service are stopped and masked. One alone would not do: a masked socket leaves a
 * running service, and an enabled service comes back with the next boot (T-22).
 *
 * Done once, so that `systemctl unmask` from the console lasts. Give it as the last piece: what comes before can be
 * looked at by SSH until it is done (HRD-2).
 */
export function maskedSsh(): CloudInitPiece {
  return { name: "maskedSsh", commands: [["systemctl", "mask", "--now", "ssh.socket", "ssh.service"]] };
}
