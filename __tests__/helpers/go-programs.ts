import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
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
  const versions = createHash("sha256")
    .update(readFileSync(path.join(sources, "go.sum")))
    .digest("hex");
  const folder = path.join(project, "node_modules/.cache/go-programs", versions.slice(0, 16));
  const program = path.join(folder, name);
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    // Built aside and renamed, so that two test processes never see half a program.
    const draft = `${program}.${process.pid}`;
    go("build", "-trimpath", "-ldflags=-s -w", "-o", draft, packages[name]);
    renameSync(draft, program);
  }
  return program;
}

/** The folder of a Go module, for files in it that are not Go, such as custom resource definitions. */
export function goModule(module: string, version: string): string {
  const { Dir }: { readonly Dir: string } = JSON.parse(go("mod", "download", "-json", `${module}@${version}`));
  return Dir;
}

function go(...args: readonly string[]): string {
  return execFileSync("go", args, {
    cwd: sources,
    encoding: "utf8",
    env: { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly" },
    stdio: ["ignore", "pipe", "inherit"],
  });
}
