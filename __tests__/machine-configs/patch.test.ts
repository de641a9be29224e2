/** Strategic merge, as measured on Talos' own patcher. */
import { parse } from "yaml";
import { documentKinds } from "../../machine-configs/documents";
import { type Judgement, judge } from "../../machine-configs/judge";
import {
  CLEARABLE,
  EMPTY_WORDS,
  ERASED,
  KEYED,
  mergeUrls,
  REPLACED,
  UNMERGEABLE,
  URLS,
} from "../../machine-configs/merge-rules";
import { valueAt } from "../../machine-configs/plain-data";
import { schemaAt } from "../../machine-configs/shape";
import { schemaOfKind } from "../../machine-configs/validate";

const root = "machine: {type: worker, token: t}\ncluster: {token: t}\n";

test("every rule of merging is about a field that exists", () => {
  const keyed = Object.entries(KEYED).map(([kind, lists]) => [kind, Object.keys(lists)] as const);
  const refused = Object.entries(UNMERGEABLE).map(([kind, rules]) => [kind, rules.map(({ path }) => path)] as const);
  const words = Object.entries(EMPTY_WORDS).map(([kind, fields]) => [kind, Object.keys(fields)] as const);
  const rules = [
    ...keyed,
    ...refused,
    ...words,
    ...[REPLACED, CLEARABLE, ERASED, URLS].flatMap((table) => Object.entries(table)),
  ];
  const fields = rules.flatMap(([kind, paths]) =>
    paths.map((path) => ({ kind, path: path.split(".").filter((key) => key !== "") })),
  );
  expect(fields.filter(({ kind, path }) => schemaAt(schemaOfKind(kind), path) === undefined)).toEqual([]);
});

test("maps merge, the last scalar wins, and lists append", () => {
  const base = "machine: {token: t, certSANs: [a], sysctls: {a: '1', b: '2'}}";
  const { documents } = apply(base, "machine: {token: u, certSANs: [b], sysctls: {b: '3', c: '4'}}");
  expect(documents).toEqual([{ machine: { token: "u", certSANs: ["a", "b"], sysctls: { a: "1", b: "3", c: "4" } } }]);
});

test("a kind without its version is no patch, even where the configuration has the document", () => {
  const base = `${root}---\n${document("HostnameConfig", "auto: stable")}`;
  const { problems } = apply(base, "kind: HostnameConfig\nhostname: a\nauto: 'off'");
  expect(problems.map(({ where }) => where)).toContain("HostnameConfig.apiVersion");
});

test("a document of another kind or name is added", () => {
  const { documents } = apply(root, document("LinkConfig", "name: eth0"), document("LinkConfig", "name: eth1"));
  expect(documents.map(({ name }) => name)).toEqual([undefined, "eth0", "eth1"]);
});

test("a duration that is nothing changes nothing, and one that is none is refused even where it would", () => {
  const base = document("TimeSyncConfig", "bootTimeout: 2m");
  const none = apply(base, document("TimeSyncConfig", "bootTimeout: 0s"));
  expect(none.documents).toMatchObject([{ bootTimeout: "2m" }]);
  expect(none.problems.map(({ code }) => code)).toContain("change-without-effect");
  for (const text of ['""', "soon"]) {
    const { problems } = apply(
      base,
      document("TimeSyncConfig", `bootTimeout: ${text}`),
      document("TimeSyncConfig", "bootTimeout: 1m"),
    );
    expect(problems.map(({ code, where }) => `${code} ${where}`)).toContain("wrong-value TimeSyncConfig.bootTimeout");
  }
});

test("empty texts and zeros change nothing, false does", () => {
  const base = document("LinkConfig", "name: eth0", "mtu: 9000", "up: true");
  const { documents } = apply(base, document("LinkConfig", "name: eth0", "mtu: 0", "up: false"));
  expect(documents).toEqual([{ apiVersion: "v1alpha1", kind: "LinkConfig", name: "eth0", mtu: 9000, up: false }]);
});

