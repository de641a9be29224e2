import { type CelEnvironment, celProblems } from "../../machine-configs/rules/cel";

function reasons(
  expression: string,
  environment: CelEnvironment = "disk",
  yields: "bool" | "double" = "bool",
  talos?: string,
) {
  return celProblems(expression, environment, yields, "x", talos).map(({ message }) =>
    message.replace(/^.* is refused: /, ""),
  );
}

test.each<[string, CelEnvironment]>([
  ['disk.transport == "nvme"', "disk"],
  ["disk.size > 100u * GiB && disk.size <= 1u * TB && !system_disk", "disk"],
  ["!disk.rotational || disk.size / 2u > 10u * GB", "disk"],
  ['disk.dev_path in ["/dev/sda", "/dev/sdb"]', "disk"],
  ['disk.model.startsWith("Samsung") && size(disk.serial) > 3', "disk"],
  ['disk.symlinks.exists(one, one.contains("wwn"))', "disk"],
  ['(disk.cdrom ? "a" : "b") == "b"', "disk"],
  ['volume.partition_label == "MY-DATA" && disk.serial == "abc"', "volume"],
  ['volume_id == "r-mirror0"', "member"],
  ['glob("00:1a:2b:*", mac(link.permanent_addr))', "link"],
  ["link.mtu == 1500u && link.speed_megabits > 1000 && -1 < 0", "link"],
  ['// why\ndisk.dev_path == "http://example.com" // here', "disk"],
  [".disk.rotational && !!.system_disk && --1 == 1", "disk"],
  ["disk == null || null == null", "disk"],
  ['disk.symlinks == [] || disk.symlinks + ["a"] == disk.secondary_disks || disk.symlinks[0] == "a"', "disk"],
  ['"a" in disk.symlinks && disk.symlinks.all(disk, disk.startsWith("a"))', "disk"],
  ["link.vlan.vid == 1u && link.bridge_master.stp.enabled && link.vlan != null", "link"],
  ["multiply_qos_vectors(d_qos_memory_full_total, {System: 8.0}) > 3000.0", "oomTrigger"],
  ["qos_memory_current[Burstable] > 5.0 * double(GiB)", "oomTrigger"],
  ['disk.size in [1u] && string(disk.size) == "1" && !has(disk.uuid) && [1, 2].size() == 2', "disk"],
  ['memory_full_avg10 > 12.0 && time_since_trigger > duration("500ms")', "oomTrigger"],
])("%s is accepted", (expression, environment) => {
  expect(reasons(expression, environment)).toEqual([]);
});

test("a ranking yields a number with a point", () => {
  const ranking =
    "memory_max.hasValue() ? 0.0 : {Besteffort: 1.0, Guaranteed: 0.0}[class] * double(memory_peak.orValue(0u))";
  expect(reasons(ranking, "oomRanking", "double")).toEqual([]);
  expect(reasons("true", "oomRanking", "double")).toEqual(["it yields bool, and double is needed."]);
});

test.each<[string, string]>([
  ['disk.transport = "nvme"', '"=" is not expected here.'],
  ["disk.size > 100 * GB", "there is no int * uint."],
  ["disk.size > 100", "uint > int compares different types."],
  ["disk.mac == 1", 'disk has no field "mac".'],
  ["disk.size.value", 'uint has no field "value".'],
  ["disk.constructor", 'disk has no field "constructor".'],
  ["disk", "it yields disk, and bool is needed."],
  ["disk.rotational &&", "it ends too early."],
  ["disk.size && system_disk", "&& needs bool, and uint is given."],
  ["!disk.size", "! needs bool, and uint is given."],
  ["-disk.size", "there is no -uint."],
  ["(system_disk", '")" is missing before "the end".'],
  ["system_disk system_disk", '"system_disk" is not expected here.'],
  ["disk.size == null", "uint == null compares different types."],
  ["true ? disk.size == 1u : disk.size", "it yields bool or uint, which are different types."],
  ["disk.", "a field's name is missing after a dot."],
  ['disk.model.lowerAscii() == "a"', 'there is no function "lowerAscii".'],
  ['disk.model.startswith("a")', 'there is no function "startswith".'],
  ["constructor(disk)", 'there is no function "constructor".'],
  ['mac(b"a") == "a"', 'there is no function "mac".'],
  ['glob("a")', "glob does not take string."],
  ["disk.model.startsWith(1)", "startsWith does not take string and int."],
  ["size(1) == 1", "size does not take int."],
  ["disk.size in 5", '"in" needs a list, and int is given.'],
  ['disk.model[0] == "a"', "string has no items."],
  ["disk.size.exists(one, true)", "uint has no items."],
  ["disk.symlinks.exists(one, one == 1)", "string == int compares different types."],
  ["disk.symlinks[0] == 1", "string == int compares different types."],
  ["1 in disk.symlinks", "int is in no list of texts."],
  ['disk.?model == "a"', '".?" is not known here.'],
])("%s is refused", (expression, reason) => {
  expect(reasons(expression)).toEqual([reason]);
});

test.each<[string, CelEnvironment, string]>([
  ["memory_full_avg99 > 1.0", "oomTrigger", 'there is no "memory_full_avg99"'],
  ["memory_full_avg10 > 1", "oomTrigger", "double > int compares different types."],
  ["time_since_trigger > 1", "oomTrigger", "duration > int compares different types."],
  ["path == 'a'", "oomTrigger", 'there is no "path"'],
  ["memory_max", "oomRanking", "it yields optional, and double is needed."],
  ["link.operational_state == 'up'", "link", "int == string compares different types."],
  ["KB == 1u", "disk", 'there is no "KB"'],
  ["link.vlan.vlan_id == 1u", "link", 'link.vlan has no field "vlan_id".'],
])("%s is refused for %s", (expression, environment, reason) => {
  expect(reasons(expression, environment, environment === "oomRanking" ? "double" : "bool")[0]).toContain(reason);
});

test.each<[string, CelEnvironment, string]>([
  ["system_disk", "volume", "1.14"],
  ['glob("a*", volume.name)', "volume", "1.14"],
  ["multiply_qos_vectors(qos_memory_full_total, {System: 8.0}) > 1.0", "oomTrigger", "1.13"],
  ["qos_memory_current[Burstable] > 5.0", "oomTrigger", "1.13"],
])("%s is accepted for %s since %s", (expression, environment, since) => {
  const before = `1.${Number(since.split(".")[1]) - 1}`;
  const counts = [before, since].map((talos) => reasons(expression, environment, "bool", talos).length);
  expect(counts).toEqual([1, 0]);
});

test("a name that the place does not have is refused with those that it has", () => {
  expect(reasons('disk.serial == "a"', "link")).toEqual(['there is no "disk"; the names are link.']);
});

test("an expression may be nested 250 deep, and no deeper", () => {
  const nested = (depth: number) => `${"(".repeat(depth)}system_disk${")".repeat(depth)}`;
  expect(reasons(nested(249))).toEqual([]);
  expect(reasons(nested(250))).toEqual(["it is nested more than 250 deep."]);
  expect(reasons("[".repeat(20_000))).toEqual(["it is nested more than 250 deep."]);
  expect(reasons(`${"!".repeat(20_001)}system_disk`)).toEqual([]);
});
