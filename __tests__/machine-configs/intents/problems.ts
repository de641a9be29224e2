/** What is wrong with one intent by itself. */
import { formatProblem } from "../../../errors";
import { composeConfiguration, type Intent, type MachineTarget } from "../../../machine-configs";
import { controlPlane } from "../machines";

/** All problems of a machine that has only this intent, as they are shown. */
export function problemsOf(intent: Intent, machine: MachineTarget = controlPlane("1.14")): readonly string[] {
  return composeConfiguration(machine, [intent]).problems.map(formatProblem);
}
