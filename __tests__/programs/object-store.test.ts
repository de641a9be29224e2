/** The program that is run against an S3 endpoint before anything is trusted to it, against a real one and bad ones. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { Moto } from "../helpers/moto";
import { printed } from "./support/programs";

const program = path.resolve(__dirname, "../../scripts/object-store.mjs");

/** Runs the program; not in this process's way, where some of the endpoints are. */
async function objectStore(args: readonly string[], env: Readonly<Record<string, string>>, input = "") {
  const child = spawn(process.execPath, [program, ...args], { env: { PATH: process.env["PATH"], ...env } });
  child.stdin.on("error", () => undefined).end(input);
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (chunk) => out.push(chunk));
  child.stderr.on("data", (chunk) => err.push(chunk));
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { status, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString().trim() };
}

const anybody = { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };

/** An endpoint on which a person decides what is answered. */
async function withEndpoint<T>(
  answer: (request: IncomingMessage, response: ServerResponse, body: Buffer) => void,
  work: (endpoint: string) => Promise<T>,
): Promise<T> {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk)).on("end", () => answer(request, response, Buffer.concat(chunks)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe("with a real S3 server", () => {
  let moto: Moto;
  let env: Record<string, string>;
  const buckets = (described: object) => objectStore(["buckets", "-"], env, JSON.stringify(described));
  const asked = async (place: string) => (await fetch(`${moto.endpoint}/${place}`)).text();

  beforeAll(async () => {
    moto = await Moto.start();
    env = { ...anybody, S3_ENDPOINT: moto.endpoint };
    await buckets({ state: { versioning: true }, scratch: {} });
  });

  afterAll(() => moto.stop());

  test.each(["state", "scratch"])(
    "STATE-1, T-20: the lock holds in the bucket %s, and is gone afterwards",
    async (bucket) => {
      const outcome = await objectStore(["preflight"], { ...env, S3_BUCKET: bucket, S3_PREFIX: "prox-ops" });
      expect(outcome).toEqual({ status: 0, out: `The lock holds: ${bucket} is fit for Terraform's state.\n`, err: "" });
      expect(await asked(`${bucket}?list-type=2`)).toContain("<KeyCount>0</KeyCount>");
    },
  );

  test("a bucket that is not there is no place for a state", async () => {
    const outcome = await objectStore(["preflight"], { ...env, S3_BUCKET: "nowhere" });
    expect(outcome).toMatchObject({ status: 1, err: expect.stringContaining("NoSuchBucket") });
  });

  test("S3-8: what is written is listed, read and gone again, and the metrics say so", async () => {
    const { status, out } = await objectStore(["probe"], { ...env, S3_BUCKET: "scratch" });
    expect(status).toBe(0);
    const labels = `bucket="scratch",endpoint="${moto.endpoint}"`;
    expect(out).toContain(`object_store_probe_success{${labels}} 1\n`);
    expect(out).toContain(`object_store_probe_last_success_timestamp_seconds{${labels}} `);
    for (const step of ["put", "list", "head", "get", "delete", "gone"]) {
      expect(out).toContain(`object_store_probe_step_seconds{${labels},step="${step}"} `);
    }
    expect(await asked("scratch?list-type=2")).toContain("<KeyCount>0</KeyCount>");
  });

  test("a probe that was killed does not stand in the way of the next one", async () => {
    const hanging: string[] = [];
    await withEndpoint(
      ({ url = "" }) => void hanging.push(url),
      async (endpoint) => {
        const child = spawn(process.execPath, [program, "probe"], {
          env: { ...process.env, ...env, S3_ENDPOINT: endpoint, S3_BUCKET: "scratch" },
        });
        while (hanging.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
        child.kill("SIGKILL");
      },
    );
    expect(await objectStore(["probe"], { ...env, S3_BUCKET: "scratch" })).toMatchObject({ status: 0 });
  });

  test("S3-6, STATE-2: buckets are made as they are described, and made anew a second time nothing changes", async () => {
    const described = {
      "cnpg-backup": { expireAfterDays: 40 },
      snapshots: { versioning: true, objectLock: { mode: "GOVERNANCE", days: 14 } },
      terraform: { versioning: true },
    };
    const lines = (state: string) => Object.keys(described).map((bucket) => `${bucket}: ${state}\n`);
    expect(await buckets(described)).toEqual({ status: 0, out: lines("made").join(""), err: "" });
    expect(await buckets(described)).toEqual({ status: 0, out: lines("there").join(""), err: "" });
    expect(await asked("cnpg-backup?lifecycle")).toContain("<Days>40</Days>");
    expect(await asked("snapshots?object-lock")).toMatch(/GOVERNANCE<\/Mode>\s*<Days>14</);
    expect(await asked("terraform?versioning")).toContain("<Status>Enabled</Status>");
    await buckets({ "cnpg-backup": {} });
    expect(await asked("cnpg-backup?lifecycle")).toContain("NoSuchLifecycleConfiguration");
  });
});

test("S3-4: an endpoint is asked by TLS, trusted by its own CA, and its certificate's end is a metric", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "object-store-"));
  const [key, certificate] = [path.join(folder, "tls.key"), path.join(folder, "tls.crt")];
  const request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=s3 -addext";
  printed("openssl", [...request.split(" "), "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate]);
  const moto = await Moto.start(["-s", "-c", certificate, "-k", key]);
  try {
    const env = { ...anybody, S3_ENDPOINT: moto.endpoint, S3_BUCKET: "scratch" };
    expect(await objectStore(["probe"], env)).toMatchObject({
      status: 2,
      err: `${moto.endpoint} does not answer: self-signed certificate`,
      out: expect.stringContaining("object_store_probe_success"),
    });
    const trusting = { ...env, NODE_EXTRA_CA_CERTS: certificate };
    await objectStore(["buckets", "-"], trusting, '{"scratch":{}}');
    const { status, out } = await objectStore(["probe"], trusting);
    expect(status).toBe(0);
    expect(out).toContain("object_store_certificate_not_after_timestamp_seconds{");
  } finally {
    await moto.stop();
    rmSync(folder, { recursive: true });
  }
});

test("requests are signed as S3 wants it, and keys that are wrong are said to be", async () => {
  const moto = await Moto.start([], { INITIAL_NO_AUTH_ACTION_COUNT: "3" });
  try {
    const { accessKey, secretKey } = await moto.addUser("terraform");
    const env = { S3_ENDPOINT: moto.endpoint, S3_BUCKET: "state", AWS_ACCESS_KEY_ID: accessKey };
    const good = { ...env, AWS_SECRET_ACCESS_KEY: secretKey };
    expect(await objectStore(["buckets", "-"], good, '{"state":{"versioning":true}}')).toMatchObject({
      status: 0,
    });
    expect(await objectStore(["preflight"], good)).toMatchObject({ status: 0 });
    expect(await objectStore(["probe"], good)).toMatchObject({ status: 0 });
    expect(await objectStore(["preflight"], { ...env, AWS_SECRET_ACCESS_KEY: "wrong" })).toEqual({
      status: 2,
      out: "",
      err: `GET /state is forbidden for ${accessKey}: SignatureDoesNotMatch`,
    });
  } finally {
    await moto.stop();
  }
});

describe("an endpoint that is not fit", () => {
  /** What of S3 a lock needs, with one thing that is wrong. */
  function store(wrong: "ignores" | "races" | "forgets" | "overwrites" | "lacks") {
    const objects = new Map<string, Buffer>();
    let taken = false;
    return ({ method, url = "", headers }: IncomingMessage, response: ServerResponse, body: Buffer) => {
      const conditional = headers["if-none-match"] === "*";
      if (url.includes("list-type")) {
        response.end("<ListBucketResult/>");
      } else if (method === "DELETE") {
        if (wrong !== "forgets") objects.delete(url);
        response.writeHead(204).end();
      } else if (method === "GET") {
        response.end(objects.get(url));
      } else if (conditional && wrong === "lacks") {
        response.writeHead(501).end("<Error><Code>NotImplemented</Code></Error>");
      } else if (conditional && objects.has(url) && wrong !== "ignores") {
        if (wrong === "overwrites") objects.set(url, body);
        response.writeHead(412).end();
      } else if (wrong === "races") {
        // Looks, and writes a while later: whoever looked in between wrote, too.
        setTimeout(() => response.end(void objects.set(url, body)), 50);
      } else {
        taken = true;
        objects.set(url, body);
        response.end(String(taken));
      }
    };
  }

  test.each([
    ["ignores", "A second writer took a lock that was held: the endpoint ignores If-None-Match."],
    ["lacks", "Taking a lock that nobody holds: expected 200, but it answered 501 (NotImplemented)."],
    ["overwrites", "The refused writer changed the lock."],
    ["forgets", "Taking a lock that was given back: expected 200, but it answered 412 (status 412)."],
    ["races", "Of 8 writers at the same time 8 took the lock: its conditional writes are not atomic."],
  ] as const)("T-20: one that %s conditional writes is refused", async (wrong, message) => {
    const outcome = await withEndpoint(store(wrong), (endpoint) =>
      objectStore(["preflight"], { ...anybody, S3_ENDPOINT: endpoint, S3_BUCKET: "state" }),
    );
    expect(outcome).toEqual({ status: 1, out: "", err: message });
  });

  test("S3-8: one that loses what it is given is no success, and the metrics go to the Pushgateway all the same", async () => {
    const pushed: string[] = [];
    const outcome = await withEndpoint(
      ({ method, url = "" }, response, body) => {
        if (url.startsWith("/metrics/")) pushed.push(`${method} ${url}\n${body}`);
        response.end();
      },
      (endpoint) =>
        objectStore(["probe"], {
          ...anybody,
          S3_ENDPOINT: endpoint,
          S3_BUCKET: "scratch",
          PUSHGATEWAY_URL: `${endpoint}/`,
        }),
    );
    expect(outcome).toMatchObject({ status: 1, err: "An object that was written is not listed." });
    expect(pushed).toHaveLength(1);
    // In a group of its own for each endpoint: a push takes the place of all metrics of that name in the group.
    const [, group = ""] =
      /^POST \/metrics\/job\/object-store-probe\/bucket\/scratch\/endpoint@base64\/([\w-]+)\n/.exec(pushed[0] ?? "") ??
      [];
    expect(pushed[0]).toContain(`endpoint="${Buffer.from(group, "base64url")}"`);
    expect(pushed[0]).toMatch(/^object_store_probe_success\{.*\} 0$/m);
    expect(pushed[0]).not.toContain("last_success");
  });

  test("one that fails, or does not answer, could not be asked", async () => {
    const failing = await withEndpoint(
      (_, response) => void response.writeHead(503).end("<Error><Code>SlowDown</Code></Error>"),
      (endpoint) => objectStore(["preflight"], { ...anybody, S3_ENDPOINT: endpoint, S3_BUCKET: "state" }),
    );
    expect(failing).toEqual({ status: 2, out: "", err: "GET /state ended with 503: SlowDown" });
    const closed = { ...anybody, S3_ENDPOINT: "http://127.0.0.1:1", S3_BUCKET: "state" };
    expect(await objectStore(["preflight"], closed)).toMatchObject({
      status: 2,
      err: expect.stringContaining("http://127.0.0.1:1 does not answer: connect ECONNREFUSED"),
    });
  });
});

test("a command or a variable that is missing is named", async () => {
  expect(await objectStore([], {})).toEqual({
    status: 2,
    out: "",
    err: 'Use one of preflight, probe, buckets, not "".',
  });
  expect(await objectStore(["preflight"], {})).toEqual({ status: 2, out: "", err: "S3_ENDPOINT is not set." });
});

test("the program says on top what it reads", () => {
  const text = readFileSync(program, "utf8");
  const [head = ""] = text.split("*/");
  const read = [...text.matchAll(/(?:needed\("|process\.env\.)(\w+)/g)].map(([, name = ""]) => name);
  expect(read.filter((name) => !head.includes(name))).toEqual([]);
});
