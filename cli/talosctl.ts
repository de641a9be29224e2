import { execFile } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";
import { parseAllDocuments } from "yaml";
import type { Measured, WantedMachine } from "../analysis/talos-machines";
import { readText, refusalText } from "./files";

/** What of a machine is asked for. All but its configuration may be read with the role os:reader. */
const resources = {
  versions: ["versions.runtime.talos.dev"],
  extensions: ["extensionstatuses.runtime.talos.dev"],
  machineconfig: ["machineconfigs.config.talos.dev", "v1alpha1"],
} as const;

/** Asks a machine for a resource, as YAML. */
export type Talosctl = (machine: WantedMachine, resource: keyof typeof resources) => Promise<Measured<string>>;

/** Asks the machines themselves. */
export function talosctl(talosconfig: string | undefined): Talosctl {
  const options = talosconfig === undefined ? [] : ["--talosconfig", talosconfig];
  return async ({ address }, resource) => {
    const args = [...options, "--nodes", address, "get", ...resources[resource], "--output", "yaml"];
    try {
      const { stdout } = await promisify(execFile)("talosctl", args, { timeout: 30_000, maxBuffer: 64 * 1024 ** 2 });
      return { value: stdout };
    } catch (error) {
      return { unmeasured: reasonOf(error) };
    }
  };
}

/** Reads what was printed before. */
export function recordedTalosctl(folder: string): Talosctl {
  return async ({ name }, resource) => {
    try {
      return { value: await readText(path.join(folder, name, `${resource}.yaml`)) };
    } catch (error) {
      return { unmeasured: refusalText(error) ?? String(error) };
    }
  };
}

/** The `spec` of the first resource, or a field of it. A machine configuration is a text in there. */
export function specOf(text: string, field?: string): string | undefined {
  const [spec] = specsIn(text);
  const value = field === undefined ? spec : valueIn(spec, field);
  return typeof value === "string" ? value : undefined;
}

/** The version of an extension; the image factory calls its own `schematic`, with the id as version. */
export function extensionOf(text: string, name: string): string | undefined {
  const metadata = specsIn(text).map((spec) => valueIn(spec, "metadata"));
  const version = valueIn(
    metadata.find((one) => valueIn(one, "name") === name),
    "version",
  );
  return typeof version === "string" ? version : undefined;
}

/** All values as texts: an id of digits and one `e` would be a number. */
function specsIn(text: string): readonly unknown[] {
  const documents = parseAllDocuments(text, { schema: "failsafe", logLevel: "silent" });
  return Array.isArray(documents) ? documents.map((document) => valueIn(document.toJS(), "spec")) : [];
}

function valueIn(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).find(([one]) => one === key)?.[1]
    : undefined;
}

/** The last thing that was said, which is what went wrong. */
function reasonOf(error: unknown): string {
  const said =
    error instanceof Error && "stderr" in error && typeof error.stderr === "string" ? error.stderr.trim() : "";
  if (said !== "") return said.split("\n").at(-1) ?? said;
  return error instanceof Error && "killed" in error && error.killed === true
    ? "no answer within 30 seconds"
    : error instanceof Error
      ? error.message
      : String(error);
}
