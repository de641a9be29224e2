/** Reads YAML as Talos does: documents with the place of every field, and values as the field's type takes them. */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  Scalar,
} from "yaml";
import type * as zod from "zod";
import { dateAsText, noDocument, notAMap, type Problem, patchIsFileName, yamlMalformed } from "../errors";
import { type Path, ROOT_KIND, type TalosDocument } from "./document";
import { isMap as isPlainMap } from "./plain-data";
import { isAtLeast } from "./releases";
import { DATE, type PlainValue, plainValue } from "./scalars";
import { bare, hasEntries, hasFields, schemaOf } from "./shape";
import { z } from "./zod";

/** Where something is in a text; both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A problem of the text itself. */
export interface SourceProblem {
  readonly problem: Problem;
  readonly position: Position;
  /** The field, for what is wrong with one. @default - the text as a whole */
  readonly at?: { readonly identity: string; readonly path: Path };
}

/** One document of a text. */
export interface SourceDocument {
  /** The data, with `$patch` where it is a patch. */
  readonly document: TalosDocument;
  /** Where the field of a path is, or else what of it there is. */
  position(path: Path): Position;
}

/** What is in a text. */
export interface Source {
  readonly documents: readonly SourceDocument[];
  readonly problems: readonly SourceProblem[];
  /** The text is a list, which Talos takes for JSON6902 operations. */
  readonly operations?: readonly unknown[];
}

/** How values are read. */
export interface Reading {
  /** The minor release of Talos that reads the text. */
  readonly talos: string;
  /** What is known about a kind: the schema of its fields. */
  schemaOfKind(kind: string): zod.core.$ZodType | undefined;
}

/** Reads the text of a configuration or a patch. Never throws. */
export function loadSource(text: string, reading: Reading): Source {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { schema: "failsafe", lineCounter: lines, logLevel: "silent" });
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  if (!/[\s[{]/.test(text) && text !== "") {
    return { documents: [], problems: [{ problem: patchIsFileName(text), position: position(0) }] };
  }
  const documents: SourceDocument[] = [];
  const problems: SourceProblem[] = [];
  for (const each of Array.isArray(parsed) ? parsed : []) {
    const failed = each.errors.map(({ message, pos }) => ({
      problem: yamlMalformed(message.split("\n")[0]?.replace(/ at line \d+, column \d+:?$/, "") ?? message),
      position: position(pos[0]),
    }));
    problems.push(...failed);
    const { contents } = each;
    const start = position(contents?.range?.[0] ?? each.range?.[0] ?? 0);
    if (failed.length > 0) continue;
    if (isSeq(contents))
      return { documents: [], problems, operations: contents.items.map((item) => plain(each, item)) };
    if (contents === null || (isScalar(contents) && plain(each, contents) === null)) {
      // The first release trips over a document without anything in it.
      if (each.directives?.docStart && documents.length > 0 && !isAtLeast(reading.talos, "1.12")) {
        problems.push({ problem: notAMap(), position: start });
      }
    } else if (isMap(contents) && contents.items.length === 0) continue;
    else if (isMap(contents)) documents.push(read(each, contents, reading, problems, position));
    else problems.push({ problem: notAMap(), position: start });
  }
  if (problems.length === 0 && documents.length === 0) {
    problems.push({ problem: noDocument(), position: { line: 1, column: 1 } });
  }
  return { documents, problems };
}

function read(
  each: Document,
  root: Node,
  reading: Reading,
  problems: SourceProblem[],
  position: (offset: number) => Position,
): SourceDocument {
  const header = plain(each, root);
  const text = (key: string) => (isPlainMap(header) && header[key] !== undefined ? String(header[key]) : undefined);
  const kind = text("kind") ?? ROOT_KIND;
  const name = text("name");
  const identity = name === undefined ? kind : `${kind}/${name}`;
  const offsetOf = (node: unknown) => (isNode(node) ? (node.range?.[0] ?? 0) : 0);
  const decoder = new Decoder(each, reading, (path, node) => {
    problems.push({
      problem: dateAsText(identity, String(node)),
      position: position(offsetOf(node)),
      at: { identity, path },
    });
  });
  const document = decoder.map(root, reading.schemaOfKind(kind), []);
  return {
    document,
    position: (path) => position(offsetOf(nearest(each, root, path))),
  };
}

/** The key of the last step of a path that is there. */
function nearest(each: Document, root: Node, path: Path): unknown {
  let best: unknown = root;
  let node: unknown = root;
  for (const step of path) {
    const inner = isAlias(node) ? node.resolve(each) : node;
    if (isMap(inner)) {
      const pair = inner.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (pair === undefined) return best;
      best = pair.key;
      node = pair.value;
    } else if (isSeq(inner) && typeof step === "number" && inner.items[step] !== undefined) {
      node = inner.items[step];
      best = node;
    } else return best;
  }
  return best;
}

/** Turns nodes into data by the types of the fields that they are for. */
class Decoder {
  constructor(
    private readonly each: Document,
    private readonly reading: Reading,
    private readonly refuseDate: (path: Path, node: unknown) => void,
  ) {}

  map(node: unknown, schema: zod.core.$ZodType | undefined, path: Path): Record<string, unknown> {
    const data = this.value(node, schema, path);
    return isPlainMap(data) ? data : {};
  }

  private value(given: unknown, schema: zod.core.$ZodType | undefined, path: Path): unknown {
    const node = isAlias(given) ? given.resolve(this.each) : given;
    if (isMap(node)) return this.entries(node, schema, path);
    if (isSeq(node))
      return node.items.map((item, index) => this.value(item, schemaOf(schema, index), [...path, index]));
    if (!isScalar(node)) return null;
    return this.scalar(node, schema, path);
  }

  private entries(
    node: { readonly items: readonly { key: unknown; value: unknown }[] },
    schema: zod.core.$ZodType | undefined,
    path: Path,
  ) {
    const data: Record<string, unknown> = {};
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : String(key);
      if (name === "<<" && isScalar(key) && key.type === Scalar.PLAIN) {
        const merged = this.value(value, schema, path);
        for (const one of Array.isArray(merged) ? merged : [merged]) {
          if (isPlainMap(one)) Object.assign(data, { ...one, ...data });
        }
      } else this.put(data, name, value, schema, path);
    }
    return data;
  }

  /** What is null in a field leaves the field out, and in a map of texts is the empty text. */
  private put(
    data: Record<string, unknown>,
    key: string,
    node: unknown,
    schema: zod.core.$ZodType | undefined,
    path: Path,
  ): void {
    const field = path.length === 0 && HEADER.includes(key) ? TEXT() : schemaOf(schema, key);
    const value = this.value(node, field, [...path, key]);
    if (value !== null) Object.defineProperty(data, key, entry(value));
    else if (hasEntries(schema) && field !== undefined && wants(field) !== "any") {
      Object.defineProperty(data, key, entry(wants(field) === "string" ? "" : null));
    } else if (field === undefined || !hasFields(schema)) Object.defineProperty(data, key, entry(null));
  }

  private scalar(node: Scalar, schema: zod.core.$ZodType | undefined, path: Path): unknown {
    const resolved = resolve(node);
    const wanted = schema === undefined ? "any" : wants(schema);
    if (resolved === null) return null;
    if (wanted === "string") {
      if (resolved === DATE && isAtLeast(this.reading.talos, "1.14")) this.refuseDate(path, node.source);
      return typeof resolved === "string" ? resolved : textOf(node);
    }
    if (resolved === DATE) return textOf(node);
    if (wanted === "boolean" && node.type === Scalar.PLAIN && typeof resolved === "string") {
      return LEGACY_BOOLEANS.get(resolved) ?? resolved;
    }
    // Until 1.12 a fraction was cut off in silence.
    if (wanted === "number" && typeof resolved === "number" && !isAtLeast(this.reading.talos, "1.13")) {
      return Math.trunc(resolved);
    }
    return resolved;
  }
}

