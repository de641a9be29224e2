/** Reads YAML as Talos does: documents with the place of every field, and values as the field's type takes them. */
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
  Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type * as zod from "zod";
import {
  dateAsText,
  noDocument,
  notAMap,
  type Problem,
  patchIsFileName,
  wrongValue,
  yamlMalformed,
  yamlUnread,
} from "../errors";
import { identityOf, kindOf, type Path, type TalosDocument } from "./document";
import { isMap as isPlainMap } from "./plain-data";
import { isAtLeast } from "./releases";
import { DATE, type PlainValue, plainValue } from "./scalars";
import { HIDDEN, wordOf } from "./schema";
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
  const parsed = parseAllDocuments(text, PARSING);
  const position = positionsIn(text);
  if (!/[\s[{]/.test(text) && text !== "") {
    return { documents: [], problems: [{ problem: patchIsFileName(text), position: position(0) }] };
  }
  const control = text.search(CONTROL);
  if (control !== -1) {
    const problem = yamlMalformed("a control character has to be written as an escape, in double quotes");
    return { documents: [], problems: [{ problem, position: position(control) }] };
  }
  const documents: SourceDocument[] = [];
  const problems: SourceProblem[] = [];
  for (const each of Array.isArray(parsed) ? parsed : []) {
    // Most others follow from the first.
    const failed = each.errors.filter(({ code }, index) => index === 0 || code === "DUPLICATE_KEY");
    for (const { code, message, pos } of failed) {
      const problem = code === "RESOURCE_EXHAUSTION" ? yamlUnread(TOO_DEEP) : yamlMalformed(reasonOf(message));
      problems.push({ problem, position: position(pos[0]) });
    }
    const { contents } = each;
    const start = position(contents?.range?.[0] ?? each.range?.[0] ?? 0);
    if (failed.length > 0) continue;
    if (each.directives?.yaml.explicit && each.directives.yaml.version !== "1.1") {
      problems.push({
        problem: yamlUnread("its first line asks for another version of YAML than 1.1"),
        position: start,
      });
    } else if (isSeq(contents)) return { documents: [], problems, operations: listOf(contents, reading) };
    else if (contents === null || (isScalar(contents) && resolve(contents) === null)) {
      // The first release trips over a document without anything in it.
      if (each.directives?.docStart && documents.length > 0 && !isAtLeast(reading.talos, "1.12")) {
        problems.push({ problem: notAMap(), position: start });
      }
    } else if (isMap(contents) && contents.items.length === 0) continue;
    else if (isMap(contents)) documents.push(...read(each, contents, reading, problems, position));
    else problems.push({ problem: notAMap(), position: start });
  }
  if (problems.length === 0 && documents.length === 0) {
    problems.push({ problem: noDocument(), position: { line: 1, column: 1 } });
  }
  return { documents, problems };
}

const PARSING = { schema: "failsafe", resolveKnownTags: false, prettyErrors: false, logLevel: "silent" } as const;

/** Says on which line a place of a text is. */
function positionsIn(text: string): (offset: number) => Position {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return (offset) => {
    const line = starts.findLastIndex((start) => start <= offset);
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
}

/** What no release of Talos reads as it is. */
const CONTROL = /(?![\t\n\r\u007f-\u009f])\p{Cc}|[\ufffe\uffff]/u;

const TOO_DEEP = "it is nested too deeply";

/** What the parser says, without what stands there: it may be a secret. */
function reasonOf(message: string): string {
  return message.replace(/(?: in YAML stream)?: ["|>][\s\S]*$/, "");
}

/** The document of a map; none when Talos does not get to its fields. */
function read(
  each: Document,
  root: YAMLMap,
  reading: Reading,
  problems: SourceProblem[],
  position: (offset: number) => Position,
): readonly SourceDocument[] {
  const header = (key: string) => {
    const value = root.items.find((pair) => isScalar(pair.key) && pair.key.value === key)?.value;
    const node = isAlias(value) ? value.resolve(each) : value;
    return isScalar(node) && resolve(node) !== null ? textOf(node) : undefined;
  };
  const [kind, name] = [header("kind"), header("name")];
  const named = { ...(kind === undefined ? {} : { kind }), ...(name === undefined ? {} : { name }) };
  const identity = identityOf(named);
  const offsetOf = (node: unknown) => (isNode(node) ? (node.range?.[0] ?? 0) : 0);
  const decoder = new Decoder(reading, (problem, path, node) => {
    problems.push({ problem: problem(identity), position: position(offsetOf(node)), at: { identity, path } });
  });
  const document = decoder.document(root, reading.schemaOfKind(kindOf(named)));
  if (document === undefined) return [];
  return [{ document, position: (path) => position(offsetOf(decoder.nearest(root, path))) }];
}

/** The operations of a list, which are no document. */
function listOf(list: YAMLSeq, reading: Reading): readonly unknown[] {
  const data = new Decoder(reading, () => undefined).value(list, undefined, []);
  return Array.isArray(data) ? data : [];
}

/** A problem of a document, of which the identity is known. */
type Refuse = (problem: (identity: string) => Problem, path: Path, node: unknown) => void;

/** No configuration comes near it. */
const DEEPEST = 100;

/** Turns the nodes of one document into data by the types of the fields that they are for. */
class Decoder {
  /** What an anchor stands for, the last one so far. */
  private readonly anchors = new Map<string, Node>();
  private readonly targets = new Map<Alias, Node>();
  /** What is being read, from the outside in. */
  private readonly open: Node[] = [];
  private aliases = 0;
  private nodes = 0;
  private repeated = 0;
  private hasFailed = false;

  constructor(
    private readonly reading: Reading,
    private readonly refuse: Refuse,
  ) {}

  /** The data of a document; nothing when Talos' YAML library makes none of it. */
  document(root: YAMLMap, schema: zod.core.$ZodType | undefined): Record<string, unknown> | undefined {
    const data = this.value(root, schema, []);
    return !this.hasFailed && isPlainMap(data) ? data : undefined;
  }

  value(given: unknown, schema: zod.core.$ZodType | undefined, path: Path): unknown {
    if (this.hasFailed || !isNode(given)) return null;
    this.count(given, path);
    if (isAlias(given)) return this.repetition(given, schema, path);
    this.anchor(given);
    if (isScalar(given)) return this.scalar(given, schema, path);
    if (this.open.length === DEEPEST) return this.fail(yamlUnread(TOO_DEEP), path, given);
    this.open.push(given);
    const data = isMap(given)
      ? this.entries(given, schema, path)
      : given.items.map((item, index) => this.value(item, schemaOf(schema, index), [...path, index]));
    this.open.pop();
    return data;
  }

  /** The key of the last step of a path that is there. */
  nearest(root: Node, path: Path): unknown {
    let best: unknown = root;
    let node: unknown = root;
    for (const step of path) {
      const inner = isAlias(node) ? this.targets.get(node) : node;
      if (isMap(inner)) {
        const pair = inner.items.find(({ key }) => this.key(key) === String(step));
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

  private repetition(alias: Alias, schema: zod.core.$ZodType | undefined, path: Path): unknown {
    const target = this.target(alias);
    // A password that begins with an asterisk is read as an alias, so its name is not repeated.
    if (target === undefined) return this.fail(yamlMalformed("no anchor is before this alias"), path, alias);
    if (this.open.includes(target)) {
      return this.fail(yamlUnread("what the alias stands for contains itself"), path, alias);
    }
    this.aliases += 1;
    const data = this.value(target, schema, path);
    this.aliases -= 1;
    return data;
  }

  private target(alias: Alias): Node | undefined {
    const target = this.targets.get(alias) ?? this.anchors.get(alias.source);
    if (target !== undefined) this.targets.set(alias, target);
    return target;
  }

  private anchor(node: Scalar | YAMLMap | YAMLSeq): void {
    if (node.anchor !== undefined) this.anchors.set(node.anchor, node);
  }

  /** A few aliases can repeat each other into more data than there is memory; Talos' YAML library stops as early. */
  private count(node: Node, path: Path): void {
    this.nodes += 1;
    if (this.aliases > 0) this.repeated += 1;
    if (this.repeated <= 100 || this.nodes <= 1000) return;
    // Up to 400,000 values nearly all may be repeated; from there on fewer, and 10 % at four million.
    const beyond = Math.min(Math.max(this.nodes - 400_000, 0) / 3_600_000, 1);
    if (this.repeated / this.nodes <= 0.99 - 0.89 * beyond) return;
    this.fail(yamlUnread("its aliases repeat too much"), path, node);
  }

  private fail(problem: Problem, path: Path, node: unknown): null {
    if (!this.hasFailed) this.refuse(() => problem, path, node);
    this.hasFailed = true;
    return null;
  }

  private entries(map: YAMLMap, schema: zod.core.$ZodType | undefined, path: Path): Record<string, unknown> {
    const data: Record<string, unknown> = {};
    for (const { key, value } of map.items) {
      const name = this.key(key);
      if (name === undefined) this.fail(yamlUnread("a key is a map or a list"), path, key);
      else if (isMergeKey(key)) this.merge(data, value, schema, path);
      else this.put(data, name, value, schema, path);
    }
    return data;
  }

  private key(node: unknown): string | undefined {
    const key = isAlias(node) ? this.target(node) : node;
    if (!isScalar(key)) return undefined;
    this.anchor(key);
    return String(key.value);
  }

  /** Takes over the fields of other maps; what the map has itself stays. */
  private merge(data: Record<string, unknown>, node: unknown, schema: zod.core.$ZodType | undefined, path: Path): void {
    const merged = this.value(node, schema, path);
    for (const one of Array.isArray(merged) ? merged : [merged]) {
      if (!isPlainMap(one)) {
        this.fail(yamlUnread("<< merges something that is no map"), path, node);
        return;
      }
      for (const [key, value] of Object.entries(one)) {
        if (!Object.hasOwn(data, key)) Object.defineProperty(data, key, entry(value));
      }
    }
  }

  /** What is null in a field leaves the field out, and in a map of texts is the empty text. */
  private put(
    data: Record<string, unknown>,
    key: string,
    node: unknown,
    schema: zod.core.$ZodType | undefined,
    path: Path,
  ): void {
    const isHeader = path.length === 0 && HEADER.includes(key);
    const field = isHeader ? TEXT() : schemaOf(schema, key);
    const value = this.value(node, field, [...path, key]);
    if (isHeader && value !== null && typeof value !== "string") {
      this.refuse((identity) => wrongValue(`${identity}.${key}`, HIDDEN, "a text"), [key], node);
    } else if (value !== null) Object.defineProperty(data, key, entry(value));
    else if (hasEntries(schema) && field !== undefined && wants(field) !== "any") {
      Object.defineProperty(data, key, entry(wants(field) === "string" ? "" : null));
    } else if (field === undefined || !hasFields(schema)) Object.defineProperty(data, key, entry(null));
  }

  private scalar(node: Scalar, schema: zod.core.$ZodType | undefined, path: Path): unknown {
    const resolved = resolve(node);
    const wanted = schema === undefined ? "any" : wants(schema);
    if (resolved === null) return null;
    if (wanted === "string") {
      if (resolved === DATE && isAtLeast(this.reading.talos, "1.14")) {
        this.refuse((identity) => dateAsText(identity, textOf(node)), path, node);
      }
      const text = typeof resolved === "string" ? resolved : textOf(node);
      const words = schema === undefined ? undefined : bare(schema);
      return words instanceof z.ZodEnum ? wordOf(words, text) : text;
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

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.value === "<<" && key.type === Scalar.PLAIN && key.tag === undefined;
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

function entry(value: unknown): PropertyDescriptor {
  return { value, enumerable: true, configurable: true, writable: true };
}

type Node = Alias | Scalar | YAMLMap | YAMLSeq;

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}
