/** The language as JSON Schema, for editors that complete and check YAML while it is written. */
import type * as zod from "zod";
import { ROOT_KIND } from "./document";
import { documentKinds } from "./documents";
import type { DocumentKind } from "./kind";
import { isAtLeast, type TalosMinor } from "./releases";
import { z } from "./zod";

type JsonSchema = zod.core.JSONSchema.BaseSchema;

/**
 * A JSON Schema (draft 7) of one document, whatever its kind, with the kinds and fields of a Talos release. Patches may
 * delete with `$patch: delete`: documents, fields and items of lists.
 */
export function jsonSchema(talos: TalosMinor): JsonSchema {
  const kinds = documentKinds.filter(({ since }) => isAtLeast(talos, since));
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: `Talos ${talos} machine configuration`,
    definitions: { deletion: DELETION },
    anyOf: [...kinds.map((kind) => schemaOf(kind, talos)), deletionOf(kinds)],
  };
}

const DELETES = { const: "delete" } as const;
const DELETION: JsonSchema = {
  type: "object",
  properties: { $patch: DELETES },
  required: ["$patch"],
  additionalProperties: false,
};

/** A document that takes a generated one away. */
function deletionOf(kinds: readonly DocumentKind[]): JsonSchema {
  const names = kinds.map(({ kind }) => kind).filter((kind) => kind !== ROOT_KIND);
  const header = { apiVersion: { const: "v1alpha1" }, kind: { enum: names }, name: { type: "string" } } as const;
  return {
    title: "deletion",
    ...DELETION,
    properties: { ...header, $patch: DELETES },
    required: ["apiVersion", "kind", "$patch"],
  };
}

/** Lets everything inside of a schema be deleted. */
function allowDeletions(schema: JsonSchema): void {
  const { properties = {}, items, additionalProperties, anyOf = [] } = schema;
  for (const inner of [items, additionalProperties, ...anyOf, ...Object.values(properties)].flat()) {
    if (typeof inner !== "object") continue;
    allowDeletions(inner);
    if (inner.properties !== undefined) inner.properties = { ...inner.properties, $patch: DELETES };
  }
  for (const [key, inner] of Object.entries(properties)) {
    if (typeof inner === "object" && inner.properties === undefined)
      properties[key] = { anyOf: [inner, { $ref: "#/definitions/deletion" }] };
  }
}

function schemaOf(kind: DocumentKind, talos: TalosMinor): JsonSchema {
  const { $schema: _, ...fields } = z.toJSONSchema(kind.schema, { target: "draft-7", unrepresentable: "any" });
  for (const { since, path } of kind.later ?? []) {
    if (!isAtLeast(talos, since)) remove(fields, path);
  }
  const name = fields.properties?.name;
  allowDeletions(fields);
  // What a document is called tells which one is meant.
  if (fields.properties !== undefined && name !== undefined) fields.properties.name = name;
  if (kind.kind === ROOT_KIND) return { title: ROOT_KIND, ...fields };
  return {
    title: kind.kind,
    ...fields,
    properties: { apiVersion: { const: "v1alpha1" }, kind: { const: kind.kind }, ...fields.properties },
    required: ["apiVersion", "kind", ...(fields.required ?? [])],
  };
}

/** Takes a field out; `*` stands for every key or item. */
function remove(schema: JsonSchema, [key, ...rest]: readonly string[]): void {
  for (const option of schema.anyOf ?? []) remove(option, key === undefined ? rest : [key, ...rest]);
  if (key === undefined) return;
  const inner = key === "*" ? (schema.items ?? schema.additionalProperties) : schema.properties?.[key];
  if (rest.length === 0) delete schema.properties?.[key];
  else if (typeof inner === "object" && !Array.isArray(inner)) remove(inner, rest);
}
