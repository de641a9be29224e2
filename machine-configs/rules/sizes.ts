/** Sizes of disks and volumes: `100GiB`, `1.5TB`, and for a maximum `80%`. */
import { own } from "../plain-data";
import { z } from "../zod";

const A_SIZE = "a size, such as 100GiB or 1.5TB";

/** A number of bytes. */
export const byteSize = () =>
  z.string().refine((value) => value === "" || bytesOf(value.replace(/^-/, "")) !== undefined, A_SIZE);

/** A number of bytes, or a part of the whole in percent. */
export const size = () =>
  z
    .string()
    .refine(
      (value) => value === "" || bytesOf(value.replace(/^-/, "")) !== undefined || isPercentage(value),
      `${A_SIZE}, or a part such as 80%`,
    );

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  t: 1e12,
  p: 1e15,
  e: 1e18,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  pb: 1e15,
  eb: 1e18,
  ki: 2 ** 10,
  mi: 2 ** 20,
  gi: 2 ** 30,
  ti: 2 ** 40,
  pi: 2 ** 50,
  ei: 2 ** 60,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
  pib: 2 ** 50,
  eib: 2 ** 60,
};

/** The bytes of a size; nothing when it is none. */
export function bytesOf(value: string): number | undefined {
  const [, digits = "", unit = ""] = /^([\d.,]*)(.*)$/s.exec(value) ?? [];
  const number = digits.replaceAll(",", "");
  const factor = own(UNITS, unit.trim().toLowerCase());
  if (factor === undefined || !/^(?:\d+(?:\.\d*)?|\.\d+)$/.test(number)) return undefined;
  const bytes = Number(number) * factor;
  return bytes < 2 ** 64 ? bytes : undefined;
}

/** Whether a size is a part of the whole. */
export function isPercentage(value: string): boolean {
  const [, percent] = /^-?(\d+(?:\.\d+)?)%$/.exec(value) ?? [];
  return percent !== undefined && Number(percent) <= 100;
}

/** Whether a size is nothing, as if it were left out. */
export function isNoSize(value: string | undefined): boolean {
  return value === undefined || value === "" || bytesOf(value) === 0;
}
