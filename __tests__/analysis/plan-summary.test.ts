import { readFileSync } from "node:fs";
import * as path from "node:path";
import { summarizePlan } from "../../analysis/plan-summary";
import { ProblemsError, unknownPlanFormat } from "../../errors";

const nothing = {
  create: [],
  change: [],
  replace: [],
  destroy: [],
  moved: [],
  imported: [],
  forgotten: [],
  drifted: [],
  outputs: [],
  warnings: [],
};

test("every action is told apart, and replacing counts neither as creating nor as destroying", () => {
  expect(summarizePlan(recorded("everything"), "cluster")).toEqual({
    create: ['terraform_data.created["one"]', 'terraform_data.created["two"]'],
    change: ["terraform_data.changed", "terraform_data.new-name-changed"],
    replace: ["terraform_data.replaced", "terraform_data.replaced-before"],
    destroy: ["terraform_data.destroyed"],
    moved: ["terraform_data.new-name", "terraform_data.new-name-changed"],
    imported: ["terraform_data.imported"],
    forgotten: ["terraform_data.forgotten"],
    drifted: [],
    outputs: ["url"],
    warnings: [],
  });
});

test("a plan without changes touches nothing", () => {
  expect(summarizePlan(recorded("no-changes"), "cluster")).toEqual(nothing);
});

test("outputs that are added or changed are named beside no resource", () => {
  expect(summarizePlan(recorded("outputs-only"), "cluster")).toEqual({ ...nothing, outputs: ["added", "url"] });
});

test("what was changed behind Terraform's back is drift, and no change by itself", () => {
  const drift = { address: "terraform_data.kept", change: { actions: ["update"] } };
  expect(summarizePlan({ format_version: "1.2", resource_drift: [drift] }, "cluster")).toEqual({
    ...nothing,
    drifted: ["terraform_data.kept"],
  });
});

test("what a check that failed says is a warning, and no change", () => {
  const checks = [
    { address: { name: "good" }, status: "pass", instances: [{ status: "pass" }] },
    {
      address: { name: "bad" },
      status: "fail",
      instances: [{ status: "fail", problems: [{ message: "Look here." }] }],
    },
    { address: { name: "later" }, status: "unknown" },
  ];
  expect(summarizePlan({ format_version: "1.2", checks }, "cluster")).toEqual({ ...nothing, warnings: ["Look here."] });
});

test("an object that is replaced without destroying the old one is created and forgotten", () => {
  expect(summarizePlan(planOf(["create", "forget"]), "cluster")).toEqual({
    ...nothing,
    create: ["terraform_data.a"],
    forgotten: ["terraform_data.a"],
  });
});

test("a plan of a later minor version, with unknown fields, is read", () => {
  const plan = { ...planOf(["delete"]), format_version: "1.99", action_invocations: [{}] };
  expect(summarizePlan(plan, "cluster").destroy).toEqual(["terraform_data.a"]);
});

test.each([
  ["another major version", { format_version: "2.0" }, "format_version: is not 1.x"],
  ["no plan", [], "plan: Invalid input: expected object, received array"],
  [
    "an action that may do anything",
    planOf(["s3cret"]),
    'resource_changes.0.change.actions.0: Invalid option: expected one of "no-op"|"read"|"create"|"update"|"delete"|"forget"|"open"',
  ],
])("%s is refused without repeating what is in it", (_, plan, reason) => {
  expect(() => summarizePlan(plan, "cluster")).toThrow(new ProblemsError([unknownPlanFormat("cluster", reason)]));
});

function planOf(actions: readonly string[]): object {
  return {
    format_version: "1.2",
    resource_changes: [{ address: "terraform_data.a", change: { actions } }],
  };
}

function recorded(name: string): unknown {
  return JSON.parse(readFileSync(path.join(__dirname, "golden", `${name}.json`), "utf8"));
}
