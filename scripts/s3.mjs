/** S3 for our programs: signed requests, and nothing that they do not need. Needs Node 20 and nothing else. */
import { createHash, createHmac } from "node:crypto";
import { createReadStream } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import { pipeline } from "node:stream/promises";
import { needed, reasonOf } from "./program.mjs";

const idleMs = 30_000;

/** The endpoint that the environment names: S3_ENDPOINT, S3_REGION, and the keys as AWS calls them. */
export class Store {
  /** When the endpoint's certificate ends, in seconds; unknown without TLS. */
  certificateEnds;
  #endpoint = new URL(needed("S3_ENDPOINT"));
  #region = process.env.S3_REGION || "us-east-1";
  #accessKey = needed("AWS_ACCESS_KEY_ID");
  #secretKey = needed("AWS_SECRET_ACCESS_KEY");
  #token = process.env.AWS_SESSION_TOKEN;
  #signal;

  /** @param signal ends what is under way */
  constructor(signal) {
    this.#signal = signal;
  }

  /**
   * One request, whatever its status; fails only where there is no answer, or none to these credentials.
   *
   * @param body what is sent, or else the file: `{ path, size, sha256 }`
   * @param sink gets what a good answer holds, by `update`, in place of the answer's body
   */
  async ask(method, bucket, { key, query = {}, headers = {}, body = Buffer.alloc(0), file, sink } = {}) {
    const segments = [bucket, ...(key === undefined ? [] : key.split("/"))];
    const path = `/${segments.map(encoded).join("/")}`;
    const search = Object.entries(query)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
      .join("&");
    const signed = {
      ...this.#signed(method, path, search, headers, file?.sha256 ?? sha256(body)),
      "content-length": file?.size ?? body.length,
    };
    const answer = await this.#send(method, search === "" ? path : `${path}?${search}`, signed, file ?? body, sink);
    if (answer.status === 401 || answer.status === 403) {
      throw new Error(`${method} ${path} is forbidden for ${this.#accessKey}: ${codeOf(answer)}`);
    }
    if (answer.status >= 500 && answer.status !== 501) {
      throw new Error(`${method} ${path} ended with ${answer.status}: ${codeOf(answer)}`);
    }
    return answer;
  }

  /** AWS Signature Version 4. */
  #signed(method, path, search, headers, hash) {
    const now = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
    const scope = `${now.slice(0, 8)}/${this.#region}/s3/aws4_request`;
    const all = {
      ...headers,
      host: this.#endpoint.host,
      "x-amz-content-sha256": hash,
      "x-amz-date": now,
      ...(this.#token ? { "x-amz-security-token": this.#token } : {}),
    };
    const names = Object.keys(all).sort();
    const lines = names.map((name) => `${name}:${all[name]}`);
    const canonical = [method, path, search, ...lines, "", names.join(";"), hash].join("\n");
    const toSign = ["AWS4-HMAC-SHA256", now, scope, sha256(canonical)].join("\n");
    const key = scope.split("/").reduce((secret, part) => hmac(secret, part), `AWS4${this.#secretKey}`);
    const credential = `AWS4-HMAC-SHA256 Credential=${this.#accessKey}/${scope}`;
    const signature = hmac(key, toSign).toString("hex");
    return { ...all, authorization: `${credential}, SignedHeaders=${names.join(";")}, Signature=${signature}` };
  }

  async #send(method, path, headers, content, sink) {
    const { request } = this.#endpoint.protocol === "https:" ? https : http;
    const sent = request(this.#endpoint, { method, path, headers, signal: this.#signal, timeout: idleMs });
    sent.on("timeout", () => sent.destroy(new Error(`no answer within ${idleMs / 1000} s`)));
    const answered = new Promise((resolve, reject) => sent.on("response", resolve).on("error", reject));
    const sending = Buffer.isBuffer(content)
      ? Promise.resolve(sent.end(content))
      : pipeline(createReadStream(content.path), sent);
    try {
      // An answer before the end of what is sent is a refusal, which says more than that the sending was broken off.
      const response = await Promise.race([answered, sending.then(() => answered)]);
      const ends = response.socket.getPeerCertificate?.().valid_to;
      if (ends !== undefined) this.certificateEnds = Date.parse(ends) / 1000;
      const chunks = [];
      for await (const chunk of response) {
        if (sink !== undefined && response.statusCode < 300) sink.update(chunk);
        else chunks.push(chunk);
      }
      await sending.catch(() => {});
      return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) };
    } catch (error) {
      throw new Error(`${this.#endpoint.origin} does not answer: ${reasonOf(error)}`, { cause: error });
    }
  }
}

/** One bucket of it, S3_BUCKET, in which every request has to go well. */
export class Bucket {
  #store;
  #name = needed("S3_BUCKET");

  /** @param signal ends what is under way */
  constructor(signal) {
    this.#store = new Store(signal);
  }

  /** Objects whose keys begin with a prefix: key, and when the store got it. */
  async list(prefix) {
    const objects = [];
    for (let token; ; ) {
      const query = { "list-type": "2", prefix, ...(token === undefined ? {} : { "continuation-token": token }) };
      const page = (await this.#ask("GET", { query })).body.toString();
      for (const [, object] of page.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
        objects.push({ key: field(object, "Key"), time: new Date(field(object, "LastModified")) });
      }
      if (field(page, "IsTruncated") !== "true") return objects;
      token = field(page, "NextContinuationToken");
    }
  }

  /** Writes a file under a key. The store compares what arrives with the checksum. */
  async put(key, file) {
    await this.#ask("PUT", { key, file });
  }

  /** Hands what a key holds to a sink, by `update`. */
  async read(key, sink) {
    await this.#ask("GET", { key, sink });
  }

  /** The checksum of what a key reads. */
  async sha256Of(key) {
    const hash = createHash("sha256");
    await this.read(key, hash);
    return hash.digest("hex");
  }

  async delete(key) {
    await this.#ask("DELETE", { key });
  }

  async #ask(method, options) {
    const answer = await this.#store.ask(method, this.#name, options);
    if (answer.status >= 300) {
      throw new Error(`${method} ${this.#name}/${options.key ?? ""}: ${answer.status} ${codeOf(answer)}`);
    }
    return answer;
  }
}

export function sha256(data) {
  return createHash("sha256").update(data).digest("hex");
}

/** What S3 calls an error. */
export function codeOf({ status, body }) {
  return field(body.toString(), "Code") || `status ${status}`;
}

function hmac(key, text) {
  return createHmac("sha256", key).update(text).digest();
}

/** S3 wants everything but these encoded, more than encodeURIComponent does. */
function encoded(text) {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function field(xml, name) {
  const [, text = ""] = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml) ?? [];
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}
