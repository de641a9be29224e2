/** Arbitrary values of the forms that fields of configurations have. */
import fc, { type Arbitrary } from "fast-check";
import { own } from "../../../machine-configs/plain-data";
import { isAtLeast } from "../../../machine-configs/releases";
import { type CelNames, type CelType, celNames } from "../../../machine-configs/rules/cel-names";
import { certificate as someCertificate, privateKey as someKey } from "../machines";

/** A name as people give them, at most 14 letters. */
export const name = (): Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom("eth", "data", "bond", "web-", "x"), fc.nat(9999))
    .map(([word, number]) => `${word}${number}`);

/** Texts that a careless reader or writer of YAML takes for something else. */
const ODD = [
  "off",
  "y",
  "~",
  "null",
  "true",
  "1.10",
  "0644",
  "0x1F",
  "1_000",
  "12:30:45",
  "1e3",
  ".inf",
  ".nan",
  "-0",
  "2026-11-21",
  "2026-11-21 10:00:00",
  "<<",
  "=",
  "---",
  "...",
  "- a",
  "a: b",
  "a #b",
  "#",
  " leading",
  "trailing ",
  "two\nlines",
  "end\n",
  "\n",
  "\ttab",
  "a\r\nb",
  "*alias",
  "&anchor",
  "!tag",
  "%YAML",
  "@at",
  "`tick",
  "'single'",
  '"double"',
  "\\",
  "${value}",
  "{{ template }}",
  "[]",
  "{}",
  "ключ",
  "キー",
  "🦄",
  "\u0000",
  "\u0007",
  "\u0085",
  "\u2028",
  "\ufeff",
  "__proto__",
  "constructor",
  "toString",
  "x".repeat(200),
];

/** Any character, those that no text should have among them. */
const character = fc
  .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code));

const someText = fc.oneof(
  { weight: 6, arbitrary: name() },
  { weight: 2, arbitrary: fc.constantFrom("", ...ODD) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme-ascii", maxLength: 20 }) },
  { weight: 1, arbitrary: fc.string({ unit: character, maxLength: 8 }) },
);

/** Any text, the empty one as well. */
export const anyText = (): Arbitrary<string> => someText;

/** Any text that is not empty. */
export const text = (): Arbitrary<string> => anyText().map((value) => (value === "" ? "x" : value));

/** Any key of a map. In an object of JavaScript one is none, but what the object inherits from. */
export const key = (): Arbitrary<string> => anyText().filter((text) => text !== "__proto__");

/** Data as a part of a configuration that is read by something else than Talos. */
export const anyData = (): Arbitrary<unknown> => data;

const { data } = fc.letrec<{ data: unknown; map: unknown }>((tie) => ({
  data: fc.oneof(
    { maxDepth: 3, depthIdentifier: "data" },
    anyText(),
    fc.constantFrom(0, 1, -1, 65535, 0.5, 1e21, 2 ** 53, true, false),
    fc.array(tie("data"), { maxLength: 2, depthIdentifier: "data" }),
    tie("map"),
  ),
  map: fc.dictionary(key(), tie("data"), { maxKeys: 2, noNullPrototype: true, depthIdentifier: "data" }),
}));

/** A map of such data, with at least some keys. */
export const anyMap = (minKeys = 0): Arbitrary<Record<string, unknown>> =>
  fc.dictionary(key(), data, { minKeys, maxKeys: minKeys + 2, noNullPrototype: true });

/** One of some words. */
export const word = (...words: readonly string[]): Arbitrary<string> => fc.constantFrom(...words);

/** A list of different words, in any order. */
export const words = (...all: readonly string[]): Arbitrary<string[]> => fc.shuffledSubarray([...all]);

const octet = fc.integer({ min: 1, max: 254 });

export const ipv4 = (): Arbitrary<string> => fc.tuple(octet, octet, octet, octet).map((octets) => octets.join("."));

/** Any spelling of an IPv6 address but the one that stands for all addresses. */
export const ipv6 = (): Arbitrary<string> => fc.ipV6().map((text) => (/^[0:.]+$/.test(text) ? "fd00::1" : text));

/** The address of a host. */
export const address = (): Arbitrary<string> => fc.oneof(ipv4(), ipv6());

/** The address of a host with its prefix length. */
export const prefix = (): Arbitrary<string> =>
  fc.oneof(
    fc.tuple(ipv4(), fc.integer({ min: 0, max: 32 })).map((parts) => parts.join("/")),
    fc.tuple(ipv6(), fc.integer({ min: 0, max: 128 })).map((parts) => parts.join("/")),
  );

/** An IPv4 network of at least 256 addresses. */
export const network4 = (): Arbitrary<string> =>
  fc.tuple(octet, fc.nat(255), fc.integer({ min: 16, max: 24 })).map(([a, b, bits]) => `${a}.${b}.0.0/${bits}`);

/** An IPv6 network with room for that of a node. */
export const network6 = (): Arbitrary<string> =>
  fc.tuple(fc.nat(0xffff), fc.integer({ min: 32, max: 64 })).map(([a, bits]) => `fd00:${a.toString(16)}::/${bits}`);

export const hostName = (): Arbitrary<string> =>
  fc.tuple(name(), fc.constantFrom("", ".example.com", ".svc.cluster.local", ".")).map((parts) => parts.join(""));

const port = fc.integer({ min: 1, max: 65535 });

const authority = fc
  .tuple(
    fc.oneof(
      hostName(),
      ipv4(),
      ipv6().map((address) => `[${address}]`),
    ),
    fc.option(port),
  )
  .map(([host, number]) => (number === null ? host : `${host}:${number}`));

/** A host with its port. */
export const hostAndPort = (): Arbitrary<string> => fc.tuple(hostName(), port).map((parts) => parts.join(":"));

/** A URL of a server. */
export const server = (...schemes: readonly string[]): Arbitrary<string> =>
  fc.tuple(fc.constantFrom(...schemes), authority).map((parts) => parts.join("://"));

/** A URL with anything behind the server. */
export const url = (...schemes: readonly string[]): Arbitrary<string> =>
  fc
    .tuple(
      server(...schemes),
      fc.constantFrom("", "/", "/v2/library", "//a/../b", "/%20ü", "/?a=%zz&b", "/#c%20d", "?a"),
    )
    .map((parts) => parts.join(""));

/** A duration that is not negative. */
export const duration = (): Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom("0", "0s", "168h0m0s", "1.5h", "+30s", ".5s", "1.s", "100µs"),
    fc
      .array(fc.tuple(fc.nat(1000), fc.constantFrom("ns", "us", "ms", "s", "m", "h")), { minLength: 1, maxLength: 3 })
      .map((parts) => parts.flat().join("")),
  );

