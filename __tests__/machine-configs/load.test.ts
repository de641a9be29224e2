/** How YAML is read, as measured on the library that Talos reads it with. */
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

function read(kind: string, ...lines: readonly string[]): Source {
  const text = ["apiVersion: v1alpha1", `kind: ${kind}`, ...lines, ""].join("\n");
  return loadSource(text, { talos: "1.14", schemaOfKind });
}

function codes({ problems }: Source): readonly string[] {
  return problems.map(({ problem }) => problem.code);
}
