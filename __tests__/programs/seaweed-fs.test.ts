/** What SeaweedFS is given on a Docker host, read as compose, SeaweedFS and TLS clients read it. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { storeProblems } from "../../object-storage";
import { goModule } from "../helpers/go-programs";
import { type HostChanges, seaweedFsHost } from "../helpers/object-stores";
import { printed } from "./support/programs";

function fileOf(name: string, changes: HostChanges = {}): string {
  const keys = { admin: "a+/=1", signing: "s-_2", identities: { cnpg: "c3", terraform: "t4", auditor: "u5" } };
  const seaweedFs = seaweedFsHost({ keys, ...changes });
  const file = seaweedFs.pieces.flatMap(({ files = [] }) => files).find((one) => one.path === `/opt/seaweedfs/${name}`);
  return file?.content ?? "";
}

describe("docker-compose.yml", () => {
  // The schema that Docker Compose itself checks by.
  const file = path.join(goModule("github.com/compose-spec/compose-go/v2", "v2.9.0"), "schema/compose-spec.json");
  const { $schema: _, ...schema } = JSON.parse(readFileSync(file, "utf8"));
  const isCompose = new Ajv({ strict: false, validateFormats: false }).compile(schema);

  test.each<[string, HostChanges]>([
    ["on the machine's disk", {}],
    ["on NFS", { storage: { folder: "/srv/s", nfs: { server: "192.168.1.127", path: "/srv/nfs/seaweedfs" } } }],
  ])("S3-2: is a compose project, with objects %s", (_name, changes) => {
    const project = parse(fileOf("docker-compose.yml", changes));
    isCompose(project);
    expect(isCompose.errors).toBeNull();
    isCompose({ ...project, services: { ...project.services, s3: { ...project.services.s3, healthchecks: {} } } });
    expect(isCompose.errors).not.toBeNull();
  });
});

test("security.toml holds the key under both names that SeaweedFS asks for", () => {
  const load = "import json, sys, tomllib; json.dump(tomllib.load(sys.stdin.buffer), sys.stdout)";
  expect(JSON.parse(printed("/usr/bin/python3", ["-c", load], fileOf("security.toml")))).toEqual({
    jwt: { signing: { key: "s-_2" }, filer_signing: { key: "s-_2" } },
  });
});

test("S3-6: s3.json is what SeaweedFS knows of identities, and nothing else", () => {
  const text = { type: "string", minLength: 1 };
  const closed = (properties: object) => ({
    type: "object",
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  });
  const list = (items: object) => ({ type: "array", items, minItems: 1 });
  // Of the release 4.44: an action, then a bucket.
  const action = { type: "string", pattern: "^(Admin|(Read|Write|List|Tagging):[a-z0-9-]+)$" };
  const isConfig = new Ajv().compile(
    closed({
      identities: list(
        closed({ name: text, credentials: list(closed({ accessKey: text, secretKey: text })), actions: list(action) }),
      ),
    }),
  );
  isConfig(JSON.parse(fileOf("s3.json")));
  expect(isConfig.errors).toBeNull();
});

describe("a certificate", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "certificate-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  function certificateFor(names: string): string {
    const request =
      "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=s3.example.net -addext";
    const [key, certificate] = [`${folder}/tls.key`, `${folder}/tls.crt`];
    printed("openssl", [...request.split(" "), `subjectAltName=${names}`, "-keyout", key, "-out", certificate]);
    return readFileSync(certificate, "utf8");
  }

  test.each([
    ["DNS:s3.example.com", "s3.example.com", true],
    ["DNS:*.example.com", "s3.example.com", true],
    ["DNS:*.example.com", "s3.home.example.com", false],
    ["DNS:*.example.com,DNS:example.com", "s3.example.lan", false],
    ["IP:10.0.20.10", "10.0.20.10", true],
    ["DNS:10.0.20.10", "10.0.20.10", false],
    // What only the subject says, or a part of a label, no client of ours takes.
    ["email:s3@example.net", "s3.example.net", false],
    ["DNS:s*.example.com", "s3.example.com", false],
  ])("T-24: for %s is one for %s: %p", (names, host, expected) => {
    const problems = storeProblems({ buckets: {}, identities: {}, certificate: certificateFor(names) }, host, String);
    expect(problems.map(({ code }) => code)).toEqual(expected ? [] : ["name-not-in-certificate"]);
    if (!expected) expect(problems[0]?.message).toContain(`and clients call ${host}.`);
  });
});
