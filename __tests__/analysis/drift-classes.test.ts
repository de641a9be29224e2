import { classOf, type DriftFinding, findingsOf } from "../../analysis/drift-classes";
import { applyRules, readRules } from "../../analysis/drift-rules";
import { ProblemsError, unknownPlanFormat } from "../../errors";

/** Plans in words: what was before and is found, and what is planned from there. */
function changed(address: string, before: object | null, after: object | null, more: object = {}): object {
  const actions = before === null ? ["create"] : after === null ? ["delete"] : ["update"];
  return { address, change: { actions, before, after, after_unknown: {}, ...more } };
}

function found(plan: object): readonly DriftFinding[] {
  return findingsOf({ format_version: "1.2", ...plan }, "stack").findings;
}

const pool = "proxmox_virtual_environment_pool.a";

test("an object that is planned back to what it was has drifted", () => {
  const plan = {
    resource_drift: [changed(pool, { comment: "ours" }, { comment: "theirs" })],
    resource_changes: [changed(pool, { comment: "theirs" }, { comment: "ours" })],
  };
  expect(found(plan)).toEqual([{ kind: "drift", address: pool, action: "update", attributes: ["comment"] }]);
});

test("an object that is gone and planned again has drifted", () => {
  const plan = {
    resource_drift: [changed(pool, { comment: "ours" }, null)],
    resource_changes: [changed(pool, null, { comment: "ours" })],
  };
  expect(found(plan)).toEqual([{ kind: "drift", address: pool, action: "create", attributes: [] }]);
});

test.each([
  ["changes", changed(pool, { comment: "old" }, { comment: "new" }), "update", ["comment"]],
  ["is created", changed(pool, null, { comment: "new" }), "create", []],
  ["is destroyed", changed(pool, { comment: "old" }, null), "delete", []],
  ["is forgotten", { address: pool, change: { actions: ["forget"] } }, "forget", []],
  ["moves", { address: pool, previous_address: "a.b", change: { actions: ["no-op"] } }, "move", []],
  ["is imported", { address: pool, change: { actions: ["no-op"], importing: { id: "s3cret" } } }, "import", []],
])("an object that %s although nobody touched it waits for an apply", (_, change, action, attributes) => {
  expect(found({ resource_changes: [change] })).toEqual([{ kind: "pending apply", address: pool, action, attributes }]);
});

test.each([
  ["is other", changed(pool, { tags: ["a"] }, { tags: ["b"] }), "update", ["tags"]],
  ["is gone", changed(pool, { tags: ["a"] }, null), "delete", []],
])("an object that %s, and would be left so, has drifted silently", (_, drift, action, attributes) => {
  const noOp = { address: pool, change: { actions: ["no-op"] } };
  const plan = { resource_drift: [drift], resource_changes: action === "delete" ? [] : [noOp] };
  expect(found(plan)).toEqual([{ kind: "silent drift", address: pool, action, attributes }]);
});

test("an object that is all at once is told as all, attribute by attribute", () => {
  const plan = {
    resource_drift: [changed(pool, { a: 1, b: 1, c: 1 }, { a: 1, b: 2, c: 2 })],
    resource_changes: [changed(pool, { a: 1, b: 2, c: 2 }, { a: 2, b: 1, c: 2 })],
  };
  expect(found(plan)).toEqual([
    { kind: "drift", address: pool, action: "update", attributes: ["b"] },
    { kind: "pending apply", address: pool, action: "update", attributes: ["a"] },
    { kind: "silent drift", address: pool, action: "update", attributes: ["c"] },
  ]);
});

test("a block that is gone counts for what is in it", () => {
  const plan = {
    resource_drift: [changed(pool, { disk: [{ interface: "scsi0", size: 8 }] }, { disk: [] })],
    resource_changes: [changed(pool, { disk: [] }, { disk: [{ interface: "scsi0", size: 8 }] })],
  };
  expect(found(plan)).toEqual([{ kind: "drift", address: pool, action: "update", attributes: ["disk"] }]);
});

