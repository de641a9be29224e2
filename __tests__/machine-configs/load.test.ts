/** How YAML is read, as measured on the library that Talos reads it with. */
import { judge } from "../../machine-configs/judge";
import { loadSource, type Source } from "../../machine-configs/load";
import { schemaOfKind } from "../../machine-configs/validate";

describe("a value without quotes, where the field says nothing about it", () => {
  test.each([
    ["_1", "_1"],
    ["1_000", 1000],
    ["4E_3", 4000],
    ["._5", "._5"],
    ["0B11", 3],
    ["0X1F", 31],
    ["0O17", 15],
    ["017", 15],
    ["08", 8],
    ["1e400", "1e400"],
    ["0xFFFFFFFFFFFFFFFFF", "0xFFFFFFFFFFFFFFFFF"],
    ["-.INF", Number.NEGATIVE_INFINITY],
    [".nan", Number.NaN],
    ["yes", "yes"],
    ["Null", null],
  ])("%s is %p", (text, value) => {
    expect(read(`KubeletConfig`, `config: {value: ${text}}`).documents[0]?.document["config"]).toEqual({ value });
  });
});

test.each([
  ["TCP", "tcp"],
  ["Icmpv6", "icmpv6"],
  ["any", "any"],
])("the protocol %s is read as %s, so that it is the same for every rule", (text, word) => {
  const { documents } = read("NetworkRuleConfig", `portSelector: {protocol: ${text}}`);
  expect(documents[0]?.document["portSelector"]).toEqual({ protocol: word });
});

describe("a date where a text belongs", () => {
  test.each([["2026-11-21"], ["2026-2-1"], ["2026-11-21 10:00:00.5"], ["2026-11-21T1:2:3Z"], ["2024-02-29"]])(
    "%s is refused from 1.14 on",
    (text) => {
      expect(codes(read("SysctlConfig", `params: {a: ${text}}`))).toEqual(["date-as-text"]);
    },
  );

  test.each([
    ["2026-13-01"],
    ["2026-02-29"],
    ["2026-11-21 at noon"],
    ["2026-11-21T10:00:00"],
    ["2026-11-21 10:00:00Z"],
  ])("%s is none", (text) => {
    const source = read("SysctlConfig", `params: {a: "${text}", b: ${text}}`);
    expect(codes(source)).toEqual([]);
    expect(source.documents[0]?.document["params"]).toEqual({ a: text, b: text });
  });
});

describe("what Talos does not read", () => {
  const laughs = Array.from({ length: 9 }, (_, index) => `&a${index + 1} [${Array(9).fill(`*a${index}`).join(", ")}]`);

  test.each([
    ["an anchor inside of what it stands for", "machine: &a {sysctls: *a}", "yaml-unread", 1, 23],
    ["aliases that repeat more and more", `machine: [&a0 [a], ${laughs.join(", ")}]`, "yaml-unread"],
    ["a text that is nested too deeply", `machine: ${"[".repeat(150)}${"]".repeat(150)}`, "yaml-unread", 1, 109],
    ["a text that is nested far too deeply", `machine: ${"[".repeat(3000)}`, "yaml-unread"],
    ["a key that is a map", "machine:\n  ? {a: b}\n  : c", "yaml-unread", 2, 5],
    ["a key that is a list", "[a]: b\nmachine: {}", "yaml-unread", 1, 1],
    ["a merge of something that is no map", "machine: {<<: 5}", "yaml-unread", 1, 15],
    ["another version of YAML", "%YAML 1.2\n---\nmachine: {}", "yaml-unread"],
    ["an alias without its anchor", "machine: *a", "yaml-malformed", 1, 10],
    ["an alias before its anchor", "machine: *a\ncluster: &a {}", "yaml-malformed", 1, 10],
    ["a control character", 'machine: {token: "a\u0007"}', "yaml-malformed", 1, 20],
    ["a zero byte", "machine: {}\n\u0000", "yaml-malformed", 2, 1],
  ])("%s", (_, text, code, ...place) => {
    const { documents, problems } = loadSource(text, { talos: "1.14", schemaOfKind });
    expect(documents).toEqual([]);
    expect(problems.map(({ problem }) => problem.code)).toContain(code);
    const [line, column] = place;
    if (line !== undefined) expect(problems[0]?.position).toEqual({ line, column });
  });

  test.each([
    ["kind: {toString: a}\nmachine: {}", "v1alpha1.kind"],
    ["apiVersion: v1alpha1\nkind: LinkConfig\nname: {toString: a}", "LinkConfig.name"],
    ["apiVersion: [v1alpha1]\nkind: LinkConfig\nname: eth0", "LinkConfig/eth0.apiVersion"],
  ])("a header that is no text: %j", (text, where) => {
    const { documents, problems } = loadSource(text, { talos: "1.14", schemaOfKind });
    expect(problems.map(({ problem }) => `${problem.where}: ${problem.code}`)).toEqual([`${where}: wrong-value`]);
    expect(
      documents.map(({ document }) => Object.values(document).every((value) => typeof value === "string")),
    ).toEqual([text.startsWith("api")]);
  });
});

