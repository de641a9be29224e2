import { literalSecret, type Problem } from "../../errors";
import { sensitiveAttributes } from "../../providers/sensitive";

/** Texts that are secrets wherever they stand. */
const secretTexts: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/, "a private key"],
  [
    /[^\s"':@!]+@[^\s"':@!]+![^\s"':=]+=[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i,
    "a Proxmox API token",
  ],
  [/LS0tLS1CRUdJTi[0-9A-Za-z+/]*UFJJVkFURSBLRV/, "a private key in base64"],
];

/** Every secret that stands in a synthesized stack in clear: known texts, and literals where the provider says "sensitive". */
export function secretsIn(stack: string, synthesized: unknown): Problem[] {
  const problems: Problem[] = [];
  visit(synthesized, [], (path, text) => {
    const kind = secretTexts.find(([pattern]) => pattern.test(text))?.[1] ?? sensitiveLiteral(path, text);
    if (kind !== undefined) {
      problems.push(literalSecret(stack, path.join("."), kind));
    }
  });
  return problems;
}

function sensitiveLiteral(path: readonly string[], text: string): string | undefined {
  if (text === "" || text.includes("${")) {
    return undefined;
  }
  const attribute = sensitiveAttribute(path);
  return attribute === undefined ? undefined : "a sensitive value";
}

/** `resource.<type>.<name>.<attribute…>` or `provider.<name>.<index>.<attribute…>`; list indexes do not count. */
function sensitiveAttribute(path: readonly string[]): string | undefined {
  const [section, type, , ...rest] = path;
  if (section === undefined || type === undefined) {
    return undefined;
  }
  const attribute = rest.filter((part) => !/^\d+$/.test(part)).join(".");
  const paths =
    section === "provider"
      ? sensitiveAttributes[type]?.["provider"]
      : Object.values(sensitiveAttributes).find((types) => types[type] !== undefined)?.[type];
  return paths?.find((candidate) => candidate === attribute);
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
