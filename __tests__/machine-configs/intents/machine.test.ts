import {
  type Contract,
  composeConfiguration,
  criCustomization,
  environment,
  etcFile,
  extensionService,
  type Intent,
  install,
  logging,
  nvidiaDriver,
  nvidiaExtensions,
  registryAuth,
  registryMirrors,
  registryTls,
  renderDocuments,
  sysfs,
  talosApiCertSANs,
  trustedRoots,
  udevRules,
  watchdog,
} from "../../../machine-configs";
import { certificate, contracts, privateKey, worker } from "../machines";
import { problemsOf } from "./problems";

const id = "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba";

test.each<[string, Intent, readonly string[]]>([
  [
    "TAL-9: a disk that is no device",
    install({ image: `factory.talos.dev/nocloud-installer/${id}:v1.14.4`, disk: "sda" }),
    [
      'k8s-ctrl-1 install.disk: install-disk-malformed\n  "sda" is not the path of a disk.\n  Remedy: Use a path such as /dev/sda (SCSI) or /dev/vda (virtio-blk).',
    ],
  ],
  [
    "TAL-36: an installer without a tag",
    install({ image: `factory.talos.dev/nocloud-installer/${id}` }),
    [
      `k8s-ctrl-1 install.image: installer-malformed\n  "factory.talos.dev/nocloud-installer/${id}" is not the reference of an installer image.\n  Remedy: Use installerImage(): <factory>/nocloud-installer/<schematic id>:v<talos>.`,
    ],
  ],
  [
    "IMG-5: an installer of another release",
    install({ image: `registry.example.com:5000/nocloud-installer/${id}:v1.13.9` }),
    [
      'k8s-ctrl-1 install.image: installer-of-other-talos\n  The installer\'s tag "v1.13.9" is not the machine\'s Talos version 1.14.4.\n  Remedy: Use the tag "v1.14.4".',
    ],
  ],
  [
    "TAL-6: one port for two registries",
    registryMirrors({
      "docker.io": { endpoints: ["http://10.0.20.10:5000"] },
      "ghcr.io": { endpoints: ["http://10.0.20.10:5000/"] },
    }),
    [
      'k8s-ctrl-1 registryMirrors["ghcr.io"].endpoints[0]: mirror-endpoint-shared\n  The endpoint http://10.0.20.10:5000/ serves docker.io as well as ghcr.io; a cache would answer for the wrong one.\n  Remedy: Give every registry a port of its own.',
    ],
  ],
  [
    "TAL-6: an endpoint twice, and none",
    registryMirrors({ a: { endpoints: ["http://b", "http://b"] }, "c.io": { endpoints: [] } }),
    [
      "k8s-ctrl-1 registryMirrors.a.endpoints[1]: mirror-endpoint-shared\n  The endpoint http://b of a is listed twice.\n  Remedy: List it once.",
      'k8s-ctrl-1 registryMirrors["c.io"].endpoints: mirror-without-endpoint\n  The mirror of c.io has no endpoint.\n  Remedy: Give at least one URL, or leave the registry out.',
    ],
  ],
  [
    "a name for the Talos API with a port",
    talosApiCertSANs(["talos.example.com", "talos.example.com:50000"]),
    [
      'k8s-ctrl-1 talosApiCertSANs[1]: wrong-value\n  "talos.example.com:50000" is not an IP address or a DNS name, without scheme and port.\n  Remedy: Give an IP address or a DNS name, without scheme and port.',
    ],
  ],
  [
    "a file below /sys with /sys before it",
    sysfs({ "/sys/module/zswap/parameters/enabled": "1" }),
    [
      'k8s-ctrl-1 sysfs["/sys/module/zswap/parameters/enabled"]: wrong-value\n  "/sys/module/zswap/parameters/enabled" is not a path inside of /sys, such as module.zswap.parameters.enabled.\n  Remedy: Give a path inside of /sys, such as module.zswap.parameters.enabled.',
    ],
  ],
  [
    "TAL-6: a login for a URL",
    registryAuth({ "https://registry.example.com": { identityToken: "made up" } }),
    [
      'k8s-ctrl-1 registryAuth["https://registry.example.com"]: wrong-value\n  "https://registry.example.com" is not the host of a registry, with its port if it has one, such as registry.example.com:5000.\n  Remedy: Give the host of a registry, with its port if it has one, such as registry.example.com:5000.',
    ],
  ],
  [
    "a trusted authority that is a path",
    trustedRoots({ "lab-ca": "/etc/ca.pem" }),
    [
      'k8s-ctrl-1 TrustedRootsConfig/lab-ca.certificates: useless-value\n  Talos takes "/etc/ca.pem", but it is not a list of PEM certificates.\n  Remedy: Give a list of PEM certificates.',
    ],
  ],
  [
    "a receiver of logs with a path",
    logging({ services: [{ endpoint: "tcp://10.0.20.60/logs:6051" }], kernel: ["udp://10.0.20.60/logs:6050"] }),
    [
      'k8s-ctrl-1 logging.services[0].endpoint: wrong-value\n  "tcp://10.0.20.60/logs:6051" is not a tcp:// or udp:// URL with a port and without a path.\n  Remedy: Give a tcp:// or udp:// URL with a port and without a path.',
      'k8s-ctrl-1 KmsgLogConfig/udp://10.0.20.60/logs:6050.url: wrong-value\n  "udp://10.0.20.60/logs:6050" is not a tcp:// or udp:// URL with a port and without a path.\n  Remedy: Give a tcp:// or udp:// URL with a port and without a path.',
    ],
  ],
  [
    "a watchdog that barks at once",
    watchdog({ timeout: "5s" }),
    ['k8s-ctrl-1 WatchdogTimerConfig.timeout: wrong-value\n  "5s" is not at least 10s.\n  Remedy: Give at least 10s.'],
  ],
  [
    "an extension's service that is told nothing",
    extensionService({ name: "nut-client" }),
    [
      "k8s-ctrl-1 ExtensionServiceConfig/nut-client.configFiles: field-missing\n  The field is missing.\n  Remedy: Give at least one file or variable of the environment.",
    ],
  ],
  [
    "settings of containerd as YAML",
    criCustomization({ name: "nri", content: "plugins:\n  nri: {}\n" }),
    [
      'k8s-ctrl-1 CRICustomizationConfig/nri.content: useless-value\n  Talos takes "plugins:\\n  nri: {}\\n", but it is not TOML.\n  Remedy: Give TOML.',
    ],
  ],
  [
    "TAL-21: permissions of a file without their prefix",
    etcFile({ name: "nfsmount.conf", contents: "", mode: 644 }),
    [
      "k8s-ctrl-1 EtcFileConfig/nfsmount.conf.mode: permissions-decimal\n  644 is a decimal number here, which means the permissions 0o1204.\n  Remedy: Write 0o644.",
    ],
  ],
  [
    "TAL-21: a file that Talos writes itself",
    etcFile({ name: "cri/conf.d/20-customization.part", contents: "" }),
    [
      'k8s-ctrl-1 EtcFileConfig/cri/conf.d/20-customization.part.name: wrong-value\n  "cri/conf.d/20-customization.part" is not a file that Talos does not write itself.\n  Remedy: Give a file that Talos does not write itself.',
    ],
  ],
])("%s is refused", (_, intent, expected) => {
  expect(problemsOf(intent)).toEqual(expected);
});

