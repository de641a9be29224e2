/** What the library knows about one kind of document. */
import type { z } from "zod";
import { fieldMissing, type Problem, valueTooNew, wrongValue } from "../errors";
import { type At, type Path, ROOT_KIND, type TalosDocument } from "./document";
import { pathsMatching, valueAt } from "./plain-data";
import { isAtLeast, type TalosMinor } from "./releases";
import { asTalosReads, HIDDEN, pathOf, schemaProblems } from "./schema";
import { unknownTexts } from "./unknown-texts";

/** What is declared about a kind: one file of `documents/` each. */
export interface KindDefinition<Fields extends Record<string, unknown>> {
  readonly kind: string;
  /** The first Talos release that has it, of those that the library knows. */
  readonly since: TalosMinor;
  /** Makes the schema of every field but `apiVersion` and `kind`. Strict, so that an unknown key is a problem. */
  readonly fields: () => z.ZodType<Fields>;
  /** Workers refuse it. @default - allowed on every machine */
  readonly controlPlaneOnly?: boolean;
  /**
   * Fields that Talos demands and its generator writes, by path: a complete document has them, and a change need not
   * repeat them. @default - none
   */
  readonly generated?: readonly Path[];
  /**
   * Sections of the v1alpha1 document that say the same and exclude this kind: from the contract of `since` on the
   * generated configuration has the document, before it has the sections. @default - nothing is excluded
   */
  readonly replaces?: readonly Path[];
  /** Fields that came later than the kind, by path; `*` stands for every key or item. @default - none */
  readonly later?: readonly LaterField[];
  /** Values that came later than their field. @default - none */
  readonly laterValues?: readonly LaterValue[];
  /** Lists to which several intents may add, because their items are told apart. @default - none */
  readonly keyed?: readonly KeyedList[];
  /**
   * Lists in which the order counts, by path: several intents may add to them, and what each adds stays together. `*`
   * stands for every key or item.
   *
   * @default - none
   */
  readonly ordered?: readonly Path[];
  /** Fields that hold secrets, by path; `*` stands for every key or item. @default - none */
  readonly secrets?: readonly Path[];
  /** What the shape alone cannot tell. Asked only when the shape is right. @default - nothing */
  readonly problems?: (fields: Fields, at: At, scope: DocumentScope) => readonly Problem[];
}

/** What the schema that a function makes describes. */
export type FieldsOf<Make extends () => z.ZodType> = z.infer<ReturnType<Make>>;

/** A list whose items are told apart. In its path an item of another such list stands by its key, or all of them by `*`. */
export interface KeyedList {
  readonly path: readonly string[];
  /** The field that tells them apart; of several the first that an item has. @default - an item as a whole */
  readonly by?: string | readonly string[];
}

/** A field that came later than its kind. */
export interface LaterField {
  readonly since: TalosMinor;
  readonly path: readonly string[];
}

/** Values that came later than their field, such as a list where only a text was taken. */
export interface LaterValue extends LaterField {
  /** Whether a value is one of them. */
  readonly is: (value: unknown) => boolean;
}

/** What a document is judged for. */
export interface DocumentScope {
  /** The minor release of the machine's Talos. @default - the newest that the library knows */
  readonly talos?: string | undefined;
  /** Whether the document is all that the machine gets, and no change to a generated one. @default false */
  readonly complete?: boolean;
  /** Says whether a text is or contains a value that is not known yet. @default - every value is known */
  readonly isUnknown?: ((text: string) => boolean) | undefined;
}

/** A kind without its type: what lists of kinds are made of. */
export interface DocumentKind extends Omit<KindDefinition<never>, "fields" | "problems"> {
  /** The schema of every field but `apiVersion` and `kind`, made at its first use. */
  readonly schema: z.ZodType;
  /** Everything that is wrong with one document of this kind by itself. */
  documentProblems(document: TalosDocument, at: At, scope?: DocumentScope): readonly Problem[];
}

/** A kind with its builder. */
export interface BuildableKind<Fields extends Record<string, unknown>> extends DocumentKind {
  readonly schema: z.ZodType<Fields>;
  /** The document with these fields. */
  build(fields: ReadonlyDeep<Fields>): TalosDocument;
  /**
   * What takes the generated document away, by its name where the kind has names; together with a document that is built
   * it replaces the generated one.
   */
  deletion(name?: string): TalosDocument;
}

