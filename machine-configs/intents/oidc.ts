import { clientIdMissing, issuerNotHttps, notACertificate, type Problem, usernamePrefixDash } from "../../errors";
import { type At, placesIn, type TalosDocument } from "../document";
import { kubeAuthenticationConfig } from "../documents/kube-authentication-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesKubeDocuments } from "../releases";
import { isCertificate } from "../rules/pem";

export interface OidcProps {
  /**
   * The provider's issuer, `https://` and exactly as it stands in its tokens: a slash at the end counts (TAL-16).
   */
  readonly issuerUrl: string;
  /** The client that tokens must be made for. */
  readonly clientId: string;
  /**
   * The claim that becomes the user's name.
   *
   * With `email`, Kubernetes refuses tokens whose `email_verified` is false; some providers send that by default (T-36).
   *
   * @default "sub"
   */
  readonly usernameClaim?: string;
  /**
   * Put before every user's name, so that none can pose as a built-in one; `""` for nothing.
   *
   * @default - the issuer and `#`; nothing when the claim is `email`
   */
  readonly usernamePrefix?: string;
  /**
   * The claim that lists the user's groups.
   *
   * @default - users have no groups from their tokens
   */
  readonly groupsClaim?: string;
  /**
   * Put before every group's name.
   *
   * @default ""
   */
  readonly groupsPrefix?: string;
  /**
   * Certificates in PEM of who signed the issuer's certificate. Up to contract 1.13 it becomes a file on the control
   * planes, whose change restarts them.
   *
   * @default - the authorities that the machine trusts
   */
  readonly caPem?: string;
}

/**
 * Users of the Kubernetes API from an OpenID Connect provider (TAL-16). The names of users and groups are the same in
 * the forms of every contract. kube-apiserver restarts on each control plane; nothing on workers.
 *
 * From contract 1.14 this replaces the whole authentication configuration, so it repeats Talos' own rules that let
 * probes reach `/livez`, `/readyz` and `/healthz` without a user.
 */
export function oidc(props: OidcProps): Intent {
  return {
    name: "oidc",
    documents: ({ role, contract }) => {
      if (role === "worker") return [];
      return [usesKubeDocuments(contract) ? authenticationDocument(props) : flags(props)];
    },
    problems: (machine) => (machine.role === "worker" ? [] : oidcProblems(props, placesIn(machine, "oidc"))),
  };
}

/** The props, where nothing is the same as leaving one out. */
type Provider = Pick<OidcProps, "issuerUrl" | "clientId"> & {
  readonly [Key in keyof OidcProps]?: OidcProps[Key] | undefined;
};

/** What kube-apiserver does when its flags leave the prefix out; the structured form has no such default. */
function usernamePrefixOf({ issuerUrl, usernameClaim, usernamePrefix }: Provider): string {
  return usernamePrefix ?? (usernameClaim === "email" ? "" : `${issuerUrl}#`);
}

/** What Talos generates: probes need no user, everything else does. */
export const ANONYMOUS_PROBES = {
  enabled: true,
  conditions: [{ path: "/livez" }, { path: "/readyz" }, { path: "/healthz" }],
};

/** The provider in kube-apiserver's structured authentication. */
export function jwtAuthenticator(props: Provider) {
  const { issuerUrl, clientId, usernameClaim = "sub", groupsClaim, groupsPrefix = "", caPem } = props;
  const groups = groupsClaim === undefined ? {} : { groups: { claim: groupsClaim, prefix: groupsPrefix } };
  return {
    issuer: {
      url: issuerUrl,
      audiences: [clientId],
      ...(caPem === undefined ? {} : { certificateAuthority: caPem }),
    },
    claimMappings: { username: { claim: usernameClaim, prefix: usernamePrefixOf(props) }, ...groups },
  };
}

function authenticationDocument(props: OidcProps): TalosDocument {
  return kubeAuthenticationConfig.build({
    configuration: { anonymous: ANONYMOUS_PROBES, jwt: [jwtAuthenticator(props)] },
  });
}

/** Only /var is writable, and only what is mounted there reaches kube-apiserver. */
const CA_DIRECTORY = "/var/lib/kube-apiserver-oidc";

function flags(props: OidcProps): TalosDocument {
  const { issuerUrl, clientId, usernameClaim = "sub", groupsClaim, groupsPrefix, caPem } = props;
  const extraArgs = {
    "oidc-issuer-url": issuerUrl,
    "oidc-client-id": clientId,
    "oidc-username-claim": usernameClaim,
    // The flag's word for no prefix, since leaving it out means the issuer.
    "oidc-username-prefix": usernamePrefixOf(props) || "-",
    ...(groupsClaim === undefined ? {} : { "oidc-groups-claim": groupsClaim }),
    ...(groupsClaim === undefined || !groupsPrefix ? {} : { "oidc-groups-prefix": groupsPrefix }),
  };
  if (caPem === undefined) return v1alpha1.build({ cluster: { apiServer: { extraArgs } } });
  const path = `${CA_DIRECTORY}/ca.pem`;
  return v1alpha1.build({
    machine: { files: [{ path, op: "create", permissions: 0o644, content: caPem }] },
    cluster: {
      apiServer: {
        extraArgs: { ...extraArgs, "oidc-ca-file": path },
        extraVolumes: [{ hostPath: CA_DIRECTORY, mountPath: CA_DIRECTORY, readonly: true }],
      },
    },
  });
}

function oidcProblems({ issuerUrl, clientId, usernamePrefix, caPem }: OidcProps, at: At): readonly Problem[] {
  const problems: Problem[] = [];
  if (!/^https:\/\/[^/?#]+[^?#]*$/.test(issuerUrl) || !URL.canParse(issuerUrl)) {
    problems.push(issuerNotHttps(at("issuerUrl"), issuerUrl));
  }
  if (clientId === "") problems.push(clientIdMissing(at("clientId")));
  if (usernamePrefix === "-") problems.push(usernamePrefixDash(at("usernamePrefix")));
  if (caPem !== undefined && !isCertificate(caPem)) problems.push(notACertificate(at("caPem")));
  return problems;
}
