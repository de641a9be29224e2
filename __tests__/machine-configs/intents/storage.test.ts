import {
  type Contract,
  composeConfiguration,
  diskEncryption,
  type EncryptionKeys,
  type Intent,
  type LargestSize,
  type MachineTarget,
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
      "k8s-ctrl-1 SwapVolumeConfig/swap.encryption.keys[0].static: passphrase-in-clear\n  The passphrase lies on the disk in clear: STATE, with the configuration, has no keys by another method alone.\n  Remedy: Encrypt STATE by nodeID, kms or tpm, and not by a passphrase.",
    ],
  ],
])("%s is refused", (_, intent, expected) => {
  expect(problemsOf(intent)).toEqual(expected);
});

/** As somebody writes it who does not compile. */
function withKms(endpoint: string): EncryptionKeys {
  return JSON.parse(JSON.stringify({ 1: { kms: { endpoint } } }));
}

describe("room on the system disk", () => {
  const local = userVolume({ name: "local", disk: "system", minSize: "10GiB", maxSize: "20GiB" });
  const rest = userVolume({ name: "rest", disk: "system", minSize: "10GiB" });
  const said = (intents: readonly Intent[], machine: MachineTarget = worker("1.14")) =>
    composeConfiguration(machine, intents).problems.map(({ where, code, message }) => `${where}: ${code}: ${message}`);
  const noRoom = (volume: string, needs: string, left: string, place = volume) =>
    `k8s-work-4 ${place}: volume-without-room: ${volume} is never made: it needs ${needs} of the system disk, which has ${left}.`;

  test("is left to others only by a limit for EPHEMERAL", () => {
    const nothing = [noRoom("UserVolumeConfig/local", "10GiB", "nothing left after VolumeConfig/EPHEMERAL")];
    expect(said([local])).toEqual(nothing);
    expect(said([local, systemVolume({ name: "EPHEMERAL", minSize: "5GiB" })])).toEqual(nothing);
    expect(said([local, systemVolume({ name: "EPHEMERAL", maxSize: "100%" })])).toEqual(nothing);
    expect(said([local, systemVolume({ name: "EPHEMERAL", maxSize: "50%" })])).toEqual([]);
    expect(said([local, systemVolume({ name: "EPHEMERAL", disk: { serial: "var" } })])).toEqual([]);
  });

  test("is what EPHEMERAL is told to leave", () => {
    const limited = (maxSize: LargestSize) => systemVolume({ name: "EPHEMERAL", maxSize });
    expect(said([limited("-20GiB"), local])).toEqual([]);
    expect(said([limited("-5GiB"), local])).toEqual([
      noRoom("UserVolumeConfig/local", "10GiB", "5GiB left after VolumeConfig/EPHEMERAL"),
    ]);
  });

  test("is taken by one volume without a limit, which is the last", () => {
    const limited = systemVolume({ name: "EPHEMERAL", maxSize: "50GiB" });
    expect(said([limited, local, rest])).toEqual([]);
    expect(said([limited, rest, rawVolume({ name: "ceph", disk: "system", minSize: "1GiB", grow: true })])).toEqual([
      noRoom("RawVolumeConfig/ceph", "1GiB", "nothing left after UserVolumeConfig/rest"),
    ]);
  });

  test("goes to volumes that do not grow first", () => {
    const growing = userVolume({ name: "grows", disk: "system", minSize: "1GiB", maxSize: "2GiB", grow: true });
    expect(said([systemVolume({ name: "EPHEMERAL", maxSize: "50GiB" }), growing, rest])).toEqual([
      noRoom("UserVolumeConfig/grows", "1GiB", "nothing left after UserVolumeConfig/rest"),
    ]);
  });

  test("is hardly taken by swap without a limit", () => {
    const volumes = ["a", "b"].map((name) => ({
      apiVersion: "v1alpha1",
      kind: "SwapVolumeConfig",
      name,
      provisioning: { diskSelector: { match: "system_disk" }, minSize: "1GiB" },
    }));
    const own: Intent = { name: "own", documents: () => volumes };
    expect(said([systemVolume({ name: "EPHEMERAL", maxSize: "50GiB" }), own])).toEqual([]);
  });

  test("is not asked for by volumes on other disks", () => {
    expect(said([userVolume({ name: "local", disk: { match: "!system_disk" }, minSize: "1GiB" })])).toEqual([]);
    expect(said([systemVolume({ name: "LOG", disk: { serial: "log" } })])).toEqual([]);
  });

  test("is left to EPHEMERAL by documents of one's own as well", () => {
    const own: Intent = {
      name: "own",
      documents: () => [
        { apiVersion: "v1alpha1", kind: "VolumeConfig", name: "CRI", provisioning: { minSize: "10GiB" } },
      ],
    };
    const left = "nothing left after VolumeConfig/CRI";
    expect(said([own])).toEqual([noRoom("VolumeConfig/EPHEMERAL", "2GiB", left, "VolumeConfig/CRI")]);
  });

  test("ends with the disk, where its size is known", () => {
    const on = (systemDiskGiB: number) => ({ ...worker("1.14"), systemDiskGiB });
    const intents = [
      systemVolume({ name: "EPHEMERAL", maxSize: "40GiB" }),
      local,
      swap({ disk: "system", size: "8GiB", pods: false }),
    ];
    expect(said(intents, on(70))).toEqual([]);
    expect(said(intents, on(64))).toEqual([
      noRoom("SwapVolumeConfig/swap", "8GiB", "4GiB left after UserVolumeConfig/local"),
    ]);
    expect(said([systemVolume({ name: "EPHEMERAL", minSize: "100GiB" })], on(64))).toEqual([
      noRoom("VolumeConfig/EPHEMERAL", "100GiB", "64GiB"),
    ]);
  });
});

describe("passphrases", () => {
  const ephemeral = { 0: { static: { passphrase: "made up" } } };
  const codes = (intent: Intent, machine: MachineTarget = worker("1.14")) =>
    composeConfiguration(machine, [intent]).problems.map(({ code }) => code);

  test("need a STATE that is encrypted by another method", () => {
    expect(codes(diskEncryption({ ephemeral }))).toEqual(["passphrase-in-clear"]);
    expect(codes(diskEncryption({ ephemeral, state: { 0: { nodeID: {} } } }))).toEqual([]);
  });

  test("need it as well when they are not known yet", () => {
    const machine = { ...worker("1.14"), isUnknown: (text: string) => text.includes("made up") };
    expect(codes(diskEncryption({ ephemeral }), machine)).toEqual(["passphrase-in-clear"]);
  });
});

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

test("a partition is not called one, since Talos 1.11 has no word for it", () => {
  const volume = userVolume({ name: "local", type: "partition", disk: { serial: "data" }, minSize: "1GiB" });
  expect(problemsOf(volume, worker("1.11"))).toEqual([]);
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
