import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import * as path from "node:path";

const project = path.resolve(__dirname, "../..");
const sources = path.join(project, "__tests__/go-programs");

/** Programs that Debian does not have, or not in a release that is in use: name to Go package. */
const packages = {
  etcd: "go.etcd.io/etcd/server/v3",
  etcdctl: "go.etcd.io/etcd/etcdctl/v3",
  etcdutl: "go.etcd.io/etcd/etcdutl/v3",
  helm: "helm.sh/helm/v3/cmd/helm",
  "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
} as const;

/** The path of a program, which is built where it is not there yet: kube-apiserver takes minutes, the others seconds. */
export function goProgram(name: keyof typeof packages): string {
  return built(name, sources, "go.sum", [packages[name]]);
}

/**
 * The releases of Talos whose code is asked; the first is that of the folder's `go.mod`. Of 1.12 the Go proxy has only the
 * first, which lacks fields of the last one that the model knows, and of 1.14 it has none.
 */
export const talosReleases = ["1.13.9", "1.11.6"] as const;

/** The path of our program around a release of Talos' own code, which takes about a minute to build. */
export function talosValidator(release: (typeof talosReleases)[number]): string {
  const name = release === talosReleases[0] ? "go" : `talos-${release}`;
  return built(`talos-validator-${release}`, path.join(project, "__tests__/talos-validator"), `${name}.sum`, [
    `-modfile=${name}.mod`,
    ".",
  ]);
}

/** Another program is built when what it is made of changes: the versions of its modules, and source that is ours. */
function built(name: string, folder: string, sums: string, what: readonly string[]): string {
  const made = createHash("sha256");
  for (const file of [sums, ...readdirSync(folder).filter((one) => one.endsWith(".go"))]) {
    made.update(readFileSync(path.join(folder, file)));
  }
  const cache = path.join(project, "node_modules/.cache/go-programs", made.digest("hex").slice(0, 16));
  const program = path.join(cache, name);
  if (!existsSync(program)) {
    mkdirSync(cache, { recursive: true });
    // Built aside and renamed, so that two test processes never see half a program.
    const draft = `${program}.${process.pid}`;
    go(folder, "build", "-trimpath", "-ldflags=-s -w", "-o", draft, ...what);
    renameSync(draft, program);
  }
  return program;
}

/** The folder of a Go module, for files in it that are not Go, such as custom resource definitions. */
export function goModule(module: string, version: string): string {
  const { Dir }: { readonly Dir: string } = JSON.parse(go(sources, "mod", "download", "-json", `${module}@${version}`));
  return Dir;
}

function go(folder: string, ...args: readonly string[]): string {
  return execFileSync("go", args, {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly" },
    stdio: ["ignore", "pipe", "inherit"],
  });
}