/** Data that only is read, all the way down. */
type ReadonlyDeep<T> = T extends object ? { readonly [Key in keyof T]: ReadonlyDeep<T[Key]> } : T;

/** Declares a kind. Its schema is made when it is first asked for, so that a kind that is not used costs nothing. */
export function defineDocument<Fields extends Record<string, unknown>>(
  definition: KindDefinition<Fields>,
): BuildableKind<Fields> {
  const { problems, fields: makeSchema, ...facts } = definition;
  const header = definition.kind === ROOT_KIND ? {} : { apiVersion: "v1alpha1", kind: definition.kind };
  let made: z.ZodType<Fields> | undefined;
  const schemaOfFields = () => {
    made ??= makeSchema();
    return made;
  };
  return {
    ...facts,
    get schema() {
      return schemaOfFields();
    },
    build: (fields) => ({ ...header, ...fields }),
    deletion: (name) => ({ ...header, ...(name === undefined ? {} : { name }), $patch: "delete" }),
    documentProblems: (document, at, scope = {}) => {
      const { apiVersion, kind: _, ...given } = document;
      const found: Problem[] = [];
      if (header.apiVersion === undefined && apiVersion !== undefined)
        return [fieldMissing(at("kind"), "the document's kind")];
      if (apiVersion === undefined && header.apiVersion !== undefined)
        found.push(fieldMissing(at("apiVersion"), '"v1alpha1"'));
      else if (apiVersion !== header.apiVersion) found.push(wrongValue(at("apiVersion"), apiVersion, '"v1alpha1"'));
      const schema = schemaOfFields();
      const read = asTalosReads(schema, given);
      const parsed = schema.safeParse(read);
      const unknown = new Set(unknownTexts(read, schema, scope.isUnknown).map((path) => at(...path)));
      const issues = parsed.error?.issues.filter((issue) => !unknown.has(at(...pathOf(issue)))) ?? [];
      const isFields = (_: unknown): _ is Fields => issues.length === 0;
      if (scope.complete) found.push(...missingFields(facts, read, at));
      found.push(...tooNewValues(facts, read, at, scope.talos));
      if (isFields(read)) found.push(...(problems?.(read, at, scope) ?? []));
      else found.push(...schemaProblems(schema, read, issues, at, (path, value) => showable(facts, path, value)));
      return found.filter(({ where }) => !unknown.has(where));
    },
  };
}

function missingFields(kind: Pick<DocumentKind, "generated">, fields: unknown, at: At): readonly Problem[] {
  return (kind.generated ?? [])
    .filter((path) => [undefined, ""].some((empty) => valueAt(fields, path) === empty))
    .map((path) => fieldMissing(at(...path), "a value"));
}

function tooNewValues(
  kind: Pick<DocumentKind, "laterValues">,
  fields: unknown,
  at: At,
  talos: string | undefined,
): readonly Problem[] {
  if (talos === undefined) return [];
  return (kind.laterValues ?? [])
    .filter(({ since }) => !isAtLeast(talos, since))
    .flatMap(({ since, path, is }) =>
      pathsMatching(fields, path)
        .filter((place) => is(valueAt(fields, place)))
        .map((place) => valueTooNew(at(...place), valueAt(fields, place), since, talos)),
    );
}

/** Whether a field is, or lies in, one that holds a secret. */
export function isSecret(kind: Pick<DocumentKind, "secrets">, path: Path): boolean {
  return secretsAbout(kind, path).some((secret) => secret.length <= path.length);
}

/** A value as a message may show it: not when it is a secret, has one inside, or stands where one belongs inside. */
export function showable(kind: Pick<DocumentKind, "secrets"> | undefined, path: Path, value: unknown): unknown {
  // The fields of a kind that Talos does not have may be secrets as well.
  return kind === undefined || secretsAbout(kind, path).length > 0 ? HIDDEN : value;
}

/** The secrets that are at, around or inside of a field. */
function secretsAbout(kind: Pick<DocumentKind, "secrets">, path: Path): readonly Path[] {
  const isAlong = (secret: Path) =>
    path.every((key, index) => index >= secret.length || secret[index] === key || secret[index] === "*");
  return (kind.secrets ?? []).filter(isAlong);
}
