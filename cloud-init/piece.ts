/** What a piece of a machine is: plain data, in words that say what is meant. */
import type { Problem } from "../errors";
import type { At } from "../machine-configs/document";

type Octal = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** A zero and three octal digits: `0644`. */
export type Permissions = `0${Octal}${Octal}${Octal}`;

/** A file, written before users are made and packages are installed. */
export interface CloudFile {
  /** Absolute path; directories on the way are made. */
  readonly path: string;
  readonly content: string;

  /** @default - "0644"; "0600" where the content holds a value that only Terraform knows */
  readonly permissions?: Permissions;

  /**
   * `user` or `user:group`. With another one than root the file is written last, when the user is there.
   *
   * @default "root:root"
   */
  readonly owner?: string;
}

/** A package of the machine's distribution, or of one of its `aptSources`. */
export interface CloudPackage {
  readonly name: string;

  /** Version or pattern, as `apt-get install name=version` takes it; without such a version nothing is installed. */
  readonly version: string;
}

/** A package repository. */
export interface AptSource {
  /** URL of the repository, without suite. */
  readonly url: string;

  /** Suite such as `noble`, or `/` for a repository without suites. */
  readonly suite: string;

  /** @default - none, as for a repository without suites */
  readonly components?: readonly string[];

  /** Public key that signs the repository, as ASCII armour. It is used for this repository only. */
  readonly key: string;
}

/** Somebody who works on the machine. */
export interface CloudUser {
  readonly name: string;

  /**
   * Public keys, one line of a `.pub` file each.
   *
   * @default - none: the user cannot log in by SSH
   */
  readonly sshKeys?: readonly string[];

  /**
   * Whether the user may become root, without a password.
   *
   * @default true
   */
  readonly sudo?: boolean;

  /** Groups beside the user's own; they are made where they are missing. @default - none */
  readonly groups?: readonly string[];

  /**
   * Hash of a password for the console, as `mkpasswd --method=SHA-512` prints it. A secret: it may not stand in the
   * code of a construct. SSH takes no password in any case.
   *
   * @default - the password is locked
   */
  readonly passwordHash?: string;
}

/** Says whether a text is or contains a value that is not known yet, because Terraform gives it later. */
export type IsUnknown = (text: string) => boolean;

/** A program with its arguments, or a line for the shell. */
export type Command = string | readonly [program: string, ...args: string[]];

/** A text that is a secret, and where it comes from. */
export interface SecretText {
  /** Such as `join.token`. */
  readonly prop: string;
  readonly text: string;
}

/**
 * One thing that a machine is or has: files, packages, users, commands that belong together. Pieces compose: what two of
 * them say differently is a problem that names both.
 *
 * @example
 * const motd: CloudInitPiece = { name: "motd", files: [{ path: "/etc/motd", content: "Managed by Terraform.\n" }] };
 */
export interface CloudInitPiece {
  /** Begins the place of its problems after the machine's name. */
  readonly name: string;

  /** @default - none */
  readonly files?: readonly CloudFile[];

  /** Installed in the version that the repositories have when the machine boots first. @default - none */
  readonly packages?: readonly (string | CloudPackage)[];

  /** Repositories by a name of your own. @default - those of the image */
  readonly aptSources?: Readonly<Record<string, AptSource>>;

  /** @default - none */
  readonly users?: readonly CloudUser[];

  /** Run early at every boot, when no user, file or package is there. @default - none */
  readonly bootCommands?: readonly Command[];

  /**
   * Run once, after everything else, in the order of the pieces; a failed one does not stop the next. On Proxmox another
   * address of the machine makes it once more.
   *
   * @default - none
   */
  readonly commands?: readonly Command[];

  /** Name of the machine. @default - what the metadata says */
  readonly hostname?: string;

  /** Such as `Europe/Vienna`. @default - the image's, Etc/UTC */
  readonly timezone?: string;

  /** Mount points whose partition and file system grow with the disk. @default - the root */
  readonly growPartitions?: readonly string[];

  /** Other modules of cloud-init, by their own keys and in their own words. @default - none */
  readonly modules?: Readonly<Record<string, unknown>>;

  /** Which texts in it are secrets. @default - none */
  readonly secrets?: readonly SecretText[];

  /** What is wrong with what the piece was made from. @default - nothing */
  readonly problems?: (at: At, isUnknown: IsUnknown) => readonly Problem[];
}
