/** The attributes of an object as a plan holds them. They may be secrets: read what is needed, and print none of it. */
export type Values = Readonly<Record<string, unknown>>;

export function isValues(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An attribute that is a text with something in it. */
export function textOf(values: Values | undefined, name: string): string | undefined {
  const value = values?.[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A number of ours; the old and the new SDK write ids as numbers or as texts. */
export function numberOf(values: Values | undefined, name: string): number | undefined {
  const value = values?.[name];
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

export function textsOf(values: Values | undefined, name: string): string[] {
  return arrayOf(values?.[name]).filter((value) => typeof value === "string");
}

/** The blocks or nested objects of a name; those of a map get its keys as `interface`, as disks have them in a list. */
export function blocksOf(values: Values | undefined, name: string): Values[] {
  const value = values?.[name];
  if (isValues(value)) {
    const inner = Object.entries(value);
    return inner.every(([, block]) => isValues(block))
      ? inner.flatMap(([key, block]) => (isValues(block) ? [{ interface: key, ...block }] : []))
      : [value];
  }
  return arrayOf(value).filter(isValues);
}

/** Whether the old SDK takes it for not set. */
export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "" || value === 0 || value === false || isHollow(value);
}

function isHollow(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isValues(value) && Object.keys(value).length === 0;
}

export function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
