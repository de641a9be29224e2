import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { addCluster } from "../helpers/clusters";
import { newApp } from "../helpers/synth";
import { failureOf, Workspace } from "./support/terraform";

/** An object store that knows what a Terraform backend asks for, conditional writes included. */
class Store {
  readonly objects = new Map<string, Buffer>();
  readonly #server: Server = createServer((request, response) => void this.#answer(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://store");
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    if (searchParams.has("list-type")) {
      // Terraform looks for workspaces; there are none.
      response.end("<ListBucketResult><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>");
      return;
    }
    const stored = this.objects.get(pathname);
    switch (request.method) {
      case "PUT":
        if (request.headers["if-none-match"] === "*" && stored !== undefined) {
          response.writeHead(412).end();
          return;
        }
        this.objects.set(pathname, Buffer.concat(chunks));
        response.writeHead(200, { ETag: '"1"' }).end();
        return;
      case "DELETE":
        this.objects.delete(pathname);
        response.writeHead(204).end();
        return;
      default:
        response.writeHead(stored === undefined ? 404 : 200, { "Content-Length": stored?.length ?? 0 });
        response.end(request.method === "HEAD" ? undefined : stored);
    }
  }
}

const store = new Store();
const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "s3-state-")));
let stack: Workspace;

beforeAll(async () => {
  process.env["AWS_ACCESS_KEY_ID"] = "test";
  process.env["AWS_SECRET_ACCESS_KEY"] = "test";
  const endpoint = await store.start();
  const app = newApp(folder);
  addCluster(app, { site: { state: { bucket: "states", region: "main", endpoint } } });
  app.synth();
  stack = new Workspace(path.join(folder, "stacks/test-cluster"));
});

afterAll(async () => {
  await store.stop();
  rmSync(folder, { recursive: true, force: true });
});

const key = "/states/test/test-cluster/terraform.tfstate";

test("state goes to the bucket under the stack's key, and the lock file is gone afterwards", async () => {
  await stack.init();
  await stack.apply();
  expect([...store.objects.keys()]).toEqual([key]);
  expect((await stack.plan()).changes).toEqual([]);
});

test("a lock that somebody else holds stops a second apply", async () => {
  store.objects.set(`${key}.tflock`, Buffer.from(JSON.stringify({ ID: "1", Who: "somebody", Operation: "apply" })));
  expect(await failureOf(stack.apply())).toContain("Error acquiring the state lock");
  store.objects.delete(`${key}.tflock`);
});
