import { type CelEnvironment, celProblems } from "../../machine-configs/rules/cel";

function reasons(expression: string, environment: CelEnvironment = "disk", yields: "bool" | "double" = "bool") {
  return celProblems(expression, environment, yields, "x").map(({ message }) =>
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
])("%s is refused", (expression, reason) => {
  expect(reasons(expression)).toEqual([reason]);
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
