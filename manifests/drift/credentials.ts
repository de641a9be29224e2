/** Where the pods that plan get what they need to read states and APIs. */
import type { ContainerOptions, NamedObject } from "../pod";
import { type VaultServer, vaultAudience } from "../vault";

/** From a Secret of the same namespace. */
export interface SecretCredentials {
  readonly from: "secret";
  /** Its name. */
  readonly secret: string;
  /** Keys of the Secret by the environment variable that they become. @default - none */
  readonly env?: Readonly<Record<string, string>>;
  /** Keys of the Secret by the file in `/credentials` that they become. @default - none */
  readonly files?: Readonly<Record<string, string>>;
}

/** From Vault or OpenBao, by the pod's own account. Stacks find the address and the token in the environment as well. */
export interface VaultCredentials extends VaultServer {
  readonly from: "vault";
  /** @default "terraform-plan-runner" */
  readonly role?: string;
  /** What is read, by the environment variable that it becomes. @default - none */
  readonly env?: Readonly<Record<string, VaultValue>>;
  /** What is read, by the file in `/credentials` that it becomes. @default - none */
  readonly files?: Readonly<Record<string, VaultValue>>;
  /** Further paths that the stacks themselves read, for the policy. @default - none */
  readonly readsAlso?: readonly string[];
}

export interface VaultValue {
  /** As the API has it: `secret/data/proxmox` for the second version of the engine. */
  readonly path: string;
  readonly key: string;
}

/** Nothing is needed, or the stacks bring it. */
export interface NoCredentials {
  readonly from: "nowhere";
}

export type DriftCredentials = SecretCredentials | VaultCredentials | NoCredentials;

/** The role that is meant where none is named. */
export const defaultVaultRole = "terraform-plan-runner";

/** What the account may do: read what is named, and nothing else (DRF-3). */
export function vaultPolicyOf({ env = {}, files = {}, readsAlso = [] }: VaultCredentials): string {
  const paths = [...Object.values(env), ...Object.values(files)].map(({ path }) => path);
  return [...new Set([...paths, ...readsAlso])]
    .sort()
    .map((path) => `path "${path}" {\n  capabilities = ["read"]\n}\n`)
    .join("\n");
}

/** What a pod has for its credentials. */
export interface CredentialParts {
  readonly initContainers: readonly Omit<ContainerOptions, "image">[];
  readonly volumes: readonly NamedObject[];
  /** Of the program. */
  readonly volumeMounts: readonly NamedObject[];
  readonly env: readonly NamedObject[];
  /** File for the shell with further variables. @default - there is none */
  readonly environment?: string;
  /** Files beside the programs. */
  readonly files: Readonly<Record<string, string>>;
}

/** The parts for a pod whose programs are in one folder, and whose credentials are to be in another. */
export function credentialParts(credentials: DriftCredentials, programs: string, folder: string): CredentialParts {
  switch (credentials.from) {
    case "secret":
      return secretParts(credentials, folder);
    case "vault":
      return vaultParts(credentials, programs, folder);
    case "nowhere":
      return { initContainers: [], volumes: [], volumeMounts: [], env: [], files: {} };
  }
}

function secretParts({ secret, env = {}, files = {} }: SecretCredentials, folder: string): CredentialParts {
  const items = Object.entries(files).map(([path, key]) => ({ key, path }));
  return {
    initContainers: [],
    env: Object.entries(env).map(([name, key]) => ({ name, valueFrom: { secretKeyRef: { name: secret, key } } })),
    volumes: items.length === 0 ? [] : [{ name: "credentials", secret: { secretName: secret, items } }],
    volumeMounts: items.length === 0 ? [] : [{ name: "credentials", mountPath: folder, readOnly: true }],
    files: {},
  };
}

const token = { folder: "/vault-token", name: "token" } as const;

function vaultParts(credentials: VaultCredentials, programs: string, folder: string): CredentialParts {
  const { address, ca, authPath = "kubernetes", role = defaultVaultRole, env = {}, files = {} } = credentials;
  const settings = { role, login: `auth/${authPath}/login`, token: `${token.folder}/${token.name}`, env, files };
  const caFile = `${programs}/vault-ca.pem`;
  const addressEnv = { name: "VAULT_ADDR", value: address };
  return {
    initContainers: [
      {
        name: "vault",
        command: ["node", `${programs}/vault-credentials.mjs`, `${programs}/vault.json`, folder],
        env: [addressEnv, ...(ca === undefined ? [] : [{ name: "NODE_EXTRA_CA_CERTS", value: caFile }])],
        volumeMounts: [
          { name: "program", mountPath: programs, readOnly: true },
          { name: "vault-token", mountPath: token.folder, readOnly: true },
          { name: "credentials", mountPath: folder },
        ],
        resources: { cpu: "20m", memory: "128Mi" },
      },
    ],
    volumes: [
      { name: "credentials", emptyDir: { medium: "Memory" } },
      {
        name: "vault-token",
        // It is used once, at the beginning; Kubernetes gives none for less time.
        projected: {
          sources: [{ serviceAccountToken: { path: token.name, audience: vaultAudience, expirationSeconds: 600 } }],
        },
      },
    ],
    volumeMounts: [{ name: "credentials", mountPath: folder, readOnly: true }],
    env: [
      addressEnv,
      ...(ca === undefined ? [] : [{ name: "VAULT_CACERT", value: caFile }]),
      // The provider of Vault would make itself another token, which the policy does not allow.
      { name: "TERRAFORM_VAULT_SKIP_CHILD_TOKEN", value: "true" },
    ],
    environment: `${folder}/environment`,
    files: { "vault.json": JSON.stringify(settings, null, 2), ...(ca === undefined ? {} : { "vault-ca.pem": ca }) },
  };
}
