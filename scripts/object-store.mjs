#!/usr/bin/env node
/**
 * What is asked of an S3 endpoint before anything is trusted to it. Needs Node 20 and nothing else.
 *
 *   object-store.mjs preflight       proves that Terraform's lock holds there: of two writers, the second is refused
 *   object-store.mjs probe           writes, lists, reads and deletes an object, and says as metrics how that went
 *   object-store.mjs buckets <file>  makes the buckets that a JSON file (or "-", standard input) describes
 *
 *   S3_ENDPOINT        https://s3.example.com:8333
 *   S3_REGION          for signatures; us-east-1 by default
 *   S3_BUCKET          the bucket (preflight, probe)
 *   S3_PREFIX          folder of the objects that are written and deleted again (preflight, probe); none by default
 *   PUSHGATEWAY_URL    where metrics go, beside standard output (probe); nowhere by default
 *   AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN
 *   NODE_EXTRA_CA_CERTS  file with the CA of the endpoint, where it is no public one
 *
 * Exit code: 0 all is well, 1 the endpoint is not fit for it, 2 it could not be asked.
 */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { needed, reasonOf, report } from "./program.mjs";
import { codeOf, Store, sha256 } from "./s3.mjs";

/** The endpoint answered, and the answer shows that it is not fit. */
class Unfit extends Error {}

function expectStatus(answer, statuses, what) {
  if (!statuses.includes(answer.status)) {
    throw new Unfit(
      `${what}: expected ${statuses.join(" or ")}, but it answered ${answer.status} (${codeOf(answer)}).`,
    );
  }
}

// --- preflight ----------------------------------------------------------------------------------------------------

/** Statuses of a writer that came second: AWS has both. */
const refused = [412, 409];

async function preflight() {
  const store = new Store();
  const bucket = needed("S3_BUCKET");
  const key = `${process.env.S3_PREFIX ? `${process.env.S3_PREFIX}/` : ""}.preflight-${randomUUID()}.tflock`;
  const lock = (holder) =>
    store.ask("PUT", bucket, { key, headers: { "if-none-match": "*" }, body: Buffer.from(JSON.stringify({ holder })) });
  const release = () => store.ask("DELETE", bucket, { key });
  const list = await store.ask("GET", bucket, { query: { "list-type": "2", "max-keys": "1" } });
  expectStatus(list, [200], `Listing the bucket ${bucket}`);
  try {
    expectStatus(await lock("first"), [200], "Taking a lock that nobody holds");
    const second = await lock("second");
    if (second.status === 200) {
      throw new Unfit("A second writer took a lock that was held: the endpoint ignores If-None-Match.");
    }
    expectStatus(second, refused, "Taking a lock that is held");
    const held = await store.ask("GET", bucket, { key });
    if (held.body.toString() !== JSON.stringify({ holder: "first" })) {
      throw new Unfit("The refused writer changed the lock.");
    }
    await release();
    expectStatus(await lock("third"), [200], "Taking a lock that was given back");
    for (let round = 0; round < 3; round++) {
      await release();
      const answers = await Promise.all(Array.from({ length: 8 }, (_, writer) => lock(`${round}.${writer}`)));
      const winners = answers.filter(({ status }) => status === 200).length;
      if (winners !== 1) {
        throw new Unfit(
          `Of 8 writers at the same time ${winners} took the lock: its conditional writes are not atomic.`,
        );
      }
    }
  } finally {
    await release();
  }
  console.log(`The lock holds: ${bucket} is fit for Terraform's state.`);
}

// --- probe --------------------------------------------------------------------------------------------------------

async function probe() {
  const bucket = needed("S3_BUCKET");
  const endpoint = needed("S3_ENDPOINT");
  const labels = `bucket="${bucket}",endpoint="${endpoint}"`;
  const seconds = {};
  const store = new Store();
  let failure;
  try {
    await roundTrip(store, bucket, seconds);
  } catch (error) {
    failure = error;
  }
  const now = Date.now() / 1000;
  const metrics = [
    [`object_store_probe_success{${labels}}`, failure === undefined ? 1 : 0],
    [`object_store_probe_last_run_timestamp_seconds{${labels}}`, now],
    ...(failure === undefined ? [[`object_store_probe_last_success_timestamp_seconds{${labels}}`, now]] : []),
    ...Object.entries(seconds).map(([step, taken]) => [
      `object_store_probe_step_seconds{${labels},step="${step}"}`,
      taken,
    ]),
    ...(store.certificateEnds === undefined
      ? []
      : [[`object_store_certificate_not_after_timestamp_seconds{${labels}}`, store.certificateEnds]]),
  ];
  // Two stores may have buckets of one name, and a push takes the place of all metrics of its name in the group.
  const group = `job/object-store-probe/bucket/${bucket}/endpoint@base64/${Buffer.from(endpoint).toString("base64url")}`;
  await report(group, metrics);
  if (failure !== undefined) throw failure;
}

