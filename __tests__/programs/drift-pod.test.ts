/** What runs in a pod of `DriftDetection`: the programs before `drift`, and all of it as its Job says. */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { providerEnvironment } from "../engine/support/provider-mirror";
import { addDriftDetection } from "../helpers/drift-detection";
import { type Attributes, newApp } from "../helpers/synth";
import { DriftSite } from "./support/drift-site";
import { Pod } from "./support/pod";
import { printed, run } from "./support/programs";

const root = path.resolve(__dirname, "../..");
const scripts = path.join(root, "scripts");
const identity = ["-c", "user.name=Ops", "-c", "user.email=ops@example.com"];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "drift-pod-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe("the checkout", () => {
  const program = path.join(scripts, "drift-checkout.sh");
  const git = (...args: readonly string[]) => execFileSync("git", [...identity, ...args], { cwd: upstream() });
  const upstream = () => path.join(folder, "upstream");
  const checkout = () => path.join(folder, "checkout");
  const checkedOut = (env: Readonly<Record<string, string>> = {}) => {
    const settings = { REPOSITORY_URL: upstream(), REPOSITORY_BRANCH: "main", REPOSITORY_FOLDER: checkout() };
    return run("env", [...Object.entries({ ...settings, ...env }).map((pair) => pair.join("=")), "sh", program]);
  };

  beforeEach(() => {
    mkdirSync(upstream());
    git("init", "-q", "-b", "main");
    commit("first");
  });

  function commit(text: string): void {
    writeFileSync(path.join(upstream(), "main.tf"), text);
    git("add", ".");
    git("commit", "-q", "-m", text);
  }

  test("is what shellcheck lets pass", () => {
    expect(printed("shellcheck", [program])).toBe("");
  });

  test("brings the newest commit, the first time and each time after, whatever happened there", () => {
    expect(checkedOut().status).toBe(0);
    expect(readFileSync(path.join(checkout(), "main.tf"), "utf8")).toBe("first");
    writeFileSync(path.join(checkout(), "main.tf"), "changed by hand");
    commit("second");
    // What was pushed by force is no descendant of what is there.
    git("commit", "-q", "--amend", "-m", "other");
    expect(checkedOut().status).toBe(0);
    expect(readFileSync(path.join(checkout(), "main.tf"), "utf8")).toBe("second");
  });

  test("runs a command in it, and fails with it", () => {
    expect(checkedOut({ REPOSITORY_PREPARE: "false; touch synthesized" }).status).toBe(1);
    expect(checkedOut({ REPOSITORY_PREPARE: "touch synthesized" }).status).toBe(0);
    expect(readFileSync(path.join(checkout(), "synthesized"), "utf8")).toBe("");
  });

  test("fails where there is no such branch, and leaves nothing that looks like a checkout", () => {
    expect(checkedOut({ REPOSITORY_BRANCH: "gone" }).status).not.toBe(0);
    expect(checkedOut().status).toBe(0);
  });
});

