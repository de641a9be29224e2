/** User data as the real cloud-init reads it: its schema, its YAML and its way to make a script of commands. */
import * as fc from "fast-check";
import { type CloudInitPiece, composeCloudInit, renderCloudConfig } from "../../cloud-init";
import { machines, textOf } from "../cloud-init/machines";
import { printed, run, withFiles } from "./support/programs";

const python = "/usr/bin/python3";

test.each(Object.entries(machines))("cloud-init finds nothing wrong or deprecated with %s", (_, pieces) => {
  expect(schema(textOf(pieces))).toEqual({ status: 0, output: expect.stringMatching(/^Valid cloud-config: \S+\n$/) });
});

test("cloud-init would find something wrong", () => {
  const text = textOf(machines["admin"] ?? []).replace("lock_passwd", "lock_password");
  expect(schema(text)).toMatchObject({ status: 1, output: expect.stringContaining("lock_password") });
});

test.each(Object.entries(machines))("cloud-init reads of %s exactly what was meant", (_, pieces) => {
  expect(read(pieces)).toEqual(configOf(pieces));
});

test("cloud-init reads every text as that text", () => {
  const texts = [
    ...["off", "1.10", "0644", "0o17", "22:22", "1_000", "2026-11-21", "~", "null", "=", "<<", "\tx", "x \n", " x", ""],
    ...fc.sample(fc.string({ unit: "grapheme-ascii", maxLength: 40 }), { seed: 44, numRuns: 200 }),
  ];
  const pieces: CloudInitPiece[] = [
    {
      name: "texts",
      files: texts.map((content, index) => ({ path: `/srv/${index}`, content })),
      commands: texts.map((text) => ["printf", text] as const),
    },
  ];
  expect(read(pieces)).toEqual(configOf(pieces));
});

const presets = Object.entries(machines).filter(([name]) => name !== "everything");

test.each(presets)(
  "shellcheck finds nothing wrong with the script that cloud-init makes of the commands of %s",
  (_, pieces) => {
    const commands = JSON.stringify(pieces.flatMap((piece) => piece.commands ?? []));
    const shellify =
      "import json, sys; from cloudinit.util import shellify; print(shellify(json.load(sys.stdin)), end='')";
    const script = printed(python, ["-c", shellify], commands);
    expect(script).toMatch(/^#!\/bin\/sh\n/);
    withFiles({ runcmd: script }, (folder) => {
      // Words in single quotes are how cloud-init writes arguments.
      expect(run("shellcheck", ["--shell=sh", `${folder}/runcmd`])).toEqual({ status: 0, output: "" });
    });
  },
);

function schema(text: string) {
  return withFiles({ "user-data": text }, (folder) =>
    run("cloud-init", ["schema", "--config-file", `${folder}/user-data`]),
  );
}

function read(pieces: readonly CloudInitPiece[]): unknown {
  const load = "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin.buffer), sys.stdout)";
  return JSON.parse(printed(python, ["-c", load], renderCloudConfig(composeCloudInit({ name: "it" }, pieces).config)));
}

function configOf(pieces: readonly CloudInitPiece[]): unknown {
  return JSON.parse(JSON.stringify(composeCloudInit({ name: "it" }, pieces).config));
}
