import { type Problem, wrongValue } from "../../errors";
import { placesIn } from "../document";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { A_CERTIFICATE_NAME, isCertificateName } from "../rules/names";

/**
 * More names and addresses for the certificate of the Talos API, such as a DNS name or a translated address under which
 * you reach the machine. Its own addresses and its hostname are in it already. Applied without a restart, in the same
 * form in every contract. For the Kubernetes API see `apiServer`.
 */
export function talosApiCertSANs(names: readonly string[]): Intent {
  return {
    name: "talosApiCertSANs",
    documents: () => [v1alpha1.build({ machine: { certSANs: names } })],
    problems: (machine) =>
      names.flatMap((name, index): readonly Problem[] =>
        isCertificateName(name)
          ? []
          : [wrongValue(placesIn(machine, "talosApiCertSANs")(index), name, A_CERTIFICATE_NAME)],
      ),
  };
}
