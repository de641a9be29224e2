import type { RegistryMirror } from "../../machine-configs";
import type { CloudFile } from "../piece";

/**
 * Files of containerd for Kubernetes: cgroups by systemd, as the kubelet has them, and images through mirrors by the host
 * that image names begin with, or `*` for all others. Version 2 of the configuration is what containerd 1.7 of Ubuntu
 * 24.04 and containerd 2 both read.
 */
export function containerdFiles(mirrors: Readonly<Record<string, RegistryMirror>>): readonly CloudFile[] {
  return [{ path: "/etc/containerd/config.toml", content: CONFIG }, ...Object.entries(mirrors).map(hostsFile)];
}

const CRI = 'plugins."io.containerd.grpc.v1.cri"';

const CONFIG = `version = 2

[${CRI}.cni]
  bin_dir = "/opt/cni/bin"
  conf_dir = "/etc/cni/net.d"

[${CRI}.containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"

[${CRI}.containerd.runtimes.runc.options]
  SystemdCgroup = true

[${CRI}.registry]
  config_path = "/etc/containerd/certs.d"
`;

/** Endpoints are tried in order, then the registry itself; without that fallback the last endpoint takes its place. */
function hostsFile([registry, { endpoints, overridePath = false, skipFallback = false }]: [
  string,
  RegistryMirror,
]): CloudFile {
  const settings = ['capabilities = ["pull", "resolve"]', ...(overridePath ? ["override_path = true"] : [])];
  const [last] = skipFallback ? endpoints.slice(-1) : [];
  const before = last === undefined ? endpoints : endpoints.slice(0, -1);
  const server = last === undefined ? [] : [[`server = ${JSON.stringify(last)}`, ...settings]];
  const hosts = before.map((url) => [`[host.${JSON.stringify(url)}]`, ...settings.map((line) => `  ${line}`)]);
  return {
    path: `/etc/containerd/certs.d/${registry === "*" ? "_default" : registry}/hosts.toml`,
    content: [...server, ...hosts].map((lines) => `${lines.join("\n")}\n`).join("\n"),
  };
}
