import { wrongValue } from "../../errors";
import { placesIn } from "../document";
import { staticHostConfig } from "../documents/static-host-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesNetworkDocuments } from "../releases";
import { isDnsName } from "../rules/urls";

/**
 * Names that the machine itself knows, by their addresses, such as `{ "10.0.20.9": ["registry.example.com"] }` (TAL-34).
 * They come before DNS for what runs on the machine: image pulls, the kubelet and host processes. Pods do not see them.
 * The first name of an address is what a look-up of the address gives. Applied without a restart.
 */
export function hostEntries(entries: Readonly<Record<string, readonly string[]>>): Intent {
  return {
    name: "hostEntries",
    documents: ({ contract }) => {
      const all = Object.entries(entries);
      if (!usesNetworkDocuments(contract)) {
        const extraHostEntries = all.map(([ip, aliases]) => ({ ip, aliases }));
        return [v1alpha1.build({ machine: { network: { extraHostEntries } } })];
      }
      return all.map(([name, hostnames]) => staticHostConfig.build({ name, hostnames }));
    },
    problems: (machine) => {
      const at = placesIn(machine, "hostEntries");
      const expected = "a name, such as registry.example.com";
      return Object.entries(entries).flatMap(([address, names]) =>
        names.flatMap((name, index) => (isDnsName(name) ? [] : [wrongValue(at(address, index), name, expected)])),
      );
    },
  };
}
