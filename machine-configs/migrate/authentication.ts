/** The move of kube-apiserver's arguments about users to its structured authentication. */
import type { TalosDocument } from "../document";
import { kubeApiServerConfig } from "../documents/kube-api-server-config";
import { kubeAuthenticationConfig } from "../documents/kube-authentication-config";
import { ANONYMOUS_PROBES, jwtAuthenticator } from "../intents/oidc";
import { becomes, moveFields, type Outcome, type Scope, undecided } from "./move";

const ARGUMENTS = [
  "anonymous-auth",
  "oidc-issuer-url",
  "oidc-client-id",
  "oidc-username-claim",
  "oidc-username-prefix",
  "oidc-groups-claim",
  "oidc-groups-prefix",
  "oidc-required-claim",
  "oidc-ca-file",
] as const;

type Arguments = { readonly [Name in (typeof ARGUMENTS)[number]]?: string | readonly string[] | undefined };

export const authenticationMove = moveFields(
  "cluster.apiServer.extraArgs",
  ARGUMENTS,
  ["KubeAuthenticationConfig", "KubeAPIServerConfig"],
  (given: Arguments, scope) => {
    const { "oidc-required-claim": required = [], ...others } = given;
    const values = Object.entries(others).map(([name, value]) => [name, [value].flat()] as const);
    if (values.some(([, list]) => list.length !== 1)) return undecided("Give each of these arguments one value.");
    const one: Flags = Object.fromEntries(values.map(([name, [value]]) => [name, value]));
    return authenticationOutcome(one, [required].flat(), scope);
  },
);

type Flags = { readonly [Name in Exclude<keyof Arguments, "oidc-required-claim">]?: string | undefined };

/** Users keep their names: what the flags leave out means the same as before. */
function authenticationOutcome(flags: Flags, required: readonly string[], { whole, root }: Scope): Outcome {
  const { "oidc-issuer-url": issuerUrl, "oidc-client-id": clientId, "oidc-ca-file": caFile } = flags;
  const { "anonymous-auth": anonymous = whole ? "false" : undefined, ...provider } = flags;
  const answer = anonymous === undefined ? undefined : anonymous === "true";
  if (Object.keys(provider).length === 0 && required.length === 0) return becomes(authentication(answer, []));
  if (!issuerUrl || !clientId) {
    return undecided("Give issuer and client in the same file: the document has all of a provider.");
  }
  const caPem = caFile === undefined ? undefined : contentOf(caFile, root);
  if (caFile !== undefined && caPem === undefined) {
    return undecided("Give the certificate as certificateAuthority of the issuer in a KubeAuthenticationConfig.");
  }
  const jwt = {
    ...jwtAuthenticator({
      issuerUrl,
      clientId,
      usernameClaim: flags["oidc-username-claim"] || undefined,
      usernamePrefix: prefixOf(flags["oidc-username-prefix"]),
      groupsClaim: flags["oidc-groups-claim"] || undefined,
      groupsPrefix: flags["oidc-groups-prefix"],
      caPem,
    }),
    ...(required.length === 0 ? {} : { claimValidationRules: required.map(ruleOf) }),
  };
  return becomes(authentication(answer, [jwt]));
}

/** The content of a file that is written on the machine by the same configuration. */
function contentOf(file: string, root: Scope["root"]): string | undefined {
  return root.machine?.files?.find(({ path }) => path === file)?.content;
}

/** The flag's word for no prefix; leaving it out means the issuer. */
function prefixOf(flag: string | undefined): string | undefined {
  return flag === "-" ? "" : flag || undefined;
}

function ruleOf(claim: string) {
  const [, name, value] = /^([^=]*)=?(.*)$/s.exec(claim) ?? [];
  return { claim: name, requiredValue: value };
}

/**
 * kube-apiserver's authentication, and what follows from it.
 *
 * @param anonymous whether requests need no user; nothing for what Talos generates, where only probes need none.
 */
export function authentication(anonymous: boolean | undefined, jwt: readonly object[]): readonly TalosDocument[] {
  return [
    kubeAuthenticationConfig.build({
      configuration: { anonymous: anonymous === undefined ? ANONYMOUS_PROBES : { enabled: anonymous }, jwt },
    }),
    // Probes are requests without a user.
    ...(anonymous === false ? [kubeApiServerConfig.build({ startupProbes: false })] : []),
  ];
}
