/** `drift` on stacks of the real Terraform, whose provider is the double of the engine tier. */
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { setTimeout } from "node:timers/promises";
import { address, DriftSite } from "./support/drift-site";
import { run as runProgram } from "./support/programs";

let site: DriftSite;

beforeAll(() => {
  site = new DriftSite();
});

afterEach(() => site.clear());

afterAll(() => site.remove());

const week = ["a", "b", "c", "d", "e", "f"];

describe("every class is told from the others", () => {
  test("clean", async () => {
    await site.build("a");
    const run = await site.run(["--format", "lines"]);
    expect(run.stack("a")).toMatchObject({ class: "clean", findings: [], outputs: [] });
    expect(JSON.parse(run.stdout)).toMatchObject({ name: "a", class: "clean" });
    expect(run.artifacts).toContain('\ntf_drift_status{stack="a"} 0\n');
    expect(run.code).toBe(0);
  });

  test("drift: changed behind Terraform's back, or gone", async () => {
    await site.build("a", "b");
    site.edit("a", (pool) => {
      pool["comment"] = "theirs";
    });
    site.delete("b");
    const run = await site.run(["--format", "lines"]);
    expect(run.stack("a")).toMatchObject({
      class: "drift",
      findings: [{ kind: "drift", address, action: "update", attributes: ["comment"] }],
      confirmed: true,
    });
    expect(run.stack("b")).toMatchObject({ class: "drift", findings: [{ action: "create", attributes: [] }] });
    expect(run.stdout.split("\n").map((line) => line && JSON.parse(line).class)).toEqual(["drift", "drift", ""]);
    expect(run.artifacts).toContain('\ntf_drift_status{stack="a"} 1\n');
    expect(run.code).toBe(1);
  });

  test("drift: what is computed from something that was changed behind Terraform's back", async () => {
    const it = { pool_id: "a", comment: "ours" };
    const other = { pool_id: "o", comment: `made with \${${address}.members[0].type}` };
    site.write("a", { more: { resource: { proxmox_virtual_environment_pool: { it, other } } } });
    await site.apply("a");
    site.edit("a", (pool) => {
      pool["members"] = [{ id: "x", datastore_id: "", node_name: "n", type: "planted", vm_id: 100 }];
    });
    const run = await site.run();
    expect(run.stack("a")).toMatchObject({
      class: "drift",
      findings: [
        { kind: "drift", address: "proxmox_virtual_environment_pool.other", attributes: ["comment"] },
        { kind: "silent drift", address },
      ],
    });
    expect(run.artifacts).not.toContain("planted");
  });

  test("silent drift: what an apply would leave alone", async () => {
    await site.build("a");
    site.edit("a", (pool) => {
      pool["members"] = [];
    });
    const run = await site.run();
    expect(run.stack("a")).toMatchObject({ class: "silent drift", findings: [{ attributes: ["members"] }] });
    expect(run.artifacts).toContain('\ntf_drift_status{stack="a"} 4\n');
    expect(run.code).toBe(1);
  });

  test("pending apply: the configuration is newer than the state", async () => {
    await site.build("a");
    site.write("a", { comment: "newer" });
    const run = await site.run();
    expect(run.stack("a")).toMatchObject({ class: "pending apply", findings: [{ attributes: ["comment"] }] });
    expect(run.artifacts).toContain('\ntf_drift_status{stack="a"} 5\n');
    expect(run.code).toBe(1);
  });

  test("output only", async () => {
    await site.build("a");
    site.write("a", { more: { output: { url: { value: "https://example.com" } } } });
    const run = await site.run();
    expect(run.stack("a")).toMatchObject({ class: "output only", findings: [], outputs: ["url"] });
    expect(run.code).toBe(0);
  });

  test("error: a provider that does not answer, twice", async () => {
    await site.build("a", "b");
    const run = await site.run([], {
      fail: ["read", "plan"].map((rpc) => `${rpc}:proxmox_virtual_environment_pool@a:1`),
    });
    expect(run.stack("a")).toMatchObject({
      class: "error",
      reason: `terraform plan failed: ${address}`,
      confirmed: true,
    });
    expect(run.stack("b")).toMatchObject({ class: "clean" });
    expect(run.artifacts).toContain('\ntf_drift_status{stack="a"} 2\n');
    expect(run.code).toBe(3);
  });

  test("error: a provider that does not start", async () => {
    await site.build("a");
    const run = await site.run([], { env: { PROVIDER_DOUBLE_SCHEMAS: site.folder } });
    expect(run.stack("a")).toMatchObject({
      class: "error",
      reason: "terraform plan failed: Failed to load plugin schemas",
    });
  });

  test("not measured: from the moment on at which the backend is out of reach", async () => {
    const states = new Map<string, string>();
    let reachable = true;
    let applied = false;
    const backend = await serve(async (method, url, body) => {
      reachable &&= !(applied && url === "/d");
      if (!reachable) return undefined;
      if (method === "POST") states.set(url, body);
      return states.get(url) ?? 404;
    });
    for (const name of week) {
      const { terraform, ...rest } = configuration(name);
      const http = { address: `${backend.url}/${name}`, retry_max: 0 };
      site.write(name, { more: { ...rest, terraform: { ...terraform, backend: { http } } } });
    }
    await site.apply(...week);
    applied = true;
    const run = await site.run(["--parallelism", "1"]);
    backend.close();
    expect(run.result.stacks.map((stack) => stack.class)).toEqual([
      ...["clean", "clean", "clean"],
      ...["not measured", "not measured", "not measured"],
    ]);
    expect(run.artifacts).toContain("states or providers were out of reach from some moment on");
    expect(run.artifacts).toContain("\ntf_drift_run_stacks_measured 3\n");
    expect(run.code).toBe(3);
  });
});