test.each([
  ["a mirror", registryMirrors({ "docker.io/library": { endpoints: ["http://10.0.20.10:5000"] } })],
  ["the certificate of all others", registryTls({ "*": { insecureSkipVerify: true } })],
  ["a login", registryAuth({ "registry.example.com/v2": { username: "a", password: "b" } })],
])("TAL-6: %s is for the host that an image name begins with, or that is asked", (_, intent) => {
  expect(problemsOf(intent)).toMatchObject([expect.stringContaining("is not the host of a registry")]);
});

test("TAL-6: all other registries may have a mirror", () => {
  expect(problemsOf(registryMirrors({ "*": { endpoints: ["http://10.0.20.10:5000"] } }))).toEqual([]);
});

describe.each(contracts)("a registry's certificates and keys under contract %s", (contract) => {
  const identity = (cert: string, key: string) =>
    registryTls({ "registry.example.com": { clientIdentity: { cert, key } } });

  test("are those that were given, as PEM or as base64 of it", () => {
    const key = privateKey();
    const [document] = identity(certificate, key).documents(worker(contract));
    const text = JSON.stringify(document);
    const given = [certificate, key].map((pem) =>
      contract === "1.11" ? Buffer.from(pem).toString("base64") : JSON.stringify(pem).slice(1, -1),
    );
    expect(given.filter((pem) => text.includes(pem))).toEqual(given);
    expect(problemsOf(identity(certificate, key), worker(contract))).toEqual([]);
  });

  test("are refused when they are none, and the key is not repeated", () => {
    const problems = problemsOf(identity("no certificate", "made up"), worker(contract));
    expect(problems).toHaveLength(2);
    expect(problems.join()).not.toContain("made up");
  });

  test("that are not known yet are refused where only base64 of them is read", () => {
    const machine = { ...worker(contract), isUnknown: (text: string) => text.includes("later") };
    const codes = composeConfiguration(machine, [identity(certificate, "later")]).problems.map(({ code }) => code);
    expect(codes).toEqual(contract === "1.11" ? ["intent-needs-contract"] : []);
  });
});

/** A key in shape only, which no file has. */
test.each(contracts)("under contract %s a variable with a hyphen is refused, once", (contract) => {
  const problems = problemsOf(environment({ "http-proxy": "http://proxy.example.com:3128" }), worker(contract));
  expect(problems).toHaveLength(1);
  expect(problems).toMatchObject([
    expect.stringContaining('"http-proxy" is not a variable\'s name: letters, digits and underscores.'),
  ]);
});

test.each(["1.13", "1.14"] as const)(
  "contract %s: the rules of one intent stay together in their order",
  (contract) => {
    const render = (intents: readonly Intent[]) => {
      const { documents, problems } = composeConfiguration(worker(contract), intents);
      expect(problems).toEqual([]);
      return JSON.stringify(documents);
    };
    const [first, second] = [udevRules(["z", "a"]), udevRules(["m"])];
    expect(render([first, second])).toContain('"rules":["m","z","a"]');
    expect(render([second, first, second])).toBe(render([first, second]));
  },
);

