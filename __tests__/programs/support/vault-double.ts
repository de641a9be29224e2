import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { printed, withFiles } from "./programs";

/** What Vault does on a bad day. */
export type VaultMood =
  | "well"
  /** It is no leader. */
  | "standby"
  /** It does not know the account. */
  | "strict"
  /** It says that there is a leader only when it is asked a second time. */
  | "electing"
  /** The connection breaks in the middle of a snapshot. */
  | "broken"
  /** A snapshot ends too early, and nothing says so. */
  | "truncated"
  /** The state is that of another snapshot. */
  | "swapped"
  /** The checksums are missing. */
  | "unsummed"
  /** It says that it went wrong, as if it were a snapshot. */
  | "talking"
  /** It begins to send a snapshot, and goes on no further until it is told to. */
  | "slow";

/** The few endpoints of Vault and OpenBao that a backup uses, with archives in the form of real snapshots. */
export class VaultDouble {
  mood: VaultMood = "well";
  /** What was asked: `GET sys/leader`. */
  readonly asked: string[] = [];
  /** The token of the account that it knows. */
  readonly jwt = randomBytes(16).toString("hex");
  readonly #token = randomBytes(16).toString("hex");
  #goOn = () => {};

  private constructor(private readonly server: Server) {
    server.on("request", (request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<VaultDouble> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new VaultDouble(server);
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Ends a snapshot that is slow. */
  goOn(): void {
    this.#goOn();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const what = `${request.method} ${request.url?.replace("/v1/", "")}`;
    const asked = this.asked.push(what);
    const answer = (status: number, body: object) => response.writeHead(status).end(JSON.stringify(body));
    if (what === "GET sys/leader") {
      const isLeader = this.mood !== "standby" && !(this.mood === "electing" && asked === 1);
      answer(200, { ha_enabled: true, is_self: isLeader, leader_address: "https://vault-1.vault:8200" });
    } else if (what === "POST auth/kubernetes/login") {
      const { role, jwt } = JSON.parse(Buffer.concat(chunks).toString());
      const isKnown = role === "snapshots" && jwt === this.jwt && this.mood !== "strict";
      if (isKnown) {
        answer(200, { auth: { client_token: this.#token } });
      } else {
        answer(403, denied);
      }
    } else if (request.headers["x-vault-token"] !== this.#token) {
      answer(403, denied);
    } else if (what === "POST auth/token/revoke-self") {
      response.writeHead(204).end();
    } else if (what === "GET sys/storage/raft/snapshot") {
      this.#send(response);
    } else {
      answer(404, { errors: [] });
    }
  }

  #send(response: ServerResponse): void {
    const archive = snapshot(this.mood);
    const half = archive.subarray(0, archive.length / 2);
    response.writeHead(200, { "content-type": "application/gzip" });
    if (this.mood === "talking") {
      response.end(JSON.stringify({ errors: ["raft storage is sealed"] }));
    } else if (this.mood === "truncated") {
      response.end(half);
    } else if (this.mood === "broken") {
      response.write(half, () => response.destroy());
    } else if (this.mood === "slow") {
      response.write(half);
      this.#goOn = () => response.end(archive.subarray(half.length));
    } else {
      response.end(archive);
    }
  }
}

const denied = { errors: ["permission denied"] };

/** A snapshot as raft-snapshot writes it: a compressed archive of four parts in this order. */
function snapshot(mood: VaultMood): Buffer {
  const state = randomBytes(1 << 18).toString("base64");
  const meta = JSON.stringify({ Version: 1, ID: "bolt-snapshot", Index: 1234, Term: 3, Size: state.length });
  const sums = `${sha256(meta)}  meta.json\n${sha256(state)}  state.bin\n`;
  const parts = {
    "meta.json": meta,
    "state.bin": mood === "swapped" ? state.split("").reverse().join("") : state,
    ...(mood === "unsummed" ? {} : { SHA256SUMS: sums, "SHA256SUMS.sealed": "sealed" }),
  };
  return withFiles(parts, (folder) => {
    printed("tar", ["-czf", `${folder}/snapshot`, "-C", folder, ...Object.keys(parts)]);
    return readFileSync(`${folder}/snapshot`);
  });
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