describe("what differs only in what is known at apply", () => {
  const follows = changed("b.b", { id: "1" }, {}, { after_unknown: { id: true } });

  test("follows from drift, if there is some", () => {
    const plan = {
      resource_drift: [changed(pool, { comment: "ours" }, null)],
      resource_changes: [changed(pool, null, {}), follows],
    };
    expect(found(plan).map(({ kind, address }) => [kind, address])).toEqual([
      ["drift", pool],
      ["drift", "b.b"],
    ]);
  });

  test("follows from the configuration otherwise", () => {
    expect(found({ resource_changes: [changed(pool, null, {}), follows] }).map(({ kind }) => kind)).toEqual([
      "pending apply",
      "pending apply",
    ]);
  });

  test("is not named beside what is known", () => {
    const change = changed(pool, { comment: "a", id: "1" }, { comment: "b" }, { after_unknown: { id: true } });
    expect(found({ resource_changes: [change] })).toMatchObject([{ attributes: ["comment"] }]);
  });
});

describe("what is computed from an attribute", () => {
  const names = (reference: string) => ({
    references: reference.split(".").flatMap((_, end, parts) => parts.slice(0, parts.length - end).join(".")),
  });
  const source = "vm.a";
  const plan = (module = "", reference = "vm.a[0].ips[0].address") => {
    const resources = [{ address: "record.b", expressions: { ip: names(reference), text: {} } }];
    const root_module = module === "" ? { resources } : { module_calls: { [module]: { module: { resources } } } };
    const inside = module === "" ? "" : `module.${module}["x.y"].`;
    const drift = changed(
      `${inside}${source}[0]`,
      { ips: [{ address: "a" }], up: 1 },
      { ips: [{ address: "b" }], up: 2 },
    );
    return {
      resource_drift: [drift],
      resource_changes: [changed(`${inside}record.b`, { ip: "a", text: "old" }, { ip: "b", text: "new" })],
      configuration: { root_module },
    };
  };
  const kinds = (of: object) => found(of).map(({ kind, address, attributes }) => [kind, address, attributes]);

  test.each([
    ["", ""],
    ["net", 'module.net["x.y"].'],
  ])("that has drifted, has drifted as well: nobody changed the configuration (%s)", (module, inside) => {
    expect(kinds(plan(module))).toEqual([
      ["drift", `${inside}record.b`, ["ip"]],
      ["pending apply", `${inside}record.b`, ["text"]],
      ["silent drift", `${inside}vm.a[0]`, ["ips.address", "up"]],
    ]);
  });

  test.each(["vm.a.name", "vm.ab.ips", "vm.other"])("waits for an apply if it is %s, which has not", (reference) => {
    expect(kinds(plan("", reference))).toContainEqual(["pending apply", "record.b", ["ip", "text"]]);
  });
});

describe("DRF-4: an object that is replaced is not let pass with an attribute that is not the reason of it", () => {
  const rules = readRules(
    { ignore: [{ address: "*", attributes: ["comment"], reason: "known", until: "2026-12-31" }] },
    "rules.json",
  );
  const replaced = (reason: string, ...replace_paths: string[][]) => ({
    action_reason: reason,
    ...changed(
      pool,
      { comment: "theirs", id: "1", image: "old" },
      { comment: "ours" },
      { actions: ["delete", "create"], after_unknown: { id: true, image: true }, replace_paths },
    ),
  });
  const left = (change: object, more: object = {}) =>
    applyRules("stack", found({ resource_changes: [change], ...more }), rules, new Date("2026-11-21")).findings;
  const pending = (...attributes: string[]) => ({
    kind: "pending apply",
    address: pool,
    action: "replace",
    attributes,
  });

  test.each(["replace_because_tainted", "replace_by_request", "replace_by_triggers"])("%s", (reason) => {
    expect(left(replaced(reason))).toEqual([pending()]);
  });

  test.each([
    ["also drifted", { comment: "ours" }, { comment: "theirs" }, []],
    ["drifted elsewhere", { tags: "a" }, { tags: "b" }, [["silent drift", "update", ["tags"]]]],
  ])("nor if it has %s", (_, before, after, silent) => {
    const resource_drift = [changed(pool, before, after)];
    const told = left(replaced("replace_because_tainted"), { resource_drift });
    expect(told.map(({ action }) => action)).toContain("replace");
    expect(told.filter(({ kind }) => kind === "silent drift")).toMatchObject(
      silent.map(([kind, action, attributes]) => ({ kind, action, attributes })),
    );
  });

  test("nor if a value that is known only at apply is the reason", () => {
    expect(left(replaced("replace_because_cannot_update", ["image"]))).toEqual([pending("image")]);
  });

  test("it is with one that is the reason", () => {
    expect(left(replaced("replace_because_cannot_update", ["comment"]))).toEqual([]);
  });
});

