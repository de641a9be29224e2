/** What of a text stays as it was written. */
import { migrate } from "../../../machine-configs/migrate";

const SYSCTL = 'apiVersion: v1alpha1\nkind: SysctlConfig\nparams:\n  a: "1"\n';
const LOCK = "machine:\n  certSANs: [a]\n";

test("what stays is the same to the letter", () => {
  expect(
    written(`# Ours.
machine:
    certSANs:
        -  "talos.example.com" # the name
        # - others
    # Huge pages.
    sysctls:
        # One is enough.
        a: '1' # gone
    # Of the first disk.
    files:
        - path: /var/a
          op: create
          content: |
            # no comment
`),
  ).toBe(`# Ours.
machine:
    certSANs:
        -  "talos.example.com" # the name
        # - others
    # Of the first disk.
    files:
        - path: /var/a
          op: create
          content: |
            # no comment
---
# Huge pages.
# One is enough.
${SYSCTL}`);
});

test("each comment goes with its section, in whatever order they are", () => {
  expect(
    written(`machine:
  # Labels.
  nodeLabels: {b: c}
  # Huge pages.
  sysctls: {a: '1'}
  # The end.
`),
  ).toBe(`# Huge pages.
# The end.
${SYSCTL}---
# Labels.
apiVersion: v1alpha1
kind: KubeNodeConfig
labels:
  b: c
`);
});

test("what is no comment does not become one", () => {
  const text =
    "machine:\n  files:\n    - path: /etc/nfsmount.conf\n      op: overwrite\n      content: |\n        # ours\n";
  expect(written(text).match(/# ours/g)).toHaveLength(1);
});

test("items before and after the one that goes stay", () => {
  expect(
    written(`machine:
  files:
    - {path: /var/a, op: create, content: a}
    # Containers.
    - path: /etc/cri/conf.d/20-customization.part
      op: create
      content: '[plugins]'
    - {path: /var/c, op: create, content: c}
`),
  ).toBe(`machine:
  files:
    - {path: /var/a, op: create, content: a}
    - {path: /var/c, op: create, content: c}
---
# Containers.
apiVersion: v1alpha1
kind: CRICustomizationConfig
name: 20-customization
content: "[plugins]"
`);
});

test.each([
  ["in braces", "machine: {certSANs: [a], sysctls: {a: '1'}}\n", `machine: { certSANs: [a] }\n---\n${SYSCTL}`],
  ["in JSON", '{"machine":{"certSANs":["a"],"sysctls":{"a":"1"}}}', `machine:\n  certSANs:\n    - a\n---\n${SYSCTL}`],
  [
    "with aliases",
    "machine:\n  sysctls: &all {a: '1'}\n  sysfs: *all\n  nodeLabels: {}\n  certSANs: [a]\n",
    `machine:\n  certSANs:\n    - a\n---\n${SYSCTL}---\n${SYSCTL.replace("Sysctl", "Sysfs")}`,
  ],
  ["without a last newline", "machine:\n  certSANs: [a]\n  sysctls: {a: '1'}", `${LOCK}---\n${SYSCTL}`],
  ["that begins with a separator", `---\n${LOCK}  sysctls: {a: '1'}\n`, `---\n${LOCK}---\n${SYSCTL}`],
  ["with a document on the line of a separator", "--- {machine: {sysctls: {a: '1'}}}\n", `---\n${SYSCTL}`],
  ["with a directive and an end", `%YAML 1.1\n---\n${LOCK}  sysctls: {a: '1'}\n...\n`, `\n${LOCK}\n---\n${SYSCTL}`],
  [
    "of Windows",
    `${LOCK}  sysctls: {a: '1'}\n`.replaceAll("\n", "\r\n"),
    `${LOCK}---\n${SYSCTL}`.replaceAll("\n", "\r\n"),
  ],
])("a text %s", (_, text, expected) => {
  expect(written(text)).toBe(expected);
});

test("a document of the file gets its new fields at its end, and nothing else of it changes", () => {
  const document = "apiVersion: v1alpha1\nkind: ResolverConfig\n# ours\nsearchDomains: {domains: [a]}";
  const hostDns = "# theirs\nmachine: {features: {hostDNS: {enabled: true}}}";
  const expected = `${document}\nhostDNS:\n  enabled: true\n`;
  expect(written(`${document}\n---\n${hostDns}\n`)).toBe(`${expected}# theirs\n`);
  expect(written(`${hostDns}\n---\n${document}\n`)).toBe(`# theirs\n${expected}`);
});

test("nothing to move is nothing to change", () => {
  for (const text of [LOCK, SYSCTL, "# nothing\nmachine:\n   certSANs:   [a]\n"]) expect(written(text)).toBe(text);
});

function written(text: string): string {
  const { text: result, problems } = migrate(
    { name: "patch.yaml", text },
    { from: "1.13", to: "1.14", role: "controlplane" },
  );
  expect(problems.map(({ code }) => code)).toEqual([]);
  return result;
}