test("a backend that only some stacks cannot reach is an error of theirs, in every run", async () => {
  await site.build("d", "e");
  for (const name of ["a", "b", "c"]) {
    const { terraform, ...rest } = configuration(name);
    const http = { address: "http://127.0.0.1:9/state", retry_max: 0 };
    site.write(name, { more: { ...rest, terraform: { ...terraform, backend: { http } } } });
  }
  for (const classes of [1, 2].map(() => ["error", "error", "error", "clean", "clean"])) {
    const run = await site.run(["--parallelism", "1"]);
    expect(run.result.stacks.map((stack) => stack.class)).toEqual(classes);
  }
});

describe("a run that is ended", () => {
  const hour = 3_600_000;

  test("by its deadline ends what runs, and says that it was not measured", async () => {
    await site.build("a", "b");
    const run = await site.run(["--deadline", "2s", "--parallelism", "1"], { readDelayMs: hour });
    const reason = "the deadline of 2 s was reached";
    expect(run.result.stacks).toMatchObject([
      { name: "a", class: "not measured", reason },
      { name: "b", class: "not measured", reason },
    ]);
    expect(run.artifacts).toContain('\ntf_drift_status{stack="a"} 3\n');
    expect(run.code).toBe(3);
    expect(left()).toEqual([]);
  });

  test("by SIGTERM reports what is measured", async () => {
    await site.build("b");
    site.write("a");
    // They are planned in the order of their names: where the second one has been initialized, the first one has ended.
    rmSync(path.join(site.root, "b/.terraform.lock.hcl"));
    const begun = until(() => existsSync(path.join(site.root, "b/.terraform.lock.hcl")));
    const run = await site.run(["--parallelism", "1"], { readDelayMs: hour }, { signal: "SIGTERM", when: begun });
    expect(run.stack("a")).toMatchObject({ class: "pending apply" });
    expect(run.stack("b")).toMatchObject({ class: "not measured", reason: "ended by SIGTERM" });
    expect(run.code).toBe(3);
    expect(left()).toEqual([]);
  });

  test("kills what does not end, and what that started", async () => {
    await site.build("a");
    const stubborn = path.join(site.folder, "stubborn");
    writeFileSync(stubborn, "#!/bin/sh\n[ \"$1\" = --version ] && exit\ntrap '' INT TERM\nsleep 3600 &\nwait\n", {
      mode: 0o755,
    });
    const run = await site.run(["--deadline", "1s"], { env: { TERRAFORM_BINARY_NAME: stubborn } });
    expect(run.stack("a")).toMatchObject({ class: "not measured" });
    expect(left()).toEqual([]);
  });

  test("for one stack goes on with the others", async () => {
    await site.build("b");
    site.write("a");
    const run = await site.run(["--timeout", "5s", "--no-confirm"], { readDelayMs: hour });
    expect(run.stack("a")).toMatchObject({ class: "pending apply" });
    expect(run.stack("b")).toMatchObject({ class: "not measured", reason: "it took longer than 5 s" });
  });
});

