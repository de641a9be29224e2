import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";

const root = path.resolve(__dirname, "../..");

/**
 * The arrows of the README: what each room may import from the others, and which packages. A room that is not here
 * may be imported by none but itself.
 */
const rooms: Readonly<Record<string, { readonly rooms: readonly string[]; readonly packages: readonly RegExp[] }>> = {
  "machine-configs": { rooms: ["errors"], packages: [/^zod$/, /^yaml$/, /^ipaddr\.js$/, /^node:crypto$/] },
  "cloud-init": { rooms: ["errors", "machine-configs"], packages: [/^yaml$/, /^node:crypto$/] },
  manifests: { rooms: ["errors"], packages: [/^croner$/, /^yaml$/, /^node:crypto$/] },
  "object-storage": {
    rooms: ["errors", "machine-configs", "cloud-init", "manifests", "versions"],
    packages: [/^node:(crypto|net)$/],
  },
  snapshots: { rooms: ["manifests", "object-storage", "versions"], packages: [] },
  analysis: { rooms: ["errors"], packages: [/^zod$/, /^node:crypto$/] },
  runbooks: { rooms: ["analysis", "cloud-init"], packages: [] },
  constructs: {
    rooms: [
      "errors",
      "analysis",
      "runbooks",
      "machine-configs",
      "cloud-init",
      "manifests",
      "object-storage",
      "providers",
      "snapshots",
      "versions",
    ],
    packages: [/^cdktf$/, /^constructs$/, /^ipaddr\.js$/, /^node:(fs|os|path)$/],
  },
  stacks: {
    rooms: ["errors", "constructs", "providers"],
    packages: [/^cdktf$/, /^constructs$/, /^ipaddr\.js$/, /^node:path$/],
  },
  examples: { rooms: ["index", "cloud-init"], packages: [/^cdktf$/] },
  cli: { rooms: ["errors", "analysis", "machine-configs"], packages: [/^commander$/, /^yaml$/, /^zod$/, /^node:/] },
  bench: { rooms: ["index", "machine-configs"], packages: [/^cdktf$/, /^node:/] },
  errors: { rooms: [], packages: [] },
  main: { rooms: ["errors", "examples", "index"], packages: [/^cdktf$/, /^node:path$/] },
  index: {
    rooms: [
      "errors",
      "analysis",
      "constructs",
      "machine-configs",
      "manifests",
      "object-storage",
      "snapshots",
      "stacks",
    ],
    packages: [],
  },
  versions: { rooms: [], packages: [] },
};

const sources = sourcesBelow("").filter((file) => !/^(__tests__|dist|node_modules|cdktf\.out|providers)\//.test(file));

test.each(sources)("%s imports only what its room may", (file) => {
  const room = roomOf(file);
  const rule = rooms[room];
  expect(rule).toBeDefined();
  for (const specifier of importsOf(file)) {
    if (specifier.startsWith(".")) {
      const target = roomOf(path.normalize(path.join(path.dirname(file), specifier)));
      expect([room, ...(rule?.rooms ?? [])]).toContain(target);
    } else {
      expect(
        rule?.packages.some((allowed) => allowed.test(specifier)) ? "allowed" : `${file} imports ${specifier}`,
      ).toBe("allowed");
    }
  }
});

test("every room of this table exists", () => {
  expect(Object.keys(rooms).filter((room) => !sources.some((file) => roomOf(file) === room))).toEqual([]);
});

test("nothing reaches into a room that it shares with others by another door than its index or a public file", () => {
  const privates = sources
    .filter((file) => roomOf(file) !== "constructs")
    .flatMap((file) =>
      importsOf(file)
        .filter((specifier) => specifier.includes("/private/"))
        .map(() => file),
    );
  expect([...new Set(privates)]).toEqual(["stacks/site-state.ts"]);
});

test("Terraform's template escape stands in one file", () => {
  const escaping = sources.filter((file) => /\[\$%\]/.test(readFileSync(path.join(root, file), "utf8")));
  expect(escaping).toEqual(["constructs/private/terraform-text.ts"]);
});

function roomOf(file: string): string {
  const [first = ""] = file.split(path.sep);
  return first.replace(/\.ts$/, "");
}

function importsOf(file: string): string[] {
  const text = readFileSync(path.join(root, file), "utf8");
  return [...text.matchAll(/^(?:import|export)\b[^;]*?from "([^"]+)"|require\("([^"]+)"\)/gm)].map(
    (match) => match[1] ?? match[2] ?? "",
  );
}

function sourcesBelow(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      return /^(node_modules|dist|cdktf\.out|\.git)$/.test(entry.name) ? [] : sourcesBelow(file);
    }
    return entry.name.endsWith(".ts") ? [file] : [];
  });
}
