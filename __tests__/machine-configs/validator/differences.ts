/** Where two configurations differ in more than how something is written. */
import { IPv4, IPv6 } from "ipaddr.js";
import { identityOf, type TalosDocument } from "../../../machine-configs/document";
import { isContainer, own } from "../../../machine-configs/plain-data";
import { secondsOf } from "../../../machine-configs/rules/durations";
import { bytesOf } from "../../../machine-configs/rules/sizes";

/** A place where they differ, such as `LinkConfig/eth0.mtu`, with a `*` for each item of a list. */
export interface Difference {
  readonly at: string;
  readonly ours: unknown;
  readonly theirs: unknown;
}

/** The differences of what we make of something to what Talos makes of it. */
export function differencesOf(ours: readonly TalosDocument[], theirs: readonly TalosDocument[]): readonly Difference[] {
  return differing(byIdentity(ours), byIdentity(theirs), "");
}

function byIdentity(documents: readonly TalosDocument[]): unknown {
  return Object.fromEntries(documents.map((document) => [identityOf(document), document]));
}

function differing(ours: unknown, theirs: unknown, at: string): readonly Difference[] {
  if (isContainer(ours) && isContainer(theirs) && Array.isArray(ours) === Array.isArray(theirs)) {
    const keys = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
    return [...keys].flatMap((key) =>
      differing(own(ours, key), own(theirs, key), [at, Array.isArray(ours) ? "*" : key].filter(Boolean).join(".")),
    );
  }
  // Talos writes nothing where there is nothing, or the word for it where there was nothing.
  if (isNothing(ours) && isNothing(theirs)) return [];
  const isSame = !isContainer(ours) && !isContainer(theirs) && areSame(String(ours), String(theirs));
  return isSame ? [] : [{ at, ours, theirs }];
}

/** Words for the first of the values that a field may have, which is also what it has when nothing is said. */
const FIRST_WORDS: readonly unknown[] = ["unspec", "accept"];

function isNothing(value: unknown): boolean {
  if (isContainer(value)) return Object.values(value).every(isNothing);
  return !value || FIRST_WORDS.includes(value) || secondsOf(String(value)) === 0;
}

/** Whether two texts are one value in any of the things that they may be. */
function areSame(ours: string, theirs: string): boolean {
  return (
    ours === theirs ||
    [nanoseconds, wholeBytes, addresses, url].some((read) => {
      const value = read(ours);
      return value !== undefined && value === read(theirs);
    })
  );
}

function nanoseconds(text: string): number | undefined {
  const seconds = secondsOf(text);
  return seconds === undefined ? undefined : Math.round(seconds * 1e9);
}

function wholeBytes(text: string): number | undefined {
  const bytes = bytesOf(text);
  return bytes === undefined ? undefined : Math.floor(bytes);
}

/** An address in one spelling, with what is around it: brackets and a port, or a prefix length. */
function addresses(text: string): string | undefined {
  const [, before = "", address = "", behind = ""] = /^(\[?)([\da-fA-F.:]+?)((?:\/|\]:)\d+)?$/.exec(text) ?? [];
  if (IPv4.isValidFourPartDecimal(address)) return text;
  // What ends as an IPv4 address is two groups like others.
  const groups = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) => `${hex(a, b)}:${hex(c, d)}`);
  return IPv6.isValid(groups) ? `${before}${IPv6.parse(groups).toNormalizedString()}${behind}` : undefined;
}

function hex(high: string, low: string): string {
  return (Number(high) * 256 + Number(low)).toString(16);
}

function url(text: string): string | undefined {
  return URL.canParse(text) && text.includes("://") ? decoded(text) : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURI(text);
  } catch {
    return text;
  }
}
