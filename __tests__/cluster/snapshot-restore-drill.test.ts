/**
 * The program of a drill of snapshots, in the name of its own account, against a real API server that holds it to its
 * rights. The kubelet is played; what the containers of the copy do is tested with the programs.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { KubernetesObject } from "../../index";
import { addSnapshots } from "../helpers/snapshots";
import { type Attributes, type Synthesized, synthesize } from "../helpers/synth";
import { Drill, ended } from "./support/drill";

const name = "drill-etcd";
const pods = `/api/v1/namespaces/${name}/pods`;

let drill: Drill;
let kubelet: Kubelet;

beforeAll(async () => {
  const { "test-recovery": stack } = synthesize((app) => void addSnapshots(app, { etcdDrill: {} }));
  drill = await Drill.of(stack as Synthesized, name, ["snapshot-restore-drill.mjs", "copy.json"]);
});

beforeEach(async () => {
  await drill.reset();
  kubelet = new Kubelet();
});

afterEach(async () => {
  await kubelet.stop();
  expect(await drill.namesIn(pods)).toEqual([]);
});

afterAll(() => drill.close());

/** How a container is: it runs, waits, or ended. */
type Fate =
  | { readonly code: number; readonly message?: string; readonly took?: number }
  | "runs"
  | { readonly waits: string };

const well: Readonly<Record<string, Fate>> = {
  fetch: { code: 0, took: 40, message: "snapshot=etcd-snapshots-20261121T020000Z.db\nlag_seconds=7200\n" },
  check: { code: 0, took: 2 },
  restore: { code: 0, took: 9 },
  etcd: "runs",
  prove: { code: 0, took: 3, message: "objects=1234\n" },
};

/** Says of the containers of a copy what a test wants. */
class Kubelet {
  fates: Readonly<Record<string, Fate>> = well;
  /** Of the pod, where it is other than running. */
  status: object = {};
  readonly seen: KubernetesObject[] = [];
  #running = true;
  readonly #done = this.#work();

  async stop(): Promise<void> {
    this.#running = false;
    await this.#done;
  }

  async #work(): Promise<void> {
    const place = `${pods}/${name}-copy`;
    while (this.#running) {
      const { body } = await drill.api.ask("GET", place);
      if (body.kind === "Pod" && body.status.phase === "Pending") {
        this.seen.push(body);
        const statusOf = ({ name: container }: Attributes) => statuses(container, this.fates[container]);
        const status = {
          phase: "Running",
          initContainerStatuses: body.spec.initContainers.flatMap(statusOf),
          containerStatuses: body.spec.containers.flatMap(statusOf),
          ...this.status,
        };
        await drill.api.ask("PATCH", `${place}/status`, JSON.stringify({ status }), "application/merge-patch+json");
      }
      await sleep(20);
    }
  }
}

function statuses(container: string, fate: Fate | undefined): object[] {
  if (fate === undefined) return [];
  const common = { name: container, ready: false, restartCount: 0, image: "x", imageID: "x" };
  if (fate === "runs") return [{ ...common, state: { running: { startedAt: "2026-11-21T05:00:00Z" } } }];
  if ("waits" in fate) return [{ ...common, state: { waiting: { reason: fate.waits } } }];
  const { code, message, took = 1 } = fate;
  const terminated = {
    exitCode: code,
    reason: code === 0 ? "Completed" : "Error",
    startedAt: "2026-11-21T05:00:00Z",
    finishedAt: new Date(Date.parse("2026-11-21T05:00:00Z") + took * 1000).toISOString().replace(".000", ""),
    ...(message === undefined ? {} : { message }),
  };
  return [{ ...common, state: { terminated } }];
}

test("DR-1: a copy is made of the newest snapshot, proven, taken away, timed and remembered", async () => {
  const { status, output } = await drill.run();
  const said = "The restore is proven: etcd-snapshots-20261121T020000Z.db was 7200 seconds old, with 1234 objects.";
  expect([status, output]).toEqual([0, expect.stringContaining(said)]);
  expect(kubelet.seen).toHaveLength(1);

  const { started, seconds, ...run } = await drill.remembered();
  expect(Date.now() - Date.parse(String(started))).toBeLessThan(60_000);
  expect(seconds).toEqual({ fetch: 40, check: 2, restore: 9, prove: 3, clean_up: expect.any(Number) });
  expect(run).toEqual({ snapshot: "etcd-snapshots-20261121T020000Z.db", lagSeconds: 7200, objects: 1234 });

  expect(drill.pushed).toEqual([expect.stringMatching(/^POST \/metrics\/job\/restore-drill\/drill\/drill-etcd\n/)]);
  for (const line of [
    "success 1",
    "lag_seconds 7200",
    "objects 1234",
    "max_age_seconds 1296000",
    'duration_seconds{step="fetch"} 40',
    'duration_seconds{step="restore"} 9',
    "last_success_timestamp_seconds 1",
  ]) {
    expect(drill.pushed[0]).toContain(`backup_restore_drill_${line}`);
  }
});

