/** What a Talos document is, what identifies one, and how many of them become text. */
import { Document, Scalar, visit } from "yaml";
import type { Contract } from "./releases";
import { plainValue } from "./scalars";

/** What a machine is in its cluster, in Talos' own words. */
export type MachineRole = "controlplane" | "worker";

/** The machine that a configuration is made for: everything an intent may depend on. */
export interface MachineTarget {
  /** The machine's name, which begins the place of every problem. */
  readonly name: string;
  readonly role: MachineRole;
  /** The shape of the machine configuration. */
  readonly contract: Contract;
  /** The Talos release that runs on the machine, such as `1.14.4`. */
  readonly talos: string;
  /** Size of the disk that Talos is installed on, in GiB, which its volumes are compared with. @default - not known */
  readonly systemDiskGiB?: number;
  /**
   * Says whether a text is or contains a value that is not known yet. Nothing is said about such values, since nobody
   * can tell what is wrong with them.
   *
   * @default - every value is known
   */
  readonly isUnknown?: (text: string) => boolean;
}

/**
 * One document of a machine configuration, as plain data. It changes the document of the same identity that the
 * generator wrote, or is added when there is none. The v1alpha1 document is the one without a `kind`.
 */
export interface TalosDocument {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly [field: string]: unknown;
}

/** What the v1alpha1 document, which has no kind of its own, is called in identities and messages. */
export const ROOT_KIND = "v1alpha1";

/** The kind of a document, with the one for the v1alpha1 document. */
export function kindOf(document: Pick<TalosDocument, "kind">): string {
  return document.kind ?? ROOT_KIND;
}

/** What makes a document the same as another: its kind, and its name unless it has none. `LinkConfig/eth0`. */
export function identityOf(document: Pick<TalosDocument, "kind" | "name">): string {
  const kind = kindOf(document);
  return document.name === undefined || document.name === "" ? kind : `${kind}/${document.name}`;
}

/** A field inside a document or inside the props of an intent. */
export type Path = readonly (string | number)[];

/** Says where a field is: `at("config", "maxPods")` → `k8s-work-4 KubeletConfig.config.maxPods`. */
export type At = (...path: Path) => string;

/** The one format of a place: machine, then the document or the intent, then the field. */
export function placesIn(machine: Pick<MachineTarget, "name">, subject: string): At {
  return (...path) => `${machine.name} ${subject}${path.map(step).join("")}`;
}

function step(key: string | number): string {
  if (typeof key === "number") return `[${key}]`;
  return /^\w+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/**
 * Documents as one YAML text: always the same text for the same content, whatever the order of the keys was. Lines are
 * never folded, and strings that Talos or a YAML 1.1 or 1.2 reader would take for something else (`off`, `1.10`,
 * `2026-11-20`) are quoted. Ends with a newline, without which Talos would take a one-line text for a file name.
 *
 * No documents make an empty text: leave such a patch out.
 */
export function renderDocuments(documents: readonly TalosDocument[]): string {
  return documents.map(render).join("---\n");
}

/** The text of the last document of each kind and name: most machines of a cluster have most documents in common. */
const rendered = new Map<string, { readonly content: string; readonly text: string }>();

function render(document: TalosDocument): string {
  const identity = identityOf(document);
  const content = JSON.stringify(document);
  const last = rendered.get(identity);
  if (last?.content === content) return last.text;
  const text = textOf(document);
  rendered.set(identity, { content, text });
  return text;
}

function textOf(document: TalosDocument): string {
  const tree = new Document(document, RENDERING);
  visit(tree, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === "string" && isMisread(scalar.value)) scalar.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return tree.toString(RENDERING).replace(UNPRINTABLE, escaped);
}

/** What Talos' YAML library refuses, or takes for a line break. */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** Whether Talos would read another value than was written, or none. */
function isMisread(text: string): boolean {
  // As a block, lines of white space alone and a tab at the beginning are read as its indentation.
  const isIndented = text.includes("\n") && /^[ \n]*(?:\t|$)/.test(text);
  return isIndented || typeof plainValue(text) !== "string" || text.search(UNPRINTABLE) !== -1;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

const RENDERING = {
  schema: "core",
  compat: "yaml-1.1",
  lineWidth: 0,
  aliasDuplicateObjects: false,
  sortMapEntries: (a: { key: unknown }, b: { key: unknown }) => compareKeys(keyText(a.key), keyText(b.key)),
} as const;

/** The identity first, as people write it; everything else by name. */
const FIRST = ["apiVersion", "kind", "name"];

function compareKeys(a: string, b: string): number {
  const rank = (key: string) => (FIRST.includes(key) ? FIRST.indexOf(key) : FIRST.length);
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  return a < b ? -1 : a > b ? 1 : 0;
}

function keyText(key: unknown): string {
  return typeof key === "object" && key !== null && "value" in key ? String(key.value) : String(key);
}
