import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { findStacks } from "../../cli/drift-stacks";

let root: string;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "drift-stacks-"));
});

afterEach(() => rmSync(root, { recursive: true }));

const backend = 'terraform {\n  backend "s3" {}\n}\n';

test("a folder with a backend, a cloud or a lock file is a stack, and a module is none", async () => {
  write({
    "db/main.tf": backend,
    "net/core/main.tf.json": '{"terraform": {"backend": {"s3": {}}}}',
    "cloud/main.tofu": "terraform {\n  cloud {\n  }\n}\n",
    "locked/main.tf": "",
    "locked/.terraform.lock.hcl": "",
    "modules/vm/main.tf": 'resource "a" "b" {}\n# a backend "s3" {} is for stacks\n',
    "db/.terraform/modules/x/main.tf": backend,
    "node_modules/x/main.tf": backend,
    "README.md": backend,
  });
  expect(await found()).toEqual(["cloud", "db", "locked", "net/core"]);
});

test("terragrunt.hcl makes a stack, unless it is above others", async () => {
  write({ "terragrunt.hcl": "", "prod/db/terragrunt.hcl": "", "prod/dns/terragrunt.hcl": "", "mod/main.tf": "" });
  expect(await findStacks(root)).toMatchObject([
    { name: "prod/db", tool: "terragrunt" },
    { name: "prod/dns", tool: "terragrunt" },
  ]);
});

test.each(["", "cdktf.out"])("of a cdktf app the manifest says which stacks there are (%j)", async (outdir) => {
  const stacks = Object.fromEntries(
    ["b", "a"].map((name) => [name, { name, dependencies: [], workingDirectory: `stacks/${name}` }]),
  );
  write({ [path.join(outdir, "manifest.json")]: JSON.stringify({ stacks }), "other/main.tf": backend });
  expect(await findStacks(root)).toEqual(
    ["a", "b"].map((name) => ({ name, folder: path.join(root, outdir, "stacks", name), tool: "terraform" })),
  );
});

test("a folder with a configuration is a stack if there is none below it", async () => {
  write({ "main.tf": "", "modules/vm/main.tf": "" });
  expect(await found()).toEqual([path.basename(root)]);
});

test("a folder without any is refused", async () => {
  write({ "modules/vm/main.tf": "" });
  await expect(found()).rejects.toThrow("no-stacks-found");
});

async function found(): Promise<string[]> {
  return (await findStacks(root)).map(({ name }) => name);
}

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
