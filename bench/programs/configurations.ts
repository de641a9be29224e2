/**
 * Composes, checks and renders the machine configurations of as many nodes as the argument says, and nothing else: for
 * 0, it only loads what makes them. Prints how many bytes they are.
 */
import { composeConfiguration, renderDocuments } from "../../machine-configs";
import { machines } from "../machines";

let bytes = 0;
for (const { target, intents } of machines(Number(process.argv[2]))) {
  const { documents, problems } = composeConfiguration(target, intents);
  if (problems.length > 0) {
    throw new Error(`${target.name} has problems: ${JSON.stringify(problems)}`);
  }
  bytes += renderDocuments(documents).length;
}
console.log(bytes);
