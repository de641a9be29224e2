import { literalSecret, type Problem } from "../../errors";
import type { TalosDocument } from "../../machine-configs";
import { sensitiveAttributes } from "../../providers/sensitive";
import { holdsTerraformValue } from "./terraform-text";

/** Texts that are secrets wherever they stand. */
const secretTexts: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/, "a private key"],
  [/![\w.-]+=[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i, "a Proxmox API token"],
  [/:\/\/[^/\s:@"?#$]+:(?!\d{1,5}@)[^/\s@"?#${}]+@/, "a password in a URL"],
];

/** "-----BEGIN " in base64: what Talos and Kubernetes write keys and certificates as. */
const base64Pem = /LS0tLS1CRUdJTi[0-9A-Za-z+/]+=*/g;

/** Names of sensitive attributes, wherever they are. */
const sensitiveNames = [...new Set(allSensitive().map((attribute) => attribute.split(".").at(-1)))].join("|");

/**
 * Something that may be a sensitive literal: what the whole file is searched for before it is looked at in detail. The
 * file's own section `data` has two spaces before it and is none.
 */
const sensitiveText = new RegExp(
  `"(?:default|value)": ?[[{\\d]|(?<!\\n {2})"(?:${sensitiveNames})": ?\\{|"(?:default|value|${sensitiveNames})": ?"(?!\\$\\{|")`,
);

/** Every secret that a synthesized stack holds in clear: known texts, and literals where something says "sensitive". */
export function secretsIn(stack: string, synthesized: string): Problem[] {
  if (!sensitiveText.test(synthesized) && kindOfText(synthesized) === undefined) {
    return [];
  }
  const json = parsed(synthesized);
  const problems: Problem[] = [];
  visit(json, [], (path, text) => {
    const kind = kindOfText(text) ?? sensitiveLiteral(json, path, text);
    if (kind !== undefined) {
      problems.push(literalSecret(stack, path.join("."), kind));
    }
  });
  return problems;
}

/** Fields of machine configurations that hold nothing but secrets. */
const secretFields =
  /^(password|passphrase|auth|token|apiToken|uniqueToken|identityToken|secret|clusterSecret|privateKey|presharedKey|aescbcEncryptionSecret|secretboxEncryptionSecret)$/;

/** Maps whose keys are the user's own words. */
const userMaps =
  /^(labels|annotations|taints|nodeLabels|nodeAnnotations|nodeTaints|params|sysctls|sysfs|variables|env)$/;

/** Every secret that machine configuration documents hold in clear. */
export function secretsInDocuments(where: string, documents: readonly TalosDocument[]): Problem[] {
  const problems: Problem[] = [];
  for (const document of documents) {
    visit(document, [document.kind ?? "v1alpha1"], (path, text) => {
      const isSecret = secretFields.test(path.at(-1) ?? "") && !path.some((key) => userMaps.test(key));
      if (isSecret && text !== "" && !holdsTerraformValue(text)) {
        problems.push(literalSecret(where, path.join("."), "a secret"));
      }
    });
  }
  return problems;
}

function kindOfText(text: string): string | undefined {
  const known = secretTexts.find(([pattern]) => pattern.test(text));
  if (known !== undefined) {
    return known[1];
  }
  const encoded = text.match(base64Pem) ?? [];
  return encoded.some((match) => secretTexts[0]?.[0].test(Buffer.from(match, "base64").toString("latin1")))
    ? "a private key in base64"
    : undefined;
}

/** JSON as it is; HCL as one text, in which only known texts are found. */
function parsed(synthesized: string): unknown {
  return synthesized.startsWith("{") ? JSON.parse(synthesized) : { hcl: synthesized };
}

function sensitiveLiteral(json: unknown, path: readonly string[], text: string): string | undefined {
  const isLiteral = text !== "" && !text.replaceAll("$${", "").includes("${");
  return isLiteral && isSensitive(json, path) ? "a sensitive value" : undefined;
}

/** `resource.<type>.<name>.<attribute…>` or `provider.<name>.<index>.<attribute…>`; list indexes do not count. */
function isSensitive(json: unknown, path: readonly string[]): boolean {
  const [section, type = "", name, ...rest] = path;
  if (section === "variable" || section === "output") {
    // Where their author says that they are sensitive.
    return name === (section === "output" ? "value" : "default") && at(json, [section, type, "sensitive"]) === true;
  }
  const attribute = rest.filter((part) => !/^\d+$/.test(part)).join(".");
  const paths =
    section === "provider"
      ? sensitiveAttributes[type]?.["provider"]
      : Object.values(sensitiveAttributes).find((types) => types[type] !== undefined)?.[type];
  return paths?.some((one) => attribute === one || attribute.startsWith(`${one}.`)) ?? false;
}

function at(json: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? Object.entries(value).find(([k]) => k === key)?.[1] : undefined,
    json,
  );
}

function allSensitive(): readonly string[] {
  return Object.values(sensitiveAttributes).flatMap((types) => Object.values(types).flat());
}

function visit(value: unknown, path: readonly string[], onText: (path: readonly string[], text: string) => void): void {
  if (typeof value === "string" || typeof value === "number") {
    onText(path, String(value));
  } else if (typeof value === "object" && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      visit(child, [...path, key], onText);
    }
  }
}
