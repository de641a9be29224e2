import { parse } from "yaml";
import { type CloudInitPiece, composeCloudInit, dockerHost, kubeadmWorker, ubuntuMachine } from "../../cloud-init";
import { digest, everything, mirrors, registry, repositoryKey, sshKey, wizard, worker } from "./machines";

const motd = (content: string): CloudInitPiece => ({
  name: `motd-${content}`,
  files: [{ path: "/etc/motd", content }],
});

function problemsOf(...pieces: readonly CloudInitPiece[]) {
  return composeCloudInit({ name: "m" }, pieces).problems.map(({ where, code }) => `${where}: ${code}`);
}

function configOf(...pieces: readonly CloudInitPiece[]) {
  const { config, problems } = composeCloudInit({ name: "m" }, pieces);
  expect(problems).toEqual([]);
  return config;
}

describe("pieces that say the same", () => {
  test.each([
    ["file", { name: "a", files: [{ path: "/etc/motd", content: "hi" }] }, "write_files"],
    ["user", { name: "a", users: [wizard] }, "users"],
    ["package", { name: "a", packages: ["git"] }, "packages"],
  ] satisfies [string, CloudInitPiece, string][])("say a %s once", (_, piece, module) => {
    expect(configOf(piece, { ...piece, name: "b" })[module]).toHaveLength(1);
  });

  test("settle for the version that one of them wants, in either order", () => {
    const loose = { name: "a", packages: ["jq"] };
    const pinned = { name: "b", packages: [{ name: "jq", version: "1.7.*" }] };
    expect(configOf(loose, pinned)["packages"]).toEqual([["jq", "1.7.*"]]);
    expect(configOf(pinned, loose)["packages"]).toEqual([["jq", "1.7.*"]]);
  });
});

describe("pieces that say different things are a problem that names both", () => {
  test.each([
    ["a file", motd("one"), motd("two"), 'write_files["/etc/motd"]'],
    ["a user", { name: "a", users: [wizard] }, { name: "b", users: [{ ...wizard, sudo: false }] }, "users.wizard"],
    [
      "a package's version",
      { name: "a", packages: [{ name: "jq", version: "1.6" }] },
      { name: "b", packages: [{ name: "jq", version: "1.7" }] },
      "packages.jq",
    ],
    [
      "a repository",
      { name: "a", aptSources: { k8s: { url: "https://one.example.com", suite: "/", key: repositoryKey } } },
      { name: "b", aptSources: { k8s: { url: "https://two.example.com", suite: "/", key: repositoryKey } } },
      "apt.k8s",
    ],
    ["a setting", { name: "a", timezone: "Europe/Vienna" }, { name: "b", timezone: "Etc/UTC" }, "modules.timezone"],
  ] satisfies [string, CloudInitPiece, CloudInitPiece, string][])("%s", (_, first, second, place) => {
    const { problems } = composeCloudInit({ name: "m" }, [first, second]);
    expect(problems).toMatchObject([{ code: "pieces-disagree", where: `m cloud-init.${place}` }]);
    expect(problems[0]?.message).toContain(`"${first.name}"`);
    expect(problems[0]?.message).toContain(`"${second.name}"`);
  });

  test("even when both have one name", () => {
    const twice = (content: string): CloudInitPiece => ({ ...motd(content), name: "motd" });
    expect(composeCloudInit({ name: "m" }, [twice("a"), twice("b")]).problems).toMatchObject([
      { message: 'Two pieces "motd" say different things about it.' },
    ]);
  });
});

test("commands keep the order of the pieces, and every one of them", () => {
  const [a, b] = ["a", "b"].map((name): CloudInitPiece => ({ name, commands: ["sync", ["echo", name]] }));
  expect(a && b && configOf(a, b)["runcmd"]).toEqual(["sync", ["echo", "a"], "sync", ["echo", "b"]]);
});

test("a file of somebody else than root is written when the user is there", () => {
  const [root, other] = [{}, { owner: "wizard:users" }].map((owner) => ({ path: "/srv/x", content: "", ...owner }));
  expect(root && configOf({ name: "a", files: [root] })["write_files"]).toMatchObject([{ path: "/srv/x" }]);
  expect(root && JSON.stringify(configOf({ name: "a", files: [root] }))).not.toContain("defer");
  expect(other && configOf({ name: "a", files: [other] })["write_files"]).toMatchObject([
    { owner: "wizard:users", defer: true },
  ]);
});

