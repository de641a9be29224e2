/** What may be wrong with a configuration: with its data, and with its text. */
import fc, { type Arbitrary } from "fast-check";
import { stringify } from "yaml";
import type { Path } from "../../../machine-configs/document";
import { isContainer, isMap } from "../../../machine-configs/plain-data";
import type { Configuration } from "./configurations";
import { text } from "./values";

/** A text that is no valid configuration or patch, or only by chance. */
export interface Mutated {
  readonly configuration: Configuration;
  /** Whether it is a patch, and no whole configuration. */
  readonly isPatch: boolean;
  readonly text: string;
  /** Whether values still are in the fields that they were made for, or in none. */
  readonly keepsFields: boolean;
  [fc.toStringMethod](): string;
}

/** Texts of configurations and patches with something wrong in their data, in their text, or in both. */
export function mutated(configurations: Arbitrary<Configuration>): Arbitrary<Mutated> {
  const changes = fc.record({
    ofData: fc.array(ofData, { maxLength: 3 }),
    ofText: fc.array(ofText, { maxLength: 2 }),
    isPatch: fc.boolean(),
    repeats: fc.boolean(),
  });
  return fc.tuple(configurations, changes).map(([configuration, { ofData, ofText, isPatch, repeats }]) => {
    const { extra, documents, machine } = configuration;
    const given = [...(isPatch ? extra : documents), ...(repeats ? extra.slice(0, 1) : [])];
    const rendered = ofData
      .reduce(changedBy, given)
      .map((document) => stringify(document, { lineWidth: 0 }))
      .join("---\n");
    const text = ofText.reduce((before, change) => change(before), rendered);
    const kind = isPatch ? "a patch" : "a configuration";
    const shown = `${kind} for contract ${machine.contract}, Talos ${machine.talos}, ${machine.role}: ${JSON.stringify(text)}`;
    return { configuration, isPatch, text, keepsFields: ofText.length === 0, [fc.toStringMethod]: () => shown };
  });
}

// --- Data ---------------------------------------------------------------------------------------------------------

/** Another value at one of the places. */
interface OfData {
  readonly at: number;
  readonly change: Change;
}

type Change = (value: unknown) => unknown;

/** Names that are nothing special, and those that some language or tool takes for something special. */
const KEYS = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "$patch",
  "<<",
  "",
  "nmae",
  "a.b",
  "é",
  "0",
  "name",
  "kind",
  "apiVersion",
];

const VALUES: readonly unknown[] = [
  ...[null, true, 0, -1, 1.5, 2 ** 53, 2 ** 64, 1e308, Number.NaN, Number.POSITIVE_INFINITY],
  ...["", " ", "\0", "\u2028", "🦄", "2026-11-21", "0x1F", "1constructor", "((((", "x".repeat(3000), "1".repeat(3000)],
  ...[[], {}, [null], [[]], [{}], { a: null }, { $patch: "delete" }, [{ $patch: "delete" }], { $patch: "replace" }],
  ...[{ constructor: { prototype: 1 } }, JSON.parse('{"__proto__": {"a": {"$patch": "delete"}}}'), nested(150)],
];

function nested(depth: number): unknown {
  return Array.from({ length: depth }).reduce<unknown>(
    (inner, _, index) => (index % 2 === 0 ? [inner] : { a: inner }),
    1,
  );
}

const key = fc.constantFrom(...KEYS);
const value = fc.constantFrom(...VALUES);

const change: Arbitrary<Change> = fc.oneof(
  value.map(
    (other): Change =>
      () =>
        other,
  ),
  key.map(
    (name): Change =>
      (one) => ({ [name]: one }),
  ),
  key.map(
    (name): Change =>
      (one) =>
        renamed(one, name),
  ),
  fc.tuple(key, value).map(
    ([name, other]): Change =>
      (one) =>
        added(one, name, other),
  ),
  fc.constantFrom<Change>(
    (one) => [one, one],
    () => undefined,
  ),
);

const ofData: Arbitrary<OfData> = fc.record({ at: fc.nat(1000), change });

/** The data with another value at one of its places, or without it. */
function changedBy(documents: readonly unknown[], { at, change }: OfData): readonly unknown[] {
  const places = placesIn(documents, []);
  const path = places[at % places.length];
  const result = path === undefined ? documents : changedAt(documents, path, change);
  return Array.isArray(result) ? result : documents;
}

