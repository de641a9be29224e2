/** State in an S3 store, with the real Terraform and a real S3 server. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { S3State } from "../../index";
import { addCluster } from "../helpers/clusters";
import { Moto } from "../helpers/moto";
import { newApp } from "../helpers/synth";
import { failureOf, Workspace } from "./support/terraform";

let moto: Moto;
let stack: Workspace;
const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "s3-state-")));
const outdir = path.join(folder, "cdktf.out");

const key = "test/test-cluster/terraform.tfstate";

/** Synthesizes the stack anew, with its state there, or in a file. */
function synthesize(state?: S3State): void {
  const cwd = jest.spyOn(process, "cwd").mockReturnValue(folder);
  try {
    const app = newApp(outdir);
    addCluster(app, state === undefined ? {} : { site: { state } });
    app.synth();
  } finally {
    cwd.mockRestore();
  }
}

const s3State = () => ({ bucket: "states", region: "main", endpoint: moto.endpoint });

/** Asks the store as nobody in particular, whom it does not refuse. */
async function asked(place: string, method = "GET", body?: string): Promise<string> {
  const answer = await fetch(`${moto.endpoint}/states${place}`, { method, ...(body === undefined ? {} : { body }) });
  return answer.text();
}

async function keys(): Promise<readonly string[]> {
  return [...(await asked("?list-type=2")).matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, found = ""]) => found);
}

beforeAll(async () => {
  process.env["AWS_ACCESS_KEY_ID"] = "test";
  process.env["AWS_SECRET_ACCESS_KEY"] = "test";
  moto = await Moto.start();
  await asked("", "PUT");
  await asked("?versioning", "PUT", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
  synthesize();
  stack = new Workspace(path.join(outdir, "stacks/test-cluster"));
});

afterAll(async () => {
  await moto.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("STATE-3: state moves from its file to the bucket, and then there is nothing to do", async () => {
  await stack.init();
  await stack.apply();
  const before = (await stack.state()).map(({ address }) => address);
  synthesize(s3State());
  expect(await failureOf(stack.apply())).toContain("Backend initialization required");
  await stack.run("init", "-input=false", "-no-color", "-migrate-state", "-force-copy");
  expect(await keys()).toEqual([key]);
  expect((await stack.state()).map(({ address }) => address)).toEqual(before);
  expect(await stack.plan()).toEqual({ changes: [], drift: [], outputs: [] });
});

test("STATE-1, T-20: Terraform says nothing against the backend, and takes its lock away again", async () => {
  expect(await stack.run("init", "-input=false", "-no-color")).not.toMatch(/warning|deprecated/i);
  await stack.apply();
  expect(await keys()).toEqual([key]);
});

test("STATE-1: of two who apply at the same time, the second is refused while the first is at work", async () => {
  const address = (await stack.state()).find(({ type }) => type === "talos_machine_configuration_apply")?.address;
  const first = stack.with({ delayMs: 3000 }).apply(`-replace=${address}`);
  while (!(await keys()).includes(`${key}.tflock`)) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await failureOf(stack.apply())).toContain("Error acquiring the state lock");
  await first;
  expect(await keys()).toEqual([key]);
  expect(await stack.plan()).toEqual({ changes: [], drift: [], outputs: [] });
});

test("STATE-2: with versions, the state before the last change is still there", async () => {
  const versions = await asked(`?versions&prefix=${key}`);
  expect(versions.match(/<Version>/g)?.length).toBeGreaterThan(1);
});