test.each([
  ["EthernetConfig", "name: eth0", "rings: {rx: 512}", "rings: {rx: 0}"],
  ["BondConfig", "name: bond0", "updelay: 200", "updelay: 0"],
  ["ZswapConfig", "", "maxPoolPercent: 50", "maxPoolPercent: 0"],
  ["KubeSpanConfig", "", "mtu: 1380", "mtu: 0"],
])("a zero is a number like any other for some fields of %s since 1.13", (kind, name, fields, zero) => {
  const [base, change] = [document(kind, name, fields), document(kind, name, zero)];
  const merged = ["1.12.11", "1.13.9"].map((talos) => applyAt(talos, base, change).documents[0]);
  expect(merged).toEqual([parse(base), parse(change)]);
});

test("the ports and the sources of a firewall rule are replaced", () => {
  const rule = (port: number, subnet: string) =>
    document("NetworkRuleConfig", "name: a", `portSelector: {ports: [${port}], protocol: tcp}`, `ingress: [${subnet}]`);
  const { documents } = apply(rule(443, "{subnet: 10.0.0.0/8}"), rule(8443, "{subnet: 192.168.0.0/16}"));
  expect(documents).toEqual([parse(rule(8443, "{subnet: 192.168.0.0/16}"))]);
});

test("a firewall that blocks is not opened by a patch, and that is said", () => {
  const action = (ingress: string) => document("NetworkDefaultActionConfig", `ingress: ${ingress}`);
  const { documents, problems } = apply(action("block"), action("accept"));
  expect(documents).toEqual([parse(action("block"))]);
  expect(codes({ problems })).toContain("change-without-effect");
});

test("the values of an argument are replaced, and since 1.13 also by nothing", () => {
  const args = (value: string) => `cluster: {apiServer: {extraArgs: {a: ${value}}}}`;
  const merged = (talos: string, left: string, right: string) =>
    applyAt(talos, args(left), args(right)).documents[0]?.["cluster"];
  const expected = (a: unknown) => ({ apiServer: { extraArgs: { a } } });
  expect(merged("1.13.9", "[x]", "[y]")).toEqual(expected(["y"]));
  expect(merged("1.13.9", "x", '""')).toEqual(expected(""));
  expect(merged("1.12.11", "x", '""')).toEqual(expected("x"));
});

test("authorizers append", () => {
  const authorizer = (timeout: string) =>
    `cluster: {apiServer: {authorizationConfig: [{name: a, type: Webhook, webhook: {timeout: ${timeout}}}]}}`;
  const { documents } = applyAt("1.13.9", authorizer("3s"), authorizer("5s"));
  expect(valueAt(documents[0], ["cluster", "apiServer", "authorizationConfig"])).toHaveLength(2);
});

test("items without what tells them apart are one, in one patch as well", () => {
  const plugins = (...items: readonly string[]) => `cluster: {apiServer: {admissionControl: [${items.join(", ")}]}}`;
  const { documents } = apply(
    "cluster: {apiServer: {}}",
    plugins("{configuration: {a: b}}", "{name: x}", "{configuration: {c: d}}"),
  );
  expect(valueAt(documents[0], ["cluster", "apiServer", "admissionControl"])).toEqual([
    { configuration: { a: "b", c: "d" } },
    { name: "x" },
  ]);
});

test("devices are one by their selector, unless it asks for a physical one", () => {
  const device = (selector: string) => `machine: {network: {interfaces: [{deviceSelector: ${selector}, mtu: 1500}]}}`;
  const devices = (selector: string, again: string) =>
    valueAt(apply("machine: {network: {}}", device(selector), device(again)).documents[0], [
      "machine",
      "network",
      "interfaces",
    ]);
  expect(devices("{driver: a, busPath: b}", "{busPath: b, driver: a}")).toHaveLength(1);
  expect(devices("{physical: true}", "{physical: true}")).toHaveLength(2);
});

test("a certificate is replaced together with its key", () => {
  const pair = "machine: {type: controlplane, ca: {crt: YQ==, key: YQ==}}";
  const { documents, problems } = apply(pair, "machine: {ca: {crt: Yg==}}");
  expect(documents).toEqual([{ machine: { type: "controlplane", ca: { crt: "Yg==" } } }]);
  expect(problems.map(({ where }) => where)).toContain("machine.ca.key");
});

