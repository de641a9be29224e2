import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";

/**
 * Expects a text to be what the golden file holds: a small file that a person reads in review. `UPDATE_GOLDEN=1`
 * writes the files anew and fails the run, so that it cannot be left on.
 */
export function expectGolden(file: string, text: string): void {
  if (process.env["UPDATE_GOLDEN"] === "1") {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    throw new Error(`Wrote ${path.basename(file)}. Review it, then run again without UPDATE_GOLDEN.`);
  }
  expect(text).toBe(existsSync(file) ? readFileSync(file, "utf8") : "");
}
