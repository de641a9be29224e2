import {
  type Contract,
  composeConfiguration,
  diskEncryption,
  type EncryptionKeys,
  type Intent,
  nodeLabels,
  rawVolume,
  renderDocuments,
  swap,
  systemVolume,
  userVolume,
} from "../../../machine-configs";
import { judge } from "../../../machine-configs/judge";
import { contracts, controlPlane, worker } from "../machines";
import { baseOf } from "../verdicts";
import { problemsOf } from "./problems";

test.each<[string, Intent, readonly string[]]>([
  [
    "a serial that no disk in Proxmox has",
    userVolume({ name: "local", disk: { serial: "a serial with blanks" }, minSize: "1GiB" }),
    [
      'k8s-ctrl-1 userVolume.disk.serial: wrong-value\n  "a serial with blanks" is not a serial of 1 to 20 letters, digits, dots, - and _.\n  Remedy: Give a serial of 1 to 20 letters, digits, dots, - and _.',
    ],
  ],
  [
    "a disk by an expression that Talos cannot compile",
    rawVolume({ name: "ceph", disk: { match: "disk.size > 100" }, minSize: "1GiB" }),
    [
      'k8s-ctrl-1 RawVolumeConfig/ceph.provisioning.diskSelector.match: expression-wrong\n  The expression "disk.size > 100" is refused: uint > int compares different types.\n  Remedy: Write an expression such as disk.transport == "nvme" or disk.size > 100u * GiB; whole sizes end with u.',
    ],
  ],
  [
    "a largest size below the smallest",
    systemVolume({ name: "EPHEMERAL", minSize: "40GiB", maxSize: "20GiB" }),
    [
      "k8s-ctrl-1 VolumeConfig/EPHEMERAL.provisioning.maxSize: sizes-reversed\n  The largest size 20GiB is below the smallest, 40GiB.\n  Remedy: Make maxSize at least as large as minSize, or leave one of them out.",
    ],
  ],
  [
    "a slot that LUKS does not have, a server without TLS and no passphrase",
    swap({
      disk: { serial: "swap" },
      size: "1GiB",
      encryption: { 0: { static: { passphrase: "" } }, 32: { nodeID: {} }, ...withKms("http://kms.example.com") },
    }),
    [
      "k8s-ctrl-1 swap.encryption.0.static.passphrase: field-missing\n  The field is missing.\n  Remedy: Give a passphrase.",
      'k8s-ctrl-1 swap.encryption.1.kms.endpoint: wrong-value\n  "http://kms.example.com" is not an https:// URL, without which keys are sent in clear.\n  Remedy: Give an https:// URL, without which keys are sent in clear.',
      'k8s-ctrl-1 swap.encryption.32: wrong-value\n  "32" is not a slot from 0 to 31.\n  Remedy: Give a slot from 0 to 31.',
    ],
  ],
])("%s is refused", (_, intent, expected) => {
  expect(problemsOf(intent)).toEqual(expected);
});

/** As somebody writes it who does not compile. */
function withKms(endpoint: string): EncryptionKeys {
  return JSON.parse(JSON.stringify({ 1: { kms: { endpoint } } }));
}

test("size, encryption and mount of one volume from several intents are one document", () => {
  const { documents, problems } = composeConfiguration(worker("1.14"), [
    diskEncryption({ ephemeral: { 0: { tpm: {} } } }),
    systemVolume({ name: "EPHEMERAL", maxSize: "40GiB" }),
    systemVolume({ name: "EPHEMERAL", secure: false }),
  ]);
  expect(problems).toEqual([]);
  expect(documents).toHaveLength(1);
  expect(documents).toMatchObject([
    { name: "EPHEMERAL", provisioning: { maxSize: "40GiB" }, encryption: {}, mount: { secure: false } },
  ]);
});

test("programs may run on /var, although the generated configuration says that they may not", () => {
  const { documents } = composeConfiguration(worker("1.14"), [systemVolume({ name: "EPHEMERAL", secure: false })]);
  const base = { name: "base", text: baseOf("1.14.0-rc.1", "worker") };
  const judged = judge(base, [{ name: "volume", text: renderDocuments(documents) }], worker("1.14"));
  expect(judged.documents.find(({ name }) => name === "EPHEMERAL")).toMatchObject({ mount: { secure: false } });
});

test.each<[Contract, string, Intent]>([
  ["1.11", "field-too-new", userVolume({ name: "cache", type: "directory" })],
  ["1.11", "value-too-new", systemVolume({ name: "EPHEMERAL", maxSize: "50%" })],
  ["1.11", "field-too-new", diskEncryption({ state: { 0: { tpm: { pcrs: [7, 11] } } } })],
  ["1.12", "value-too-new", systemVolume({ name: "EPHEMERAL", maxSize: "-20GiB" })],
  ["1.12", "field-too-new", systemVolume({ name: "EPHEMERAL", secure: false })],
  ["1.13", "value-too-new", systemVolume({ name: "LOG", disk: { serial: "log" } })],
])("Talos %s refuses what came later: %s", (contract, code, intent) => {
  expect(composeConfiguration(worker(contract), [intent]).problems.map((problem) => problem.code)).toEqual([code]);
});

test("etcd's data is nowhere on a worker", () => {
  const etcd = systemVolume({ name: "ETCD", disk: { serial: "etcd" } });
  expect(etcd.documents(worker("1.14"))).toEqual([]);
  expect(etcd.documents(controlPlane("1.14"))).toHaveLength(1);
});

test.each(contracts)("under contract %s a swap volume has its size as smallest and largest", (contract) => {
  const volume = swap({ disk: { serial: "swap" }, size: "4GiB", pods: false });
  expect(volume.documents(worker(contract))).toMatchObject([{ provisioning: { minSize: "4GiB", maxSize: "4GiB" } }]);
});

test("pods swap with whatever else the kubelet is told", () => {
  const { problems } = composeConfiguration(worker("1.14"), [
    swap({ disk: { serial: "swap" }, size: "4GiB" }),
    nodeLabels({ swap: "true" }),
  ]);
  expect(problems).toEqual([]);
});