test("a certificate or key is emptied by a change with nothing in it", () => {
  const tls = (given: string) => `machine: {registries: {config: {a: {tls: ${given}}}}}`;
  const set = apply(tls("{ca: YQ==, clientIdentity: {crt: YQ==, key: YQ==}}"), tls('{ca: "", clientIdentity: {}}'));
  expect(set.documents).toMatchObject([
    { machine: { registries: { config: { a: { tls: { ca: "", clientIdentity: {} } } } } } },
  ]);
  const { documents } = apply(
    "cluster: {serviceAccount: {key: YQ==}, ca: {crt: YQ==}}",
    "cluster: {serviceAccount: {}, ca:}",
  );
  expect(documents).toEqual([{ cluster: { serviceAccount: {}, ca: { crt: "YQ==" } } }]);
});

test("a document with nothing but a header is none, and a patch of such documents is refused", () => {
  const only = apply(root, "version: v1alpha1\n");
  expect(only.problems.map(({ code, tier }) => `${tier} ${code}`)).toContain("talos no-document");
  const beside = apply(root, "version: other\n---\nkind: HostnameConfig\nname: x\n---\ndebug: true\n");
  expect(beside.documents).toEqual([{ machine: { type: "worker", token: "t" }, cluster: { token: "t" }, debug: true }]);
  expect(beside.problems.map(({ where }) => where)).toEqual(["machine.ca.crt", "machine"]);
});

test("a maximum stays since 1.12, and a percentage does not take its place", () => {
  const volume = (size: string) => document("VolumeConfig", "name: EPHEMERAL", `provisioning: {${size}}`);
  const size = (talos: string, left: string, right: string) =>
    valueAt(applyAt(talos, volume(left), volume(right)).documents[0], ["provisioning", "maxSize"]);
  expect(["1.11.6", "1.12.11"].map((talos) => size(talos, "maxSize: 5GiB", "grow: true"))).toEqual([undefined, "5GiB"]);
  expect([size("1.13.9", "maxSize: 5GiB", "maxSize: 50%"), size("1.13.9", "maxSize: 50%", "maxSize: 5GiB")]).toEqual([
    "5GiB",
    "5GiB",
  ]);
});

test("the subnets of pods and services are replaced", () => {
  const { documents } = apply("cluster: {network: {podSubnets: [a]}}", "cluster: {network: {podSubnets: [b]}}");
  expect(documents).toEqual([{ cluster: { network: { podSubnets: ["b"] } } }]);
});

test("interfaces are merged by their name or selector, and their VLANs by their id", () => {
  const { documents } = apply(
    "machine: {network: {interfaces: [{interface: eth0, vlans: [{vlanId: 5, mtu: 1400}]}]}}",
    "machine: {network: {interfaces: [{interface: eth0, vlans: [{vlanId: 5, dhcp: true}, {vlanId: 6}]}, {interface: eth1}]}}",
  );
  const vlans = [{ vlanId: 5, mtu: 1400, dhcp: true }, { vlanId: 6 }];
  const interfaces = [{ interface: "eth0", vlans }, { interface: "eth1" }];
  expect(documents).toEqual([{ machine: { network: { interfaces } } }]);
});

test("a size that selects the disk to install on cannot be changed by a patch, but added", () => {
  const selector = (fields: string) => `machine: {install: {diskSelector: {${fields}}}}`;
  const sized = selector("size: '>= 100GB'");
  expect(codes(apply(`${root}---\n`, sized, selector("model: 'X*'")))).not.toContain("merge-impossible");
  expect(codes(apply(root, sized, selector("size: '>= 200GB'")))).toContain("merge-impossible");
});

test("a routing rule cannot be changed by a patch before 1.14", () => {
  const rule = document("RoutingRuleConfig", "name: '1000'", "table: '100'");
  const change = document("RoutingRuleConfig", "name: '1000'", "iifName: eth0");
  const found = (talos: string) =>
    codes(judge({ name: "base", text: `${root}---\n${rule}` }, [{ name: "change", text: change }], { talos }));
  expect([found("1.13.9"), found("1.14.0")].map((all) => all.includes("merge-impossible"))).toEqual([true, false]);
});

test.each([
  ["RAIDArrayConfig", "metadata: '1.2'"],
  ["LVMVolumeGroupConfig", ""],
])("the members of a %s that a later patch does not repeat are lost", (kind, change) => {
  const members = "provisioning: {volumeSelector: {match: 'disk.rotational'}}";
  const { problems } = apply(root, document(kind, "name: a", members), document(kind, "name: a", change));
  expect(problems.map(({ where }) => where)).toContain(`${kind}/a.provisioning.volumeSelector.match`);
});