function placesIn(data: unknown, path: Path): readonly Path[] {
  if (!isContainer(data)) return [];
  return Object.entries(data).flatMap(([name, inner]) => {
    const place = [...path, Array.isArray(data) ? Number(name) : name];
    return [place, ...placesIn(inner, place)];
  });
}

function changedAt(data: unknown, [step, ...rest]: Path, change: Change): unknown {
  if (step === undefined) return change(data);
  if (Array.isArray(data)) {
    return data
      .map((item, index) => (index === step ? changedAt(item, rest, change) : item))
      .filter((item) => item !== undefined);
  }
  const entries = Object.entries(Object(data)).map(
    ([name, inner]) => [name, name === step ? changedAt(inner, rest, change) : inner] as const,
  );
  return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
}

/** A map of which the first key has another name. */
function renamed(data: unknown, name: string): unknown {
  if (!isMap(data)) return data;
  return Object.fromEntries(Object.entries(data).map(([old, inner], index) => [index === 0 ? name : old, inner]));
}

function added(data: unknown, name: string, other: unknown): unknown {
  if (Array.isArray(data)) return [...data, other];
  return isMap(data) ? Object.fromEntries([...Object.entries(data), [name, other]]) : data;
}

// --- Text ---------------------------------------------------------------------------------------------------------

type OfText = (text: string) => string;

/** Aliases of which each repeats the one before several times. */
const LAUGHS = Array.from(
  { length: 12 },
  (_, index) =>
    `l${index}: &l${index} [${Array(9)
      .fill(index === 0 ? "ha" : `*l${index - 1}`)
      .join(", ")}]\n`,
).join("");

const SNIPPETS = [
  ...["\t", "\n", "\r", "\r\n", "\0", "\u0007", "\u0085", "\u2028", "\ufeff", " ", "  ", "é"],
  ...[
    "{",
    "}",
    "[",
    "]",
    '"',
    "'",
    "|\n",
    ">-\n",
    "#",
    ": ",
    "- ",
    "? ",
    "@",
    "`",
    "%",
    "!!binary ",
    "!foo ",
    "!!str ",
  ],
  ...[
    "---\n",
    "...\n",
    "%YAML 1.1\n---\n",
    "%YAML 1.2\n---\n",
    "&a ",
    "*a",
    "*a : b\n",
    "a: &a [*a]\n",
    "a: &a {b: *a}\n",
  ],
  ...[
    "<<: *a\n",
    "<<: {name: b, __proto__: c}\n",
    "<<: 5\n",
    "<<: [{a: 1}, {b: 2}]\n",
    "? {a: b}\n: c\n",
    "? [a]\n: b\n",
    "a: 1\na: 2\n",
  ],
  ...[
    "$patch: delete\n",
    "kind: constructor\n",
    "name: {toString: 1}\n",
    "__proto__: {toString: {$patch: delete}}\n",
    "machine: {}\n",
  ],
  ...[LAUGHS, `a: ${"[".repeat(2000)}\n`, `a: ${"{a: ".repeat(120)}\n`, "- op: add\n  path: /a\n  value: 1\n", "\n- "],
];

const offset = fc.nat(8000);

const ofText: Arbitrary<OfText> = fc.oneof(
  fc.tuple(offset, fc.constantFrom(...SNIPPETS)).map(
    ([at, snippet]): OfText =>
      (text) =>
        spliced(text, at % (text.length + 1), 0, snippet),
  ),
  fc.tuple(offset, fc.constantFrom(...SNIPPETS)).map(
    ([at, snippet]): OfText =>
      (text) =>
        spliced(text, lineStart(text, at), 0, snippet),
  ),
  fc.tuple(offset, fc.nat(20)).map(
    ([at, length]): OfText =>
      (text) =>
        spliced(text, at % (text.length + 1), length, ""),
  ),
  offset.map(
    (at): OfText =>
      (text) =>
        text.slice(0, at % (text.length + 1)),
  ),
  fc.tuple(offset, offset).map(
    ([from, to]): OfText =>
      (text) =>
        spliced(text, lineStart(text, to), 0, lineAt(text, from)),
  ),
  fc
    .array(text(), { maxLength: 5 })
    .map((texts) => texts.join(" "))
    .map(
      (other): OfText =>
        () =>
          other,
    ),
);

function spliced(text: string, at: number, length: number, snippet: string): string {
  return `${text.slice(0, at)}${snippet}${text.slice(at + length)}`;
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf("\n", at % (text.length + 1)) + 1;
}

function lineAt(text: string, at: number): string {
  const start = lineStart(text, at);
  return text.slice(start, text.indexOf("\n", start) + 1 || undefined);
}
