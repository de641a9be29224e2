/** What Talos' YAML library takes a text without quotes for. */

/** Stands for a date: Talos has no field for one, so which one does not matter. */
export const DATE = Symbol("date");

export type PlainValue = null | boolean | number | string | typeof DATE;

/** The value of a plain scalar where the field says nothing about it. */
export function plainValue(text: string): PlainValue {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (isDate(text)) return DATE;
  return numberOf(text) ?? text;
}

const WORDS: ReadonlyMap<string, null | boolean | number> = new Map<string, null | boolean | number>([
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, null] as const),
  ...["true", "True", "TRUE"].map((word) => [word, true] as const),
  ...["false", "False", "FALSE"].map((word) => [word, false] as const),
  ...[".nan", ".NaN", ".NAN"].map((word) => [word, Number.NaN] as const),
  ...["inf", "Inf", "INF"].flatMap((word) => [
    [`.${word}`, Number.POSITIVE_INFINITY] as const,
    [`+.${word}`, Number.POSITIVE_INFINITY] as const,
    [`-.${word}`, Number.NEGATIVE_INFINITY] as const,
  ]),
]);

const LARGEST = 2n ** 64n;

function numberOf(text: string): number | undefined {
  if (!/^[-+.\d]/.test(text)) return undefined;
  // Underscores group digits, except after a point at the beginning.
  const digits = text.startsWith(".") ? text : text.replaceAll("_", "");
  const [, sign = "", whole] = /^([-+]?)(0[xX][\da-fA-F]+|0[bB][01]+|0[oO]?[0-7]+)$/.exec(digits) ?? [];
  if (whole !== undefined) {
    const magnitude = BigInt(whole.replace(/^0[oO]?(?=\d)/, "0o"));
    return magnitude < LARGEST ? Number(`${sign}1`) * Number(magnitude) : undefined;
  }
  if (!/^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(digits)) return undefined;
  const number = Number(digits);
  return Number.isFinite(number) ? number : undefined;
}

const TIME = "(?:[01]?\\d|2[0-3]):[0-5]?\\d:[0-5]?\\d(?:[.,]\\d+)?";
const ZONE = "(?:Z|[-+](?:[01]\\d|2[0-4]):(?:[0-5]\\d|60))";
const DATE_FORM = new RegExp(`^(\\d{4})-(\\d\\d?)-(\\d\\d?)(?:[Tt]${TIME}${ZONE}| +${TIME})?$`);

/** Dates as Go reads them: month, day and the parts of a time may have one digit. */
function isDate(text: string): boolean {
  const [, year, month, day] = DATE_FORM.exec(text)?.map(Number) ?? [];
  return year !== undefined && month !== undefined && day !== undefined && isDay(year, month, day);
}

function isDay(year: number, month: number, day: number): boolean {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return month >= 1 && month <= 12 && day >= 1 && day <= days;
}