test("an expression or a size that a later patch does not repeat is lost", () => {
  const volume = (...lines: string[]) => document("UserVolumeConfig", "name: data", ...lines);
  const { documents } = apply(
    root,
    volume("provisioning: {diskSelector: {match: '!system_disk'}, minSize: 10GiB}"),
    volume("filesystem: {type: ext4}"),
  );
  expect(documents.at(-1)).toMatchObject({ provisioning: { diskSelector: {} }, filesystem: { type: "ext4" } });
  expect(JSON.stringify(documents)).not.toMatch(/match|minSize/);
});

test("an address of two kinds of documents is one too many", () => {
  const shared = document("Layer2VIPConfig", "name: 10.0.0.5", "link: eth0");
  const { problems } = apply(root, shared, document("HCloudVIPConfig", "name: 10.0.0.5", "link: eth0", "apiToken: t"));
  expect(problems.map(({ where, code }) => `${where}: ${code}`)).toContain(
    "HCloudVIPConfig/10.0.0.5: documents-conflict",
  );
});

test.each(documentKinds.filter((one) => one.controlPlaneOnly).map(({ kind }) => kind))(
  "%s is refused by workers",
  (kind) => {
    const { problems } = apply(root, document(kind, "name: a"));
    expect(problems.map(({ where, code }) => `${where}: ${code}`)).toContain(`${kind}/a: control-plane-only`);
  },
);

test("a rule about the same image takes the place of the earlier one", () => {
  const rules = (rule: string) => document("ImageVerificationConfig", `rules: [{image: a, ${rule}}]`);
  const { documents, problems } = apply(root, rules("publicKey: {certificate: c}"), rules("deny: true"));
  expect(documents.at(-1)).toMatchObject({ rules: [{ image: "a", deny: true }] });
  expect(JSON.stringify(documents)).not.toContain("publicKey");
  expect(problems.filter(({ severity, identity }) => severity === "error" && identity !== "v1alpha1")).toEqual([]);
});

test("the issuer of tokens is a URL like others", () => {
  const issuer = (url: string) => document("KubeServiceAccountConfig", `issuer: {issuerURL: ${url}}`);
  const { documents } = apply(root, issuer("https://10.0.0.10:6443"), issuer("idp.example.com"));
  expect(documents.at(-1)).toMatchObject({ issuer: { issuerURL: "https://10.0.0.10:6443/idp.example.com" } });
});

test.each([
  ["https://10.0.0.10:6443", "10.0.0.11", "https://10.0.0.10:6443/10.0.0.11"],
  ["https://10.0.0.10:6443/", "https://example.com", "https://example.com/"],
  ["https://a/b?c#d", "http://e", "http://e/b?c#d"],
])("the URL %s merged with %s is %s", (left, right, merged) => {
  expect(mergeUrls(left, right)).toBe(merged);
});

describe("$patch: delete", () => {
  test("takes out a document, a map's key and a list's item", () => {
    const base = `machine: {sysctls: {a: '1', b: '2'}, files: [{path: /a}, {path: /b}]}\n---\n${document("HostnameConfig", "auto: stable")}`;
    const { documents, problems } = apply(
      base,
      document("HostnameConfig", "$patch: delete"),
      "machine: {sysctls: {a: {$patch: delete}}, files: [{path: /b, $patch: delete}]}",
    );
    expect(documents).toEqual([{ machine: { sysctls: { b: "2" }, files: [{ path: "/a" }] } }]);
    expect(codes({ problems })).not.toContain("nothing-to-delete");
  });

  test("merges what else is in the patch", () => {
    const base = "machine: {install: {disk: /dev/sda, wipe: false}}";
    const { documents } = apply(base, "machine: {install: {disk: {$patch: delete}, diskSelector: {type: ssd}}}");
    expect(documents).toEqual([{ machine: { install: { wipe: false, diskSelector: { type: "ssd" } } } }]);
  });

  test.each([
    ["an absent key", "machine: {sysctls: {a: {$patch: delete}}}", "nothing-to-delete"],
    ["a key of an absent section", "machine: {install: {disk: {$patch: delete}}}", "nothing-to-delete"],
    ["an absent item", "machine: {files: [{path: /c, $patch: delete}]}", "nothing-to-delete"],
    ["a key inside an item", "machine: {files: [{path: /a, op: {$patch: delete}}]}", "delete-inside-list"],
  ])("fails on %s", (_, patch, code) => {
    expect(codes(apply(`${root}`, patch))).toContain(code);
  });

  test("does nothing about an absent optional field", () => {
    expect(codes(apply(root, "cluster: {etcd: {$patch: delete}}"))).not.toContain("nothing-to-delete");
  });

  test("of an absent document is refused up to 1.13", () => {
    const patch = document("WatchdogTimerConfig", "$patch: delete");
    expect(codes(applyAt("1.13.9", root, patch))).toContain("document-absent");
    expect(codes(applyAt("1.14.4", root, patch))).not.toContain("document-absent");
  });
});