describe("a text that is no YAML", () => {
  test("has one problem per document, at its place, and those of repeated keys", () => {
    const text = "machine:\n  token: a\n}  sysctls:\n    a: b\n    c: d\n---\ncluster: {a: 1, b: 2, a: 3, b: 4}\n";
    const { problems } = loadSource(text, { talos: "1.14", schemaOfKind });
    expect(problems.map(({ problem, position: { line, column } }) => `${line}:${column} ${problem.message}`)).toEqual([
      "3:1 This is no YAML: Unexpected flow-map-end token.",
      "7:23 This is no YAML: Map keys must be unique.",
      "7:29 This is no YAML: Map keys must be unique.",
    ]);
  });

  test.each([
    "machine:\n}  token: made-up\n",
    "machine: { token: *made-up }\n",
    "machine:\n  token: |made-up\n",
    "machine:\n  token: >made-up\n",
  ])("is not shown, since a secret may stand there: %j", (text) => {
    const { problems } = loadSource(text, { talos: "1.14", schemaOfKind });
    expect(problems).toHaveLength(1);
    expect(JSON.stringify(problems)).not.toContain("made-up");
  });
});

describe("aliases", () => {
  test("are what their anchor stood for last, and merges leave what the map has itself", () => {
    const lines = ["config:", "  a: &a {x: 1, y: 1}", "  b: &a {x: 2, __proto__: 4}", "  c: {<<: *a, x: 3}"];
    const [first] = read("KubeletConfig", ...lines).documents;
    expect(JSON.stringify(first?.document["config"])).toBe(
      '{"a":{"x":1,"y":1},"b":{"x":2,"__proto__":4},"c":{"x":3,"__proto__":4}}',
    );
  });

  test("may be many", () => {
    const { documents } = read("LinkConfig", "name: &a eth0", `links: [${Array(3000).fill("*a").join(", ")}]`);
    expect(documents[0]?.document["links"]).toHaveLength(3000);
  });
});

function read(kind: string, ...lines: readonly string[]): Source {
  const text = ["apiVersion: v1alpha1", `kind: ${kind}`, ...lines, ""].join("\n");
  return loadSource(text, { talos: "1.14", schemaOfKind });
}

function codes({ problems }: Source): readonly string[] {
  return problems.map(({ problem }) => problem.code);
}

test("a map whose keys are the methods of a value is judged like any other", () => {
  const text = [
    "apiVersion: v1alpha1",
    "kind: LinkConfig",
    "name: eth0",
    "routes:",
    "  - gateway: 10.0.0.1",
    "    table: { toString: main, valueOf: main }",
  ].join("\n");
  const { problems } = judge({ name: "link.yaml", text }, [], { talos: "1.14.4" });
  expect(problems.map(({ code, path }) => `${path.join(".")}: ${code}`)).toContain("routes.0.table: wrong-value");
});