describe("before it speaks, a suspect is planned again", () => {
  test("on the newest commit, which may have what was thought to be drift", async () => {
    await site.build("a", "b");
    for (const name of ["a", "b"]) {
      site.edit(name, (pool) => {
        pool["comment"] = "newer";
      });
    }
    git("init", "-q");
    git("add", "*.tf.json");
    git("commit", "-q", "-m", "The first");
    git("clone", "-q", "--bare", ".", "../upstream");
    git("remote", "add", "origin", "../upstream");
    git("fetch", "-q");
    git("branch", "-q", "-u", "origin/main");
    // Upstream gets the commit that the objects are of already.
    site.write("a", { comment: "newer" });
    git("commit", "-q", "-a", "-m", "The newest");
    const newest = git("rev-parse", "HEAD");
    git("push", "-q", "origin", "main");
    git("reset", "-q", "--hard", "HEAD^");
    const run = await site.run(["--update", "git pull -q --ff-only"]);
    expect(run.stack("a")).toMatchObject({ class: "silent drift", confirmed: true });
    expect(run.stack("b")).toMatchObject({ class: "drift" });
    expect(run.result.commit).toBe(newest);
  });

  test("so that what happens once is not told", async () => {
    await site.build("a");
    const run = await site.run([], { fail: ["read:proxmox_virtual_environment_pool:1"] });
    expect(run.stack("a")).toMatchObject({ class: "clean" });
    expect(run.code).toBe(0);
  });

  test("even if the newest commit cannot be had", async () => {
    await site.build("a");
    site.delete("a");
    const run = await site.run(["--update", "exit 7"]);
    expect(run.stderr).toContain("drift-update-failed");
    expect(run.stack("a")).toMatchObject({ class: "drift", confirmed: true });
  });
});

test("30 changes are all found, and none where there are none", async () => {
  const names = Array.from({ length: 40 }, (_, index) => `stack-${index}`);
  await site.build("stack-0", ...names.slice(1));
  const before = await site.run();
  expect(before.result.stacks.filter((stack) => stack.class !== "clean")).toEqual([]);
  const plant = [
    (name: string) =>
      site.edit(name, (pool) => {
        pool["comment"] = `changed ${name}`;
      }),
    (name: string) => site.delete(name),
    (name: string) =>
      site.edit(name, (pool) => {
        pool["members"] = [];
      }),
  ];
  for (const [index, name] of names.slice(0, 30).entries()) plant[index % plant.length]?.(name);
  const after = await site.run(["--no-confirm"]);
  const expected = names.map((name, index) =>
    index >= 30 ? [name, "clean", []] : [name, index % 3 === 2 ? "silent drift" : "drift", [address]],
  );
  expect(
    after.result.stacks.map((stack) => [stack.name, stack.class, stack.findings.map((one) => one.address)]),
  ).toEqual(expected.sort());
}, 180_000);

test("a finding keeps its age from run to run", async () => {
  await site.build("a");
  site.delete("a");
  const first = await site.run();
  const second = await site.run();
  expect(second.stack("a").findings[0]?.firstSeen).toBe(first.result.ended);
  expect(second.result.previous?.ended).toBe(first.result.ended);
});

test("shards have their part each, and together all of it", async () => {
  await site.build("a", "b", "c");
  site.delete("b");
  const files: string[] = [];
  const results = path.join(site.folder, "results");
  const options = ["--shard", "/2", "--results", results, "--run", "drift-1"];
  for (const index of ["0", "1"]) {
    const { result } = await site.run(options, { env: { JOB_COMPLETION_INDEX: index } });
    expect(result.all).toEqual(["a", "b", "c"]);
    files.push(path.join(site.folder, `shard-${index}.json`));
    copyFileSync(path.join(site.folder, "result.json"), files.at(-1) ?? "");
  }
  for (const all of [files, [path.join(results, "drift.json")]]) {
    const { code, stdout } = await site.command("report", ...all);
    expect(stdout).toContain("3 of 3 stacks measured");
    expect(code).toBe(1);
  }
});

