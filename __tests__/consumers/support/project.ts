import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { manifest, root, run } from "./package";

/** A project that uses the library, in a folder of its own. */
export class Project {
  readonly folder: string;

  constructor(folder: string, settings: Readonly<Record<string, unknown>> = {}) {
    this.folder = folder;
    this.write("package.json", JSON.stringify({ name: "consumer", version: "1.0.0", private: true, ...settings }));
    this.write(
      "tsconfig.json",
      JSON.stringify({
        compilerOptions: {
          strict: true,
          target: "es2023",
          module: "nodenext",
          // The library's declarations are checked as well, and those of cdktf and constructs.
          skipLibCheck: false,
          types: [],
          rootDir: "src",
          outDir: "built",
        },
        include: ["src"],
      }),
    );
  }

  write(file: string, text: string): void {
    const target = path.join(this.folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }

  /** Adds a module of this repository as a user would write it: it imports the library by its name. */
  add(name: string, source: string): void {
    const text = source
      .replace(/from "(?:\.\.\/)+index"/g, `from "${manifest().name}"`)
      .replace(/from "(?:\.\.\/)+(cloud-init|machine-configs)"/g, `from "${manifest().name}/$1"`)
      .replace(/from "(?:\.\.\/)+examples"/g, 'from "./examples"');
    this.write(`src/${name}.ts`, text);
  }

  /** Adds the README's app and those of the folder apps/, with the sites of examples/. */
  addApps(): void {
    this.add("readme", readmeExample());
    for (const [folder, prefix] of [
      [path.join(root, "examples"), "examples/"],
      [path.join(__dirname, "../apps"), ""],
    ] as const) {
      for (const file of readdirSync(folder)) {
        this.add(`${prefix}${path.basename(file, ".ts")}`, readFileSync(path.join(folder, file), "utf8"));
      }
    }
  }

  /** Makes packages of this repository available, each by its own name; nothing else can be imported. */
  link(packages: readonly string[]): void {
    for (const name of packages) {
      const target = path.join(this.folder, "node_modules", name);
      mkdirSync(path.dirname(target), { recursive: true });
      symlinkSync(path.join(root, "node_modules", name), target);
    }
  }

  /** Type-checks all that was added, strictly, and makes JavaScript of it. */
  build(): void {
    run(path.join(root, "node_modules/.bin/tsc"), ["-p", "."], this.folder);
  }

  /** Runs a module of the project with plain node. Returns what it prints. */
  node(...args: readonly string[]): string {
    return run(process.execPath, args, this.folder);
  }

  /** Removes what apps wrote. */
  clear(): void {
    rmSync(this.#outdir, { recursive: true, force: true });
  }

  /** The files that apps wrote. */
  written(): string[] {
    const entries = existsSync(this.#outdir) ? readdirSync(this.#outdir, { recursive: true, withFileTypes: true }) : [];
    return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  }

  /** Runs an app that was built and returns what it writes. */
  synthesize(name: string): Stacks {
    this.node(`built/${name}.js`);
    return stacksIn(this.#outdir);
  }

  get #outdir(): string {
    return path.join(this.folder, "cdktf.out");
  }
}

/** Stack name to what Terraform reads of it. */
export type Stacks = Readonly<Record<string, unknown>>;

/** The stacks that were written below a folder, without what is only told to people and tools: comments (`//`). */
export function stacksIn(outdir: string): Stacks {
  const stacks = path.join(outdir, "stacks");
  return Object.fromEntries(
    (existsSync(stacks) ? readdirSync(stacks) : [])
      .sort()
      .map((stack) => [
        stack,
        withoutComments(JSON.parse(readFileSync(path.join(stacks, stack, "cdk.tf.json"), "utf8"))),
      ]),
  );
}

function withoutComments(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutComments);
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(
        Object.entries(value)
          .filter(([key]) => key !== "//")
          .map(([key, child]) => [key, withoutComments(child)]),
      )
    : value;
}

/** The first example of the README: a whole app. */
export function readmeExample(): string {
  const [, code] = /^```ts\n(.*?)^```$/ms.exec(readFileSync(path.join(root, "README.md"), "utf8")) ?? [];
  if (code === undefined) {
    throw new Error("README.md has no example that begins with ```ts.");
  }
  return code;
}
