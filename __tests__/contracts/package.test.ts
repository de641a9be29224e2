import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { compileFunction } from "node:vm";
import { transformSync } from "@swc/core";
import { entriesOf, manifest, packLibrary, root, unpack } from "../consumers/support/package";
import { Project, readmeExample, stacksIn } from "../consumers/support/project";

/** Rooms that are published: everything else of the repository stays at home. */
const published = [
  "analysis",
  "cli",
  "cloud-init",
  "constructs",
  "machine-configs",
  "manifests",
  "object-storage",
  "providers/helm",
  "providers/kubernetes",
  "providers/proxmox",
  "providers/talos",
  "runbooks",
  "snapshots",
  "stacks",
];
const publishedFiles = ["errors", "index", "providers/lazy-block", "providers/sensitive", "versions"];
/** Commands that are a file of their own. */
const bundles = ["drift", "talos-drift"];

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "package-")));
const project = new Project(path.join(folder, "consumer"));
const installed = path.join(project.folder, "node_modules", manifest().name);
let entries: readonly string[] = [];

beforeAll(() => {
  const tarball = packLibrary(folder);
  entries = entriesOf(tarball);
  unpack(tarball, installed);
  // Only what the package says that it needs; what it forgets to say would not be found.
  project.link([...Object.keys(manifest().dependencies), ...Object.keys(manifest().peerDependencies)]);
  project.addApps();
  project.build();
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the package", () => {
  test("holds at its top what npm and people read, and dist", () => {
    expect([...new Set(entries.map((entry) => entry.split("/")[0]))].sort()).toEqual(
      ["CHANGELOG.md", "LICENSE", "README.md", "charts", "dist", "docs", "images", "package.json", "scripts"].sort(),
    );
  });

  test("holds the JavaScript and the declarations of the published rooms, and nothing else", () => {
    const modules = [...published.flatMap(modulesBelow), ...publishedFiles];
    const expected = [
      ...modules.flatMap((module) => [`dist/${module}.d.ts`, `dist/${module}.js`]),
      ...bundles.map(bundleOf),
    ].sort();
    expect(entries.filter((entry) => entry.startsWith("dist/"))).toEqual(expected);
    expect(expected).toContain("dist/providers/proxmox/virtual-environment-vm/index.js");
  });
});

describe("a project that installed it", () => {
  test("synthesizes the README's first example to what the sources give", () => {
    const stacks = project.synthesize("readme");
    expect(Object.keys(stacks).length).toBeGreaterThan(0);
    expect(stacks).toEqual(fromSources(readmeExample()));
  });

  test("imports it by name from an ES module", () => {
    project.write(
      "app.mjs",
      `import { TalosCluster } from "${manifest().name}";
       import { composeConfiguration } from "${manifest().name}/machine-configs";
       import { ProxmoxProvider } from "${manifest().name}/providers/proxmox/provider";
       console.log([TalosCluster, composeConfiguration, ProxmoxProvider].map(({ name }) => name).join());`,
    );
    expect(project.node("app.mjs").trim()).toBe("TalosCluster,composeConfiguration,ProxmoxProvider");
  });

  test("loads no more than it uses", () => {
    project.write(
      "site.cjs",
      `require("${manifest().name}").ProxmoxSite; console.log(JSON.stringify(Object.keys(require.cache)));`,
    );
    const loaded: string[] = JSON.parse(project.node("site.cjs"));
    expect(loaded.map(originOf)).toContain("dist/constructs");
    expect(loaded.filter((file) => file.includes("/dist/providers/"))).toEqual([]);
  });

  test("gets the machine configurations without a module of cdktf, of constructs or of our constructs", () => {
    project.write(
      "pure.cjs",
      `Object.values(require("${manifest().name}/machine-configs"));
       console.log(JSON.stringify(Object.keys(require.cache)));`,
    );
    const loaded: string[] = JSON.parse(project.node("pure.cjs"));
    expect([...new Set(loaded.map(originOf))].sort()).toEqual([
      "dist/errors.js",
      "dist/machine-configs",
      "ipaddr.js",
      "pure.cjs",
      "yaml",
    ]);
  });

  test.each(["dist/index.js", "dist/constructs/private/checks", "constructs/talos-cluster", "analysis", "cli/main"])(
    "is refused the inner module %s",
    (inner) => {
      project.write("deep.cjs", `require("${manifest().name}/${inner}");`);
      expect(() => project.node("deep.cjs")).toThrow(/ERR_PACKAGE_PATH_NOT_EXPORTED/);
    },
  );

  test.each(bundles)("gets a file that is `%s` by itself, below the licences of what is in it", (name) => {
    const file = path.join(installed, bundleOf(name));
    expect(readFileSync(file, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n\/\*\ncommander:\n[\s\S]*\nzod:\n/);
    expect(project.node(file, "--help")).toMatch(new RegExp(`^Usage: ${name} `));
  });

  test("gets the command", () => {
    const [[name, file] = ["", ""]] = Object.entries(manifest().bin);
    expect(readFileSync(path.join(installed, file), "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(project.node(path.join(installed, file), "--help")).toMatch(new RegExp(`^Usage: ${name} `));
  });
});

function bundleOf(command: string): string {
  return `dist/${command}.js`;
}

/** The modules of a room, without their ending. */
function modulesBelow(room: string): string[] {
  return readdirSync(path.join(root, room), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => path.join(room, file.slice(0, -".ts".length)));
}

/** What an app writes when it is run on this repository's sources. */
function fromSources(app: string): unknown {
  const { code } = transformSync(app, {
    jsc: { parser: { syntax: "typescript" }, target: "es2023" },
    module: { type: "commonjs" },
  });
  const load = (name: string) => require(name === manifest().name ? path.join(root, "index.ts") : name);
  const before = process.cwd();
  // A place of its own, in the same depth as that of the project: stacks name their state relative to it.
  const place = path.join(folder, "sources");
  mkdirSync(place, { recursive: true });
  process.chdir(place);
  try {
    compileFunction(code, ["require", "exports"])(load, {});
  } finally {
    process.chdir(before);
  }
  return stacksIn(path.join(place, "cdktf.out"));
}

/** The package of a loaded file; for our own package, the room or file in dist. */
function originOf(file: string): string {
  if (file.startsWith(installed)) {
    return path.relative(installed, file).split(path.sep).slice(0, 2).join("/");
  }
  return /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? path.relative(project.folder, file);
}
