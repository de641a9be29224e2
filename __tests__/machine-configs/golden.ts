/** Compares text with a small file that a person reads in review. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const updating = process.env["UPDATE_GOLDEN"] === "1";

/** Expects a text to be the golden file of this name. `UPDATE_GOLDEN=1` writes the files and fails the run. */
export function expectGolden(name: string, text: string): void {
  const path = join(__dirname, "golden", name);
  const recorded = existsSync(path) ? readFileSync(path, "utf8") : "";
  if (updating) {
    writeFileSync(path, text);
    throw new Error(`Wrote ${name}. Review it, then run again without UPDATE_GOLDEN.`);
  }
  expect(text).toBe(recorded);
}
