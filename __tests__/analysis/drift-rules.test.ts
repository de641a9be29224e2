import type { DriftFinding } from "../../analysis/drift-classes";
import { applyRules, expiredRules, readRules } from "../../analysis/drift-rules";

const now = new Date("2026-11-21T06:00:00Z");

function drift(address: string, ...attributes: string[]): DriftFinding {
  return { kind: "drift", address, action: attributes.length === 0 ? "create" : "update", attributes };
}

function rules(...ignore: object[]) {
  return readRules({ ignore: ignore.map((one) => ({ reason: "known", until: "2026-12-31", ...one })) }, "rules.json");
}

test("an attribute is let pass with all in it, and the rest of the finding stays", () => {
  const { findings, ignored } = applyRules(
    "apps",
    [drift("vm.a", "initialization.user_data", "tags")],
    rules({ address: "vm.*", attributes: ["initialization"] }),
    now,
  );
  expect(findings).toEqual([drift("vm.a", "tags")]);
  expect(ignored).toEqual([
    { kind: "drift", address: "vm.a", attributes: ["initialization.user_data"], reason: "known", until: "2026-12-31" },
  ]);
});

test("an attribute is not let pass by one whose name it only begins with", () => {
  const finding = drift("vm.a", "name_servers");
  expect(applyRules("apps", [finding], rules({ address: "*", attributes: ["name"] }), now)).toEqual({
    findings: [finding],
    ignored: [],
  });
});

test("several rules together let a whole finding pass", () => {
  const two = rules({ address: "vm.a", attributes: ["tags"] }, { address: "*", attributes: ["name"] });
  expect(applyRules("apps", [drift("vm.a", "name", "tags")], two, now)).toMatchObject({
    findings: [],
    ignored: [{ attributes: ["tags"] }, { attributes: ["name"] }],
  });
});

test.each([
  ["an object that is gone is let pass by a rule for all of it", { address: "vm.a" }, 0],
  ["but not by one for an attribute", { address: "vm.a", attributes: ["tags"] }, 1],
  ["nor by one for another stack", { address: "vm.a", stack: "db-*" }, 1],
  ["nor by one for another address", { address: "vm.b" }, 1],
  ["nor by one that has ended", { address: "vm.a", until: "2026-11-20" }, 1],
  ["it is on the last day of a rule", { address: "vm.a", until: "2026-11-21" }, 0],
])("%s", (_, rule, left) => {
  expect(applyRules("apps", [drift("vm.a")], rules(rule), now).findings).toHaveLength(left);
});

test("rules that have ended are named", () => {
  expect(expiredRules(rules({ address: "a", until: "2026-11-20" }, { address: "b" }), now)).toMatchObject([
    { address: "a" },
  ]);
});

test.each([
  ["no reason", { ignore: [{ address: "a", until: "2026-12-31" }] }, "ignore[0].reason"],
  ["an empty reason", { ignore: [{ address: "a", reason: " ", until: "2026-12-31" }] }, "say why"],
  ["no end", { ignore: [{ address: "a", reason: "known" }] }, "ignore[0].until"],
  ["an end that is no day", { ignore: [{ address: "a", reason: "known", until: "soon" }] }, "ignore[0].until"],
  ["a stack that is skipped without a reason", { skip: [{ stack: "a" }] }, "skip[0].reason"],
  ["a misspelt word", { ignored: [] }, 'Unrecognized key: "ignored"'],
])("rules with %s are refused", (_, text, message) => {
  expect(() => readRules(text, "rules.json")).toThrow(message);
});
