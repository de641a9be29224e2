/** What snapshots are called, and what a whole one of each kind is. Needs Node 20 and, for Vault, tar. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, readFile, rm, stat } from "node:fs/promises";
import * as path from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";

/** Names of the snapshots of a backup; the group is when each was taken. */
export function snapshotPattern(backup, suffix) {
  return new RegExp(`^${backup.replaceAll(".", "\\.")}-(\\d{8}T\\d{6}Z)${suffix}$`);
}

/** `20261121T020000Z`, in milliseconds. */
export function takenAt(stamp) {
  return Date.parse(stamp.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, "$1-$2-$3T$4:$5:$6Z"));
}

// --- etcd -----------------------------------------------------------------------------------------------------------

/** etcd appends the checksum of the pages that it sends. */
const checksumLength = 32;
const pageMultiple = 512;

/** Fails unless the checksum at the end of a file is that of its content. */
async function expectChecksum(file, _, signal) {
  const { size } = await stat(file);
  const length = size - checksumLength;
  if (length <= 0 || length % pageMultiple !== 0) {
    throw new Error(`${file} of ${size} bytes does not end with a checksum.`);
  }
  const hash = createHash("sha256");
  await pipeline(createReadStream(file, { end: length - 1 }), hash, { signal });
  const handle = await open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(checksumLength), 0, checksumLength, length);
    if (!hash.digest().equals(buffer))
      throw new Error(`The checksum at the end of ${file} is not that of its content.`);
  } finally {
    await handle.close();
  }
}

// --- Vault ----------------------------------------------------------------------------------------------------------

/** What a snapshot consists of. The sealed checksums are for whoever has the seal's key. */
const parts = ["SHA256SUMS", "SHA256SUMS.sealed", "meta.json", "state.bin"];

/** Fails unless an archive has all its parts and nothing else, and each is what the checksums say. */
async function expectWholeArchive(file, folder, signal) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  try {
    await promisify(execFile)("tar", ["-xzf", file, "-C", folder], { signal });
  } catch (error) {
    throw new Error(`The snapshot is no whole archive: ${(error.stderr || error.message).trim()}`);
  }
  const found = (await readdir(folder)).sort();
  if (found.join() !== parts.join()) {
    throw new Error(`The snapshot has the parts ${found.join(", ") || "none"}, and not ${parts.join(", ")}.`);
  }
  const sums = await readFile(path.join(folder, "SHA256SUMS"), "utf8");
  for (const part of ["meta.json", "state.bin"]) {
    const hash = createHash("sha256");
    await pipeline(createReadStream(path.join(folder, part)), hash, { signal });
    if (!sums.split("\n").includes(`${hash.digest("hex")}  ${part}`)) {
      throw new Error(`The checksum of ${part} is not the one in SHA256SUMS.`);
    }
  }
  const { Index: index, Size: size } = JSON.parse(await readFile(path.join(folder, "meta.json"), "utf8"));
  console.log(`The snapshot is whole: raft index ${index}, ${size} bytes.`);
  await rm(folder, { recursive: true });
}

/** A kind: the end of its files, and what fails unless one is whole, with a folder for its parts and a signal that ends it. */
export const etcdForm = { suffix: ".db", expectWhole: expectChecksum };
export const vaultForm = { suffix: ".snap", expectWhole: expectWholeArchive };
