/** What Talos' validator lets pass, and the machine or experience does not. */
import { kindOf, ROOT_KIND, type TalosDocument } from "../document";
import type { PlacedProblem } from "../rules/conflicts";
import { firewallProblems } from "../rules/firewall";
import { linksTogether } from "../rules/links-together";
import { addedArguments } from "./arguments";
import { fileProblems } from "./files";
import { imageProblems } from "./images";
import { neededParts, valueProblems } from "./values";

/** Everything that is wrong with a whole configuration although Talos' validator accepts it. */
export function adviceOn(documents: readonly TalosDocument[], talos: string): readonly PlacedProblem[] {
  return [
    ...documents.filter((document) => kindOf(document) === ROOT_KIND).flatMap(fileProblems),
    ...addedArguments(documents),
    ...imageProblems(documents, talos),
    ...valueProblems(documents),
    ...neededParts(documents),
    ...linksTogether(documents),
    ...firewallProblems(documents),
  ];
}
