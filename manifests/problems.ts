/** What is wrong with objects, as far as they show it themselves. */
import { duplicateObject, malformedObjectName, type Problem, secretAmongObjects, unwritableCharacter } from "../errors";
import { type KubernetesObject, objectName } from "./object";
import { outdatedApiProblems } from "./outdated-apis";

/**
 * Names that no object of any kind has, objects that are there twice, secrets, which would be in plain sight, forms that
 * are served no more, and characters that do not arrive.
 */
export function objectProblems(where: string, objects: readonly KubernetesObject[]): readonly Problem[] {
  const names = objects.map((object) => `${groupOf(object)} ${objectName(object)}`);
  return objects.flatMap((object, index) => [
    ...(isObjectName(object.metadata.name) ? [] : [malformedObjectName(where, object.kind, object.metadata.name)]),
    ...(names.indexOf(names[index] ?? "") < index ? [duplicateObject(where, objectName(object))] : []),
    ...(object.kind === "Secret" && groupOf(object) === "" ? [secretAmongObjects(where, objectName(object))] : []),
    ...outdatedApiProblems(where, object),
    ...(unwritable.exec(JSON.stringify(object)) ?? []).map((character) =>
      unwritableCharacter(where, objectName(object), codePoint(character)),
    ),
  ]);
}

/** Control characters, for which Helm leaves out the whole object, and line ends of YAML 1.1, which it indents. */
const unwritable = /[\u007f-\u009f\u2028\u2029]/;

/** A character by its number, since it cannot be seen: `U+0085`. */
function codePoint(character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Whether a text is a DNS subdomain of Kubernetes, which most names have to be. */
export function isObjectName(name: string): boolean {
  return name.length <= 253 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(name);
}

/** Whether a text is a DNS label of Kubernetes: a namespace, or whatever becomes a label or a pod. */
export function isDnsLabel(name: string): boolean {
  return name.length <= 63 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name);
}

function groupOf({ apiVersion }: KubernetesObject): string {
  const [group = "", version] = apiVersion.split("/");
  return version === undefined ? "" : group;
}