test("what the old SDK writes once as null and once as empty is no drift", () => {
  expect(found({ resource_drift: [changed(pool, { comment: null, tags: [] }, { comment: "", tags: null })] })).toEqual(
    [],
  );
});

test("a check that fails is silent drift: no apply does anything about it", () => {
  const checks = [
    { address: { kind: "check", to_display: "check.user_data" }, status: "fail", instances: [] },
    { address: { kind: "check", to_display: "check.fine" }, status: "pass" },
    { address: { kind: "resource", to_display: pool }, status: "fail" },
  ];
  expect(found({ checks })).toEqual([
    { kind: "silent drift", address: "check.user_data", action: "check", attributes: [] },
  ]);
});

test("of a sensitive map not even the keys are told", () => {
  const marks = { data: true, list: [{ token: true }] };
  const change = changed(
    pool,
    { data: { "key-1": "s3cret" }, list: [{ token: { a: "s3cret" } }] },
    { data: { "key-1": "other" }, list: [{ token: { a: "other" } }] },
    { before_sensitive: marks, after_sensitive: marks },
  );
  expect(found({ resource_changes: [change] })).toMatchObject([{ attributes: ["data", "list.token"] }]);
});

test("of a sensitive map not even the keys are told, where the key that leads to it has dots", () => {
  const marks = { input: { "app.example.com": { data: true } } };
  const change = changed(
    pool,
    { input: { "app.example.com": { data: { "s3cret-key": 1 }, size: 1 }, app: { example: 1 } } },
    { input: { "app.example.com": { data: { "s3cret-key": 2 }, size: 2 }, app: { example: 2 } } },
    { before_sensitive: marks, after_sensitive: marks },
  );
  const attributes = ["input.app.example", "input.app.example.com.data", "input.app.example.com.size"];
  expect(found({ resource_changes: [change] })).toMatchObject([{ attributes: expect.arrayContaining(attributes) }]);
  expect(JSON.stringify(found({ resource_changes: [change] }))).not.toContain("s3cret");
});

test.each([
  ["drift", [{ kind: "silent drift" }, { kind: "pending apply" }, { kind: "drift" }], ["url"]],
  ["pending apply", [{ kind: "silent drift" }, { kind: "pending apply" }], []],
  ["silent drift", [{ kind: "silent drift" }], ["url"]],
  ["output only", [], ["url"]],
  ["clean", [], []],
] as const)("a stack is %s by the worst that is in it", (expected, findings, outputs) => {
  const all = findings.map(({ kind }) => ({ kind, address: pool, action: "update" as const, attributes: [] }));
  expect(classOf({ findings: all, outputs })).toBe(expected);
});

test("outputs that change are named, those that stay are not", () => {
  const output_changes = { url: { actions: ["update"] }, same: { actions: ["no-op"] } };
  expect(findingsOf({ format_version: "1.2", output_changes }, "stack").outputs).toEqual(["url"]);
});

test.each([
  ["a plan that failed half-way", { format_version: "1.2", errored: true }, "errored: Invalid input: expected false"],
  ["another format", { format_version: "2.0" }, "format_version: is not 1.x"],
])("%s is refused", (_, plan, reason) => {
  expect(() => findingsOf(plan, "stack")).toThrow(new ProblemsError([unknownPlanFormat("stack", reason)]));
});
