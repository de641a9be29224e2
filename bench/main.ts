/**
 * The benchmark: `npm run bench`. Measures everything in one run, mostly as ratios, and says which budgets are met.
 *
 * `--quick` repeats less, `--json` prints JSON instead of a table, `--strict` exits with 1 when a budget is missed.
 */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { driftFigures } from "./drift";
import type { Figure } from "./figure";
import { inTurns, type Measured, measured, median, type Program, run } from "./measure";

const { values: flags } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    strict: { type: "boolean", default: false },
  },
});

const root = path.resolve(__dirname, "../..");

/** How often each program is run, and for `drift` the number of stacks. */
const rounds = flags.quick
  ? { app: 3, cli: 2, site: 2, largest: 1, load: 5, drift: 16 }
  : { app: 9, cli: 5, site: 5, largest: 5, load: 11, drift: 126 };

const sizes = [15, 150, 1500] as const;
const [smallest, middle, largest] = sizes;

async function figures(folder: string): Promise<Figure[]> {
  return [
    ...appFigures(folder),
    ...cliFigures(folder),
    ...siteFigures(folder),
    ...configurationFigures(folder),
    ...loadFigures(folder),
    ...(await driftFigures(made(folder, "drift"), root, rounds.drift)),
  ];
}

/** The app of the site `prox-ops` against an app without content, both plain node. */
function appFigures(folder: string): Figure[] {
  const { empty, site } = inTurns(rounds.app, {
    empty: { script: program("empty-app"), cwd: made(folder, "empty-app") },
    site: { script: path.join(root, "dist/main.js"), cwd: made(folder, "app"), env: { SITE: "prox-ops" } },
  });
  return [
    { name: "empty app", value: empty.seconds, unit: "s" },
    { name: "app of prox-ops", value: site.seconds, unit: "s", budget: 0.6 },
    { name: "app of prox-ops / empty app", value: site.seconds / empty.seconds, unit: "×", budget: 2.5 },
    { name: "app of prox-ops, memory", value: site.megabytes, unit: "MB" },
  ];
}

/** `cdktf synth` of this repository against that of an empty stack, and the type-check that only the first one has. */
function cliFigures(folder: string): Figure[] {
  const bin = (name: string) => realpathSync(path.join(root, "node_modules/.bin", name));
  // In folders of their own, because cdktf writes a project id into the cdktf.json that it finds.
  const synth = (name: string, settings: object): Program => {
    const cwd = made(folder, name);
    writeFileSync(path.join(cwd, "cdktf.json"), JSON.stringify(settings));
    return { script: bin("cdktf"), args: ["synth", "--output", path.join(cwd, "out")], cwd, env: { SITE: "prox-ops" } };
  };
  const ours: { readonly app: string } = JSON.parse(readFileSync(path.join(root, "cdktf.json"), "utf8"));
  const { empty, site, types } = inTurns(rounds.cli, {
    empty: synth("empty-cli", { ...ours, app: `${process.execPath} ${program("empty-app")}` }),
    site: synth("cli", { ...ours, app: `cd ${root} && ${ours.app}` }),
    types: { script: bin("tsc"), args: ["-b", "tsconfig.build.json"], cwd: root },
  });
  return [
    { name: "cdktf synth, empty stack", value: empty.seconds, unit: "s" },
    { name: "cdktf synth, prox-ops", value: site.seconds, unit: "s" },
    { name: "cdktf synth, prox-ops / empty stack", value: site.seconds / empty.seconds, unit: "×", budget: 1.25 },
    { name: "of it the type-check, nothing changed", value: types.seconds, unit: "s" },
  ];
}

/** Whole sites as apps of their own. */
function siteFigures(folder: string): Figure[] {
  const bySize = growing(folder, "site-app");
  const site = (nodes: number) => `site of ${count(nodes)} nodes`;
  return [
    { name: "site of no nodes", value: bySize.none.seconds, unit: "s" },
    { name: site(smallest), value: bySize.smallest.seconds, unit: "s" },
    { name: site(middle), value: bySize.middle.seconds, unit: "s" },
    { name: site(largest), value: bySize.largest.seconds, unit: "s", budget: 4 },
    {
      name: `site, growth ${smallest} → ${middle} / linear`,
      value: growth(bySize.none, bySize.smallest, bySize.middle),
      unit: "×",
    },
    {
      name: `site, growth ${middle} → ${count(largest)} / linear`,
      value: growth(bySize.none, bySize.middle, bySize.largest),
      unit: "×",
      budget: 1.1,
    },
    { name: `${site(largest)}, memory`, value: bySize.largest.megabytes, unit: "MB", budget: 400 },
  ];
}

