import fc from "fast-check";
import { parse } from "yaml";
import { identityOf, renderDocuments, type TalosDocument } from "../../machine-configs";

test("documents are separated, begin with what identifies them and end with a newline", () => {
  const text = renderDocuments([
    { routes: [{ gateway: "10.0.0.1" }], name: "eth0", kind: "LinkConfig", apiVersion: "v1alpha1" },
    { machine: { sysctls: { b: "1", a: "2" } } },
  ]);
  expect(text).toBe(
    [
      "apiVersion: v1alpha1",
      "kind: LinkConfig",
      "name: eth0",
      "routes:",
      "  - gateway: 10.0.0.1",
      "---",
      "machine:",
      "  sysctls:",
      '    a: "2"',
      '    b: "1"',
      "",
    ].join("\n"),
  );
});

test("the shortest document is more than one line or ends with a newline, so that it is no file name", () => {
  expect(renderDocuments([{ debug: true }])).toBe("debug: true\n");
});

test("no documents make an empty text", () => {
  expect(renderDocuments([])).toBe("");
});

test.each([
  ["off"],
  ["yes"],
  ["y"],
  ["1.10"],
  ["0644"],
  ["0o644"],
  ["1_000"],
  ["0B1"],
  ["0X1F"],
  ["4E_3"],
  ["1:30"],
  ["2026-11-20"],
  ["~"],
  ["null"],
  [".inf"],
  ["<<"],
  [""],
  ["*"],
  ["true"],
])("the string %j is quoted, because a reader would take it for something else", (value) => {
  expect(renderDocuments([{ value }])).toBe(`value: "${value}"\n`);
});

test.each([
  ["\tindented\n", '"\\tindented\\n"'],
  ["\n\tindented", '"\\n\\tindented"'],
  [" \n", '"\\ \\n"'],
  ["a\u0085b", '"a\\u0085b"'],
  ["a\u2028b", '"a\\u2028b"'],
  ["\ufeffa", '"\\ufeffa"'],
  ["\u007f", '"\\u007f"'],
  ["a\u0000b", '"a\\0b"'],
])("%j is written so that Talos' YAML library reads it", (value, text) => {
  expect(renderDocuments([{ value }])).toBe(`value: ${text}\n`);
});

test("keys are written so that Talos' YAML library reads them", () => {
  expect(renderDocuments([{ "0B1": 1, "a\u0085b": 2 }])).toBe('"0B1": 1\n"a\\u0085b": 2\n');
});

test("long lines are not folded and certificates are literal blocks", () => {
  const long = `${"word ".repeat(60)}end`;
  expect(renderDocuments([{ a: long, b: "first\nsecond\n" }])).toBe(`a: ${long}\nb: |\n  first\n  second\n`);
});

test("fields that are undefined are left out, and repeated objects are repeated", () => {
  const shared = { path: "/livez" };
  expect(renderDocuments([{ a: undefined, b: [shared, shared] }])).toBe("b:\n  - path: /livez\n  - path: /livez\n");
});

test("what is rendered reads back the same in YAML 1.1 and 1.2", () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      fc.string({ unit: "grapheme-ascii" }),
      fc.constantFrom("off", "1e3", "0x1F", "2026-11-20", "- a", "a: b", "a #b", "tab\tbed", "two\nlines"),
      fc.integer(),
      fc.boolean(),
      fc.array(tie("any"), { maxLength: 3 }),
      fc.dictionary(fc.stringMatching(/^[\w.*:/ -]{1,12}$/), tie("any"), { maxKeys: 3, noNullPrototype: true }),
    ),
  })).any;
  fc.assert(
    fc.property(value, (data) => {
      const text = renderDocuments([{ data }]);
      expect(text.endsWith("\n")).toBe(true);
      expect(parse(text)).toEqual({ data });
      expect(parse(text, { version: "1.1" })).toEqual({ data });
    }),
  );
});

test.each<[TalosDocument, string]>([
  [{ machine: {} }, "v1alpha1"],
  [{ apiVersion: "v1alpha1", kind: "HostnameConfig" }, "HostnameConfig"],
  [{ apiVersion: "v1alpha1", kind: "LinkConfig", name: "eth0" }, "LinkConfig/eth0"],
  [{ apiVersion: "v1alpha1", kind: "TrustedRootsConfig", name: "" }, "TrustedRootsConfig"],
])("the identity of %j is %s", (document, identity) => {
  expect(identityOf(document)).toBe(identity);
});
