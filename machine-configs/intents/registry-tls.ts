import { intentNeedsContract, notACertificate, notAKey, type Problem } from "../../errors";
import { type MachineTarget, placesIn } from "../document";
import { registryTlsConfig } from "../documents/registry-tls-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesNetworkDocuments } from "../releases";
import { isCertificate, isPrivateKey } from "../rules/pem";
import { registryHostProblems } from "../rules/registries";

/** How the connection to a registry is secured. */
export interface RegistryTls {
  /** Certificates, in PEM, of the authorities that may have signed the registry's. @default - those of the machine */
  readonly ca?: string;
  /** What the machine proves its identity with, both in PEM. The key is a secret. @default - nothing */
  readonly clientIdentity?: { readonly cert: string; readonly key: string };
  /**
   * Whether any certificate is accepted. Whoever is between machine and registry can then replace images.
   *
   * @default false
   */
  readonly insecureSkipVerify?: boolean;
}

/**
 * Certificates for registries, by the host that is asked, with its port if it has one: of a mirror that is the
 * mirror's. An authority that should count for everything on the machine belongs into `trustedRoots`. Applied without a
 * restart.
 */
export function registryTls(settings: Readonly<Record<string, RegistryTls>>): Intent {
  return {
    name: "registryTls",
    documents: ({ contract }) => {
      const hosts = Object.entries(settings);
      if (usesNetworkDocuments(contract)) return hosts.map(([name, tls]) => registryTlsConfig.build({ name, ...tls }));
      const config = Object.fromEntries(hosts.map(([host, tls]) => [host, { tls: section(tls) }]));
      return [v1alpha1.build({ machine: { registries: { config } } })];
    },
    problems: (machine) => [
      ...registryHostProblems(Object.keys(settings), placesIn(machine, "registryTls")),
      ...(usesNetworkDocuments(machine.contract)
        ? []
        : Object.entries(settings).flatMap(([host, tls]) => sectionProblems(machine, host, tls))),
    ],
  };
}

/** The section takes PEM in base64 only. */
function section({ ca, clientIdentity, insecureSkipVerify }: RegistryTls) {
  return {
    ca: ca === undefined ? undefined : base64(ca),
    clientIdentity:
      clientIdentity === undefined ? undefined : { crt: base64(clientIdentity.cert), key: base64(clientIdentity.key) },
    insecureSkipVerify,
  };
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** What the document would reveal, and nobody can see in base64. */
function sectionProblems(machine: MachineTarget, host: string, tls: RegistryTls): readonly Problem[] {
  const at = placesIn(machine, "registryTls");
  const { ca, clientIdentity } = tls;
  const texts = [
    { text: ca, where: at(host, "ca"), isRight: isCertificate, problem: notACertificate },
    {
      text: clientIdentity?.cert,
      where: at(host, "clientIdentity", "cert"),
      isRight: isCertificate,
      problem: notACertificate,
    },
    { text: clientIdentity?.key, where: at(host, "clientIdentity", "key"), isRight: isPrivateKey, problem: notAKey },
  ];
  return texts.flatMap(({ text, where, isRight, problem }) => {
    if (text === undefined) return [];
    // Terraform would put its value where only base64 of it can be read.
    if (machine.isUnknown?.(text)) {
      return [intentNeedsContract(where, "PEM that is not known yet", "1.12 to 1.14", machine.contract, GIVE_PEM)];
    }
    return isRight(text) ? [] : [problem(where)];
  });
}

const GIVE_PEM = "Give it as a plain text, or use a cluster that was born with Talos 1.12 or later.";