/** Machine configurations alone, without cdktf. */
function configurationFigures(folder: string): Figure[] {
  const bySize = growing(folder, "configurations");
  const configurations = (nodes: number) => `${count(nodes)} machine configurations`;
  return [
    { name: "no machine configurations", value: bySize.none.seconds, unit: "s" },
    { name: configurations(smallest), value: bySize.smallest.seconds, unit: "s" },
    { name: configurations(middle), value: bySize.middle.seconds, unit: "s" },
    { name: configurations(largest), value: bySize.largest.seconds, unit: "s", budget: 1.5 },
    {
      name: `configurations, growth ${middle} → ${count(largest)} / linear`,
      value: growth(bySize.none, bySize.middle, bySize.largest),
      unit: "×",
      budget: 1.1,
    },
    { name: `${configurations(largest)}, memory`, value: bySize.largest.megabytes, unit: "MB", budget: 250 },
  ];
}

/** What a program pays before its first line: loading the library, next to loading cdktf. */
function loadFigures(folder: string): Figure[] {
  const load = (module: string): Program => ({ script: program("load"), args: [module], cwd: folder });
  const { cdktf, library, pure } = inTurns(rounds.load, {
    cdktf: load("cdktf"),
    library: load(path.join(root, "dist/index.js")),
    pure: load(path.join(root, "dist/machine-configs/index.js")),
  });
  return [
    { name: "loading cdktf", value: loadTime(cdktf), unit: "ms" },
    { name: "loading the library, cdktf included", value: loadTime(library), unit: "ms" },
    { name: "loading its machine configurations alone", value: loadTime(pure), unit: "ms", budget: 80 },
  ];
}

/** A program at every size and at none. */
function growing(folder: string, name: string) {
  const at = (nodes: number): Program => ({
    script: program(name),
    args: [String(nodes)],
    cwd: made(folder, `${name}-${nodes}`),
  });
  const small = { none: at(0), smallest: at(smallest), middle: at(middle) };
  // In a quick run the largest is run once, after the others; otherwise in turns with them.
  return rounds.largest === rounds.site
    ? inTurns(rounds.site, { ...small, largest: at(largest) })
    : { ...inTurns(rounds.site, small), largest: measured([run(at(largest))]) };
}

/** How much slower than linear: 1 when ten times the nodes take ten times as long, loading and an empty stack apart. */
function growth(none: Measured, less: Measured, tenfold: Measured): number {
  return (tenfold.seconds - none.seconds) / (10 * (less.seconds - none.seconds));
}

function loadTime({ runs }: Measured): number {
  return median(runs.map(({ stdout }) => Number(stdout)));
}

function program(name: string): string {
  return path.join(__dirname, "programs", `${name}.js`);
}

function made(folder: string, name: string): string {
  const made = path.join(folder, name);
  mkdirSync(made, { recursive: true });
  return made;
}

function isMet({ value, budget }: Figure): boolean | undefined {
  return budget === undefined ? undefined : value <= budget;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

function quantity(value: number, unit: Figure["unit"]): string {
  return `${value.toFixed(unit === "s" || unit === "×" ? 2 : 0)} ${unit}`;
}

function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    quantity(figure.value, figure.unit),
    figure.budget === undefined ? "" : `≤ ${figure.budget} ${figure.unit}`,
    { true: "met", false: "missed", undefined: "" }[String(isMet(figure))] ?? "",
  ]);
  const all = [["figure", "median", "budget", "verdict"], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ");
  return all.map((row) => line(row).trimEnd()).join("\n");
}

function machine() {
  const [first, ...others] = cpus();
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cores: others.length + 1,
    processor: first?.model.trim() ?? "unknown",
    // Far above the number of cores, the times say more about the machine's other work than about ours.
    load: loadavg()[0] ?? 0,
  };
}

// An interrupt ends the program that is being measured, and with it this one, after the folder below is removed.
process.on("SIGINT", () => {});

async function main(folder: string): Promise<void> {
  const before = machine();
  const result = await figures(folder);
  const { node, platform, cores, processor, load } = before;
  if (flags.json) {
    console.log(JSON.stringify({ machine: before, figures: result.map((it) => ({ ...it, met: isMet(it) })) }, null, 2));
  } else {
    console.log(`Node ${node}, ${platform}, ${cores} cores (${processor}), load ${load.toFixed(1)} at the start\n`);
    console.log(table(result));
  }
  if (flags.strict && result.some((figure) => isMet(figure) === false)) {
    process.exitCode = 1;
  }
}

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "bench-")));
main(folder).finally(() => rmSync(folder, { recursive: true, force: true }));
