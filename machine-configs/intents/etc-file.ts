import { intentNeedsContract } from "../../errors";
import { placesIn } from "../document";
import { etcFileConfig } from "../documents/etc-file-config";
import type { Intent } from "../intent";
import { usesMachineDocuments } from "../releases";

export interface EtcFileProps {
  /** The path below `/etc`, such as `nfsmount.conf`. Files that Talos writes itself are refused. */
  readonly name: string;
  readonly contents: string;
  /** The file's permissions, with the prefix of an octal number: `0o600`. @default 0o644 */
  readonly mode?: number;
}

/**
 * A file below `/etc`, which everything on the machine can read that its permissions let. Needs contract 1.14: before,
 * Talos creates files below `/var` only, and the boot stops at others (TAL-21). Applied without a restart.
 */
export function etcFile({ name, contents, mode = 0o644 }: EtcFileProps): Intent {
  return {
    name: "etcFile",
    documents: ({ contract }) =>
      usesMachineDocuments(contract) ? [etcFileConfig.build({ name, mode, contents })] : [],
    problems: (machine) => {
      if (usesMachineDocuments(machine.contract)) return [];
      const where = placesIn(machine, "etcFile")();
      return [intentNeedsContract(where, `The file /etc/${name}`, "1.14", machine.contract, OTHER_WAYS)];
    },
  };
}

const OTHER_WAYS = "Use a system extension that brings the file, or a file below /var if what reads it can look there.";
