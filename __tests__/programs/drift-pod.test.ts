/** The programs that run in a pod before `drift` does. */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { printed, run } from "./support/programs";

const scripts = path.resolve(__dirname, "../../scripts");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "drift-pod-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe("the checkout", () => {
  const program = path.join(scripts, "drift-checkout.sh");
  const identity = ["-c", "user.name=Ops", "-c", "user.email=ops@example.com"];
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
  const secrets: Readonly<Record<string, object>> = {
    "/v1/secret/data/proxmox": { data: { data: { token: "it's a $(s3cret)\n" }, metadata: { version: 3 } } },
    "/v1/kv/cluster": { data: { kubeconfig: "s3cret: kubeconfig" } },
  };
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

  /** Runs it against a Vault that has been sealed for so many requests. */
  async function loggedIn(asked: object, sealed = 0) {
    let left = sealed;
    const vault = createServer(async (request, response) => {
      const answer = left-- > 0 ? { status: 503, body: {} } : await answerTo(request);
      response.writeHead(answer.status).end(JSON.stringify(answer.body));
    });
    await new Promise<void>((resolve) => vault.listen(0, "127.0.0.1", resolve));
    const token = path.join(folder, "token");
    writeFileSync(token, "a.service.account\n");
    writeFileSync(path.join(folder, "settings.json"), JSON.stringify({ ...asked, token }));
    const VAULT_ADDR = `http://127.0.0.1:${(vault.address() as AddressInfo).port}/`;
    const child = spawn(process.execPath, [program, path.join(folder, "settings.json"), folder], {
      env: { VAULT_ADDR },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    vault.close();
    return { code, output };
  }

  async function answerTo(request: IncomingMessage): Promise<{ readonly status: number; readonly body: object }> {
    if (request.method === "POST" && request.url === "/v1/auth/kubernetes/login") {
      const body = JSON.parse((await request.toArray()).join(""));
      const isKnown = body.role === "terraform-plan-runner" && body.jwt === "a.service.account";
      const auth = { client_token: "hvs.s3cret", lease_duration: 3600 };
      return isKnown ? { status: 200, body: { auth } } : { status: 403, body: { errors: ["s3cret"] } };
    }
    const body = request.headers["x-vault-token"] === "hvs.s3cret" ? secrets[request.url ?? ""] : undefined;
    return body === undefined ? { status: 404, body: { errors: [] } } : { status: 200, body };
  }
});
