import { join } from "node:path";
import { expectGolden as expectGoldenFile } from "../helpers/golden";

/** Expects a text to be the golden file of this name. */
export function expectGolden(name: string, text: string): void {
  expectGoldenFile(join(__dirname, "golden", name), text);
}
