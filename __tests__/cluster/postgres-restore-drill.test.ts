/**
 * The program of a drill, in the name of its own account, against a real API server that holds it to its rights. Whoever
 * would make something of a Cluster or of a Pod is played.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { KubernetesObject } from "../../index";
import { freePort } from "../helpers/free-port";
import { addPostgres } from "../helpers/postgres";
import { type Synthesized, synthesize } from "../helpers/synth";
import { Api } from "./support/api";
import { Drill, ended } from "./support/drill";

const name = "drill-main";
const api = Api.ofThisRun();
const clusters = `/apis/postgresql.cnpg.io/v1/namespaces/${name}/clusters`;
const pods = `/api/v1/namespaces/${name}/pods`;
const volumes = `/api/v1/namespaces/${name}/persistentvolumeclaims`;
const moment = { TARGET_MINUTES_AGO: "60" };

let drill: Drill;
let operator: Operator;

beforeAll(async () => {
  const { "lab-databases": stack } = synthesize((app) => addPostgres(app, { drill: {} }));
  drill = await Drill.of(stack as Synthesized, name, ["postgres-restore-drill.mjs", "cluster.json", "proof.json"]);
});

beforeEach(async () => {
  await drill.reset();
  operator = new Operator();
});

afterEach(async () => {
  await operator.stop();
  expect(await left()).toEqual([]);
});

afterAll(() => drill.close());

/** What CloudNativePG and the kubelet would do, as far as a drill sees it. */
class Operator {
  /** What the copy is in the end. */
  phase: "ready" | "stuck" = "ready";
  /** How the proof ends. */
  proof: { readonly phase: "Succeeded" | "Failed"; readonly message: string } = {
    phase: "Succeeded",
    message: "lag_seconds=42\n",
  };
  /** The Clusters that there were. */
  readonly seen: KubernetesObject[] = [];
  /** The proofs that there were. */
  readonly proofs: KubernetesObject[] = [];
  #running = true;
  readonly #done = this.#work();

  async stop(): Promise<void> {
    this.#running = false;
    await this.#done;
  }

  async #work(): Promise<void> {
    while (this.#running) {
      const { body } = await api.ask("GET", `${clusters}/${name}`);
      if (body.kind !== "Cluster") {
        await this.#collect();
      } else if (body.status === undefined) {
        this.seen.push(body);
        await this.#serve(body);
      }
      await this.#prove();
      await sleep(20);
    }
    await this.#collect();
  }

  async #serve(cluster: KubernetesObject): Promise<void> {
    const labels = { "cnpg.io/cluster": name };
    const resources = { requests: { storage: "20Gi" } };
    const claim = { metadata: { name: `${name}-1`, labels }, spec: { accessModes: ["ReadWriteOnce"], resources } };
    await api.ask("POST", volumes, JSON.stringify(claim));
    const security = { runAsNonRoot: true, runAsUser: 26, seccompProfile: { type: "RuntimeDefault" } };
    const container = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
    const instance = {
      metadata: { name: `${name}-1`, labels },
      spec: { securityContext: security, containers: [{ name: "postgres", image: "x", securityContext: container }] },
    };
    expect((await api.ask("POST", pods, JSON.stringify(instance))).status).toBe(201);
    const status =
      this.phase === "ready"
        ? { phase: "Cluster in healthy state", readyInstances: 1 }
        : { phase: "Setting up primary", phaseReason: "Creating primary instance drill-main-1" };
    await this.#setStatus(`${clusters}/${cluster.metadata.name}`, status);
  }

  async #prove(): Promise<void> {
    const { body } = await api.ask("GET", `${pods}/${name}-proof`);
    if (body.kind !== "Pod" || body.status.phase !== "Pending") return;
    this.proofs.push(body);
    const terminated = { exitCode: this.proof.phase === "Failed" ? 1 : 0, message: this.proof.message };
    const container = { name: "proof", ready: false, restartCount: 0, image: "x", imageID: "x", state: { terminated } };
    await this.#setStatus(`${pods}/${name}-proof`, { phase: this.proof.phase, containerStatuses: [container] });
  }

  /** Takes away what belonged to a Cluster that is gone. */
  async #collect(): Promise<void> {
    if ((await api.ask("GET", `${clusters}/${name}`)).body.kind === "Cluster") return;
    const place = `${volumes}/${name}-1`;
    await api.ask("DELETE", `${pods}/${name}-1?gracePeriodSeconds=0`);
    if ((await api.ask("DELETE", place)).status === 200) {
      const unprotected = JSON.stringify({ metadata: { finalizers: null } });
      await api.ask("PATCH", place, unprotected, "application/merge-patch+json");
    }
  }

  async #setStatus(place: string, status: object): Promise<void> {
    await api.ask("PATCH", `${place}/status`, JSON.stringify({ status }), "application/merge-patch+json");
  }
}

/** What there is beside what was applied, by name. */
function left(): Promise<readonly string[]> {
  return drill.namesIn(clusters, pods, volumes);
}

function begin(env: Readonly<Record<string, string>> = {}) {
  return drill.begin({ ...moment, ...env });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}

