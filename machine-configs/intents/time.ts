import { intentNeedsContract } from "../../errors";
import { placesIn } from "../document";
import { timeSyncConfig } from "../documents/time-sync-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesNetworkDocuments } from "../releases";

/** From where: servers, or clocks that the machine has as devices. */
type TimeSource =
  | {
      /** Names or addresses of NTP servers. */
      readonly servers: readonly string[];
      /**
       * Whether the servers have to prove who they are by NTS, which Talos speaks from 1.14 on. They are then given by
       * name.
       *
       * @default false
       */
      readonly nts?: boolean;
      readonly devices?: never;
    }
  | {
      /** PTP clocks, such as `/dev/ptp0`: in a VM that of its host. */
      readonly devices: readonly string[];
      readonly servers?: never;
      readonly nts?: never;
    };

export type TimeProps = TimeSource & {
  /** How long the boot waits for the time, such as `2m`. @default - as long as it takes */
  readonly bootTimeout?: string;
};

/**
 * Where the machine gets the time from, instead of a server on the internet. The kubelet and etcd wait for it. Applied
 * without a restart.
 */
export function time({ servers, nts, devices, bootTimeout }: TimeProps): Intent {
  return {
    name: "time",
    documents: ({ contract }) => {
      if (!usesNetworkDocuments(contract)) {
        // Of its servers Talos takes those that are devices for PTP clocks.
        return [v1alpha1.build({ machine: { time: { servers: servers ?? devices, bootTimeout } } })];
      }
      const source = servers === undefined ? { ptp: { devices } } : { ntp: { servers, useNTS: nts } };
      return [timeSyncConfig.build({ ...source, bootTimeout })];
    },
    problems: (machine) => {
      if (!nts || usesNetworkDocuments(machine.contract)) return [];
      const remedy = "Leave nts out.";
      return [intentNeedsContract(placesIn(machine, "time")("nts"), "NTS", "1.12 and later", machine.contract, remedy)];
    },
  };
}