/** Fields that every document has, whatever its kind. */
const HEADER = ["apiVersion", "kind", "name"];
const TEXT = () => z.string();

type Wanted = "string" | "boolean" | "number" | "any";

/** What a scalar becomes in a field. */
function wants(schema: zod.core.$ZodType): Wanted {
  const inner = bare(schema);
  if (inner instanceof z.ZodString || inner instanceof z.ZodStringFormat || inner instanceof z.ZodEnum) return "string";
  if (inner instanceof z.ZodTemplateLiteral) return "string";
  if (inner instanceof z.ZodNumber) return "number";
  if (inner instanceof z.ZodBoolean) return "boolean";
  if (inner instanceof z.ZodLiteral) {
    const [first] = inner.values;
    return typeof first === "string" ? "string" : typeof first === "boolean" ? "boolean" : "any";
  }
  if (inner instanceof z.ZodUnion) {
    const scalars = new Set(inner.options.map(wants).filter((wanted: Wanted) => wanted !== "any"));
    const [only, ...more] = scalars;
    return more.length === 0 ? (only ?? "any") : "any";
  }
  return "any";
}

const LEGACY_BOOLEANS: ReadonlyMap<string, boolean> = new Map(
  ["y", "yes", "on"]
    .flatMap((text) => spellings(text).map((spelling) => [spelling, true] as const))
    .concat(["n", "no", "off"].flatMap((text) => spellings(text).map((spelling) => [spelling, false] as never))),
);

function spellings(text: string): readonly string[] {
  return [text, text.toUpperCase(), text.charAt(0).toUpperCase() + text.slice(1)];
}

/** The value of a scalar as Talos' YAML library reads it without knowing the field. */
function resolve(node: Scalar): PlainValue {
  if (node.type !== Scalar.PLAIN || node.tag === "tag:yaml.org,2002:str") return String(node.value);
  return plainValue(textOf(node));
}

/** What is written, without quotes. */
function textOf(node: Scalar): string {
  return node.source ?? String(node.value);
}

/** The data of a node that belongs to no field. */
function plain(each: Document, node: unknown): unknown {
  const decoder = new Decoder(each, { talos: "1.0", schemaOfKind: () => undefined }, () => undefined);
  return isNode(node) && isScalar(node) ? resolve(node) : decoder.map(node, undefined, []);
}

function entry(value: unknown): PropertyDescriptor {
  return { value, enumerable: true, configurable: true, writable: true };
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}