test("one document twice in one patch is merged from 1.14 on and refused before", () => {
  const patch = `${document("WatchdogTimerConfig", "device: /dev/watchdog0")}---\n${document("WatchdogTimerConfig", "timeout: 2m")}`;
  expect(codes(applyAt("1.13.9", root, patch))).toContain("document-twice");
  const { documents, problems } = applyAt("1.14.4", root, patch);
  expect(codes({ problems })).not.toContain("document-twice");
  expect(documents.at(-1)).toMatchObject({ device: "/dev/watchdog0", timeout: "2m" });
});

test("a configuration has each document once, on every release", () => {
  const timer = document("WatchdogTimerConfig", "device: /dev/watchdog0");
  const twice = [timer, timer, root, root].join("---\n");
  const where = applyAt("1.14.4", twice).problems.filter(({ code }) => code === "document-twice");
  expect(where.map(({ identity }) => identity)).toEqual(["WatchdogTimerConfig", "v1alpha1"]);
  expect(codes(applyAt("1.11.6", twice))).toContain("document-twice");
});

test("JSON6902 operations are refused with the reason", () => {
  const { problems } = apply(root, '[{"op": "add", "path": "/machine/token", "value": "a"}]');
  expect(problems).toContainEqual(
    expect.objectContaining({ code: "patch-is-json6902", tier: "talos", text: "patch 1" }),
  );
});

test("values of a section without fixed types keep their type", () => {
  const config = (value: string) => document("KubeletConfig", `config: {maxPods: ${value}}`);
  expect(codes(apply(config("250"), config('"250"')))).toContain("merge-mismatch");
});

describe("names that every object has are names like others", () => {
  test.each(["constructor", "toString", "hasOwnProperty", "__proto__"])("the key %s is merged", (key) => {
    const config = (fields: string) => document("KubeletConfig", `config: {${fields}}`);
    const { documents, problems } = apply(config("a: 1"), config(`${key}: 2`));
    expect(codes({ problems })).not.toContain("merge-mismatch");
    expect(JSON.stringify(documents)).toContain(`{"a":1,"${key}":2}`);
  });

  test("the kind constructor is unknown", () => {
    const unknown = document("constructor", "a: 1");
    expect(codes(apply(unknown, unknown, root))).toContain("kind-unknown");
  });

  test("a deletion reaches no object but the configuration", () => {
    const before = Object.prototype.toLocaleString;
    const { problems } = apply(root, "machine: {__proto__: {toLocaleString: {$patch: delete}}}");
    expect(Object.prototype.toLocaleString).toBe(before);
    expect(codes({ problems })).toContain("nothing-to-delete");
  });
});

test.each([
  ["a secret that a patch leaves as it is", "machine: {token: made-up}", 'machine: {token: ""}'],
  ["a map with a secret inside", root, document("WireguardConfig", "name: wg0", "peers: {presharedKey: made-up}")],
  [
    "a secret whose type is free",
    document("KubeEtcdEncryptionConfig", "config: {a: made-up}"),
    document("KubeEtcdEncryptionConfig", "config: {a: 5}"),
  ],
  ["a header", root, document("LinkConfig", "name: {password: made-up}")],
  [
    "a token in a URL",
    document("SideroLinkConfig", "apiUrl: https://omni.example.com?jointoken=made-up"),
    document("SideroLinkConfig", "apiUrl: https://omni.example.org"),
  ],
])("%s is not shown", (_, base, patch) => {
  const messages = apply(base, patch).problems.map(({ message }) => message);
  expect(messages.some((message) => message.includes("(hidden)"))).toBe(true);
  expect(messages.join("\n")).not.toContain("made-up");
});