const UNITS = ["", "B", "k", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB", " GiB", "gb"];

/** A number of bytes. */
export const byteSize = (): Arbitrary<string> =>
  fc
    .tuple(fc.integer({ min: 1, max: 900 }), fc.constantFrom("", ".5"), fc.constantFrom(...UNITS))
    .map((parts) => parts.join(""));

const PERCENTAGES = fc.integer({ min: 1, max: 100 }).map((number) => `${number}%`);

/** A number of bytes, or a part of the whole. */
export const size = (): Arbitrary<string> => fc.oneof(byteSize(), PERCENTAGES);

export const hardwareAddress = (): Arbitrary<string> =>
  fc.uint8Array({ minLength: 6, maxLength: 6 }).map((bytes) => [...bytes].map(hex).join(":"));

/** Bytes in hexadecimal with colons. */
export const hexBytes = (): Arbitrary<string> =>
  fc.uint8Array({ minLength: 1, maxLength: 12 }).map((bytes) => [...bytes].map(hex).join(":"));

const hex = (byte: number) => byte.toString(16).padStart(2, "0");

/** What every made-up secret begins with, so that it is found where it must not be. */
const SECRET = "made-up-secret";
const PRIVATE_KEY = ["PRIVATE", "KEY"].join(" ");

/** What a text has that shows a secret: as it is, in base64, and a key in PEM, also in base64. */
export const SIGNS_OF_SECRETS = [
  SECRET,
  Buffer.from(SECRET).toString("base64").slice(0, 18),
  ...["", "EC "].flatMap((kind) => {
    const beginning = `-----BEGIN ${kind}${PRIVATE_KEY}`;
    return [beginning, Buffer.from(beginning).toString("base64").slice(0, 24)];
  }),
];

/** A text that must not be shown. */
export const secret = (): Arbitrary<string> => fc.nat(9999).map((number) => `${SECRET}-${number}`);

/** 32 bytes in base64. */
export const bytes32 = (): Arbitrary<string> => bytesAfter("");

/** 32 bytes in base64 that must not be shown. */
export const secretBytes = (): Arbitrary<string> => bytesAfter(SECRET);

function bytesAfter(beginning: string): Arbitrary<string> {
  const length = 32 - beginning.length;
  return fc
    .uint8Array({ minLength: length, maxLength: length })
    .map((bytes) => Buffer.concat([Buffer.from(beginning), bytes]).toString("base64"));
}

/** A text of the form of PEM; it is made up, and no file has it. */
export const certificate = (): Arbitrary<string> => fc.constant(someCertificate);

export const privateKey = (): Arbitrary<string> => fc.constant(KEY);

const KEY = someKey();

/** The same in base64. */
export const encoded = (value: Arbitrary<string>): Arbitrary<string> =>
  value.map((text) => Buffer.from(text).toString("base64"));

/** A name with an optional domain before it. */
export const qualifiedName = (): Arbitrary<string> =>
  fc.tuple(fc.constantFrom("", "example.com/", "kubernetes.io/"), name()).map((parts) => parts.join(""));

export const taint = (): Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom("", ":", "value:", "1.0:"), fc.constantFrom("NoSchedule", "PreferNoSchedule", "NoExecute"))
    .map((parts) => parts.join(""));

