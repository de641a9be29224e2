import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";

const root = path.resolve(__dirname, "../..");
const { name: packageName }: { name: string } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));

/**
 * What one run of the compiler says about modules that import this package.
 *
 * @param rooms the entries of the package that they import: `index`, `machine-configs`, …
 */
export function typeCheck(
  modules: readonly { readonly title: string; readonly text: string }[],
  rooms: readonly string[],
): string {
  mkdirSync(path.join(root, "node_modules/.cache"), { recursive: true });
  const folder = mkdtempSync(path.join(root, "node_modules/.cache/type-check-"));
  try {
    writePackage(path.join(folder, "node_modules", packageName), rooms);
    for (const { title, text } of modules) {
      writeFileSync(path.join(folder, `${title.replace(/\W/g, "-")}.ts`), `${text}\nexport {};\n`);
    }
    return compile(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A package of this name that is our sources. */
function writePackage(stub: string, rooms: readonly string[]): void {
  mkdirSync(stub, { recursive: true });
  const entries = rooms.map((room) => [room === "index" ? "." : `./${room}`, `./${room}.d.ts`]);
  const exported = { name: packageName, exports: Object.fromEntries(entries) };
  writeFileSync(path.join(stub, "package.json"), JSON.stringify(exported));
  for (const room of rooms) {
    const index = path.join(root, room === "index" ? "" : room, "index");
    writeFileSync(path.join(stub, `${room}.d.ts`), `export * from "${path.relative(stub, index)}";`);
  }
}

function compile(folder: string): string {
  // The generated bindings, which are compiled along, do not bear these two.
  const compilerOptions = { noEmit: true, incremental: false, exactOptionalPropertyTypes: false };
  const options = { ...compilerOptions, noImplicitOverride: false, noUnusedLocals: false };
  const config = {
    extends: path.join(root, "tsconfig.json"),
    compilerOptions: options,
    include: ["./*.ts"],
    exclude: [],
  };
  writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify({ ...config, references: [] }));
  const tsc = require.resolve("typescript/package.json").replace("package.json", "bin/tsc");
  const { stdout, stderr } = spawnSync(process.execPath, [tsc, "-p", folder], { cwd: folder, encoding: "utf8" });
  return stdout + stderr;
}
