/** The watch over Talos machines: what its pods know and may do, and what is refused. */
import { synthesizedMachines } from "../../analysis/talos-machines";
import { type Intent, type TalosDriftProps, talosApiAccess } from "../../index";
import { objectOf } from "../helpers/postgres";
import { type Attributes, newApp, refusals, synthesize } from "../helpers/synth";
import { addTalosDrift } from "../helpers/talos-drift";

const objectsOf = (changes: Partial<TalosDriftProps> = {}) =>
  addTalosDrift(newApp("unused"), changes).drift.objects.objects;
const coreObjectsOf = (changes: Partial<TalosDriftProps>) =>
  objectsOf(changes).filter(({ apiVersion }) => apiVersion !== "talos.dev/v1alpha1");
const objectIn = (kind: string, changes: Partial<TalosDriftProps> = {}, name?: string): Attributes =>
  objectOf(coreObjectsOf(changes), kind, name);

test("TAL-32: the pods know of each machine what the stack of the cluster makes it", () => {
  const stacks = synthesize((app) => addTalosDrift(app));
  const made = synthesizedMachines(Object.values(stacks));
  expect(made.map(({ name }) => name)).toEqual(["cp-1", "cp-2", "cp-3", "w-1"]);
  expect(JSON.parse(objectIn("ConfigMap", {}, "talos-drift")["data"]["machines.json"])).toEqual(
    made.map(({ name, address, talos, schematic }) => ({ name, address, talos, schematic, cluster: { name: "lab" } })),
  );
});

test("TAL-32: they may read the Talos API, and have no token of that of Kubernetes", () => {
  const [account] = objectsOf().filter(({ apiVersion }) => apiVersion === "talos.dev/v1alpha1");
  expect(account).toMatchObject({
    kind: "ServiceAccount",
    metadata: { name: "talos-drift", namespace: "integrity" },
    spec: { roles: ["os:reader"] },
  });
  const { spec } = job()["template"];
  expect(spec).toMatchObject({ automountServiceAccountToken: false, serviceAccountName: "talos-drift" });
  expect(spec.volumes).toContainEqual({ name: "talos", secret: { secretName: "talos-drift" } });
  // Machine configurations are for administrators.
  expect(spec.containers[0].command).toContain("--without-configuration");
});

test("a run each hour, which ends before the next one however many machines are silent", () => {
  expect(objectIn("CronJob")["spec"]).toMatchObject({ schedule: "17 * * * *", concurrencyPolicy: "Forbid" });
  expect(job()["activeDeadlineSeconds"]).toBe(180);
});

test("MON-3: the alerts know how often a run takes place", () => {
  const daily = rules({ schedule: "0 6 * * *" });
  expect(daily["TalosDriftStale"].expr).toContain(`> ${86400 + 3600 + 180}`);
  expect(daily["TalosDriftNotMeasured"].for).toBe(`${24 * 60 + 15}m`);
  expect(rules()["TalosDriftNotMeasured"].for).toBe("75m");
  expect(Object.values(rules()).map(({ expr }) => expr)).toEqual(
    Array(4).fill(expect.stringContaining('{cluster="lab"')),
  );
});

const access = (role: "os:reader" | "os:etcd:backup") =>
  talosApiAccess({ allowedRoles: [role], allowedKubernetesNamespaces: ["integrity"] });
const refused: readonly (readonly [code: string, changes: Partial<TalosDriftProps>, intents: readonly Intent[]])[] = [
  ["talos-access-missing", { namespace: "monitoring" }, [access("os:reader")]],
  ["talos-access-missing", {}, []],
  ["talos-access-missing", {}, [access("os:etcd:backup")]],
  ["unpinned-image", { image: "registry.example.com/talos-drift:v1.14.4" }, [access("os:reader")]],
  ["malformed-schedule", { schedule: "hourly" }, [access("os:reader")]],
  ["malformed-url", { pushgateway: "pushgateway:9091" }, [access("os:reader")]],
  ["malformed-url", { runbooks: "docs" }, [access("os:reader")]],
];

test.each(refused)("%s: %j", (code, changes, intents) => {
  expect(
    refusals((app) => addTalosDrift(app, changes, { cluster: { intents } })).map((problem) => problem.code),
  ).toEqual([code]);
});

test("access on one of the control planes is not enough: pods ask whichever there is", () => {
  const controlPlanes = { "cp-1": { intents: [access("os:reader")] }, "cp-2": {}, "cp-3": {} };
  const found = refusals((app) => addTalosDrift(app, {}, { cluster: { intents: [] }, controlPlanes }));
  expect(found.map(({ code }) => code)).toEqual(["talos-access-missing"]);
});

test("a machine that is added later is refused, rather than not looked at", () => {
  const found = refusals((app) => {
    const { cluster } = addTalosDrift(app);
    cluster.addWorker("w-2", { host: "pve2", address: "10.0.0.32", macAddress: "BC:24:11:00:00:32" });
  });
  expect(found).toMatchObject([{ code: "machines-added-later", where: "test-integrity/talos-drift" }]);
  expect(found[0]?.message).toContain('"w-2" of lab');
});

function job(): Attributes {
  return objectIn("CronJob")["spec"].jobTemplate.spec;
}

function rules(changes: Partial<TalosDriftProps> = {}): Attributes {
  const [{ rules: all }] = objectIn("PrometheusRule", changes)["spec"].groups;
  return Object.fromEntries(all.map((rule: Attributes) => [rule["alert"], rule]));
}
