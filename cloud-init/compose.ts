/** Makes the user data of one machine out of many pieces. */
import { type Problem, piecesDisagree } from "../errors";
import { type At, placesIn } from "../machine-configs/document";
import type { AptSource, CloudFile, CloudInitPiece, CloudPackage, CloudUser, IsUnknown, SecretText } from "./piece";
import { pieceProblems, textProblems } from "./rules";

/** The machine that user data is made for. */
export interface CloudMachine {
  /** Begins the place of every problem. */
  readonly name: string;
  /**
   * Says whether a text is or contains a value that is not known yet. Nothing is said about such values, and a file that
   * holds one is for root only.
   *
   * @default - every value is known
   */
  readonly isUnknown?: IsUnknown;
}

/** User data as cloud-init reads it: a map of its modules. */
export type CloudConfig = Readonly<Record<string, unknown>>;

/** The user data of one machine, and all that is wrong with it. */
export interface CloudInit {
  /** To be used only when there are no problems. */
  readonly config: CloudConfig;
  readonly problems: readonly Problem[];
  /** Texts that are secrets, by piece and prop: nothing that keeps the user data should hold them in clear. */
  readonly secrets: readonly SecretText[];
}

/**
 * Merges pieces into one user data: what several of them say the same is said once, and what two of them say differently
 * is a problem. Their order is the order of their commands and has no other effect.
 *
 * Never throws: every problem is in the result, each with its place, `<machine> <piece>.<field>`.
 */
export function composeCloudInit(machine: CloudMachine, pieces: readonly CloudInitPiece[]): CloudInit {
  const { isUnknown = () => false } = machine;
  const said = new Said(placesIn(machine, "cloud-init"));
  // A package in any version and in one version is that version.
  const pinned = new Set(pieces.flatMap(({ packages = [] }) => packages.filter(isPinned).map(({ name }) => name)));
  for (const { name, ...piece } of pieces) {
    for (const file of piece.files ?? []) said.say(name, ["write_files", file.path], fileEntry(file, isUnknown));
    for (const user of piece.users ?? []) said.say(name, ["users", user.name], userEntry(user));
    for (const one of piece.packages ?? []) {
      if (isPinned(one)) said.say(name, ["packages", one.name], [one.name, one.version]);
      else if (!pinned.has(one)) said.say(name, ["packages", one], one);
    }
    for (const [id, source] of Object.entries(piece.aptSources ?? {})) {
      said.say(name, ["apt", id], sourceEntry(source));
    }
    for (const [module, value] of Object.entries(settingsOf(piece))) said.say(name, ["modules", module], value);
  }
  const config = configOf(said, pieces);
  return {
    config,
    problems: [
      ...pieces.flatMap((piece) => pieceProblems(piece, placesIn(machine, piece.name), isUnknown)),
      ...said.problems,
      ...textProblems(config, placesIn(machine, "cloud-init")),
    ],
    secrets: pieces.flatMap(secretsOf),
  };
}

function configOf(said: Said, pieces: readonly CloudInitPiece[]): CloudConfig {
  const packages = said.all("packages");
  const sources = said.named("apt");
  const lists = {
    users: said.all("users"),
    write_files: said.all("write_files"),
    bootcmd: pieces.flatMap(({ bootCommands = [] }) => bootCommands),
    packages,
    runcmd: pieces.flatMap(({ commands = [] }) => commands),
  };
  return {
    ...said.named("modules"),
    ...(Object.keys(sources).length === 0 ? {} : { apt: { sources } }),
    ...(packages.length === 0 ? {} : { package_update: true }),
    ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)),
  };
}

/** What pieces have said so far, by section and name; each thing once. */
class Said {
  readonly problems: Problem[] = [];
  readonly #sections = new Map<string, Map<string, { readonly piece: string; readonly value: unknown }>>();

  constructor(private readonly at: At) {}

  say(piece: string, [section, name]: readonly [section: string, name: string], value: unknown): void {
    const entries = this.#sections.get(section) ?? new Map();
    this.#sections.set(section, entries);
    const first = entries.get(name);
    if (first === undefined) {
      entries.set(name, { piece, value });
    } else if (JSON.stringify(first.value) !== JSON.stringify(value)) {
      this.problems.push(piecesDisagree(this.at(section, name), first.piece, piece));
    }
  }

  all(section: string): readonly unknown[] {
    return [...(this.#sections.get(section)?.values() ?? [])].map(({ value }) => value);
  }

  named(section: string): Readonly<Record<string, unknown>> {
    return Object.fromEntries([...(this.#sections.get(section) ?? [])].map(([name, { value }]) => [name, value]));
  }
}

function isPinned(one: string | CloudPackage): one is CloudPackage {
  return typeof one !== "string";
}

function fileEntry({ path, content, permissions, owner = "root:root" }: CloudFile, isUnknown: IsUnknown) {
  const isRoots = /^root(:root)?$/.test(owner);
  return {
    path,
    permissions: permissions ?? (isUnknown(content) ? "0600" : "0644"),
    ...(isRoots ? {} : { owner, defer: true }),
    content,
  };
}

function userEntry({ name, sshKeys = [], sudo = true, groups = [], passwordHash }: CloudUser) {
  return {
    name,
    shell: "/bin/bash",
    ...(sudo ? { sudo: "ALL=(ALL) NOPASSWD:ALL" } : {}),
    ...(groups.length === 0 ? {} : { groups }),
    ...(passwordHash === undefined ? { lock_passwd: true } : { lock_passwd: false, hashed_passwd: passwordHash }),
    ...(sshKeys.length === 0 ? {} : { ssh_authorized_keys: sshKeys }),
  };
}

function sourceEntry({ url, suite, components = [], key }: AptSource) {
  // cloud-init puts the path of the key's file in the place of $KEY_FILE.
  return { source: ["deb", "[signed-by=$KEY_FILE]", url, suite, ...components].join(" "), key };
}

function settingsOf({ hostname, timezone, growPartitions, modules }: Omit<CloudInitPiece, "name">) {
  return {
    ...(hostname === undefined ? {} : { hostname }),
    ...(timezone === undefined ? {} : { timezone }),
    ...(growPartitions === undefined ? {} : { growpart: { mode: "auto", devices: growPartitions } }),
    ...modules,
  };
}

function secretsOf({ name: piece, users = [], secrets = [] }: CloudInitPiece): readonly SecretText[] {
  const hashes = users.flatMap(({ name, passwordHash: text }) =>
    text === undefined ? [] : [{ prop: `users.${name}.passwordHash`, text }],
  );
  return [...hashes, ...secrets].map(({ prop, text }) => ({ prop: `${piece}.${prop}`, text }));
}
