import { readFileSync } from "node:fs";
import * as path from "node:path";
import { Ajv, type ErrorObject } from "ajv";
import { parse } from "yaml";
import type { KubernetesObject } from "../../../manifests";
import { goModule } from "./programs";

/** Where the makers of custom resources publish their definitions. */
const definitions: Readonly<Record<string, (kind: string) => string>> = {
  "cert-manager.io": (kind) =>
    path.join(goModule("github.com/cert-manager/cert-manager@v1.19.2"), `deploy/crds/cert-manager.io_${kind}s.yaml`),
  "monitoring.coreos.com": (kind) =>
    path.join(
      goModule("github.com/prometheus-operator/prometheus-operator@v0.85.0"),
      `example/prometheus-operator-crd-full/monitoring.coreos.com_${kind}s.yaml`,
    ),
};

/** Whether there is a definition for the kind of an object. */
export function isCustom({ apiVersion }: KubernetesObject): boolean {
  return (apiVersion.split("/")[0] ?? "") in definitions;
}

/** What the definition of a custom resource says against an object; a field that it does not have is wrong, too. */
export function crdErrors(object: KubernetesObject): readonly string[] {
  const [group = "", version] = object.apiVersion.split("/");
  const file = definitions[group]?.(object.kind.toLowerCase());
  if (file === undefined) throw new Error(`No definition of ${object.apiVersion} ${object.kind} is known.`);
  const { spec } = parse(readFileSync(file, "utf8"));
  const { schema } = spec.versions.find(({ name }: { name: string }) => name === version);
  const isValid = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(
    closed(schema.openAPIV3Schema),
  );
  isValid(object);
  return (isValid.errors ?? []).map(told);
}

/** The same schema, in which what is not named may not be there. An API server would drop it without a word. */
function closed(schema: unknown, isRoot = true): object {
  if (typeof schema !== "object" || schema === null) return {};
  const fields = Object.entries(schema).map(([key, value]) => {
    if (key === "properties") {
      // `metadata` is the API server's own.
      const inner = Object.entries(value).map(([name, one]) => [
        name,
        isRoot && name === "metadata" ? {} : closed(one, false),
      ]);
      return [key, Object.fromEntries(inner)];
    }
    // A pattern that ignores case is not one of JavaScript's.
    if (key === "pattern" && String(value).includes("(?i)")) return ["pattern", ".*"];
    return [key, key === "items" || key === "additionalProperties" ? openOrClosed(value) : value];
  });
  const isClosed = "properties" in schema && !("x-kubernetes-preserve-unknown-fields" in schema);
  return { ...Object.fromEntries(fields), ...(isClosed ? { additionalProperties: false } : {}) };
}

function openOrClosed(schema: unknown): unknown {
  return typeof schema === "boolean" ? schema : closed(schema, false);
}

function told({ instancePath, message, params }: ErrorObject): string {
  return `${instancePath} ${message} ${JSON.stringify(params)}`;
}