test("nothing is said about values that are not known yet, and a file with one is for root only", () => {
  const isUnknown = (text: string) => text.includes("<later>");
  const pieces: CloudInitPiece[] = [
    {
      name: "a",
      files: [{ path: "/etc/<later>/../x", content: "password = <later>" }],
      users: [{ name: "wizard", sshKeys: ["<later>"], passwordHash: "<later>" }],
      timezone: "<later>",
    },
  ];
  const { config, problems } = composeCloudInit({ name: "m", isUnknown }, pieces);
  expect(problems).toEqual([]);
  expect(config["write_files"]).toMatchObject([{ permissions: "0600" }]);
});

test("secrets are told apart, with their places", () => {
  const pieces = [kubeadmWorker(worker), { name: "p", users: [{ name: "a", passwordHash: "$6$x$y" }] }];
  expect(composeCloudInit({ name: "m" }, pieces).secrets).toEqual([
    { prop: "kubeadmWorker.join.token", text: "abcdef.0123456789abcdef" },
    { prop: "p.users.a.passwordHash", text: "$6$x$y" },
  ]);
});

/** What one piece is refused for. Values that the types refuse come from elsewhere. */
const mistakes: readonly [string, object, string, string][] = [
  ["a relative path", { files: [{ path: "etc/motd", content: "" }] }, 'files["etc/motd"]', "file-path-malformed"],
  ["a path with ..", { files: [{ path: "/a/../b", content: "" }] }, 'files["/a/../b"]', "file-path-malformed"],
  ["a path with //", { files: [{ path: "/a//b", content: "" }] }, 'files["/a//b"]', "file-path-malformed"],
  ["a directory", { files: [{ path: "/a/", content: "" }] }, 'files["/a/"]', "file-path-malformed"],
  ["the root", { files: [{ path: "/", content: "" }] }, 'files["/"]', "file-path-malformed"],
  ["a file in /tmp", { files: [{ path: "/tmp/x", content: "" }] }, 'files["/tmp/x"]', "file-path-lost"],
  ["a file in /proc", { files: [{ path: "/proc/sys/x", content: "" }] }, 'files["/proc/sys/x"]', "file-path-lost"],
  ...["644", "0888", "rw-r--r--", "4755", ""].map(
    (permissions) =>
      [
        `the permissions "${permissions}"`,
        { files: [{ path: "/a", content: "", permissions }] },
        'files["/a"].permissions',
        "permissions-unknown",
      ] as const satisfies [string, object, string, string],
  ),
  [
    "an owner by number",
    { files: [{ path: "/a", content: "", owner: "0:0" }] },
    'files["/a"].owner',
    "file-owner-malformed",
  ],
  ["a user with a capital", { users: [{ name: "Wizard" }] }, "users.Wizard", "user-name-malformed"],
  ["a group with a space", { users: [{ name: "a", groups: ["a b"] }] }, "users.a", "user-name-malformed"],
  ["a private key", { users: [{ name: "a", sshKeys: ["-----BEGIN X"] }] }, "users.a.sshKeys[0]", "ssh-key-malformed"],
  [
    "two keys in one",
    { users: [{ name: "a", sshKeys: [`${sshKey}\n${sshKey}`] }] },
    "users.a.sshKeys[0]",
    "ssh-key-malformed",
  ],
  ["a password", { users: [{ name: "a", passwordHash: "hunter2" }] }, "users.a.passwordHash", "plain-password"],
  ["a password by module", { modules: { password: "hunter2" } }, "modules.password", "plain-password"],
  ["passwords by module", { modules: { chpasswd: {} } }, "modules.chpasswd", "plain-password"],
  ["users by module", { modules: { users: [] } }, "modules.users", "module-has-field"],
  ["a package with a capital", { packages: ["Git"] }, "packages.Git", "wrong-value"],
  ["a version with a space", { packages: [{ name: "jq", version: "1 2" }] }, "packages.jq.version", "wrong-value"],
  ["a time zone that is none", { timezone: "Europe/Wien" }, "timezone", "wrong-value"],
  ["a time zone in another case", { timezone: "America/new_York" }, "timezone", "wrong-value"],
  ["a time zone in lower case", { timezone: "europe/vienna" }, "timezone", "wrong-value"],
  ["a hostname with a dot", { hostname: "a.b" }, "hostname", "wrong-value"],
  ["a mount point that is none", { growPartitions: ["var"] }, "growPartitions", "file-path-malformed"],
  [
    "a repository without URL",
    { aptSources: { a: { url: "apt.example.com", suite: "/", key: repositoryKey } } },
    "aptSources.a.url",
    "wrong-value",
  ],
  [
    "a repository under a name that is a path",
    { aptSources: { "../a": { url: "https://a", suite: "/", key: repositoryKey } } },
    'aptSources["../a"]',
    "wrong-value",
  ],
  [
    "a suite of two words",
    { aptSources: { a: { url: "https://a", suite: "noble main", key: repositoryKey } } },
    "aptSources.a.suite",
    "wrong-value",
  ],
  [
    "a component with an option of apt in it",
    { aptSources: { a: { url: "https://a", suite: "noble", components: ["[trusted=yes]"], key: repositoryKey } } },
    "aptSources.a.suite",
    "wrong-value",
  ],
  [
    "a private key of a repository",
    { aptSources: { a: { url: "https://a", suite: "/", key: "-----BEGIN PGP PRIVATE KEY BLOCK-----\nhunter2" } } },
    "aptSources.a.key",
    "wrong-value",
  ],
];

