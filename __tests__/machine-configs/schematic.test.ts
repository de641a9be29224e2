import { formatProblem } from "../../errors";
import {
  diskImageFileName,
  diskImageUrl,
  type Extension,
  extensionProblems,
  installerImage,
  kernelArgumentProblems,
  schematicId,
  schematicIdProblems,
  schematicYaml,
} from "../../machine-configs";

const id = "ce4c980550dd2ab1b17bbf2b08801c7eb59418eafe8f279833297925d67c7515";

test.each<[string, readonly Extension[], string]>([
  ["the empty schematic", [], "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba"],
  ["the guest agent alone", ["siderolabs/qemu-guest-agent"], id],
])("%s has the id that the factory gives it", (_, extensions, expected) => {
  expect(schematicId(schematicYaml({ extensions }))).toBe(expected);
});

test("T-4, TAL-10: extensions are sorted and named once, kernel arguments keep their order", () => {
  const yaml = schematicYaml({
    extensions: ["siderolabs/qemu-guest-agent", "siderolabs/nfs-utils", "siderolabs/qemu-guest-agent"],
    kernelArgs: ["-console", "console=ttyS0,115200", "net.ifnames=0"],
  });
  expect(yaml).toBe(
    [
      "customization:",
      "    extraKernelArgs:",
      "        - -console",
      "        - console=ttyS0,115200",
      "        - net.ifnames=0",
      "    systemExtensions:",
      "        officialExtensions:",
      "            - siderolabs/nfs-utils",
      "            - siderolabs/qemu-guest-agent",
      "",
    ].join("\n"),
  );
});

test("TAL-36: the installer is the nocloud one of the schematic and release", () => {
  expect(installerImage("factory.talos.dev", id, "1.14.4")).toBe(`factory.talos.dev/nocloud-installer/${id}:v1.14.4`);
});

test.each(["https://factory.talos.dev", "https://factory.talos.dev/"])("IMG-3: the disk image below %s", (factory) => {
  expect(diskImageUrl(factory, id, "1.14.4")).toBe(`https://factory.talos.dev/image/${id}/v1.14.4/nocloud-amd64.qcow2`);
});

test("images for secure boot have names of their own", () => {
  expect(installerImage("factory.talos.dev", id, "1.14.4", true)).toContain(`/nocloud-installer-secureboot/${id}:`);
  expect(diskImageUrl("https://factory.talos.dev", id, "1.14.4", true)).toMatch(/\/nocloud-amd64-secureboot\.qcow2$/);
  expect(diskImageFileName(id, "1.14.4", true)).toBe("talos-v1.14.4-ce4c980550dd-nocloud-amd64-secureboot.qcow2");
});

test("the file name holds version and schematic, so that another image never takes its place", () => {
  expect(diskImageFileName(id, "1.14.4")).toBe("talos-v1.14.4-ce4c980550dd-nocloud-amd64.qcow2");
});

test.each(["siderolabs/qemu-guest-agent", "siderolabs/nvidia-container-toolkit-lts", "siderolabs/v4l-uvc-drivers"])(
  "%s is an extension",
  (extension) => {
    expect(extensionProblems([extension], "image")).toEqual([]);
  },
);

test.each(["qemu-guest-agent", "ghcr.io/siderolabs/nfs-utils:v2.7.2", "siderolabs/x:550.x-v1.9.5", "siderolabs/"])(
  "TAL-15, IMG-5: %s is refused as an extension",
  (extension) => {
    expect(extensionProblems([extension], "image").map(formatProblem)).toEqual([
      `image: extension-malformed\n  "${extension}" is not the name of a system extension.\n  Remedy: Use a name such as siderolabs/qemu-guest-agent, without a version: the factory takes the one for Talos.`,
    ]);
  },
);

test.each(["two words", "yes", "a=b c", "", "x=1:", "it's"])("the kernel argument %j is refused", (argument) => {
  expect(kernelArgumentProblems([argument], "image").map(formatProblem)).toEqual([
    `image: kernel-argument-malformed\n  "${argument}" is not a kernel argument that a schematic can hold.\n  Remedy: Use name, name=value or -name, one argument each, without spaces.`,
  ]);
});

test.each(["quiet", "-selinux", "ip=10.0.0.2::10.0.0.1:255.255.255.0::eth0:off", "a.b=", "mitigations=off"])(
  "the kernel argument %j is accepted",
  (argument) => {
    expect(kernelArgumentProblems([argument], "image")).toEqual([]);
  },
);

test("IMG-1: a given schematic id has 64 hexadecimal digits", () => {
  expect(schematicIdProblems(id, "image")).toEqual([]);
  expect(schematicIdProblems("366fd68", "image").map(formatProblem)).toEqual([
    'image: schematic-id-malformed\n  "366fd68" is not a schematic id.\n  Remedy: Use the 64 hexadecimal digits that the factory answers, in lower case.',
  ]);
});
