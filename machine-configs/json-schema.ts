/** The language as JSON Schema, for editors that complete and check YAML while it is written. */
import type * as zod from "zod";
import { ROOT_KIND } from "./document";
import { documentKinds } from "./documents";
import type { DocumentKind } from "./kind";
import { isAtLeast, type TalosMinor } from "./releases";
import { z } from "./zod";

type JsonSchema = zod.core.JSONSchema.BaseSchema;

/** A JSON Schema (draft 7) of one document, whatever its kind, with the kinds and fields of a Talos release. */
export function jsonSchema(talos: TalosMinor): JsonSchema {
  const kinds = documentKinds.filter(({ since }) => isAtLeast(talos, since));
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: `Talos ${talos} machine configuration`,
    anyOf: kinds.map((kind) => schemaOf(kind, talos)),
  };
}

function schemaOf(kind: DocumentKind, talos: TalosMinor): JsonSchema {
  const { $schema: _, ...fields } = z.toJSONSchema(kind.schema, { target: "draft-7", unrepresentable: "any" });
  for (const { since, path } of kind.later ?? []) {
    if (!isAtLeast(talos, since)) remove(fields, path);
  }
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