test.each(mistakes)("%s is refused without repeating a secret", (_, fields, place, code) => {
  const { problems } = composeCloudInit({ name: "m" }, [{ name: "p", ...fields }]);
  expect(problems.map((problem) => `${problem.where}: ${problem.code}`)).toEqual([`m p.${place}: ${code}`]);
  expect(JSON.stringify(problems)).not.toContain("hunter2");
});

test("a character that cloud-init cannot read is refused wherever it is", () => {
  expect(problemsOf({ name: "a", commands: [["echo", "\u007f"]] })).toEqual([
    "m cloud-init.runcmd[0][1]: text-unreadable",
  ]);
  expect(problemsOf(motd("\u2028"))).toEqual(["m cloud-init.write_files[0].content: text-unreadable"]);
});

test("all problems of all pieces are found at once", () => {
  expect(problemsOf(everything, { name: "p", timezone: "x", users: [{ name: "" }] })).toEqual([
    'm p.users[""]: user-name-malformed',
    "m p.timezone: wrong-value",
    "m cloud-init.modules.timezone: pieces-disagree",
  ]);
});

describe("ubuntuMachine", () => {
  const ssh = (pieces: readonly CloudInitPiece[]) =>
    pieces.find(({ name }) => name === "hardenedSsh")?.files?.[0]?.content;

  test("lets in whom any piece gives a key, and nobody else", () => {
    const pieces = [{ name: "backup", users: [{ name: "backup", sshKeys: [sshKey] }, { name: "local" }] }];
    expect(ssh(ubuntuMachine({ hostname: "a", users: [wizard], pieces }))).toContain("\nAllowUsers backup wizard\n");
  });

  test("refuses to lock everybody out while SSH is kept", () => {
    const users = [{ name: "wizard" }];
    expect(problemsOf(...ubuntuMachine({ hostname: "a", users }))).toEqual([
      "m ubuntuMachine.users: everybody-locked-out",
    ]);
    expect(problemsOf(...ubuntuMachine({ hostname: "a", users, sshPolicy: "mask" }))).toEqual([]);
  });

  test("HRD-2: masks SSH after everything else", () => {
    const pieces = ubuntuMachine({ hostname: "a", users: [wizard], sshPolicy: "mask", pieces: [everything] });
    expect(pieces.at(-1)?.name).toBe("maskedSsh");
  });
});

