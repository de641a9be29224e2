/** One example of an intent. The examples are the golden files, and the table of needs in the documentation. */
import type { Contract, Intent, MachineRole } from "../../../machine-configs";

export interface Example {
  /** What is shown, beginning with the ids of the requirements that it answers. */
  readonly title: string;
  /** What somebody needs, in a few words, for the table. @default - another example of the intent says it */
  readonly need?: string;
  /** The name of its golden files. */
  readonly file: string;
  /** For a control plane, the intent is nothing on a worker, unless another example of it is for one. */
  readonly role: MachineRole;
  /** The contracts that have a form for it; in others it is refused. @default - all */
  readonly contracts?: readonly Contract[];
  readonly intent: (contract: Contract) => Intent;
}
