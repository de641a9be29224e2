/** What is wrong with one piece, beyond its types. */
import {
  fileOwnerMalformed,
  filePathLost,
  filePathMalformed,
  moduleHasField,
  type Problem,
  permissionsUnknown,
  plainPassword,
  sshKeyMalformed,
  textUnreadable,
  userNameMalformed,
  wrongValue,
} from "../errors";
import type { At, Path } from "../machine-configs/document";
import { isContainer } from "../machine-configs/plain-data";
import type { AptSource, CloudFile, CloudInitPiece, CloudPackage, CloudUser, IsUnknown } from "./piece";

/** All problems of a piece alone, its own included. Nothing is said about values that are not known yet. */
export function pieceProblems(piece: CloudInitPiece, at: At, isUnknown: IsUnknown): readonly Problem[] {
  const { files = [], packages = [], aptSources = {}, users = [], modules = {}, timezone, growPartitions = [] } = piece;
  const found = [
    ...(piece.problems?.(at, isUnknown) ?? []),
    ...files.flatMap((file) => fileProblems(file, at)),
    ...packages.flatMap((one) => packageProblems(one, at)),
    ...Object.entries(aptSources).flatMap(([name, source]) => sourceProblems(name, source, at)),
    ...users.flatMap((user) => userProblems(user, at, isUnknown)),
    ...Object.keys(modules).flatMap((module) => moduleProblems(module, at)),
    ...(piece.hostname === undefined || /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(piece.hostname)
      ? []
      : [wrongValue(at("hostname"), piece.hostname, "a hostname of lower-case letters, digits and -")]),
    ...(timezone === undefined || isTimezone(timezone)
      ? []
      : [wrongValue(at("timezone"), timezone, 'a time zone such as "Europe/Vienna"')]),
    ...growPartitions
      .filter((mountPoint) => !isPath(mountPoint))
      .map((mountPoint) => filePathMalformed(at("growPartitions"), mountPoint)),
  ];
  // What is said against a value shows the value.
  return found.filter(({ message }) => !isUnknown(message));
}

/** What in finished user data cloud-init's YAML reader refuses, even in quotes. */
export function textProblems(value: unknown, at: At, path: Path = []): readonly Problem[] {
  if (typeof value === "string") {
    const [character] = /[\x7f-\x9f\u2028\u2029\ufffe\uffff]/.exec(value) ?? [];
    return character === undefined ? [] : [textUnreadable(at(...path), character)];
  }
  if (!isContainer(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    textProblems(inner, at, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

function fileProblems({ path, permissions, owner }: CloudFile, at: At): readonly Problem[] {
  const place = (...rest: string[]) => at("files", path, ...rest);
  return [
    ...(path === "/" || !isPath(path) ? [filePathMalformed(place(), path)] : []),
    ...(/^\/(tmp|dev|proc|sys)\//.test(path) ? [filePathLost(place(), path)] : []),
    ...(permissions === undefined || /^0[0-7]{3}$/.test(permissions)
      ? []
      : [permissionsUnknown(place("permissions"), permissions)]),
    ...(owner === undefined || /^[a-z_][\w-]*(:[a-z_][\w-]*)?$/.test(owner)
      ? []
      : [fileOwnerMalformed(place("owner"), owner)]),
  ];
}

function packageProblems(one: string | CloudPackage, at: At): readonly Problem[] {
  const { name, version } = typeof one === "string" ? { name: one, version: "*" } : one;
  return [
    ...(/^[a-z0-9][a-z0-9+.-]+$/.test(name) ? [] : [wrongValue(at("packages", name), name, "a package name")]),
    ...(/^[\w.+~:*-]+$/.test(version)
      ? []
      : [wrongValue(at("packages", name, "version"), version, "a version of a package, in which * may stand")]),
  ];
}

function sourceProblems(name: string, source: AptSource, at: At): readonly Problem[] {
  const place = (field: string) => at("aptSources", name, field);
  // No more of it is shown: it may be a private key.
  const [firstLine] = source.key.trim().split("\n");
  const words = [source.suite, ...(source.components ?? [])];
  return [
    ...(/^[\w.-]+$/.test(name) ? [] : [wrongValue(at("aptSources", name), name, "a name that a file can have")]),
    ...(/^https?:\/\/\S+$/.test(source.url) ? [] : [wrongValue(place("url"), source.url, "an http or https URL")]),
    ...words.filter((word) => !/^[\w./-]+$/.test(word)).map((word) => wrongValue(place("suite"), word, "one word")),
    ...(firstLine === "-----BEGIN PGP PUBLIC KEY BLOCK-----"
      ? []
      : [wrongValue(place("key"), firstLine, "a public key in ASCII armour")]),
  ];
}

function userProblems(user: CloudUser, at: At, isUnknown: IsUnknown): readonly Problem[] {
  const { name, sshKeys = [], groups = [], passwordHash = "" } = user;
  const place = (...rest: (string | number)[]) => at("users", name, ...rest);
  return [
    ...[...new Set([name, ...groups])]
      .filter((word) => !isUserName(word))
      .map((word) => userNameMalformed(place(), word)),
    ...sshKeys.flatMap((key, index) =>
      isPublicKey(key) || isUnknown(key) ? [] : [sshKeyMalformed(place("sshKeys", index))],
    ),
    ...(/^(\$[\w./$=,-]+)?$/.test(passwordHash) || isUnknown(passwordHash)
      ? []
      : [plainPassword(place("passwordHash"))]),
  ];
}

/** Modules for which a piece has a field, so that they are checked and composed. */
const FIELDS: Readonly<Record<string, keyof CloudInitPiece>> = {
  apt: "aptSources",
  bootcmd: "bootCommands",
  growpart: "growPartitions",
  hostname: "hostname",
  packages: "packages",
  runcmd: "commands",
  ssh_authorized_keys: "users",
  timezone: "timezone",
  user: "users",
  users: "users",
  write_files: "files",
};

function moduleProblems(module: string, at: At): readonly Problem[] {
  const field = FIELDS[module];
  if (field !== undefined) return [moduleHasField(at("modules", module), module, field)];
  return module === "password" || module === "chpasswd" ? [plainPassword(at("modules", module))] : [];
}

function isPath(text: string): boolean {
  return text === "/" || (/^(\/[^/\0\n]+)+$/.test(text) && !/\/\.\.?(\/|$)/.test(text));
}

function isUserName(text: string): boolean {
  return /^[a-z_][a-z0-9_-]{0,31}$/.test(text);
}

function isPublicKey(text: string): boolean {
  return /^(ssh-(ed25519|rsa)|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com) [A-Za-z0-9+/]+={0,3}( [^\n]*)?$/.test(
    text,
  );
}

/** The machine's zones are files, so that their case matters; here it does not. */
function isTimezone(text: string): boolean {
  try {
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions();
    return /^[A-Z]/.test(text) && (timeZone === text || timeZone.toLowerCase() !== text.toLowerCase());
  } catch {
    return false;
  }
}
