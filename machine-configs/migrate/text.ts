/** Takes sections out of a text and leaves everything else as it was written, comments and order included. */
import { isMap, isNode, isScalar, isSeq, parseDocument, visit } from "yaml";
import type { Path } from "../document";

/** A text without some sections. */
export interface Cut {
  /** Nothing but comments, or nothing at all, when all sections were taken out. */
  readonly text: string;
  /** The comments above and inside of each section that was taken out, in the order of the sections. */
  readonly comments: readonly string[];
}

/** The texts of the documents of a text. */
export function documentTexts(text: string): readonly string[] {
  return text
    .replaceAll(/^---[ \t]+(?=[^#\s])/gm, "---\n")
    .replaceAll(/^(?:\.\.\.[ \t]*|%.*)$/gm, "")
    .split(/^---[ \t]*(?:#.*)?(?:\r?\n|$)/m);
}

/** Whether a document's text can be cut and extended: neither in braces, nor with aliases of what may go. */
export function isEditable(text: string): boolean {
  const document = parseDocument(text, FAILSAFE);
  let editable = !isFlow(document.contents);
  visit(document, {
    Alias: () => {
      editable = false;
    },
  });
  return editable;
}

/** The text of a document without the sections at some paths, nor the maps and lists that were about them only. */
export function cut(text: string, sections: readonly Path[]): Cut {
  const { contents } = parseDocument(text, FAILSAFE);
  const found = contents === null ? { edits: [], all: false } : new Cutter(text, sections).in(contents, []);
  const edits = found.all && contents !== null ? [lines(text, contents)] : found.edits;
  const ends = sections.map((path, index) => ({ index, end: sectionLines(text, contents, path).end }));
  const inOrder = ends.sort((a, b) => a.end - b.end);
  const comments = sections.map(() => "");
  for (const { offset, comment } of commentsIn(text, edits)) {
    const owner = inOrder.find(({ end }) => offset < end) ?? inOrder.at(-1);
    if (owner !== undefined) comments[owner.index] += `${comment}\n`;
  }
  const rest = edits.reduceRight(
    (whole, { start, end, instead }) => whole.slice(0, start) + instead + whole.slice(end),
    text,
  );
  return { text: rest, comments };
}

const FAILSAFE = { schema: "failsafe", logLevel: "silent" } as const;

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly instead: string;
}

/** Finds what to take out; nothing is left of what is all taken out. */
class Cutter {
  private readonly gone: ReadonlySet<string>;

  constructor(
    private readonly text: string,
    sections: readonly Path[],
  ) {
    this.gone = new Set(sections.map(keyOf));
  }

  in(node: unknown, path: Path): { readonly edits: readonly Edit[]; readonly all: boolean } {
    const parts = partsOf(node, path).map(({ key, value, at }) => {
      const inner = this.gone.has(keyOf(at)) ? { edits: [], all: true } : this.in(value, at);
      return { ...inner, edits: inner.all ? [lines(this.text, key, value)] : inner.edits };
    });
    const edits = parts.flatMap((part) => part.edits);
    const all = parts.length > 0 && parts.every((part) => part.all);
    if (!isFlow(node) || all || edits.length === 0) return { edits, all };
    const [start = 0, end = 0] = rangeOf(node);
    return { edits: [{ start, end, instead: this.flow(node, path) }], all };
  }

  /** A collection in braces or brackets without what goes. */
  private flow(node: unknown, path: Path): string {
    if (!isMap(node) && !isSeq(node)) return sourceOf(this.text, node);
    const parts = partsOf(node, path)
      .filter(({ value, at }) => !this.gone.has(keyOf(at)) && !this.in(value, at).all)
      .map(({ key, value, at }) => (isMap(node) ? `${sourceOf(this.text, key)}: ` : "") + this.flow(value, at));
    return isMap(node) ? `{ ${parts.join(", ")} }` : `[${parts.join(", ")}]`;
  }
}

function isFlow(node: unknown): boolean {
  return (isMap(node) || isSeq(node)) && node.flow === true;
}

/** The entries of a map or the items of a list. */
function partsOf(
  node: unknown,
  path: Path,
): readonly { readonly key: unknown; readonly value: unknown; readonly at: Path }[] {
  if (isMap(node)) return node.items.map(({ key, value }) => ({ key, value, at: [...path, nameOf(key)] }));
  return isSeq(node) ? node.items.map((item, index) => ({ key: item, value: item, at: [...path, index] })) : [];
}

/** All lines of something, with the comments right above it. */
function lines(text: string, first: unknown, last: unknown = first): Edit {
  const [from = 0, own = 0] = rangeOf(first);
  const [, to = own] = rangeOf(last);
  let start = text.lastIndexOf("\n", from - 1) + 1;
  const indent = from - start;
  while (start > 0) {
    const above = text.lastIndexOf("\n", start - 2) + 1;
    const line = text.slice(above, start);
    if (!line.trim().startsWith("#") || line.search(/\S/) > indent) break;
    start = above;
  }
  const content = text.slice(0, Math.max(to, own)).trimEnd().length;
  const newline = text.indexOf("\n", content);
  return { start, end: newline === -1 ? text.length : newline + 1, instead: "" };
}

/** The comments that have a line of their own in what is taken out. */
function commentsIn(
  text: string,
  edits: readonly Edit[],
): readonly { readonly offset: number; readonly comment: string }[] {
  const scalars: (readonly number[])[] = [];
  visit(parseDocument(text, FAILSAFE), { Scalar: (_, node) => void scalars.push(rangeOf(node)) });
  return edits.flatMap(({ start, end }) =>
    [...text.slice(start, end).matchAll(/^[ \t]*(#.*)$/gm)].flatMap(({ index, 1: comment = "" }) => {
      const offset = start + index;
      const inText = scalars.some(([from = 0, to = 0]) => from <= offset && offset < to);
      return inText ? [] : [{ offset, comment: comment.trimEnd() }];
    }),
  );
}

function sectionLines(text: string, contents: unknown, path: Path): Edit {
  let part: { readonly key: unknown; readonly value: unknown } = { key: contents, value: contents };
  for (const step of path) part = partsOf(part.value, []).find(({ at }) => at[0] === step) ?? part;
  return lines(text, part.key, part.value);
}

function sourceOf(text: string, node: unknown): string {
  const [start = 0, end = 0] = rangeOf(node);
  return text.slice(start, end);
}

function rangeOf(node: unknown): readonly number[] {
  return isNode(node) ? (node.range ?? []) : [];
}

function nameOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}
