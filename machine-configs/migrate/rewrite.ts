/** Writes the new form of a file: what stays as it was written, and the new documents after it. */
import { identityOf, type Path, ROOT_KIND, renderDocuments, type TalosDocument } from "../document";
import { loadSource } from "../load";
import { isContainer, isMap } from "../plain-data";
import type { Contract } from "../releases";
import { schemaOfKind } from "../validate";
import type { Outcome } from "./move";
import { documentText, type Plan } from "./plan";
import { cut, documentTexts, isEditable } from "./text";

/** The text without what has moved, and with the documents that it has become. Lines that are comments are all kept. */
export function rewritten(text: string, { steps, documents }: Plan, from: Contract): string {
  const gone = steps.flatMap(({ paths, outcome }) =>
    "stays" in outcome ? [] : paths.map((path) => ({ path, into: firstDocument(outcome) })),
  );
  if (gone.length === 0) return text;
  const sections = gone.map(({ path }) => path);
  const parts = documentTexts(text).map((part) => ({
    part,
    document: loadSource(part, { talos: from, schemaOfKind }).documents[0]?.document,
  }));
  const present = new Set(parts.flatMap(({ document }) => (document === undefined ? [] : [identityOf(document)])));
  const comments = new Map<string, string>();
  const kept = parts.map(({ part, document }) => {
    if (document === undefined) return part;
    const more = documents.find((one) => identityOf(one) === identityOf(document));
    if (more !== undefined) return extended(part, document, more);
    if (identityOf(document) !== ROOT_KIND) return part;
    if (!isEditable(part)) return renderDocuments(without(document, sections));
    const rest = cut(part, sections);
    for (const [index, { into }] of gone.entries()) {
      const goesTo = into === "" || present.has(into) ? ROOT_KIND : into;
      comments.set(goesTo, (comments.get(goesTo) ?? "") + (rest.comments[index] ?? ""));
    }
    return withNewline(rest.text) + (comments.get(ROOT_KIND) ?? "");
  });
  const added = documents
    .filter((document) => !present.has(identityOf(document)))
    .map((document) => (comments.get(documentText(document)) ?? "") + renderDocuments([document]));
  const start = /^---/.test(text) ? "---\n" : "";
  return withNewlinesOf(text, start + joined([...kept, ...added]));
}

function firstDocument(outcome: Outcome): string {
  const [first] = "documents" in outcome ? outcome.documents : [];
  return first === undefined ? "" : documentText(first);
}

/** A document of the file with fields that it does not have yet. */
function extended(part: string, document: TalosDocument, more: TalosDocument): string {
  if (!isEditable(part)) return renderDocuments([{ ...document, ...more }]);
  const { apiVersion: _, kind: __, name: ___, ...fields } = more;
  return withNewline(part) + renderDocuments([fields]);
}

/** A document without some sections, where its text cannot be cut: what an alias repeats may stand in one of them. */
function without(document: TalosDocument, sections: readonly Path[]): readonly TalosDocument[] {
  const gone = new Set(sections.map((path) => JSON.stringify(path)));
  const rest = (value: unknown, path: Path): unknown => {
    if (gone.has(JSON.stringify(path))) return undefined;
    if (!isContainer(value) || Object.keys(value).length === 0) return value;
    if (Array.isArray(value)) {
      const items = value.map((item, index) => rest(item, [...path, index])).filter((item) => item !== undefined);
      return items.length === 0 ? undefined : items;
    }
    const entries = Object.entries(value).map(([key, inner]) => [key, rest(inner, [...path, key])] as const);
    const kept = entries.filter(([, inner]) => inner !== undefined);
    return kept.length === 0 ? undefined : Object.fromEntries(kept);
  };
  const left = rest(document, []);
  return isMap(left) ? [left] : [];
}

/** Documents as one text; what is no document stands before the next one. */
function joined(parts: readonly string[]): string {
  const whole: string[] = [];
  let before = "";
  for (const part of parts) {
    const isDocument = part.split("\n").some((line) => !/^\s*(?:#|$)/.test(line));
    const text = before + withNewline(part);
    if (isDocument) whole.push(text);
    before = isDocument ? "" : text;
  }
  return whole.join("---\n") + before;
}

function withNewline(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

function withNewlinesOf(original: string, text: string): string {
  return original.includes("\r\n") ? text.replaceAll(/\r?\n/g, "\r\n") : text;
}