test("a copy that does several steps in one container says how long each took, and whether it stayed sealed", async () => {
  const message = "seconds_restore=20.5\nseconds_unseal=1\nseconds_prove=0.2\n";
  kubelet.fates = { ...well, prove: { code: 0, took: 30, message } };
  await drill.run();
  expect((await drill.remembered())["seconds"]).toMatchObject({ fetch: 40, restore: 20.5, unseal: 1, prove: 0.2 });
  kubelet.fates = { ...well, prove: { code: 0, took: 30, message: "seconds_restore=20.5\nsealed=yes\n" } };
  const { status, output } = await drill.run();
  expect([status, output]).toEqual([0, expect.stringContaining("; nothing was read, since the copy is sealed.")]);
  expect(await drill.remembered()).toMatchObject({ sealed: true });
});

test.each<[string, Readonly<Record<string, Fate>>, string]>([
  [
    "fetch fails",
    { fetch: { code: 1, message: "some line\nThere is no snapshot of etcd.\n" } },
    "fetch: There is no snapshot of etcd.",
  ],
  ["fetch is out of memory", { fetch: { code: 137 } }, "fetch: Error, exit code 137"],
  ["restore fails", { ...well, restore: { code: 1, message: "Error: disk" }, prove: "runs" }, "restore: Error: disk"],
  ["etcd ends by itself", { ...well, etcd: { code: 0 }, prove: "runs" }, "etcd ended by itself."],
  ["etcd fails", { ...well, etcd: { code: 2, message: "panic: x" }, prove: "runs" }, "etcd: panic: x"],
  ["nothing is found", { ...well, fetch: { code: 0 } }, "The copy does not say which snapshot it was made of."],
  [
    "there are too few",
    { ...well, prove: { code: 1, message: "The copy has 3 objects.\n" } },
    "prove: The copy has 3 objects.",
  ],
])("when %s the drill has failed, leaves nothing, and the last success as it was", async (_, fates, error) => {
  kubelet.fates = fates;
  const { status, output } = await drill.run();
  expect([status, output]).toEqual([1, expect.stringContaining(`The restore is not proven: ${error}`)]);
  expect(await drill.remembered()).toMatchObject({ error });
  expect(drill.pushed[0]).toContain("backup_restore_drill_success 0\n");
  expect(drill.pushed[0]).not.toMatch(/last_success|lag_seconds|objects/);
});

test("a copy that its node evicts has failed, with what the node says", async () => {
  kubelet.fates = { fetch: "runs" };
  kubelet.status = { phase: "Failed", reason: "Evicted", message: "The node was low on resource: ephemeral-storage." };
  expect(await drill.run()).toMatchObject({ status: 1 });
  expect(await drill.remembered()).toMatchObject({
    error: "The copy failed: The node was low on resource: ephemeral-storage.",
  });
});

test("a copy that gets nowhere is given up, with what was last seen of it", async () => {
  kubelet.fates = { fetch: { waits: "ImagePullBackOff" } };
  expect(await drill.run({ RESTORE_TIMEOUT_SECONDS: "1" })).toMatchObject({ status: 1 });
  expect(await drill.remembered()).toMatchObject({
    error: "The restore took longer than 1 seconds; the last that was seen: fetch waits: ImagePullBackOff",
  });
});

test("a copy that somebody takes away is no proof", async () => {
  kubelet.fates = { fetch: "runs" };
  const outcome = drill.run();
  await until(() => kubelet.seen.length === 1);
  await drill.api.ask("DELETE", `${pods}/${name}-copy?gracePeriodSeconds=0`);
  expect(await outcome).toMatchObject({ status: 1, output: expect.stringContaining("Somebody took the copy away.") });
});

test("a drill that is ended from outside cleans up first, and says so", async () => {
  kubelet.fates = { fetch: "runs" };
  const child = drill.begin();
  const outcome = ended(child);
  await until(() => kubelet.seen.length === 1);
  child.kill("SIGTERM");
  expect(await outcome).toMatchObject({ status: 1, output: expect.stringContaining("was ended by SIGTERM.") });
  expect(drill.pushed[0]).toContain("backup_restore_drill_success 0\n");
});

test("what a drill leaves that was killed is taken away by the next one, which is held all the same", async () => {
  kubelet.fates = { fetch: "runs" };
  const child = drill.begin();
  const outcome = ended(child);
  await until(() => kubelet.seen.length === 1);
  child.kill("SIGKILL");
  await outcome;
  expect(await drill.namesIn(pods)).toEqual([`${name}-copy`]);
  kubelet.fates = well;
  expect(await drill.run()).toMatchObject({ status: 0 });
  expect(kubelet.seen).toHaveLength(2);
});

test("its account may make and delete one pod, keep the history, and look at no secret", async () => {
  const user = `system:serviceaccount:${name}:${name}`;
  const may = (verb: string, resource: string, object: string, namespace = name) =>
    drill.api.mayDo(user, { verb, group: "", resource, namespace, name: object });
  expect(await may("delete", "pods", `${name}-copy`)).toBe(true);
  expect(await may("delete", "pods", "another")).toBe(false);
  expect(await may("list", "pods", "")).toBe(false);
  expect(await may("get", "secrets", "s3-drill")).toBe(false);
  expect(await may("update", "configmaps", name)).toBe(false);
  expect(await may("create", "pods", "", "backup")).toBe(false);
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}
