#!/usr/bin/env node
/**
 * Fetches the newest snapshot from a bucket, for a restore, and proves that it is whole. It only reads there. Needs Node
 * 20 and, for Vault, tar.
 *
 *   snapshot-fetch.mjs etcd|vault <file>
 *
 *   BACKUP_NAME      name of the backup: of its files
 *   MAX_AGE_SECONDS  how old the newest one may be
 *   S3_ENDPOINT, S3_REGION, S3_BUCKET, S3_PREFIX, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY   the bucket
 *   NODE_EXTRA_CA_CERTS  file with the CA of the endpoint, where it is no public one
 *   TERMINATION_LOG      where it says which snapshot it fetched, and how old that is
 *
 * Exit code: 0 the file is there and whole, 1 there is none that a restore could be made of.
 */
import { closeSync, openSync, writeSync } from "node:fs";
import * as path from "node:path";
import { leaveMessage, needed, run } from "./program.mjs";
import { Bucket } from "./s3.mjs";
import { etcdForm, snapshotPattern, takenAt, vaultForm } from "./snapshot-forms.mjs";

/** How far two clocks may be apart. */
const skewMs = 300_000;

const [kind = "", file = ""] = process.argv.slice(2);

process.umask(0o077);
await run(main);

async function main() {
  const form = { etcd: etcdForm, vault: vaultForm }[kind];
  if (form === undefined || file === "") throw new Error("usage: snapshot-fetch.mjs etcd|vault <file>");
  const bucket = new Bucket();
  const snapshot = await newest(bucket, snapshotPattern(needed("BACKUP_NAME"), form.suffix));
  const ageMs = Date.now() - snapshot.taken;
  const maxAgeSeconds = Number(needed("MAX_AGE_SECONDS"));
  if (ageMs < -skewMs) throw new Error(`${snapshot.name} is of the future: a clock is wrong.`);
  if (ageMs > maxAgeSeconds * 1000) {
    throw new Error(`${snapshot.name} is the newest snapshot, and older than ${maxAgeSeconds / 3600} hours.`);
  }
  await download(bucket, snapshot.key);
  await form.expectWhole(file, path.join(path.dirname(file), "parts"));
  const lagSeconds = Math.max(0, Math.round(ageMs / 1000));
  console.log(`${snapshot.name} is whole, and ${lagSeconds} seconds old.`);
  leaveMessage({ snapshot: snapshot.name, lag_seconds: lagSeconds });
}

/** By the time in its name: a bucket that was copied has all its objects of that day. */
async function newest(bucket, pattern) {
  const prefix = process.env.S3_PREFIX ? `${process.env.S3_PREFIX}/` : "";
  const [found] = (await bucket.list(prefix))
    .flatMap(({ key }) => {
      const name = key.slice(prefix.length);
      const [, stamp] = pattern.exec(name) ?? [];
      return stamp === undefined ? [] : [{ key, name, taken: takenAt(stamp) }];
    })
    .sort((a, b) => b.taken - a.taken);
  if (found === undefined) {
    throw new Error(`There is no snapshot of ${process.env.BACKUP_NAME} in ${process.env.S3_BUCKET}/${prefix}.`);
  }
  return found;
}

async function download(bucket, key) {
  const handle = openSync(file, "w");
  try {
    await bucket.read(key, { update: (chunk) => writeAll(handle, chunk) });
  } finally {
    closeSync(handle);
  }
}

/** Each chunk before the next is asked for, so that no more is in memory than one. */
function writeAll(handle, chunk) {
  for (let written = 0; written < chunk.length; ) written += writeSync(handle, chunk, written);
}
