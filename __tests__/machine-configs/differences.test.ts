/** What a machine has otherwise than what was made for it, on what the real generator of each release writes. */
import { composeConfiguration, nodeLabels, registryMirrors, renderDocuments, sysctls } from "../../machine-configs";
import { compareConfiguration, type MadeMachine } from "../../machine-configs/differences";
import { judge } from "../../machine-configs/judge";
import { placeText } from "../../machine-configs/places";
import { contracts, minorOf } from "../../machine-configs/releases";
import { baseOf, releases, roles } from "./verdicts";

const cases = releases.flatMap((release) => roles.map((role) => [release, role] as const));

describe.each(cases)("on Talos %s, a %s", (release, role) => {
  const contract = contracts.find((one) => one === minorOf(release)) ?? "1.14";
  const base = baseOf(release, role);
  const [, name = "example"] = /clusterName: (.*)/.exec(base) ?? [];
  const [, endpoint = ""] = /endpoint: (https:\/\/.*:6443)/.exec(base) ?? [];
  const [, kubernetes = ""] = /kubelet:v(.*)/.exec(base) ?? [];
  const target = { name: "k8s-1", role, contract, talos: release };
  const intents = [
    nodeLabels({ tier: "db" }),
    sysctls({ "vm.max_map_count": "262144" }),
    registryMirrors({ "docker.io": { endpoints: ["https://mirror.example.com"] } }),
  ];
  const patch = renderDocuments(composeConfiguration(target, intents).documents);
  const machine: MadeMachine = {
    role,
    contract,
    talos: release,
    cluster: { name, endpoint, kubernetes },
    patches: [patch],
  };
  // As the provider makes it of what the generator writes.
  const made = judge({ name: "base", text: base }, [{ name: "patch", text: patch }], { talos: release });
  const live = renderDocuments(made.documents);

  test("has no differences when nothing is otherwise, whatever its secrets are", () => {
    expect(compareConfiguration(machine, live)).toEqual({ differences: [], problems: [] });
    expect(compareConfiguration({ ...machine, patches: [] }, base)).toEqual({ differences: [], problems: [] });
  });

  test("TAL-32: has one for each value that is another one", () => {
    expect(changed("262144", '"1"')).toEqual([`changed ${placeOf("vm.max_map_count")}`]);
    expect(changed("mirror.example.com", "evil.example.com")).toEqual([expect.stringMatching(/^changed .*endpoints/)]);
    expect(changed("tier: db", "tier: web")).toEqual([expect.stringMatching(/^changed .*abels\.tier$/)]);
    expect(differences(live.replace(/^( *)tier: db$/m, "$1tier: db\n$1extra: a"))).toEqual([
      expect.stringMatching(/^added .*abels\.extra$/),
    ]);
  });

  test("has one for a document that somebody added, and one for what is gone", () => {
    const added = `${live}---\napiVersion: v1alpha1\nkind: KmsgLogConfig\nname: remote\nurl: tcp://10.0.0.9:514\n`;
    expect(compareConfiguration(machine, added).differences).toEqual([
      { identity: "KmsgLogConfig/remote", path: [], is: "added" },
    ]);
    expect(compareConfiguration(machine, base).differences.length).toBeGreaterThanOrEqual(3);
    expect(compareConfiguration(machine, base).differences.every(({ is }) => is !== "added")).toBe(true);
  });

  function changed(from: string, to: string): readonly string[] {
    expect(live).toContain(from);
    return differences(live.replace(new RegExp(`"?${from.replaceAll(".", "\\.")}"?`), to));
  }

  function differences(text: string): readonly string[] {
    const { differences, problems } = compareConfiguration(machine, text);
    expect(problems).toEqual([]);
    return differences.map((one) => `${one.is} ${placeText(one)}`);
  }

  function placeOf(sysctl: string): string {
    return live.includes("kind: SysctlConfig") ? `SysctlConfig.params["${sysctl}"]` : `machine.sysctls["${sysctl}"]`;
  }
});

describe("what is shown", () => {
  const machine: MadeMachine = {
    role: "controlplane",
    contract: "1.13",
    talos: "1.13.9",
    cluster: { name: "example", endpoint: "https://10.0.0.10:6443", kubernetes: "1.36.3" },
    patches: ['machine:\n  sysctls:\n    vm.swappiness: "10"\n  files: []\n'],
  };
  const base = judge({ name: "base", text: baseOf("1.13.9", "controlplane") }, [], { talos: "1.13.9" }).documents;

  test("TAL-32: no text of the machine, and nothing that Talos takes for a secret", () => {
    const planted = "hunter2";
    const secret = {
      machine: {
        token: planted,
        sysctls: { "vm.swappiness": planted },
        env: { AWS_SECRET_ACCESS_KEY: planted },
        files: [{ path: "/var/x", op: "create", permissions: 384, content: planted }],
      },
      cluster: { secret: planted, inlineManifests: [{ name: "x", contents: planted }] },
    };
    const live = judge(
      { name: "base", text: renderDocuments(base) },
      [{ name: "planted", text: JSON.stringify(secret) }],
      {
        talos: "1.13.9",
      },
    );
    expect(JSON.stringify(live.documents).split(planted).length).toBeGreaterThan(5);
    const { differences } = compareConfiguration(machine, renderDocuments(live.documents));
    expect(differences).toContainEqual({
      identity: "v1alpha1",
      path: ["machine", "sysctls", "vm.swappiness"],
      is: "changed",
      made: "10",
    });
    expect(JSON.stringify(differences)).not.toContain(planted);
  });

  test("a text that is no configuration is not compared, and not repeated", () => {
    const compared = compareConfiguration(machine, "machine: {token: hunter2\n");
    expect(compared.problems.map(({ code }) => code)).toEqual(["unreadable-configuration"]);
    expect(JSON.stringify(compared)).not.toContain("hunter2");
  });

  test("a value that only Terraform knows may be anything", () => {
    const unknown = { ...machine, patches: ["machine:\n  sysctls:\n    vm.swappiness: UNKNOWN\n"] };
    const live = renderDocuments(
      judge({ name: "", text: renderDocuments(base) }, [{ name: "p", text: machine.patches[0] ?? "" }], {
        talos: "1.13.9",
      }).documents,
    );
    const isUnknown = (text: string) => text.includes("UNKNOWN");
    expect(compareConfiguration({ ...unknown, isUnknown }, live).differences).toEqual([]);
    expect(compareConfiguration(unknown, live).differences).toHaveLength(1);
  });
});
