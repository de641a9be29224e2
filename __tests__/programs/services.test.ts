/** What machines are given for containerd and systemd, read by the real ones. */
import type { CloudInitPiece } from "../../cloud-init";
import { dockerHost, kubeadmWorker } from "../../cloud-init";
import { mirrors, registry, worker } from "../cloud-init/machines";
import { printed, run, withFiles } from "./support/programs";

describe("containerd", () => {
  const piece = kubeadmWorker({ ...worker, mirrors });

  test("has systemd's cgroups, the mirrors' folder and the CNI's programs in effect", () => {
    withFiles({ "config.toml": fileOf(piece, "/etc/containerd/config.toml") }, (folder) => {
      const cri = toml(printed("containerd", ["--config", `${folder}/config.toml`, "config", "dump"]));
      expect(cri).toMatchObject({
        plugins: {
          "io.containerd.grpc.v1.cri": {
            cni: { bin_dir: "/opt/cni/bin", conf_dir: "/etc/cni/net.d" },
            containerd: {
              default_runtime_name: "runc",
              runtimes: { runc: { runtime_type: "io.containerd.runc.v2", options: { SystemdCgroup: true } } },
            },
            registry: { config_path: "/etc/containerd/certs.d" },
          },
        },
      });
    });
  });

  const host = { capabilities: ["pull", "resolve"] };

  test.each([
    ["docker.io", { host: { "http://10.0.20.10:5000": host } }],
    ["harbor.example.com", { host: { "https://mirror.example.com/v2/harbor": { ...host, override_path: true } } }],
    ["_default", { server: "http://10.0.20.11:5090", ...host, host: { "http://10.0.20.10:5090": host } }],
  ])("pulls images of %s through its mirrors", (registryHost, expected) => {
    expect(toml(fileOf(piece, `/etc/containerd/certs.d/${registryHost}/hosts.toml`))).toEqual(expected);
  });
});

test("systemd finds nothing wrong with the unit of a compose project", () => {
  const unit = fileOf(dockerHost({ projects: { registry } }), "/etc/systemd/system/compose@.service");
  expect(verify(unit)).toEqual({ status: 0, output: "" });
  expect(verify(unit.replace("RestartSec=30", "RestartSecs=30")).output).toContain("RestartSecs");
});

/** Verifies the unit of one project among the units and programs that it needs. */
function verify(unit: string) {
  const service = "[Service]\nType=oneshot\nExecStart=/usr/bin/docker\n";
  const files = {
    "usr/bin/docker": "#!/bin/sh\n",
    "etc/systemd/system/compose@.service": unit,
    "etc/systemd/system/docker.service": service,
    "etc/systemd/system/network-online.target": "[Unit]\n",
    "etc/systemd/system/multi-user.target": "[Unit]\n",
    "etc/systemd/system/sysinit.target": "[Unit]\n",
    "etc/systemd/system/basic.target": "[Unit]\n",
    "etc/systemd/system/shutdown.target": "[Unit]\n",
    "etc/systemd/system/-.mount": "[Mount]\nWhat=/dev/root\nWhere=/\n",
  };
  return withFiles(files, (folder) =>
    run("systemd-analyze", [
      "verify",
      "--man=no",
      "--recursive-errors=one",
      `--root=${folder}`,
      "compose@registry.service",
    ]),
  );
}

function fileOf({ files = [] }: CloudInitPiece, path: string): string {
  const file = files.find((one) => one.path === path);
  if (file === undefined) {
    throw new Error(`There is no ${path}; there are ${files.map((one) => one.path).join(", ")}.`);
  }
  return file.content;
}

function toml(text: string): unknown {
  const load = "import json, sys, tomllib; json.dump(tomllib.load(sys.stdin.buffer), sys.stdout)";
  return JSON.parse(printed("/usr/bin/python3", ["-c", load], text));
}
