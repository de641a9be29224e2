import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { manifest, packLibrary, run } from "./support/package";
import { Project, type Stacks } from "./support/project";

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "consumers-")));

/** What a user asks for beside the library. CDK Terrain, cdktf's successor, takes its place under the same name. */
const frameworks = {
  cdktf: { cdktf: "0.21.0", constructs: "^10.4.2" },
  "CDK Terrain": { cdktf: "npm:cdktn@0.24.0", constructs: ">=10.6.0 <10.8.0" },
} as const;

const installed = new Map<string, Project>();

beforeAll(() => {
  const tarball = packLibrary(folder);
  for (const [name, dependencies] of Object.entries(frameworks)) {
    const project = new Project(path.join(folder, name.replace(" ", "-")), {
      dependencies: { ...dependencies, [manifest().name]: `file:${tarball}` },
    });
    // Whatever the machine's settings are: a peer that does not fit ends the installation.
    run("npm", ["install", "--strict-peer-deps", "--no-legacy-peer-deps", "--no-force", "--no-audit"], project.folder);
    project.addApps();
    project.build();
    installed.set(name, project);
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(Object.keys(frameworks))("beside %s", (name) => {
  test("npm finds nothing missing and nothing wrong among what it installed", () => {
    expect(run("npm", ["ls", "--all", "--json"], project(name).folder)).not.toMatch(/"(problems|invalid|missing)"/);
  });

  test("there is one copy of the framework and one of constructs", () => {
    const tree = run("npm", ["ls", "--all", "--parseable"], project(name).folder).split("\n");
    const copies = tree.filter((line) => /\/node_modules\/(cdktf|cdktn|constructs)$/.test(line));
    expect(copies.map((copy) => path.basename(copy)).sort()).toEqual(["cdktf", "constructs"]);
  });

  test("the command is there and says what it does", () => {
    const command = path.join(project(name).folder, "node_modules/.bin/cdktf-proxmox-talos");
    expect(run(command, ["--help"], project(name).folder)).toMatch(/^Usage: cdktf-proxmox-talos /);
    expect(run(command, ["--version"], project(name).folder)).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test("an app with problems in several stacks is refused with all of them, and nothing is written", () => {
    const { message, problems, outdir } = refused(project(name));
    expect(problems.map(({ code }) => code).sort()).toEqual([
      "duplicate-address",
      "duplicate-mac-address",
      "even-control-planes",
      "kubernetes-outside-window",
      // Of both stacks of the site, but one mistake.
      "malformed-url",
    ]);
    expect(message).toMatch(/^\d+ problems, nothing was written\./);
    expect(outdir).toEqual([]);
  });
});

test("the successor is what stands in for cdktf", () => {
  const { name, version } = JSON.parse(
    readFileSync(path.join(project("CDK Terrain").folder, "node_modules/cdktf/package.json"), "utf8"),
  );
  expect(`${name}@${version}`).toBe("cdktn@0.24.0");
});

test.each([
  ["the README's cluster", "readme"],
  ["every site of examples/", "sites"],
  ["a site with its state in S3", "state-in-s3"],
])("%s is the same beside both", (_, app) => {
  const [cdktf, cdkTerrain] = Object.keys(frameworks).map((name) => written(project(name), app));
  expect(Object.keys(cdktf ?? {}).length).toBeGreaterThan(0);
  expect(cdkTerrain).toEqual(cdktf);
});

test("what refuses an app beside one refuses it beside the other, word by word", () => {
  const [cdktf, cdkTerrain] = Object.keys(frameworks).map((name) => refused(project(name)));
  expect(cdkTerrain).toEqual(cdktf);
});

function written(project: Project, app: string): Stacks {
  project.clear();
  return project.synthesize(app);
}

interface Refusal {
  readonly message: string;
  readonly problems: readonly { readonly code: string }[];
  /** The files that were written nevertheless. */
  readonly outdir: readonly string[];
}

function refused(project: Project): Refusal {
  project.clear();
  return { ...JSON.parse(project.node("built/refused.js")), outdir: project.written() };
}

function project(name: string): Project {
  const found = installed.get(name);
  if (found === undefined) {
    throw new Error(`Nothing was installed beside ${name}.`);
  }
  return found;
}
