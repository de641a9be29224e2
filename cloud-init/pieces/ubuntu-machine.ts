import { everybodyLockedOut } from "../../errors";
import type { CloudInitPiece, CloudUser } from "../piece";
import { guestAgent } from "./guest-agent";
import { hardenedSsh, maskedSsh } from "./ssh";

/**
 * Whether SSH stays (HRD-3). `keep`: keys only, for the users that have one. `mask`: the same until the machine is set up,
 * then no SSH at all; the console of Proxmox is the way in.
 */
export type SshPolicy = "keep" | "mask";

export interface UbuntuMachineProps {
  /** A DNS label. */
  readonly hostname: string;

  /** Everybody who works on the machine. The image's own user `ubuntu` is not made. */
  readonly users: readonly CloudUser[];

  /** @default "keep" */
  readonly sshPolicy?: SshPolicy | undefined;

  /** Whether the QEMU guest agent is installed. @default true */
  readonly agent?: boolean;

  /** What the machine is beyond that, in the order of its commands. @default - nothing */
  readonly pieces?: readonly CloudInitPiece[] | undefined;
}

/** What every Ubuntu machine is made of: name, users, hardened SSH, guest agent, and the pieces of its own. */
export function ubuntuMachine(props: UbuntuMachineProps): readonly CloudInitPiece[] {
  const { hostname, users, sshPolicy = "keep", agent = true, pieces = [] } = props;
  const allowed = sshUsers(users, pieces);
  return [
    {
      name: "ubuntuMachine",
      hostname,
      users,
      modules: { manage_etc_hosts: true },
      problems: (at) => (sshPolicy === "keep" && allowed.length === 0 ? [everybodyLockedOut(at("users"))] : []),
    },
    hardenedSsh(allowed),
    ...(agent ? [guestAgent()] : []),
    ...pieces,
    ...(sshPolicy === "mask" ? [maskedSsh()] : []),
  ];
}

/** Who may log in by SSH: the users that have a key, except for root, who never may. */
export function sshUsers(users: readonly CloudUser[], pieces: readonly CloudInitPiece[]): string[] {
  const everybody = [...users, ...pieces.flatMap((piece) => piece.users ?? [])];
  return everybody.filter(({ name, sshKeys = [] }) => sshKeys.length > 0 && name !== "root").map(({ name }) => name);
}