test("DRF-6: a provider is fetched once for all stacks, which keep nothing of it", async () => {
  for (const name of week) site.write(name);
  const providers = path.join(site.folder, "providers");
  const options = ["--providers", providers, "--no-confirm"];
  const expected = week.map(() => "pending apply");
  const first = await site.run(options, { env: { TF_CLI_CONFIG_FILE: mirrorOf(packed()) } });
  expect(first.result.stacks.map((stack) => stack.class)).toEqual(expected);
  expect(readdirSync(providers)).toHaveLength(1);
  // There is nothing to fetch from any more.
  mkdirSync(path.join(site.folder, "empty"));
  const second = await site.run(options, { env: { TF_CLI_CONFIG_FILE: mirrorOf("empty") } });
  expect(second.result.stacks.map((stack) => stack.class)).toEqual(expected);
  for (const name of week) {
    expect(readdirSync(path.join(site.root, name)).sort()).toEqual([".terraform.lock.hcl", "main.tf.json"]);
  }
});

test("the workspace that is selected in a stack is the one that is planned", async () => {
  await site.build("a");
  await site.terraform("a", "workspace", "new", "other");
  expect((await site.run(["--no-confirm"])).stack("a")).toMatchObject({ class: "pending apply" });
  await site.terraform("a", "workspace", "select", "default");
  expect((await site.run()).stack("a")).toMatchObject({ class: "clean" });
});

test("no secret of a configuration, a state or a provider gets out", async () => {
  const secrets = ["planted", "changed", "newer", "output"].map((word) => `s3cret-${word}-value`);
  const [planted, changed, newer, output] = secrets;
  const user = { user_id: "a@pve", password: planted, comment: planted, first_name: planted };
  const more = (attributes: object) => ({
    resource: { proxmox_virtual_environment_user: { it: { ...user, ...attributes } } },
    output: { token: { value: output, sensitive: true } },
  });
  site.write("a", { more: more({}) });
  site.write("b", { more: more({ user_id: "b@pve" }) });
  site.write("c", { comment: planted ?? "" });
  await site.apply("a", "b", "c");
  site.world.edit("proxmox_virtual_environment_user", "a@pve", (attributes) => {
    Object.assign(attributes, { password: changed, comment: changed });
  });
  site.write("a", { more: more({ first_name: newer }) });
  // Terraform quotes the line of the configuration, which holds the secret.
  site.write("c", { more: more({ nonsense: planted }) });
  const log = path.join(site.folder, "errors");
  for (const format of ["text", "json", "lines"]) {
    const run = await site.run(["--format", format, "--error-log", log]);
    expect(run.stack("a").class).toBe("drift");
    expect(run.stack("c")).toMatchObject({ class: "error", reason: expect.stringContaining("Extraneous JSON") });
    for (const secret of secrets) expect(run.artifacts).not.toContain(secret);
  }
  expect(readFileSync(path.join(log, "c.txt"), "utf8")).toContain(planted);
});

