import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";

const root = path.resolve(__dirname, "../..");
const files = [
  "constructs",
  "stacks",
  "machine-configs/intents",
  "cloud-init",
  "cloud-init/pieces",
  "object-storage",
  "snapshots",
].flatMap((room) =>
  readdirSync(path.join(root, room))
    .filter((file) => file.endsWith(".ts"))
    .map((file) => path.join(room, file)),
);

/** A prop of an exported interface that can be written, with the docstring before it. */
const prop = /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?^ {2}readonly (\w+)(\??):(?! never;)/gm;

describe.each(files)("%s", (file) => {
  const interfaces = [
    ...readFileSync(path.join(root, file), "utf8").matchAll(/^export interface (\w+)[^{]*\{\n([\s\S]*?)^\}/gm),
  ];
  const props = interfaces.flatMap(([, name, body = ""]) =>
    [...body.matchAll(prop)].map(([, doc = "", key, optional]) => ({
      name: `${name}.${key}`,
      doc,
      optional: optional === "?",
    })),
  );

  test("says of every optional prop what happens without it", () => {
    expect(props.filter(({ doc, optional }) => optional && !doc.includes("@default")).map(({ name }) => name)).toEqual(
      [],
    );
  });

  test("says of no required prop that it has a default", () => {
    expect(props.filter(({ doc, optional }) => !optional && doc.includes("@default")).map(({ name }) => name)).toEqual(
      [],
    );
  });
});

test("every exported class and function of these rooms has a docstring", () => {
  const bare = files.flatMap((file) =>
    [...readFileSync(path.join(root, file), "utf8").matchAll(/(\*\/\n)?^export (?:const )?(?:class|function) (\w+)/gm)]
      .filter(([, doc]) => doc === undefined)
      .map(([, , name]) => `${file}: ${name}`),
  );
  expect(bare).toEqual([]);
});
