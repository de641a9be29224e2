/** Kubernetes objects as text. */
import { isMap, isScalar, parseAllDocuments } from "yaml";

/** Why a text is no manifest of Kubernetes objects; nothing when it is one. */
export function manifestFault(text: string): string | undefined {
  const parsed = parseAllDocuments(text, { logLevel: "silent" });
  const documents = Array.isArray(parsed) ? parsed : [];
  const [error] = documents.flatMap(({ errors }) => errors);
  if (error !== undefined) return error.message.split("\n")[0]?.replace(/:$/, "");
  // Comments alone, as charts leave them behind, are a document with nothing in it.
  const objects = documents.filter(({ contents }) => !(isScalar(contents) && contents.value === null));
  if (objects.length === 0) return "there is no object in it";
  for (const object of objects) {
    if (!isMap(object.contents)) return "one of its documents is no map";
    const missing = ["apiVersion", "kind"].find((key) => typeof object.get(key) !== "string");
    if (missing !== undefined) return `one of its objects has no ${missing}`;
  }
  return undefined;
}