test("metrics go to a Pushgateway, replacing what was there, and promtool finds nothing wrong with them", async () => {
  await site.build("a");
  const requests: string[] = [];
  const gateway = await serve(async (method, url, body) => {
    requests.push(`${method} ${url}\n${body}`);
    return "";
  });
  const run = await site.run(["--pushgateway", gateway.url]);
  gateway.close();
  expect(requests).toHaveLength(1);
  expect(requests[0]).toMatch(/^PUT \/metrics\/job\/tf-drift\n# HELP tf_drift_status /);
  const metrics = readFileSync(path.join(site.folder, "metrics.prom"), "utf8");
  expect(runProgram("promtool", ["check", "metrics"], metrics)).toEqual({ status: 0, output: "" });
  expect(run.code).toBe(0);
  expect(await site.run(["--pushgateway", gateway.url])).toMatchObject({ code: 3 });
});

test("Terragrunt plans where there is a terragrunt.hcl", async () => {
  await site.build("a");
  writeFileSync(path.join(site.root, "a/terragrunt.hcl"), "");
  // It stands in: it takes the commands of Terraform, and passes them on.
  const bin = path.join(site.folder, "bin");
  mkdirSync(bin);
  writeFileSync(path.join(bin, "terragrunt"), `#!/bin/sh\necho "$1" >>"${bin}/log"\nexec ${terraformBinary()} "$@"\n`, {
    mode: 0o755,
  });
  const run = await site.run([], { env: { PATH: `${bin}:${process.env["PATH"]}` } });
  expect(run.stack("a")).toMatchObject({ class: "clean" });
  expect(readFileSync(path.join(bin, "log"), "utf8")).toMatch(/^--version\n(?:init\n)+plan\nshow\n$/);
});

test("one file does the same, in a folder without anything else", async () => {
  await site.build("a");
  site.delete("a");
  execFileSync("npm", ["run", "--silent", "bundle"], { cwd: path.join(__dirname, "../.."), stdio: "pipe" });
  const alone = path.join(site.folder, "alone");
  mkdirSync(alone);
  copyFileSync(path.join(__dirname, "../../dist/drift.js"), path.join(alone, "drift.js"));
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(alone, "drift.js"), "run", site.root], {
    cwd: alone,
    env: site.environment(),
    encoding: "utf8",
  });
  expect(stderr).toContain("[1/1] a: drift");
  expect(stdout).toContain("1 of 1 stacks measured");
  expect(status).toBe(1);
});

function configuration(name: string) {
  site.write(name);
  return JSON.parse(readFileSync(path.join(site.root, name, "main.tf.json"), "utf8"));
}

/** A server that answers with a text, a status, or not at all. */
async function serve(
  answer: (method: string, url: string, body: string) => Promise<string | number | undefined>,
): Promise<{ readonly url: string; close(): void }> {
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answered = await answer(request.method ?? "", request.url ?? "", Buffer.concat(chunks).toString());
    if (answered === undefined) {
      request.socket.destroy();
    } else {
      response
        .writeHead(typeof answered === "number" ? answered : 200)
        .end(typeof answered === "string" ? answered : "");
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A folder of archives, as a registry would serve them: Terraform has to unpack what it takes from there. */
function packed(): string {
  const own = path.join(path.dirname(site.environment()["TF_CLI_CONFIG_FILE"] ?? ""), "mirror");
  for (const registry of readdirSync(own)) {
    const [version = ""] = readdirSync(path.join(own, registry, "bpg/proxmox"));
    const [platform = ""] = readdirSync(path.join(own, registry, "bpg/proxmox", version));
    const folder = path.join(site.folder, "packed", registry, "bpg/proxmox");
    mkdirSync(folder, { recursive: true });
    const archive = path.join(folder, `terraform-provider-proxmox_${version}_${platform}`);
    const script = "import shutil, sys; shutil.make_archive(sys.argv[1], 'zip', sys.argv[2])";
    const content = path.join(own, registry, "bpg/proxmox", version, platform);
    execFileSync("/usr/bin/python3", ["-c", script, archive, content]);
  }
  return "packed";
}

/** A configuration of Terraform with which it takes providers from a folder of the site only. */
function mirrorOf(name: string): string {
  const file = path.join(site.folder, `${name}.rc`);
  const folder = path.join(site.folder, name);
  writeFileSync(file, `provider_installation {\n  filesystem_mirror {\n    path = "${folder}"\n  }\n}\n`);
  return file;
}

/** Processes of Terraform or of a provider that look at this site. */
function left(): string[] {
  return processes((pid) => read(`/proc/${pid}/environ`).includes(site.world.options.world));
}

function processes(wanted: (pid: string) => boolean): string[] {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name) && name !== String(process.pid) && wanted(name));
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 1200) throw new Error("It never came to that.");
    await setTimeout(25);
  }
}

function git(...args: readonly string[]): string {
  const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main"];
  return execFileSync("git", [...identity, ...args], { cwd: site.root, encoding: "utf8", stdio: "pipe" }).trim();
}

function terraformBinary(): string {
  return process.env["TERRAFORM_BINARY_NAME"] ?? "terraform";
}