test("explain says which text set a value", () => {
  const base = document("LinkConfig", "name: eth0", "mtu: 1500", "addresses: [{address: 10.0.0.1/24}]");
  const { explain } = apply(
    base,
    document("LinkConfig", "name: eth0", "mtu: 9000"),
    document("LinkConfig", "name: eth0", "addresses: [{address: 10.0.0.2/24}]"),
  );
  expect(explain("LinkConfig/eth0", ["mtu"])).toEqual(["patch 1"]);
  expect(explain("LinkConfig/eth0", ["addresses", 1])).toEqual(["patch 2"]);
  expect(explain("LinkConfig/eth0", ["addresses"])).toEqual(["base", "patch 2"]);
  expect(explain("LinkConfig/eth0", ["name"])).toEqual(["patch 2"]);
});

test("explain names a writer of what is empty, and none of a neighbour", () => {
  const addresses = Array.from({ length: 11 }, (_, index) => `{address: 10.0.0.${index}/24}`);
  const { explain } = apply(
    document("LinkConfig", "name: eth0", "routes: []", `addresses: [${addresses.slice(1).join(", ")}]`),
    document("LinkConfig", "name: eth0", `addresses: [${addresses[0]}]`),
  );
  expect(explain("LinkConfig/eth0", ["routes"])).toEqual(["base"]);
  expect(explain("LinkConfig/eth0", ["addresses", 1])).toEqual(["base"]);
  expect(explain("LinkConfig/eth0", ["addresses", 10])).toEqual(["patch 1"]);
});

test("explain forgets what was replaced, lost and deleted", () => {
  const volume = (...lines: readonly string[]) => document("RawVolumeConfig", "name: data", ...lines);
  const { explain, problems } = apply(
    `machine: {files: [{path: /a}, {path: /b}]}\n---\n${volume("provisioning: {diskSelector: {match: 'true'}}")}`,
    `machine: {files: [{path: /c}]}\n---\n${volume("provisioning: {maxSize: 1GiB}")}`,
    "machine: {files: [{path: /a, $patch: delete}]}",
    "cluster: {network: {podSubnets: [10.0.0.0/8, fd00::/8]}}",
    "cluster: {network: {podSubnets: [10.0.0.0/8]}}",
    "cluster: {network: {$patch: delete}}",
  );
  expect(explain("v1alpha1", ["machine", "files", 0, "path"])).toEqual(["base"]);
  expect(explain("v1alpha1", ["machine", "files", 1, "path"])).toEqual(["patch 1"]);
  expect(explain("v1alpha1", ["cluster", "network", "podSubnets"])).toEqual(["patch 5"]);
  expect(explain("RawVolumeConfig/data", ["provisioning", "diskSelector", "match"])).toEqual(["patch 1"]);
  const where = "RawVolumeConfig/data.provisioning.diskSelector.match";
  expect(problems).toContainEqual(expect.objectContaining({ code: "field-missing", where, text: "patch 1" }));
});

test("items of a list without fields of their own are never found, as by Talos", () => {
  const config = (items: string) => document("KubeletConfig", `config: {registerWithTaints: [${items}]}`);
  const found = codes(apply(config("{key: a}"), config("{key: a, $patch: delete}")));
  expect(found).toContain("nothing-to-delete");
});

test("a problem is at its line in the text that brought it", () => {
  const { problems } = apply(root, "# a comment\nmachine:\n  certSANs: []\n  hostnam: a\n");
  expect(problems).toContainEqual(
    expect.objectContaining({
      code: "field-unknown",
      where: "machine.hostnam",
      text: "patch 1",
      position: { line: 4, column: 3 },
    }),
  );
});

function apply(base: string, ...patches: readonly string[]): Judgement {
  return applyAt("1.14.4", base, ...patches);
}

function applyAt(talos: string, base: string, ...patches: readonly string[]): Judgement {
  const named = patches.map((text, index) => ({ name: `patch ${index + 1}`, text }));
  return judge({ name: "base", text: base }, named, { talos });
}

function document(kind: string, ...lines: readonly string[]): string {
  return ["apiVersion: v1alpha1", `kind: ${kind}`, ...lines, ""].join("\n");
}

function codes({ problems }: Pick<Judgement, "problems">): readonly string[] {
  return problems.map(({ code }) => code);
}
