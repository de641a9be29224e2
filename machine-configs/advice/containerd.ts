/** Parts of containerd's configuration: Talos looks at none of them, and containerd ignores what it does not know. */
import { containerdPluginObsolete, uselessValue } from "../../errors";
import { identityOf, kindOf, type Path, ROOT_KIND, type TalosDocument } from "../document";
import type { PlacedProblem } from "../rules/conflicts";
import { CRI_PART, isForContainerd1, looksLikeToml } from "../rules/containerd";
import { listAt, textAt } from "./fields";

/** Parts that are no TOML, or for another containerd. */
export function containerdProblems(documents: readonly TalosDocument[]): readonly PlacedProblem[] {
  return documents.flatMap((document) => {
    const identity = identityOf(document);
    return partsOf(document).flatMap((path): readonly PlacedProblem[] => {
      const content = textAt(document, path) ?? "";
      if (!looksLikeToml(content)) return [{ identity, path, problem: uselessValue(identity, content, "TOML") }];
      return isForContainerd1(content) ? [{ identity, path, problem: containerdPluginObsolete(identity) }] : [];
    });
  });
}

/** Where a document has parts of the configuration. */
function partsOf(document: TalosDocument): readonly Path[] {
  if (kindOf(document) === "CRICustomizationConfig") return [["content"]];
  if (kindOf(document) !== ROOT_KIND) return [];
  return listAt(document, ["machine", "files"]).flatMap((file, index) =>
    textAt(file, ["path"]) === CRI_PART ? [["machine", "files", index, "content"]] : [],
  );
}
