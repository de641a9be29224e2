#!/usr/bin/env node
/**
 * Keeps a snapshot of etcd that somebody else took, after proving that it is whole. Needs Node 20 and nothing else.
 *
 *   etcd-snapshot.mjs <file>
 *
 * And the environment of snapshots.mjs.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { backUp } from "./snapshots.mjs";

/** etcd appends the checksum of the pages that it sends. */
const checksumLength = 32;
const pageMultiple = 512;

const [file = ""] = process.argv.slice(2);

await backUp(".db", async (_, signal) => {
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
  return file;
});
