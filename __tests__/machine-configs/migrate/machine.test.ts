/** What belongs to the operating system. */
import { of, patch, whole } from "./support";

describe("the installation", () => {
  test.each([
    ["disk: /dev/vda", 'disk.dev_path == "/dev/vda"'],
    ["disk: /dev/disk/by-id/a", '"/dev/disk/by-id/a" in disk.symlinks'],
    [
      "diskSelector: {size: '<= 1TB', model: 'Samsung*', type: ssd}",
      'disk.size <= 1000000000000u && glob("Samsung*", disk.model) && disk.transport != "" && !disk.rotational && !disk.readonly && !disk.cdrom',
    ],
  ])("asks for the disk of %s", (install, match) => {
    const { documents, notes } = patch(`machine: {install: {${install}}}`);
    expect(documents).toEqual([of("UnattendedInstallConfig", { provisioning: { diskSelector: { match } } })]);
    expect(notes).toEqual([]);
  });

  test("repeats the generated disk, which a merge would empty", () => {
    const { documents, notes } = patch("machine: {install: {image: 'ghcr.io/siderolabs/installer:v1.14.0'}}");
    expect(documents).toEqual([
      of("UnattendedInstallConfig", {
        installer: { image: "ghcr.io/siderolabs/installer:v1.14.0" },
        provisioning: { diskSelector: { match: 'disk.dev_path == "/dev/sda"' } },
      }),
    ]);
    expect(notes).toEqual(["install-disk-assumed machine.install.image"]);
  });

  test("of a whole configuration does not wipe the disk, which the document does when it is silent", () => {
    const { documents } = whole("worker", (text) => text.replace(/^ +wipe: false.*\n/m, ""));
    expect(documents.find(({ kind }) => kind === "UnattendedInstallConfig")).toMatchObject({
      provisioning: { wipe: false },
    });
  });

  test("takes the disk that a patch selects in place of the generated one", () => {
    const { documents, left } = patch("machine: {install: {disk: {$patch: delete}, diskSelector: {type: nvme}}}");
    expect(left).toEqual([]);
    expect(documents).toMatchObject([{ kind: "UnattendedInstallConfig" }]);
  });
});

describe("files", () => {
  test.each([
    ["/etc/cri/conf.d/20-customization.part", "create", ["CRICustomizationConfig"], []],
    ["/etc/nfsmount.conf", "overwrite", ["EtcFileConfig"], []],
    ["/etc/nfsmount.conf", "append", [undefined], ["section-undecided machine.files[0]"]],
    ["/etc/resolv.conf", "create", [undefined], ["document-refused machine.files[0]"]],
    ["/var/lib/a", "create", [undefined], ["section-without-document machine.files[0]"]],
  ])("%s, %s", (path, op, kinds, left) => {
    const result = patch(`machine: {files: [{path: ${path}, op: ${op}, content: a}]}`);
    expect(result.documents.map(({ kind }) => kind)).toEqual(kinds);
    expect(result.left).toEqual(left);
  });
});
