/** What Talos' validator lets pass, and the machine or experience does not. */
import type { TalosDocument } from "../document";
import type { PlacedProblem } from "../rules/conflicts";
import { firewallProblems } from "../rules/firewall";
import { linksTogether } from "../rules/links-together";
import { addedArguments } from "./arguments";
import { containerdProblems } from "./containerd";
import { fileProblems } from "./files";
import { imageProblems } from "./images";
import { neededParts, valueProblems } from "./values";
import { passphraseProblems, roomProblems } from "./volumes";

/**
 * Everything that is wrong with a configuration although Talos' validator accepts it.
 *
 * @param systemDiskBytes the size of the disk that Talos is on, when it is known.
 */
export function adviceOn(
  documents: readonly TalosDocument[],
  talos: string,
  systemDiskBytes?: number,
): readonly PlacedProblem[] {
  return [
    ...documents.flatMap(fileProblems),
    ...containerdProblems(documents),
    ...addedArguments(documents),
    ...imageProblems(documents, talos),
    ...valueProblems(documents),
    ...roomProblems(documents, systemDiskBytes),
    ...passphraseProblems(documents),
    ...neededParts(documents),
    ...linksTogether(documents),
    ...firewallProblems(documents),
  ];
}
