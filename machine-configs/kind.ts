/** What the library knows about one kind of document. */
import type { z } from "zod";
import { fieldMissing, type Problem, wrongValue } from "../errors";
import { type At, type Path, ROOT_KIND, type TalosDocument } from "./document";
import type { TalosMinor } from "./releases";
import { schemaProblems } from "./schema";

/** What is declared about a kind: one file of `documents/` each. */
export interface KindDefinition<Fields extends Record<string, unknown>> {
  readonly kind: string;
  /** The first Talos release that has it. */
  readonly since: TalosMinor;
  /** Every field but `apiVersion` and `kind`. Strict, so that an unknown key is a problem. */
  readonly fields: z.ZodType<Fields>;
  /** Workers refuse it. @default - allowed on every machine */
  readonly controlPlaneOnly?: boolean;
  /**
   * Sections of the v1alpha1 document that say the same and exclude this kind: from the contract of `since` on the
   * generated configuration has the document, before it has the sections. @default - nothing is excluded
   */
  readonly replaces?: readonly Path[];
  /** Fields that came later than the kind, by path; `*` stands for every key or item. @default - none */
  readonly later?: readonly { readonly since: TalosMinor; readonly path: readonly string[] }[];
  /** Lists whose items are told apart by one field, by path, so that several intents may add to them. @default - none */
  readonly keyed?: readonly { readonly path: readonly string[]; readonly by: string }[];
  /** Fields that hold secrets, by path. @default - none */
  readonly secrets?: readonly Path[];
  /** What the shape alone cannot tell. Asked only when the shape is right. @default - nothing */
  readonly problems?: (fields: Fields, at: At) => readonly Problem[];
}

/** A kind without its type: what lists of kinds are made of. */
export interface DocumentKind extends Omit<KindDefinition<never>, "fields" | "problems"> {
  /** The schema of every field but `apiVersion` and `kind`. */
  readonly schema: z.ZodType;
  /** Everything that is wrong with one document of this kind by itself. */
  documentProblems(document: TalosDocument, at: At): readonly Problem[];
}

/** A kind with its builder. */
export interface BuildableKind<Fields extends Record<string, unknown>> extends DocumentKind {
  /** The document with these fields. */
  build(fields: ReadonlyDeep<Fields>): TalosDocument;
}

/** Data that only is read, all the way down. */
type ReadonlyDeep<T> = T extends object ? { readonly [Key in keyof T]: ReadonlyDeep<T[Key]> } : T;

/** Declares a kind. */
export function defineDocument<Fields extends Record<string, unknown>>(
  definition: KindDefinition<Fields>,
): BuildableKind<Fields> {
  const { problems, fields: schema, ...facts } = definition;
  const header = definition.kind === ROOT_KIND ? {} : { apiVersion: "v1alpha1", kind: definition.kind };
  return {
    ...facts,
    schema,
    build: (fields) => ({ ...header, ...fields }),
    documentProblems: (document, at) => {
      const { apiVersion, kind: _, ...fields } = document;
      const found: Problem[] = [];
      if (header.apiVersion === undefined && apiVersion !== undefined)
        return [fieldMissing(at("kind"), "the document's kind")];
      if (apiVersion === undefined && header.apiVersion !== undefined)
        found.push(fieldMissing(at("apiVersion"), '"v1alpha1"'));
      else if (apiVersion !== header.apiVersion) found.push(wrongValue(at("apiVersion"), apiVersion, '"v1alpha1"'));
      const parsed = schema.safeParse(fields);
      if (parsed.success) found.push(...(problems?.(parsed.data, at) ?? []));
      else found.push(...schemaProblems(schema, fields, parsed.error.issues, at, (path) => isSecret(facts, path)));
      return found;
    },
  };
}

/** Whether a field is, or lies in, one that holds a secret. */
export function isSecret(kind: Pick<DocumentKind, "secrets">, path: Path): boolean {
  return kind.secrets?.some((secret) => secret.every((key, index) => path[index] === key)) ?? false;
}