describe("DRF-3: the login to Vault", () => {
  const program = path.join(scripts, "vault-credentials.mjs");
  const settings = {
    role: "terraform-plan-runner",
    login: "auth/kubernetes/login",
    env: { PROXMOX_VE_API_TOKEN: { path: "secret/data/proxmox", key: "token" } },
    files: { kubeconfig: { path: "kv/cluster", key: "kubeconfig" } },
  };

  test("leaves what it reads for the next container, and prints none of it", async () => {
    const { code, output } = await loggedIn(settings);
    expect({ code, output }).toEqual({
      code: 0,
      output: "Logged in as terraform-plan-runner for 3600 s; read 2 secrets.\n",
    });
    const environment = path.join(folder, "environment");
    expect(statSync(environment).mode & 0o777).toBe(0o600);
    expect(readFileSync(path.join(folder, "kubeconfig"), "utf8")).toBe("s3cret: kubeconfig");
    const shell = `. "${environment}" && printf %s "$VAULT_TOKEN $PROXMOX_VE_API_TOKEN"`;
    expect(printed("sh", ["-c", shell])).toBe("hvs.s3cret it's a $(s3cret)\n");
  });

  test.each([
    ["another role", { ...settings, role: "admin" }, "auth/kubernetes/login: status 403"],
    ["a secret that it may not read", withEnv("secret/data/other", "token"), "secret/data/other: status 404"],
    ["a key that is not there", withEnv("kv/cluster", "token"), 'kv/cluster has no text under "token".'],
  ])("fails with %s, and says why", async (_, asked, reason) => {
    const { code, output } = await loggedIn(asked);
    expect(code).toBe(1);
    expect(output).toContain(reason);
    expect(output).not.toContain("s3cret");
  });

  test("asks again while Vault is sealed", async () => {
    const { code, output } = await loggedIn(settings, 1);
    expect(code).toBe(0);
    expect(output).toContain("status 503; trying again");
  });

  function withEnv(secret: string, key: string) {
    return { ...settings, env: { PROXMOX_VE_API_TOKEN: { path: secret, key } } };
  }

  function loggedIn(asked: object, sealed = 0) {
    return withVault(async (address) => {
      const token = path.join(folder, "token");
      writeFileSync(token, `${accountToken}\n`);
      writeFileSync(path.join(folder, "settings.json"), JSON.stringify({ ...asked, token }));
      const child = spawn(process.execPath, [program, path.join(folder, "settings.json"), folder], {
        env: { VAULT_ADDR: `${address}/` },
      });
      let output = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (text: string) => {
          output += text;
        });
      }
      const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
      return { code, output };
    }, sealed);
  }
});

describe("a run of the Job", () => {
  const stacks = ["a", "b", "c"];
  let site: DriftSite;

  beforeAll(() => {
    printed("npm", ["run", "--silent", "--prefix", root, "bundle"]);
    site = new DriftSite();
  });

  afterEach(() => site.clear());

  afterAll(() => site.remove());

  test("DRF-1, DRF-3, DRF-6: its pods plan what they check out, with what Vault gives them, and keep it on one volume", async () => {
    await site.build("a", "b", "c");
    site.delete("b");
    await withVault(async (address) => {
      const outcomes = await Promise.all(podsOf(address).map((pod) => pod.run(environment())));
      expect(outcomes).toEqual([expect.objectContaining({ code: 0 }), expect.objectContaining({ code: 0 })]);
      const results = path.join(folder, "data/results");
      const result = JSON.parse(readFileSync(path.join(results, "drift.json"), "utf8"));
      expect(result).toMatchObject({ run: "drift-1", commit: expect.stringMatching(/^[0-9a-f]{40}$/) });
      // Only with the value from Vault the configuration is what was applied.
      expect(result.stacks.map(({ name, class: is }: Attributes) => [name, is])).toEqual([
        ["a", "clean"],
        ["b", "drift"],
        ["c", "clean"],
      ]);
      expect(readdirSync(results)).toEqual(["drift.html", "drift.json", "shard-0.json", "shard-1.json"]);
    });
  });

  test("DRF-2: SIGTERM reaches the program, which then says what it has not measured", async () => {
    await site.build("a", "b", "c");
    await withVault(async (address) => {
      const [pod] = podsOf(address);
      const env = { ...environment(), PROVIDER_DOUBLE_READ_DELAY_MS: "3600000" };
      const isPlanning = () => readdirSync(path.join(site.folder, "tmp"), { recursive: true }).some(isData);
      const outcome = await pod?.run(env, { when: isPlanning, signal: "SIGTERM" });
      expect(outcome).toMatchObject({ code: 3, output: expect.stringContaining("ended by SIGTERM") });
    });
  });

  /** What Terraform keeps while it plans. */
  function isData(name: unknown): boolean {
    return /\/data-\w+\//.test(String(name));
  }

  /** What Terraform needs here to find the provider double. */
  function environment(): NodeJS.ProcessEnv {
    const double = providerEnvironment(site.world.options);
    return { ...double, PATH: process.env["PATH"], TMPDIR: path.join(site.folder, "tmp") };
  }

  /** The pods of a Job for the stacks of the site, which have a value from Vault in their configuration. */
  function podsOf(vault: string): readonly Pod[] {
    for (const name of stacks) {
      const it = { pool_id: name, comment: "${var.comment}" };
      site.write(name, { more: { variable: { comment: {} }, resource: { proxmox_virtual_environment_pool: { it } } } });
    }
    const git = (...args: readonly string[]) => execFileSync("git", [...identity, ...args], { cwd: site.root });
    git("init", "-q", "-b", "main");
    git("add", "*.tf.json", "*.tfstate", "*.lock.hcl");
    git("commit", "-q", "-m", "first");
    const url = "git@git.example.com:infra.git";
    const env = { TF_VAR_comment: { path: "secret/data/pools", key: "comment" } };
    const { objects } = addDriftDetection(newApp(path.join(folder, "unused")), {
      scale: { stacks: stacks.length, secondsPerStack: 0.1, shards: 2 },
      repository: { url, deployKey: "key" },
      credentials: { from: "vault", address: vault, env },
    }).objects;
    const of = (kind: string): Attributes => objects.find((object) => object.kind === kind) ?? {};
    const { completions, template } = of("CronJob")["spec"].jobTemplate.spec;
    return Array.from({ length: completions }, (_, index) => {
      const own = path.join(folder, String(index));
      const pod = new Pod(template.spec, own, {
        [url]: `file://${site.root}`,
        // What the image and the node bring.
        "/usr/local/lib/drift.js": path.join(root, "dist/drift.js"),
        [path.join(own, "data")]: path.join(folder, "data"),
        "--shard=/": `--shard=${index}/`,
        "$(RUN)": "drift-1",
      });
      for (const [name, text] of Object.entries<string>(of("ConfigMap")["data"])) {
        pod.put(`program/${name}`, text.replaceAll('"/vault-token', `"${own}/vault-token`));
      }
      pod.put("vault-token/token", accountToken);
      return pod;
    });
  }
});