test("receivers of logs and files of a service from several intents come together", () => {
  const { documents, problems } = composeConfiguration(worker("1.14"), [
    logging({ services: [{ endpoint: "udp://10.0.20.61:6051" }] }),
    logging({ services: [{ endpoint: "udp://10.0.20.60:6051" }], kernel: ["udp://10.0.20.60:6050"] }),
    extensionService({ name: "nut-client", files: { "/b": "b" } }),
    extensionService({ name: "nut-client", files: { "/a": "a" } }),
  ]);
  expect(problems).toEqual([]);
  expect(documents).toMatchObject([
    {
      machine: {
        logging: { destinations: [{ endpoint: "udp://10.0.20.60:6051" }, { endpoint: "udp://10.0.20.61:6051" }] },
      },
    },
    { kind: "KmsgLogConfig" },
    { kind: "ExtensionServiceConfig", configFiles: [{ mountPath: "/a" }, { mountPath: "/b" }] },
  ]);
});

/** What the seed's GPU patch says to containerd. */
const seedRuntime =
  '[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.nvidia]\n  runtime_type = "io.containerd.runc.v2"\n';

test.each(contracts)("T-2, TAL-19: under contract %s the plugin of containerd 1 is refused", (contract) => {
  const problems = problemsOf(criCustomization({ name: "nvidia", content: seedRuntime }), worker(contract));
  const where = contract === "1.14" ? "CRICustomizationConfig/nvidia.content" : "v1alpha1.machine.files[0].content";
  expect(problems).toEqual([
    `k8s-work-4 ${where}: containerd-plugin-obsolete\n  The plugin "io.containerd.grpc.v1.cri" is of containerd 1; containerd 2 ignores what it is told.\n  Remedy: Write "io.containerd.cri.v1.runtime" for runtimes and CDI, and "io.containerd.cri.v1.images" for images.`,
  ]);
});

test("T-2: the streams of pods are still set at that plugin", () => {
  const content = '[plugins."io.containerd.grpc.v1.cri"]\n  stream_server_address = "127.0.0.1"\n';
  expect(problemsOf(criCustomization({ name: "streams", content }))).toEqual([]);
});

test("T-1: two parts of containerd's configuration need a name each, and contract 1.14", () => {
  const parts = ["a", "b"].map((name) => criCustomization({ name, content: `# ${name}\n` }));
  const codes = (contract: Contract) => composeConfiguration(worker(contract), parts).problems.map(({ code }) => code);
  expect(codes("1.14")).toEqual([]);
  expect(codes("1.13")).toEqual(["intents-disagree"]);
});

test("TAL-21: a file below /etc before contract 1.14 is refused with what to do instead", () => {
  const file = etcFile({ name: "nfsmount.conf", contents: "" });
  expect(problemsOf(file, worker("1.13"))).toEqual([
    "k8s-work-4 etcFile: intent-needs-contract\n  The file /etc/nfsmount.conf can be configured under contract 1.14, and not under 1.13.\n  Remedy: Use a system extension that brings the file, or a file below /var if what reads it can look there.",
  ]);
});

test("VAL-1, T-1, T-2, T-6, T-34, TAL-19, TAL-20, TAL-21: a GPU needs no file on the machine", () => {
  for (const contract of contracts) {
    const text = renderDocuments(composeConfiguration(worker(contract), [nvidiaDriver()]).documents);
    expect(text).not.toMatch(/files|conf\.d|no-cgroups|\/etc\/|\/var\//);
  }
});

test("T-6: Talos up to 1.12 gets the BPF compiler hardened, later ones do not", () => {
  const on = (talos: string) => nvidiaDriver().documents({ ...worker("1.13"), talos });
  expect(on("1.12.11")).toContainEqual({ machine: { sysctls: { "net.core.bpf_jit_harden": "1" } } });
  expect(JSON.stringify(on("1.13.9"))).not.toContain("bpf_jit_harden");
});

test("TAL-13, TAL-14: label and taint can be left out", () => {
  const { documents } = composeConfiguration(worker("1.14"), [nvidiaDriver({ label: false, taint: false })]);
  expect(documents.map(({ kind }) => kind)).not.toContain("KubeNodeConfig");
});

test.each([
  [{}, ["siderolabs/nvidia-open-gpu-kernel-modules-production", "siderolabs/nvidia-container-toolkit-production"]],
  [{ driver: "lts" }, ["siderolabs/nvidia-open-gpu-kernel-modules-lts", "siderolabs/nvidia-container-toolkit-lts"]],
  [
    { modules: "nonfree" },
    ["siderolabs/nonfree-kmod-nvidia-production", "siderolabs/nvidia-container-toolkit-production"],
  ],
] as const)("TAL-15: %j takes kernel modules and toolkit of one branch", (props, extensions) => {
  expect(nvidiaExtensions(props)).toEqual(extensions);
});
