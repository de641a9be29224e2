/**
 * Makes dist/drift.js and dist/talos-drift.js: each command with everything that it loads, in one file, below the licences
 * of what is not ours.
 */
import { existsSync, readFileSync } from "node:fs";
import { build } from "esbuild";

const options = {
  bundle: true,
  platform: "node",
  target: "node20",
  // Names stay, so that a stack trace can be read.
  minifySyntax: true,
  minifyWhitespace: true,
  metafile: true,
};

for (const name of ["drift", "talos-drift"]) {
  const own = { ...options, entryPoints: [`cli/${name}-main.ts`], outfile: `dist/${name}.js` };
  const { metafile } = await build({ ...own, write: false });
  const folders = new Set(
    Object.keys(metafile.inputs).flatMap((file) => /^.*\bnode_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []),
  );
  await build({ ...own, banner: { js: `/*\n${[...folders].sort().map(licenceIn).join("\n\n")}\n*/` } });
}

function licenceIn(folder) {
  const file = ["LICENSE", "LICENSE.md", "LICENSE.txt"].map((name) => `${folder}/${name}`).find(existsSync);
  if (file === undefined) {
    throw new Error(`${folder} has no licence in it.`);
  }
  return `${folder.replace(/^.*node_modules\//, "")}:\n\n${readFileSync(file, "utf8").trim().replaceAll("*/", "* /")}`;
}