const accountToken = "a.service.account";
const secrets: Readonly<Record<string, object>> = {
  "/v1/secret/data/proxmox": { data: { data: { token: "it's a $(s3cret)\n" }, metadata: { version: 3 } } },
  "/v1/secret/data/pools": { data: { data: { comment: "ours" }, metadata: { version: 1 } } },
  "/v1/kv/cluster": { data: { kubeconfig: "s3cret: kubeconfig" } },
};

/** A Vault that knows one account, and has been sealed for so many requests. */
async function withVault<T>(work: (address: string) => Promise<T>, sealed = 0): Promise<T> {
  let left = sealed;
  const vault = createServer(async (request, response) => {
    const answer = left-- > 0 ? { status: 503, body: {} } : await vaultAnswer(request);
    response.writeHead(answer.status).end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => vault.listen(0, "127.0.0.1", resolve));
  try {
    return await work(`http://127.0.0.1:${(vault.address() as AddressInfo).port}`);
  } finally {
    vault.closeAllConnections();
    vault.close();
  }
}

async function vaultAnswer(request: IncomingMessage): Promise<{ readonly status: number; readonly body: object }> {
  if (request.method === "POST" && request.url === "/v1/auth/kubernetes/login") {
    const { role, jwt } = JSON.parse((await request.toArray()).join(""));
    const isKnown = role === "terraform-plan-runner" && jwt === accountToken;
    const auth = { client_token: "hvs.s3cret", lease_duration: 3600 };
    return isKnown ? { status: 200, body: { auth } } : { status: 403, body: { errors: ["s3cret"] } };
  }
  const body = request.headers["x-vault-token"] === "hvs.s3cret" ? secrets[request.url ?? ""] : undefined;
  return body === undefined ? { status: 404, body: { errors: [] } } : { status: 200, body };
}
