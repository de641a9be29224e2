import type { Problem } from "../errors";
import type { MachineTarget, TalosDocument } from "./document";

/**
 * One need of a machine, such as a static network or an audit policy, without the form it takes: the documents depend
 * on the machine's contract, so that the same intent serves every cluster.
 */
export interface Intent {
  /** The name of the function that made it; begins the place of its problems after the machine's name. */
  readonly name: string;
  /** What the need is for this machine. Nothing when the intent is not for the machine's role. */
  documents(machine: MachineTarget): readonly TalosDocument[];
  /** What is wrong with the props beyond what the documents themselves reveal. */
  problems?(machine: MachineTarget): readonly Problem[];
}
