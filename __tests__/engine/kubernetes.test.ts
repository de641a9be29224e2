/** What is inside of a cluster in the real Terraform: made once, changed in place, and without a secret in the state. */
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { type App, TerraformVariable } from "cdktf";
import { parse } from "yaml";
import {
  HelmChart,
  KubernetesNamespace,
  type KubernetesObject,
  KubernetesObjects,
  KubernetesSecret,
} from "../../index";
import { addStack } from "../helpers/platforms";
import { synthesize } from "./support/app";
import { Workspace } from "./support/terraform";
import { World } from "./support/world";

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "kubernetes-")));
const world = new World();
const stack = new Workspace(path.join(folder, "cdktf.out/stacks/test-platform"), world.options);
const idle = { changes: [], drift: [], outputs: [] };

const secret = "correct horse battery staple";
const mail = 'a "quoted" ${address}\nof: two lines # and %{more}';

interface Changes {
  readonly revision?: number;
  readonly text?: string;
}

function platform({ revision = 1, text = "echo ${HOME}\n" }: Changes = {}): (app: App) => void {
  return addStack((scope) => {
    const variable = (name: string, sensitive: boolean) =>
      new TerraformVariable(scope, name, { type: "string", sensitive }).stringValue;
    const { namespaceName: namespace, resource } = new KubernetesNamespace(scope, "backups");
    new KubernetesSecret(scope, "s3", {
      namespace: resource.metadata.name,
      data: { SECRET_KEY: variable("secret_key", true) },
      revision,
    });
    new HelmChart(scope, "cnpg", {
      repository: "https://charts.example.com",
      chart: "cloudnative-pg",
      version: "0.29.0",
      namespace,
    });
    const annotations = { mail: `to ${variable("mail", false)}!` };
    const config: KubernetesObject = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "script", namespace, annotations },
      data: { run: text },
    };
    new KubernetesObjects(scope, "objects", { namespace, objects: [config], dependsOn: [resource] });
  });
}

function change(changes: Changes): void {
  synthesize(folder, platform(changes));
  give(secret);
}

function give(secretKey: string): void {
  writeFileSync(
    path.join(stack.directory, "variables.auto.tfvars.json"),
    JSON.stringify({ secret_key: secretKey, mail }),
  );
}

async function planned(): Promise<readonly (readonly [string, string])[]> {
  const { changes } = await stack.plan();
  return changes.map(({ address, actions }) => [address.replace(/_[0-9A-F]{8}$/, ""), actions.join()]);
}

beforeAll(async () => {
  change({});
  await stack.init();
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  world.remove();
});

test("is valid, is planned before there is a cluster, and is applied once", async () => {
  expect(await stack.validate()).toEqual([]);
  expect((await planned()).map(([, actions]) => actions)).toEqual(["create", "create", "create", "create"]);
  await stack.apply();
  expect(await stack.plan()).toEqual(idle);
});

test("Helm gets the objects as they are, with what Terraform knows in its place", () => {
  const [{ values }] = world
    .objects("helm_release")
    .map(({ attributes }) => attributes)
    .filter(({ name }) => name === "objects") as [{ readonly values: readonly [string] }];
  expect(parse(values[0], { version: "1.1" }).objects).toEqual([
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "script", namespace: "backups", annotations: { mail: `to ${mail}!` } },
      data: { run: "echo ${HOME}\n" },
    },
  ]);
});

test("the value of a secret is not in the state", () => {
  const state = readFileSync(path.join(folder, "terraform.test-platform.tfstate"), "utf8");
  expect(state).toContain("kubernetes_secret_v1");
  expect(state).not.toContain(secret);
});

test("another value of a secret is written when its revision is raised, and not before", async () => {
  give("another one");
  expect(await stack.plan()).toEqual(idle);
  change({ revision: 2 });
  expect(await planned()).toEqual([["kubernetes_secret_v1.s3", "update"]]);
  await stack.apply();
  expect(await stack.plan()).toEqual(idle);
});

test("a line that changes in an object changes its release in place", async () => {
  change({ revision: 2, text: "echo $HOME\n" });
  expect(await planned()).toEqual([["helm_release.objects", "update"]]);
  await stack.apply();
  expect(await stack.plan()).toEqual(idle);
});
