/** What Talos' validator lets pass, and the machine or experience does not. */
import type { TalosDocument } from "../document";
import type { PlacedProblem } from "../rules/conflicts";
import { addedArguments } from "./arguments";
import { containerdProblems } from "./containerd";
import { fileProblems } from "./files";
import { imageProblems } from "./images";
import { neededParts, valueProblems } from "./values";

/** Everything that is wrong with a whole configuration although Talos' validator accepts it. */
export function adviceOn(documents: readonly TalosDocument[], talos: string): readonly PlacedProblem[] {
  return [
    ...documents.flatMap(fileProblems),
    ...containerdProblems(documents),
    ...addedArguments(documents),
    ...imageProblems(documents, talos),
    ...valueProblems(documents),
    ...neededParts(documents),
  ];
}