async function roundTrip(store, bucket, seconds) {
  const prefix = process.env.S3_PREFIX ? `${process.env.S3_PREFIX}/` : "";
  const key = `${prefix}.probe-${randomUUID()}`;
  const content = randomBytes(256 * 1024);
  const step = async (name, status, method, options) => {
    const start = performance.now();
    const answer = await store.ask(method, bucket, options);
    seconds[name] = (performance.now() - start) / 1000;
    expectStatus(answer, status, `${name} in the bucket ${bucket}`);
    return answer;
  };
  let written = false;
  try {
    await step("put", [200], "PUT", { key, body: content });
    written = true;
    const list = await step("list", [200], "GET", { query: { "list-type": "2", prefix: key } });
    if (!list.body.toString().includes(`<Key>${key}</Key>`)) {
      throw new Unfit("An object that was written is not listed.");
    }
    const head = await step("head", [200], "HEAD", { key });
    const { body } = await step("get", [200], "GET", { key });
    if (head.headers["content-length"] !== String(content.length) || sha256(body) !== sha256(content)) {
      throw new Unfit("An object is read otherwise than it was written.");
    }
  } finally {
    if (written) await step("delete", [200, 204], "DELETE", { key });
  }
  await step("gone", [404], "HEAD", { key });
}

// --- buckets ------------------------------------------------------------------------------------------------------

/** Nothing is deleted, and no versioning is turned off: what holds data is taken away by a person. */
async function buckets(file) {
  if (file === undefined) throw new Error("buckets needs a file: object-store.mjs buckets <file>");
  const store = new Store();
  for (const [name, bucket] of Object.entries(JSON.parse(readFileSync(file === "-" ? 0 : file, "utf8")))) {
    const made = await makeBucket(store, name, bucket);
    await setBucket(store, name, bucket);
    console.log(`${name}: ${made ? "made" : "there"}`);
  }
}

async function makeBucket(store, name, { objectLock }) {
  const found = await store.ask("HEAD", name);
  if (found.status === 200) return false;
  const headers = objectLock === undefined ? {} : { "x-amz-bucket-object-lock-enabled": "true" };
  const answer = await store.ask("PUT", name, { headers });
  // Somebody else may have made it in between.
  expectStatus(answer, [200, 409], `Making the bucket ${name}`);
  return answer.status === 200;
}

async function setBucket(store, name, { versioning, objectLock, expireAfterDays }) {
  const put = async (section, xml) => {
    const body = Buffer.from(xml);
    const headers = {
      "content-md5": createHash("md5").update(body).digest("base64"),
      "content-type": "application/xml",
    };
    const answer = await store.ask("PUT", name, { query: { [section]: "" }, headers, body });
    expectStatus(answer, [200], `Setting ${section} of the bucket ${name}`);
  };
  if (versioning === true || objectLock !== undefined) {
    await put("versioning", `<VersioningConfiguration ${namespace}><Status>Enabled</Status></VersioningConfiguration>`);
  }
  if (objectLock !== undefined) {
    const retention = `<Mode>${objectLock.mode}</Mode><Days>${objectLock.days}</Days>`;
    await put(
      "object-lock",
      `<ObjectLockConfiguration ${namespace}><ObjectLockEnabled>Enabled</ObjectLockEnabled>` +
        `<Rule><DefaultRetention>${retention}</DefaultRetention></Rule></ObjectLockConfiguration>`,
    );
  }
  if (expireAfterDays !== undefined) {
    await put(
      "lifecycle",
      `<LifecycleConfiguration ${namespace}><Rule><ID>expire</ID><Filter><Prefix></Prefix></Filter>` +
        `<Status>Enabled</Status><Expiration><Days>${expireAfterDays}</Days></Expiration></Rule></LifecycleConfiguration>`,
    );
  } else if ((await store.ask("GET", name, { query: { lifecycle: "" } })).status === 200) {
    const answer = await store.ask("DELETE", name, { query: { lifecycle: "" } });
    expectStatus(answer, [200, 204], `Taking the lifecycle from the bucket ${name}`);
  }
}

const namespace = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

// --- The command --------------------------------------------------------------------------------------------------

const commands = { preflight, probe, buckets };

try {
  const [name = "", ...args] = process.argv.slice(2);
  if (!Object.hasOwn(commands, name)) {
    throw new Error(`Use one of ${Object.keys(commands).join(", ")}, not "${name}".`);
  }
  await commands[name](...args);
} catch (error) {
  console.error(reasonOf(error));
  process.exitCode = error instanceof Unfit ? 1 : 2;
}
