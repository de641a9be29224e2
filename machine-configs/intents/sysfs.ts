import { wrongValue } from "../../errors";
import { placesIn } from "../document";
import { sysfsConfig } from "../documents/sysfs-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesMachineDocuments } from "../releases";

/**
 * Files below `/sys`, with dots between the folders: `{ "module.zswap.parameters.enabled": "1" }`. Values are strings,
 * as the kernel reads them. Applied without a restart; a file that is removed keeps its value until the next one.
 */
export function sysfs(params: Readonly<Record<string, string>>): Intent {
  return {
    name: "sysfs",
    documents: ({ contract }) => [
      usesMachineDocuments(contract) ? sysfsConfig.build({ params }) : v1alpha1.build({ machine: { sysfs: params } }),
    ],
    problems: (machine) =>
      Object.keys(params)
        .filter((key) => /^\/?sys[./]/.test(key))
        .map((key) => wrongValue(placesIn(machine, "sysfs")(key), key, A_KEY)),
  };
}

const A_KEY = "a path inside of /sys, such as module.zswap.parameters.enabled";
