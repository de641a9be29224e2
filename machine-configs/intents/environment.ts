import { wrongValue } from "../../errors";
import { placesIn } from "../document";
import { A_VARIABLE, environmentConfig, isVariable } from "../documents/environment-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesEnvironmentDocuments } from "../releases";

/**
 * Variables of the environment of Talos and its services, such as
 * `{ https_proxy: "http://proxy.example.com:3128", no_proxy: "10.0.0.0/8,.svc" }`. A value with a password is a secret.
 *
 * A service reads them when it starts: they count everywhere only after the machine's next restart, which a change
 * causes by itself under contracts 1.11 and 1.12 until Talos 1.14.
 */
export function environment(variables: Readonly<Record<string, string>>): Intent {
  return {
    name: "environment",
    documents: ({ contract }) => [
      usesEnvironmentDocuments(contract)
        ? environmentConfig.build({ variables })
        : v1alpha1.build({ machine: { env: variables } }),
    ],
    // The section takes any name, of which the document refuses some.
    problems: (machine) =>
      Object.keys(variables)
        .filter((name) => !usesEnvironmentDocuments(machine.contract) && !isVariable(name))
        .map((name) => wrongValue(placesIn(machine, "environment")(name), name, A_VARIABLE)),
  };
}
