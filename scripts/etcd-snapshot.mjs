#!/usr/bin/env node
/**
 * Keeps a snapshot of etcd that somebody else took, after proving that it is whole. Needs Node 20 and nothing else.
 *
 *   etcd-snapshot.mjs <file>
 *
 * And the environment of snapshots.mjs.
 */
import { etcdForm } from "./snapshot-forms.mjs";
import { backUp } from "./snapshots.mjs";

const [file = ""] = process.argv.slice(2);

await backUp(etcdForm.suffix, async (folder, signal) => {
  await etcdForm.expectWhole(file, folder, signal);
  return file;
});
