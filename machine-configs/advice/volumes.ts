/** What volumes say together: room on the system disk, and passphrases that lie about. */
import { passphraseInClear, volumeWithoutRoom } from "../../errors";
import { identityOf, kindOf, type Path, ROOT_KIND, type TalosDocument } from "../document";
import { pathsMatching, plainText, valueAt } from "../plain-data";
import type { PlacedProblem } from "../rules/conflicts";
import { bytesOf, isPercentage } from "../rules/sizes";
import { listAt, textAt } from "./fields";

/**
 * Volumes for which the system disk has no room when Talos makes them, one after the other.
 *
 * @param diskBytes the size of the disk; without end when it is not known.
 */
export function roomProblems(
  documents: readonly TalosDocument[],
  diskBytes = Number.POSITIVE_INFINITY,
): readonly PlacedProblem[] {
  const found: PlacedProblem[] = [];
  let left = diskBytes;
  let taker: string | undefined;
  for (const document of inTurn(documents)) {
    const identity = identityOf(document);
    const least = textAt(document, ["provisioning", "minSize"]) || leastSize(document);
    if (left < (bytesOf(least) ?? 0)) {
      const after = taker === undefined ? "" : ` left after ${taker}`;
      // EPHEMERAL is there without a document, too: then it is the one before it that has to change.
      const place = documents.includes(document) ? identity : (taker ?? identity);
      found.push({
        identity: place,
        path: [],
        problem: volumeWithoutRoom(place, identity, least, `${shown(left)}${after}`),
      });
    } else {
      left = leftBy(textAt(document, ["provisioning", "maxSize"]) || mostSize(document), left);
      taker = identity;
    }
  }
  return found;
}

/** Volumes of Talos' own that are partitions only when they are asked for. */
const DEDICATED = ["ETCD", "CRI", "KUBELET", "LOG"];

/** What is made after Talos' own volumes. */
const LATER = ["UserVolumeConfig", "RawVolumeConfig", "SwapVolumeConfig"];

const EPHEMERAL: TalosDocument = { kind: "VolumeConfig", name: "EPHEMERAL" };

/** The volumes on the system disk in the order in which they are made, with EPHEMERAL, which always is. */
function inTurn(documents: readonly TalosDocument[]): readonly TalosDocument[] {
  const isKnown = documents.some((document) => identityOf(document) === identityOf(EPHEMERAL));
  const made = (isKnown ? documents : [...documents, EPHEMERAL]).filter(isOnSystemDisk);
  return made.toSorted((a, b) => turnOf(a) - turnOf(b));
}

function isOnSystemDisk(document: TalosDocument): boolean {
  const match = textAt(document, ["provisioning", "diskSelector", "match"]);
  if (LATER.includes(kindOf(document))) return match === "system_disk";
  if (kindOf(document) !== "VolumeConfig" || (match !== undefined && match !== "system_disk")) return false;
  const isAsked = Object.values(Object(document["provisioning"])).some((value) => value !== undefined);
  return document.name === "EPHEMERAL" || (DEDICATED.includes(plainText(document.name)) && isAsked);
}

/** Talos' own volumes come first, and among them and the others those that do not grow. */
function turnOf(document: TalosDocument): number {
  const grow = valueAt(document, ["provisioning", "grow"]) ?? document.name === "EPHEMERAL";
  return (LATER.includes(kindOf(document)) ? 2 : 0) + (grow ? 1 : 0);
}

function leastSize(document: TalosDocument): string {
  return kindOf(document) === "VolumeConfig" ? "2GiB" : "100MiB";
}

/** All that is left, but for swap. */
function mostSize(document: TalosDocument): string {
  return kindOf(document) === "SwapVolumeConfig" ? "100MiB" : "100%";
}

/** What a volume leaves that is made as large as it may be. */
function leftBy(most: string, left: number): number {
  if (most.startsWith("-")) return Math.min(left, bytesOf(most.slice(1)) ?? 0);
  if (!isPercentage(most)) return Math.max(0, left - (bytesOf(most) ?? 0));
  const part = Number.parseFloat(most) / 100;
  return part >= 1 ? 0 : left * (1 - part);
}

function shown(bytes: number): string {
  return bytes === 0 ? "nothing" : `${Math.floor((bytes / 2 ** 30) * 10) / 10}GiB`;
}

/** Passphrases that whoever has the disk can read. */
export function passphraseProblems(documents: readonly TalosDocument[]): readonly PlacedProblem[] {
  if (documents.some(encryptsState)) return [];
  return documents.flatMap((document) => {
    const identity = identityOf(document);
    return placesOfPassphrases(document).map((path) => ({ identity, path, problem: passphraseInClear(identity) }));
  });
}

/** Whether STATE has keys, none of which is a passphrase: that would lie in clear itself. */
function encryptsState(document: TalosDocument): boolean {
  const isState = identityOf(document) === "VolumeConfig/STATE";
  const keys = listAt(
    document,
    isState ? ["encryption", "keys"] : ["machine", "systemDiskEncryption", "state", "keys"],
  );
  return keys.length > 0 && keys.every((key) => valueAt(key, ["static"]) === undefined);
}

function placesOfPassphrases(document: TalosDocument): readonly Path[] {
  const volume = kindOf(document) === ROOT_KIND ? ["machine", "systemDiskEncryption", "*"] : ["encryption"];
  return pathsMatching(document, [...volume, "keys", "*", "static"]);
}