/** An image of a Kubernetes component, with a version that every release accepts. */
export const kubernetesImage = (): Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom("registry.k8s.io/a", "registry.example.com:5000/a/b"), fc.nat(9))
    .map(([image, patch]) => `${image}:v1.33.${patch}`);

/** An expression that selects, or not, with the names that a release has. */
export const selector = (environment: "disk" | "volume" | "member" | "link", talos: string): Arbitrary<string> => {
  const key = `${environment} ${talos}`;
  const made = selectors.get(key) ?? expression(celNames[environment], talos);
  selectors.set(key, made);
  return made;
};

const selectors = new Map<string, Arbitrary<string>>();

function expression({ variables, functions = [], later = {} }: CelNames, talos: string): Arbitrary<string> {
  const isThere = (name: string) => isAtLeast(talos, own(later, name) ?? talos);
  const operands = Object.entries(variables)
    .filter(([name]) => isThere(name))
    .flatMap(([name, type]) =>
      typeof type === "object"
        ? Object.entries(type.fields).map(([field, inner]) => ({ text: `${name}.${field}`, type: inner }))
        : [{ text: name, type }],
    );
  const of = (type: CelType) => operands.filter((operand) => operand.type === type).map(({ text }) => text);
  const compared = (type: CelType, signs: readonly string[], values: Arbitrary<string>) =>
    of(type).length === 0
      ? []
      : [fc.tuple(fc.constantFrom(...of(type)), fc.constantFrom(...signs), values).map((parts) => parts.join(" "))];
  const atoms = [
    fc.constantFrom("true", "false", ...of("bool")),
    ...compared("string", ["==", "!="], fc.constantFrom('"/dev/sda"', "'nvme'", 'r"a\\b"', '"""a"""')),
    ...compared(
      "uint",
      ["==", "<", ">="],
      fc.nat(1000).map((number) => `${number}u`),
    ),
    ...compared("int", ["==", "<", ">="], fc.integer().map(String)),
    ...compared("texts", ["!="], fc.constantFrom("[]", '["a"]')),
    ...(functions.includes("glob") && isThere("glob")
      ? [fc.constantFrom(...of("string")).map((operand) => `glob("/dev/*", ${operand})`)]
      : []),
    fc.constantFrom(...of("string")).map((operand) => `${operand}.startsWith("a")`),
  ];
  const { bool } = fc.letrec<{ bool: string }>((tie) => ({
    bool: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      ...atoms,
      fc.tuple(tie("bool"), fc.constantFrom("&&", "||"), tie("bool")).map((parts) => parts.join(" ")),
      tie("bool").map((inner) => `!(${inner})`),
      fc.tuple(tie("bool"), tie("bool"), tie("bool")).map(([a, b, c]) => `((${a}) ? (${b}) : (${c}))`),
    ),
  }));
  return bool;
}
