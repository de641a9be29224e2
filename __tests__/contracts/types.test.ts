import { spawnSync } from "node:child_process";
import * as path from "node:path";

const root = path.resolve(__dirname, "../..");

test("everything type-checks, and what must not be writable is not", () => {
  const tsc = require.resolve("typescript/package.json").replace("package.json", "bin/tsc");
  const build = spawnSync(process.execPath, [tsc, "-b", "providers"], { cwd: root, encoding: "utf8" });
  expect(build.stdout).toBe("");
  const check = spawnSync(process.execPath, [tsc, "-p", "tsconfig.json", "--noEmit"], { cwd: root, encoding: "utf8" });
  expect(check.stdout).toBe("");
});