describe("kubeadmWorker", () => {
  const problems = (changes: object) => problemsOf(kubeadmWorker({ ...worker, ...changes }));

  test.each([
    ["a minor version", { kubernetes: "1.37" }, "kubernetes: version-malformed"],
    ["an old kubeadm", { kubernetes: "1.30.4" }, "kubernetes: kubeadm-too-old"],
    ["an endpoint as URL", { join: { ...worker.join, endpoint: "https://a:6443" } }, "join.endpoint: wrong-value"],
    ["no hash of the CA", { join: { ...worker.join, caCertHashes: [] } }, "join.caCertHashes: wrong-value"],
    ["a short hash", { join: { ...worker.join, caCertHashes: ["sha256:ab"] } }, "join.caCertHashes: wrong-value"],
    [
      "T-38: a role",
      { labels: { "node-role.kubernetes.io/gpu": "" } },
      'labels["node-role.kubernetes.io/gpu"]: label-not-allowed',
    ],
    ["a label with a comma", { labels: { gpu: "a,b=c" } }, "labels.gpu: wrong-value"],
    ["a taint with a space", { taints: { "a b": "NoSchedule" } }, 'taints["a b"]: wrong-value'],
    [
      "one cache for two",
      { mirrors: { a: mirrors["docker.io"], b: mirrors["docker.io"] } },
      "mirrors.b.endpoints[0]: mirror-endpoint-shared",
    ],
  ])("refuses %s", (_, changes, expected) => {
    expect(problems(changes)).toEqual([`m kubeadmWorker.${expected}`]);
  });

  test("PVE-17, CL-6, TAL-33: brings what SSH, a DaemonSet and kubectl did: SSH, mirrors, inotify, label, taint", () => {
    const pieces = ubuntuMachine({
      hostname: "w-1",
      users: [wizard],
      pieces: [
        kubeadmWorker({ ...worker, mirrors, labels: { gpu: "true" }, taints: { "nvidia.com/gpu": "true:NoSchedule" } }),
      ],
    });
    const contentOf = (wanted: RegExp) =>
      pieces.flatMap(({ files = [] }) => files).find(({ path }) => wanted.test(path))?.content;
    expect(contentOf(/sshd_config\.d/)).toContain("PasswordAuthentication no");
    expect(contentOf(/certs\.d\/docker\.io/)).toContain('capabilities = ["pull", "resolve"]');
    expect(contentOf(/sysctl\.d/)).toContain("fs.inotify.max_user_instances = 8192");
    expect(parse(contentOf(/kubeadm-join/) ?? "").nodeRegistration).toMatchObject({
      kubeletExtraArgs: [{ name: "node-labels", value: "gpu=true" }],
      taints: [{ key: "nvidia.com/gpu", value: "true", effect: "NoSchedule" }],
    });
  });

  test("holds the token in one file, for root only and gone with the boot", () => {
    const { files = [] } = kubeadmWorker(worker);
    expect(files.filter(({ content }) => content.includes(worker.join.token))).toMatchObject([
      { path: expect.stringMatching(/^\/run\//), permissions: "0600" },
    ]);
  });
});

describe("dockerHost", () => {
  const image = (value: string) => ({
    projects: { registry: { services: { a: { image: value as `${string}@sha256:${string}` } } } },
  });

  test.each(["registry:3", "registry@sha256:0123", `registry@${digest}0`])("refuses the image %s", (value) => {
    expect(problemsOf(dockerHost(image(value)))).toEqual([
      "m dockerHost.projects.registry.services.a.image: image-without-digest",
    ]);
  });

  test("refuses a name that is no project, and values that compose would change", () => {
    const isUnknown = (text: string) => text.includes("<later>");
    const services = { a: { image: `registry@${digest}`, environment: { PASSWORD: "<later>" } } } as const;
    const { problems } = composeCloudInit({ name: "m", isUnknown }, [
      dockerHost({ projects: { Registry: { services } } }),
    ]);
    expect(problems.map(({ code }) => code)).toEqual(["wrong-value", "terraform-value-in-compose"]);
  });

  test("starts services again unless it is told otherwise", () => {
    const file = dockerHost({ projects: { registry } }).files?.find(({ path }) => path.startsWith("/opt/"));
    expect(file?.path).toBe("/opt/registry/docker-compose.yml");
    expect(file?.content.match(/restart: .*/g)).toEqual(["restart: unless-stopped", "restart: always"]);
  });
});
