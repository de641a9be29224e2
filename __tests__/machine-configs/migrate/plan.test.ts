/** Which sections move, and which stay. */
import { ZodObject } from "zod";
import { v1alpha1 } from "../../../machine-configs/documents/v1alpha1";
import { migrate } from "../../../machine-configs/migrate";
import { moves } from "../../../machine-configs/migrate/moves";
import { isMap } from "../../../machine-configs/plain-data";
import { bare, schemaAt, schemaOf } from "../../../machine-configs/shape";
import { schemaOfKind } from "../../../machine-configs/validate";
import { of, patch } from "./support";
import { nowhere } from "./table";

test("names that every object has are names like others", () => {
  const text = "machine: {nodeLabels: {constructor: a}, sysctls: {toString: '1'}}";
  expect(patch(text)).toMatchObject({
    documents: [
      of("SysctlConfig", { params: { toString: "1" } }),
      of("KubeNodeConfig", { labels: { constructor: "a" } }),
    ],
    left: [],
  });
});

describe("deletions", () => {
  test.each([
    ["machine: {sysctls: {$patch: delete}}", of("SysctlConfig", { $patch: "delete" })],
    ["machine: {sysctls: {a: {$patch: delete}}}", of("SysctlConfig", { params: { a: { $patch: "delete" } } })],
    ["machine: {nodeTaints: {a: {$patch: delete}}}", of("KubeNodeConfig", { taints: { a: { $patch: "delete" } } })],
    [
      "cluster: {apiServer: {admissionControl: [{name: PodSecurity, $patch: delete}]}}",
      of("KubeAdmissionControlConfig", { name: "PodSecurity", $patch: "delete" }),
    ],
    [
      "cluster: {apiServer: {extraArgs: {a: {$patch: delete}}}}",
      of("KubeAPIServerConfig", { extraArgs: { a: { $patch: "delete" } } }),
    ],
  ])("are deletions of the document: %s", (text, expected) => {
    expect(patch(text)).toMatchObject({ documents: [expected], left: [] });
  });

  test("stand before what is given", () => {
    const list = "[{name: A, $patch: delete}, {name: B, configuration: {kind: B}}]";
    expect(patch(`cluster: {apiServer: {admissionControl: ${list}}}`).documents).toEqual([
      of("KubeAdmissionControlConfig", { name: "A", $patch: "delete" }),
      of("KubeAdmissionControlConfig", { name: "B", configuration: { kind: "B" } }),
    ]);
  });

  test.each([
    ["machine: {kubelet: {$patch: delete}}", "machine.kubelet"],
    ["machine: {network: {interfaces: [{interface: eth0, $patch: delete}]}}", "machine.network.interfaces[0]"],
  ])("stay where no document is meant alone: %s", (text, where) => {
    expect(patch(text).left).toEqual([`deletion-undecided ${where}`]);
  });
});

describe("documents that are there already", () => {
  test("get the fields that they do not have", () => {
    const text =
      "machine: {network: {nameservers: [1.1.1.1]}}\n---\napiVersion: v1alpha1\nkind: ResolverConfig\nsearchDomains: {domains: [a]}\n";
    expect(patch(text).documents).toEqual([
      of("ResolverConfig", { nameservers: [{ address: "1.1.1.1" }], searchDomains: { domains: ["a"] } }),
    ]);
  });

  test("are in the way of others", () => {
    const text =
      "machine: {network: {nameservers: [1.1.1.1]}}\n---\napiVersion: v1alpha1\nkind: ResolverConfig\nnameservers: [{address: 9.9.9.9}]\n";
    expect(patch(text)).toMatchObject({ left: ["document-in-the-way machine.network.nameservers"], moved: [] });
  });
});

describe("what cannot be migrated", () => {
  test.each([
    ["[{op: add, path: /machine/sysctls, value: {}}]", "patch-is-json6902"],
    ["machine: {sysctls: [a]}", "wrong-value"],
    ["machine: {sysctls: {a: '1'}}\n---\nmachine: {sysctls: {b: '1'}}", "document-twice"],
  ])("stays, and says why: %s", (text, code) => {
    const result = migrate({ name: "patch.yaml", text }, { from: "1.13", to: "1.14" });
    expect(result).toMatchObject({ text, moved: [] });
    expect(result.left[0]).toMatchObject({ problem: { code } });
  });

  test("is no YAML", () => {
    expect(migrate({ name: "patch.yaml", text: "machine: [" }, { from: "1.13", to: "1.14" })).toMatchObject({
      readable: false,
    });
  });
});

describe("the table of moves", () => {
  const sections = moves.flatMap(({ section, fields = [] }) =>
    fields.length === 0 ? [section] : fields.map((field) => [...section, field]),
  );

  test("tells each section once", () => {
    const told = sections.map((section) => section.join("."));
    expect(told.filter((one, index) => told.indexOf(one) !== index)).toEqual([]);
  });

  test("has all that Talos has given up for documents", () => {
    expect(fieldsWithoutMove(v1alpha1.schema, [])).toEqual([
      ...["version", "debug", "persist", "machine.type", "machine.token", "machine.ca", "machine.acceptedCAs"],
      ...["machine.certSANs", "machine.features.rbac", "machine.features.apidCheckExtKeyUsage"],
      ...["machine.features.diskQuotaSupport", "machine.features.nodeAddressSortAlgorithm", "machine.logging"],
      ...["machine.seccompProfiles", "cluster.token", "cluster.etcd", "cluster.externalCloudProvider"],
      "cluster.adminKubeconfig",
    ]);
  });

  function fieldsWithoutMove(schema: Parameters<typeof schemaOf>[0], path: readonly string[]): readonly string[] {
    const isAt = (section: readonly string[]) =>
      path.every((key, index) => [key, "*", undefined].includes(section[index]));
    const those = sections.filter(isAt);
    if (those.length === 0) return [path.join(".")];
    const fields = schema === undefined ? undefined : bare(schema);
    if (!(fields instanceof ZodObject) || those.some(({ length }) => length <= path.length)) return [];
    return Object.keys(fields.shape).flatMap((key) => fieldsWithoutMove(schemaOf(schema, key), [...path, key]));
  }

  const renames = moves.filter(({ kinds, fields, deletes }) => deletes && fields === undefined && kinds.length === 1);

  test.each(renames.map((one) => [one.section.join("."), one] as const))(
    "leads %s to a field that there is",
    (_, one) => {
      const outcome = one.outcome(nowhere, [], {});
      const [document] = "documents" in outcome ? outcome.documents : [];
      const { apiVersion: __, kind, ...fields } = document ?? {};
      expect(schemaAt(schemaOfKind(String(kind)), pathOf(fields))).toBeDefined();
    },
  );
});

/** The only path through maps of one key each. */
function pathOf(value: unknown): readonly string[] {
  return isMap(value) ? Object.entries(value).flatMap(([key, inner]) => [key, ...pathOf(inner)]) : [];
}
