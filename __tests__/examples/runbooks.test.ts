import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { sites } from "../../examples";
import { Runbooks, TalosCluster } from "../../index";
import { expectGolden } from "../helpers/golden";
import { inFolder, newApp } from "../helpers/synth";

const golden = path.join(__dirname, "../runbooks/golden");

/** One machine of each kind; the others differ in names, addresses and ids. */
const shown = {
  "staged-ubuntu": [
    "README.md",
    "break-glass/docker-registry.md",
    "break-glass/k8s-node2.md",
    "break-glass/sandbox-1.md",
    "decision-record.md",
    "evidence.json",
    "ssh-lockdown.md",
    "staged-plan.md",
    "weekly-review.md",
  ],
  "prox-ops": ["README.md", "break-glass/k8s-ctrl-1.md", "break-glass/k8s-work-4.md"],
};

describe.each(Object.entries(shown))("the runbooks of %s", (site, pages) => {
  const written = runbooksOf(site);

  test.each(pages)("%s", (page) => {
    expectGolden(path.join(golden, site, page), written[page] ?? "");
  });

  test("BG-1: there is a page for each machine, and none is about nothing", () => {
    const machines = [...(written["README.md"] ?? "").matchAll(/^\| \[([\w-]+)\]/gm)].map(([, name]) => name);
    expect(machines).toHaveLength({ "staged-ubuntu": 11, "prox-ops": 15 }[site] ?? 0);
    const names = Object.keys(written).filter((name) => name.startsWith("break-glass/"));
    expect(names.sort()).toEqual(machines.map((name) => `break-glass/${name}.md`).sort());
    expect(Object.values(written).join("\n")).not.toMatch(/undefined|TfToken|\[object/);
  });
});

function runbooksOf(site: string): Readonly<Record<string, string>> {
  return inFolder((outdir) => {
    const app = newApp(outdir);
    sites[site]?.(app);
    const cluster = app.node.findAll().find((one) => one instanceof TalosCluster);
    if (cluster !== undefined && app.node.tryFindChild(`${site}-runbooks`) === undefined) {
      new Runbooks(app, { site: cluster.site });
    }
    app.synth();
    const folder = path.join(outdir, "runbooks", site);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = files.map(({ parentPath, name }) => path.join(parentPath, name));
    return Object.fromEntries(paths.map((file) => [path.relative(folder, file), readFileSync(file, "utf8")]));
  });
}
