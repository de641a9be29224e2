/** SeaweedFS on a Docker host. */
import { parse } from "yaml";
import type { SeaweedFsHost } from "../../index";
import { addSeaweedFsHost, type HostChanges, seaweedFsHost } from "../helpers/object-stores";
import { only, refusals, synthesize } from "../helpers/synth";

interface Service {
  readonly image: string;
  readonly user: string;
  readonly command: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

function filesOf(changes: HostChanges = {}): ReadonlyMap<string, string> {
  const seaweedFs = seaweedFsHost(changes);
  const files = seaweedFs.pieces.flatMap((piece) => piece.files ?? []);
  return new Map(files.map(({ path, content }) => [path, content]));
}

function servicesOf(changes: HostChanges = {}): Readonly<Record<string, Service>> {
  return parse(filesOf(changes).get("/opt/seaweedfs/docker-compose.yml") ?? "").services;
}

function storeOf(changes: HostChanges = {}): SeaweedFsHost<string, string>["store"] {
  return seaweedFsHost(changes).store;
}

function codesOf(changes: HostChanges): readonly string[] {
  return refusals((app) => addSeaweedFsHost(app, changes)).map(
    ({ where, code }) => `${where.replace("test-machines/", "")} ${code}`,
  );
}

describe("the compose project", () => {
  const services = servicesOf();
  const servers = ["master", "volume", "filer", "s3"];

  test("S3-2: has master, volume, filer and s3, each after the one that it needs, and the buckets at last", () => {
    expect(Object.keys(services)).toEqual([...servers, "buckets"]);
    expect(Object.values(services).map((service) => Object.keys(service.depends_on ?? {}))).toEqual([
      [],
      ["master"],
      ["volume"],
      ["filer"],
      ["s3"],
    ]);
  });

  test("S3-4: serves S3 by TLS alone, and nothing else beyond the machine", () => {
    const published = servers.flatMap((name) => services[name]?.ports ?? []);
    expect(published.filter((port) => !port.startsWith("127.0.0.1:"))).toEqual(["8333:8333"]);
    expect(services["s3"]?.command).toEqual(
      expect.arrayContaining(["-port=8333", "-cert.file=/tls/fullchain.pem", "-key.file=/tls/privkey.pem"]),
    );
    expect(services["s3"]?.command.join(" ")).not.toContain("-port.https");
  });

  test("tells nobody about itself, opens no port for catalogs, and hands out no keys", () => {
    expect(services["master"]?.command).toContain("-telemetry=false");
    expect(services["s3"]?.command).toEqual(
      expect.arrayContaining(["-iam=false", "-port.iceberg=0", "-port.lance=0", "-config=/etc/seaweedfs/s3.json"]),
    );
  });

  test("is pinned by digest, and no container may do more than it needs", () => {
    for (const service of Object.values(services)) {
      expect(service.image).toMatch(/@sha256:[0-9a-f]{64}$/);
      expect(service).toMatchObject({ user: "1000:1000", read_only: true, cap_drop: ["ALL"] });
    }
  });

  test("every server says whether it is healthy", () => {
    for (const name of servers) {
      expect(services[name]).toMatchObject({ healthcheck: { test: expect.arrayContaining(["wget"]) } });
    }
  });

  test("S3-3: has objects on NFS where it is asked to, and what is small on the machine's disk all the same", () => {
    const nfs = { server: "192.168.1.127", path: "/srv/nfs/seaweedfs" };
    const files = filesOf({ storage: { folder: "/srv/seaweedfs", nfs } });
    const { services: withNfs, volumes } = parse(files.get("/opt/seaweedfs/docker-compose.yml") ?? "");
    expect(volumes.objects.driver_opts).toEqual({
      type: "nfs",
      o: "addr=192.168.1.127,rw,hard,nfsvers=4.2",
      device: ":/srv/nfs/seaweedfs",
    });
    expect(withNfs.volume.volumes).toContain("objects:/data");
    expect(withNfs.filer.volumes).toContain("/srv/seaweedfs/filer:/data");
    expect(services["volume"]?.volumes).toContain("/srv/seaweedfs/volume:/data");
  });

  test("makes the buckets by the name in the certificate, trusting the authority that signed it", () => {
    const ca = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
    expect(servicesOf({ ca, port: 9000 })["buckets"]).toMatchObject({
      environment: { S3_ENDPOINT: "https://s3.example.com:9000", NODE_EXTRA_CA_CERTS: "/buckets/ca.pem" },
    });
    expect(services["s3"]).toMatchObject({ networks: { default: { aliases: ["s3.example.com"] } } });
    expect(filesOf({ ca }).get("/opt/seaweedfs/buckets/ca.pem")).toBe(ca);
    expect(filesOf().has("/opt/seaweedfs/buckets/ca.pem")).toBe(false);
  });
});

test("S3-6: each identity may do what it was given, in its buckets, and one makes the buckets", () => {
  const { identities } = JSON.parse(filesOf().get("/opt/seaweedfs/s3.json") ?? "");
  const granted = identities.map(({ name, actions }: { name: string; actions: string[] }) => [name, actions.join(" ")]);
  expect(granted).toEqual([
    ["admin", "Admin"],
    ["cnpg", "Read:cnpg-backup List:cnpg-backup Write:cnpg-backup Tagging:cnpg-backup"],
    ["terraform", "Read:terraform List:terraform Write:terraform Tagging:terraform"],
    ["auditor", "Read:snapshots List:snapshots Read:terraform List:terraform"],
  ]);
});

test("secrets are Terraform values in files for SeaweedFS alone, and literals are refused", () => {
  const { "test-machines": stack } = synthesize((app) => addSeaweedFsHost(app));
  const { data } = only(stack, "proxmox_virtual_environment_file")["source_raw"];
  for (const name of ["admin_key", "signing_key", "cnpg_key"]) expect(data).toContain(`var.${name}`);
  const files = [...String(data).matchAll(/path: (\S+)\n +permissions: "(\d+)"\n +content: \$\{/g)];
  expect(files.map(([, path, permissions]) => [path, permissions])).toEqual([
    ["/opt/seaweedfs/s3.json", "0600"],
    ["/opt/seaweedfs/security.toml", "0600"],
    ["/opt/seaweedfs/admin.env", "0600"],
  ]);
  const keys = { admin: "hunter2", signing: "hunter3", identities: { cnpg: "hunter4" } };
  expect(codesOf({ keys })).toEqual([
    "seaweedfs seaweedFs.keys.identities.terraform (and 1 more) identity-without-key",
    ...Array(3).fill("docker literal-secret"),
  ]);
});

test("S3-7: metrics are the machine's own, unless it is asked to serve them", () => {
  expect(storeOf().metrics).toBeUndefined();
  expect(storeOf({ metricsAddress: "10.0.20.10" }).metrics).toEqual([
    "10.0.20.10:9324",
    "10.0.20.10:9325",
    "10.0.20.10:9326",
    "10.0.20.10:9327",
  ]);
  expect(servicesOf({ metricsAddress: "10.0.20.10" })["volume"]?.ports).toEqual(["10.0.20.10:9325:9325"]);
});

test("clients get endpoint, buckets and identities, whatever runs the store", () => {
  expect(storeOf()).toEqual({
    endpoint: "https://s3.example.com:8333",
    region: "us-east-1",
    ca: undefined,
    buckets: ["cnpg-backup", "snapshots", "terraform"],
    identities: ["cnpg", "terraform", "auditor"],
    metrics: undefined,
    cluster: undefined,
  });
});

test("names, numbers, images and paths that SeaweedFS would not take are refused", () => {
  expect(
    codesOf({
      host: "https://s3.example.com",
      port: 443,
      buckets: { Backup: {}, short: { expireAfterDays: 0 }, "a.b": {} },
      identities: { admin: { short: "read" }, idle: {}, lost: { gone: "write" } },
      certificate: "MIIB",
      ca: "MIIB",
      image:
        "docker.io/chrislusf/seaweedfs:4.17@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
      nodeImage: "node@sha256:0",
      storage: { folder: "srv" },
    }),
  ).toEqual([
    "seaweedfs seaweedFs.buckets bucket-name-malformed",
    "seaweedfs seaweedFs.buckets.short.expireAfterDays wrong-value",
    "seaweedfs seaweedFs.buckets bucket-name-malformed",
    "seaweedfs seaweedFs.identities identity-name-malformed",
    "seaweedfs seaweedFs.identities.idle identity-without-access",
    "seaweedfs seaweedFs.identities.lost unknown-bucket",
    "seaweedfs seaweedFs.certificate certificate-unreadable",
    "seaweedfs seaweedFs.ca wrong-value",
    "seaweedfs seaweedFs.image seaweed-fs-too-old",
    "seaweedfs seaweedFs.nodeImage (and 1 more) image-without-digest",
    "seaweedfs seaweedFs.keys.identities.admin (and 2 more) identity-without-key",
    "seaweedfs seaweedFs.host wrong-value",
    "seaweedfs seaweedFs.port wrong-value",
    "seaweedfs seaweedFs.storage wrong-value",
  ]);
});
