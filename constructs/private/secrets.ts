import { literalSecret, type Problem } from "../../errors";
import { sensitiveAttributes } from "../../providers/sensitive";

/** Texts that are secrets wherever they stand. */
const secretTexts: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/, "a private key"],
  [/![\w.-]+=[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i, "a Proxmox API token"],
  [/:\/\/[^/\s:@"]+:[^/\s@"]+@/, "a password in a URL"],
];

/** "-----BEGIN " in base64: what Talos and Kubernetes write keys and certificates as. */
const base64Pem = /LS0tLS1CRUdJTi[0-9A-Za-z+/]+=*/g;

const secretFields =
  "password|passphrase|token|identityToken|secret|clusterSecret|privateKey|presharedKey|aescbcEncryptionSecret|secretboxEncryptionSecret";

/** A field of a machine configuration that holds nothing but secrets, with a value. */
const secretField = new RegExp(`^[ -]*(?:${secretFields}): *(?!"{2}|'{2}|[{[#]|$)\\S`, "m");

/** The same, in YAML that stands in JSON: what the whole file is searched for before it is looked at in detail. */
const secretFieldInJson = new RegExp(`(?:\\\\n|")[ -]*(?:${secretFields}): *(?!\\\\n)`);

/** A sensitive attribute that holds text, likewise. */
const sensitiveText = new RegExp(
  `"(?:default|value|${[...new Set(allSensitive().map((attribute) => attribute.split(".").at(-1)))].join("|")})": ?"(?!\\$\\{|")`,
);

/** Every secret that a synthesized stack holds in clear: known texts, and literals where something says "sensitive". */
export function secretsIn(stack: string, synthesized: string): Problem[] {
  const mayHoldOne =
    sensitiveText.test(synthesized) || secretFieldInJson.test(synthesized) || kindOfText(synthesized) !== undefined;
  if (!mayHoldOne) {
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
  if (path.includes("config_patches")) {
    const field = secretField.exec(text)?.[0];
    return field === undefined ? undefined : `a secret in "${field.replace(/:.*$/s, "").trim()}"`;
  }
  const isLiteral = text !== "" && !text.replaceAll("$${", "").includes("${");
  return isLiteral && isSensitive(json, path) ? "a sensitive value" : undefined;
}

/** `resource.<type>.<name>.<attribute…>` or `provider.<name>.<index>.<attribute…>`; list indexes do not count. */
function isSensitive(json: unknown, path: readonly string[]): boolean {
  const [section, type = "", , ...rest] = path;
  if (section === "variable" || section === "output") {
    // `variable.<name>.default` and `output.<name>.value`, where their author says that they are sensitive.
    return Boolean(at(json, [section, type, "sensitive"]));
  }
  const attribute = rest.filter((part) => !/^\d+$/.test(part)).join(".");
  const paths =
    section === "provider"
      ? sensitiveAttributes[type]?.["provider"]
      : Object.values(sensitiveAttributes).find((types) => types[type] !== undefined)?.[type];
  return paths?.includes(attribute) ?? false;
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
  if (typeof value === "string") {
    onText(path, value);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      visit(child, [...path, key], onText);
    }
  }
}
