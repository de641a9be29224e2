import { literalSecret, type Problem } from "../../errors";
import { sensitiveAttributes } from "../../providers/sensitive";

/** Texts that are secrets wherever they stand. */
const secretTexts: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/, "a private key"],
  [/LS0tLS1CRUdJTi[0-9A-Za-z+/]*UFJJVkFURSBLRV/, "a private key in base64"],
  [/![\w.-]+=[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i, "a Proxmox API token"],
];

/** A sensitive attribute that holds text: what the whole file is searched for before it is looked at in detail. */
const sensitiveText = new RegExp(
  `"(?:${[...new Set(allSensitive().map((attribute) => attribute.split(".").at(-1)))].join("|")})": ?"(?!\\$\\{|")`,
);

/** Every secret that a synthesized stack holds in clear: known texts, and literals where a provider says "sensitive". */
export function secretsIn(stack: string, synthesized: string): Problem[] {
  const suspects = [sensitiveText, ...secretTexts.map(([pattern]) => pattern)];
  if (!suspects.some((pattern) => pattern.test(synthesized))) {
    return [];
  }
  const problems: Problem[] = [];
  visit(parsed(synthesized), [], (path, text) => {
    const kind = secretTexts.find(([pattern]) => pattern.test(text))?.[1] ?? sensitiveLiteral(path, text);
    if (kind !== undefined) {
      problems.push(literalSecret(stack, path.join("."), kind));
    }
  });
  return problems;
}

/** JSON as it is; HCL as one text, in which only known texts are found. */
function parsed(synthesized: string): unknown {
  return synthesized.startsWith("{") ? JSON.parse(synthesized) : { hcl: synthesized };
}

function sensitiveLiteral(path: readonly string[], text: string): string | undefined {
  const isLiteral = text !== "" && !text.includes("${");
  return isLiteral && isSensitive(path) ? "a sensitive value" : undefined;
}

/** `resource.<type>.<name>.<attribute…>` or `provider.<name>.<index>.<attribute…>`; list indexes do not count. */
function isSensitive([section, type = "", , ...rest]: readonly string[]): boolean {
  const attribute = rest.filter((part) => !/^\d+$/.test(part)).join(".");
  const paths =
    section === "provider"
      ? sensitiveAttributes[type]?.["provider"]
      : Object.values(sensitiveAttributes).find((types) => types[type] !== undefined)?.[type];
  return paths?.includes(attribute) ?? false;
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