test("DR-1: a copy is made of the moment, proven, taken away, timed and remembered", async () => {
  const { status, output } = await ended(begin());
  expect([status, output]).toEqual([
    0,
    expect.stringContaining("The restore is proven: the copy was 42 seconds behind"),
  ]);

  const [copy] = operator.seen;
  const { recoveryTarget } = Object(copy?.["spec"]).bootstrap.recovery;
  const { started, target, seconds, ...run } = await drill.remembered();
  expect(recoveryTarget).toEqual({ targetTime: target });
  expect(Date.parse(String(started)) - Date.parse(String(target))).toBe(3_600_000);
  const [{ env }] = Object(operator.proofs[0]?.["spec"]).containers;
  expect(env).toContainEqual({ name: "TARGET_TIME", value: target });
  expect(run).toEqual({ lagSeconds: 42 });
  expect(Object.keys(Object(seconds))).toEqual(["restore", "prove", "clean_up"]);

  expect(drill.pushed).toEqual([expect.stringMatching(/^POST \/metrics\/job\/restore-drill\/drill\/drill-main\n/)]);
  for (const line of [
    "success 1",
    "lag_seconds 42",
    'duration_seconds{step="restore"} ',
    "last_success_timestamp_seconds 1",
  ]) {
    expect(drill.pushed[0]).toContain(`backup_restore_drill_${line}`);
  }
});

test.each([
  ["refuted", { phase: "Failed", message: "The copy has no sentinel row.\n" }, "The copy has no sentinel row."],
  ["silent", { phase: "Failed", message: "" }, "The proof failed without a word."],
  ["strange", { phase: "Succeeded", message: "hello" }, "The proof said something else than was asked: hello"],
] as const)(
  "a proof that is %s is a failed drill, which leaves nothing, and the last success as it was",
  async (_, proof, error) => {
    operator.proof = proof;
    const { status, output } = await ended(begin());
    expect([status, output]).toEqual([1, expect.stringContaining(`The restore is not proven: ${error}`)]);
    expect(await drill.remembered()).toMatchObject({ error });
    expect(drill.pushed[0]).toContain("backup_restore_drill_success 0\n");
    expect(drill.pushed[0]).not.toMatch(/last_success|lag_seconds/);
  },
);

test("a copy that does not become ready is given up, with what was last seen of it", async () => {
  operator.phase = "stuck";
  const { status } = await ended(begin({ RESTORE_TIMEOUT_SECONDS: "1" }));
  expect(status).toBe(1);
  expect(await drill.remembered()).toMatchObject({
    error:
      "The restore took longer than 1 seconds; the last that was seen: Setting up primary (Creating primary instance drill-main-1)",
  });
});

test("a drill that is ended from outside cleans up first", async () => {
  operator.phase = "stuck";
  const child = begin();
  const outcome = ended(child);
  await until(() => operator.seen.length === 1);
  child.kill("SIGTERM");
  expect(await outcome).toMatchObject({
    status: 1,
    output: expect.stringContaining("The drill was ended by SIGTERM."),
  });
  expect(drill.pushed[0]).toContain("backup_restore_drill_success 0\n");
});

test("what a drill leaves that was killed is taken away by the next one, which is held all the same", async () => {
  operator.phase = "stuck";
  const child = begin();
  const outcome = ended(child);
  await until(() => operator.seen.length === 1);
  child.kill("SIGKILL");
  await outcome;
  expect(await left()).toContain(name);
  await drill.reset();
  operator.phase = "ready";
  expect(await ended(begin())).toMatchObject({ status: 0, output: expect.stringContaining("Left are drill-main") });
  expect(operator.seen).toHaveLength(2);
});

test("a Pushgateway that is away does not keep the result from the history", async () => {
  const { status, output } = await ended(begin({ PUSHGATEWAY_URL: `http://127.0.0.1:${await freePort()}` }));
  expect([status, output]).toEqual([0, expect.stringContaining("ECONNREFUSED")]);
  expect(await drill.remembered()).toMatchObject({ lagSeconds: 42 });
});

test("an API server that does not answer ends the drill with its reason", async () => {
  const { status, output } = await ended(begin({ KUBERNETES_SERVICE_PORT: String(await freePort()) }));
  expect([status, output]).toEqual([1, expect.stringContaining("The restore is not proven: DELETE")]);
  expect(output).toContain("ECONNREFUSED");
});

test("its account may look at no secret, and at nothing of the cluster that it copies", async () => {
  const user = `system:serviceaccount:${name}:${name}`;
  const may = (verb: string, group: string, resource: string, namespace: string) =>
    api.mayDo(user, { verb, group, resource, namespace, name });
  expect(await may("get", "postgresql.cnpg.io", "clusters", name)).toBe(true);
  expect(await may("delete", "postgresql.cnpg.io", "clusters", "databases")).toBe(false);
  expect(await may("get", "", "secrets", name)).toBe(false);
  expect(await may("get", "", "secrets", "databases")).toBe(false);
  expect(await may("create", "", "pods", "databases")).toBe(false);
});
