import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type IncomingMessage, request, type ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { printed } from "./programs";

/** How a store behaves beside being one. */
export type StoreMood =
  | "well"
  /** Nobody answers. */
  | "away"
  /** It has no room for anything new. */
  | "full"
  /** It takes no checksums that were not asked for, as many S3 servers do. */
  | "strict"
  /** It takes what it is sent, and never answers. */
  | "hanging"
  /** It begins to send an object, and goes on no further. */
  | "halving";

/** An S3 server behind TLS of a private CA, which can be told to behave as stores do on bad days. */
export class StoreFront {
  #mood: StoreMood = "well";
  readonly #held = new Set<IncomingMessage>();
  /** What was asked while it was not well. */
  readonly refused: string[] = [];
  readonly endpoint: string;

  private constructor(
    private readonly server: Server,
    private readonly folder: string,
    backend: string,
  ) {
    this.endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on("request", (asked, answer) => this.#answer(new URL(backend), asked, answer));
  }

  static async before(backend: string): Promise<StoreFront> {
    const folder = mkdtempSync(path.join(tmpdir(), "store-front-"));
    const [key, cert] = [path.join(folder, "tls.key"), path.join(folder, "tls.crt")];
    const make = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=s3 -addext";
    printed("openssl", [...make.split(" "), "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert]);
    const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new StoreFront(server, folder, backend);
  }

  get mood(): StoreMood {
    return this.#mood;
  }

  /** Whoever waited for an answer gets none any more. */
  set mood(mood: StoreMood) {
    this.#mood = mood;
    for (const { socket } of this.#held) socket.destroy();
    this.#held.clear();
  }

  /** The certificate of its CA. */
  get ca(): string {
    return readFileSync(path.join(this.folder, "tls.crt"), "utf8");
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    rmSync(this.folder, { recursive: true });
  }

  #answer(backend: URL, asked: IncomingMessage, answer: ServerResponse): void {
    const { method, url, headers } = asked;
    const writes = method === "PUT" || method === "POST";
    const addsChecksum = Object.keys(headers).some((name) => /^x-amz-(trailer|sdk-checksum|checksum)/.test(name));
    if (this.mood !== "well" && (writes || this.mood === "away")) {
      this.refused.push(`${method} ${url}`);
    }
    if (this.mood === "away") {
      asked.socket.destroy();
    } else if (this.mood === "full" && writes) {
      refuse(asked, answer, 507, "InsufficientStorage", "There is no room left.");
    } else if (this.mood === "strict" && writes && addsChecksum) {
      refuse(asked, answer, 400, "InvalidArgument", "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, or a valid hash.");
    } else if (this.mood === "hanging" && writes) {
      this.#held.add(asked.resume());
    } else {
      const forwarded = request(backend, { method, path: url, headers, agent: false }, (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        if (this.mood === "halving" && method === "GET" && !url?.includes("?")) {
          this.refused.push(`${method} ${url}`);
          this.#held.add(asked);
          response.once("data", (chunk) => answer.write(chunk));
        } else {
          response.pipe(answer);
        }
      });
      forwarded.on("error", () => answer.destroy());
      asked.pipe(forwarded);
    }
  }
}

function refuse(asked: IncomingMessage, answer: ServerResponse, status: number, code: string, message: string): void {
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  asked.resume().on("end", () => answer.writeHead(status, { "content-type": "application/xml" }).end(body));
}
