/** The few requests of S3 that our programs make, signed. Needs Node 20 and nothing else. */
import { createHash, createHmac } from "node:crypto";
import { createReadStream } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import { pipeline } from "node:stream/promises";

const idleMs = 60_000;

/** A bucket, as the environment says it: S3_ENDPOINT, S3_REGION, S3_BUCKET and the keys as AWS calls them. */
export class Bucket {
  #endpoint = new URL(needed("S3_ENDPOINT"));
  #region = process.env.S3_REGION || "us-east-1";
  #name = needed("S3_BUCKET");
  #accessKey = needed("AWS_ACCESS_KEY_ID");
  #secretKey = needed("AWS_SECRET_ACCESS_KEY");
  #signal;

  /** @param signal ends what is under way */
  constructor(signal) {
    this.#signal = signal;
  }

  /** Objects whose keys begin with a prefix: key, size, and when the store got it. */
  async list(prefix) {
    const objects = [];
    for (let token; ; ) {
      const query = { "list-type": "2", prefix, ...(token === undefined ? {} : { "continuation-token": token }) };
      const page = (await this.#ask("GET", "", { query })).body.toString();
      for (const [, object] of page.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
        objects.push({
          key: field(object, "Key"),
          size: Number(field(object, "Size")),
          time: new Date(field(object, "LastModified")),
        });
      }
      if (field(page, "IsTruncated") !== "true") return objects;
      token = field(page, "NextContinuationToken");
    }
  }

  /** Writes a file under a key. The store compares what arrives with the checksum. */
  async put(key, file, { size, sha256 }) {
    await this.#ask("PUT", key, { file, size, sha256 });
  }

  /** The checksum of what a key reads. */
  async sha256Of(key) {
    const hash = createHash("sha256");
    await this.#ask("GET", key, { sink: hash });
    return hash.digest("hex");
  }

  async delete(key) {
    await this.#ask("DELETE", key);
  }

  async #ask(method, key, { query = {}, file, size = 0, sha256 = emptySha256, sink } = {}) {
    const path = `/${[this.#name, ...key.split("/").filter(Boolean)].map(encoded).join("/")}`;
    const search = Object.entries(query)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
      .join("&");
    const headers = { ...this.#signed(method, path, search, sha256), "content-length": size };
    const answer = await this.#send(method, search === "" ? path : `${path}?${search}`, headers, file, sink);
    if (answer.status >= 300) {
      throw new Error(`${method} ${this.#endpoint.origin}${path}: ${answer.status} ${codeOf(answer.body.toString())}`);
    }
    return answer;
  }

  /** AWS Signature Version 4. */
  #signed(method, path, search, sha256) {
    const now = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
    const scope = `${now.slice(0, 8)}/${this.#region}/s3/aws4_request`;
    const headers = { host: this.#endpoint.host, "x-amz-content-sha256": sha256, "x-amz-date": now };
    const names = Object.keys(headers);
    const lines = names.map((name) => `${name}:${headers[name]}`);
    const canonical = [method, path, search, ...lines, "", names.join(";"), sha256].join("\n");
    const toSign = ["AWS4-HMAC-SHA256", now, scope, createHash("sha256").update(canonical).digest("hex")].join("\n");
    const key = scope.split("/").reduce((secret, part) => hmac(secret, part), `AWS4${this.#secretKey}`);
    const credential = `AWS4-HMAC-SHA256 Credential=${this.#accessKey}/${scope}`;
    const signature = hmac(key, toSign).toString("hex");
    return { ...headers, authorization: `${credential}, SignedHeaders=${names.join(";")}, Signature=${signature}` };
  }

  async #send(method, path, headers, file, sink) {
    const { request } = this.#endpoint.protocol === "https:" ? https : http;
    const sent = request(this.#endpoint, { method, path, headers, signal: this.#signal, timeout: idleMs });
    sent.on("timeout", () => sent.destroy(new Error(`no answer within ${idleMs / 1000} s`)));
    const answered = new Promise((resolve, reject) => sent.on("response", resolve).on("error", reject));
    try {
      // An answer before the end of what is sent is a refusal, which says more than that the sending was broken off.
      const sending = file === undefined ? sent.end() : pipeline(createReadStream(file), sent);
      const response = await Promise.race([answered, Promise.resolve(sending).then(() => answered)]);
      const chunks = [];
      for await (const chunk of response) {
        if (sink !== undefined && response.statusCode < 300) sink.update(chunk);
        else chunks.push(chunk);
      }
      await Promise.resolve(sending).catch(() => {});
      return { status: response.statusCode, body: Buffer.concat(chunks) };
    } catch (error) {
      throw new Error(`${this.#endpoint.origin} does not answer: ${error.message || error.code}`, { cause: error });
    }
  }
}

/** A variable of the environment that has to be there. */
export function needed(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set.`);
  return value;
}

const emptySha256 = createHash("sha256").digest("hex");

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

/** What S3 calls an error. */
function codeOf(text) {
  return field(text, "Code") || text.slice(0, 200);
}
