import {
  criCustomization,
  environment,
  etcFile,
  extensionService,
  imageCache,
  install,
  kernelModules,
  logging,
  nvidiaDriver,
  registryAuth,
  registryMirrors,
  registryTls,
  sysctls,
  sysfs,
  talosApiCertSANs,
  trustedRoots,
  udevRules,
  watchdog,
} from "../../../machine-configs";
import { certificate, worker } from "../machines";
import type { Example } from "./example";

const id = "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba";

export const machine: readonly Example[] = [
  {
    title: "TAL-9, TAL-36: install",
    need: "the installer and the disk",
    file: "install",
    role: "worker",
    intent: (contract) => install({ image: `factory.talos.dev/nocloud-installer/${id}:v${worker(contract).talos}` }),
  },
  {
    title: "TAL-6: registryMirrors",
    need: "pulling through mirrors",
    file: "registry-mirrors",
    role: "worker",
    intent: () =>
      registryMirrors({
        "docker.io": { endpoints: ["http://10.0.20.10:5000"] },
        "ghcr.io": { endpoints: ["http://10.0.20.10:5010"] },
        "quay.io": { endpoints: ["http://10.0.20.10:5020"] },
        "registry.k8s.io": { endpoints: ["http://10.0.20.10:5030"] },
        "reg.kyverno.io": {
          endpoints: ["http://10.0.20.10:5040/v2/kyverno"],
          overridePath: true,
          skipFallback: true,
        },
      }),
  },
  {
    title: "TAL-6: registryAuth",
    need: "a login for a registry",
    file: "registry-auth",
    role: "worker",
    intent: () =>
      registryAuth({
        "registry.example.com:5000": { username: "puller", password: "made up" },
        "ghcr.io": { identityToken: "made up" },
        "quay.io": { auth: "bWFkZTp1cA==" },
      }),
  },
  {
    title: "TAL-6: registryTls",
    need: "the certificate of a registry",
    file: "registry-tls",
    role: "worker",
    intent: () =>
      registryTls({
        "registry.example.com:5000": { ca: certificate },
        "10.0.20.10:5000": { insecureSkipVerify: true },
      }),
  },
  {
    title: "TAL-7: sysctls",
    need: "kernel parameters",
    file: "sysctls",
    role: "worker",
    intent: () =>
      sysctls({
        "fs.inotify.max_user_watches": "1048576",
        "fs.inotify.max_user_instances": "8192",
        "net.ipv4.ip_forward": "1",
      }),
  },
  {
    title: "sysfs",
    need: "files below `/sys`",
    file: "sysfs",
    role: "worker",
    intent: () => sysfs({ "module.zswap.parameters.enabled": "1" }),
  },
  {
    title: "udevRules",
    need: "names and rights of devices",
    file: "udev-rules",
    role: "worker",
    intent: () =>
      udevRules([
        'SUBSYSTEM=="drm", KERNEL=="renderD*", GROUP="44", MODE="0660"',
        'SUBSYSTEM=="block", ENV{ID_SERIAL}=="scratch", SYMLINK+="scratch"',
      ]),
  },
  {
    title: "environment",
    need: "a proxy, and other variables of the environment",
    file: "environment",
    role: "worker",
    intent: () => environment({ https_proxy: "http://proxy.example.com:3128", no_proxy: "10.0.0.0/8,.svc" }),
  },
  {
    title: "kernelModules",
    need: "kernel modules",
    file: "kernel-modules",
    role: "worker",
    intent: () => kernelModules([{ name: "drbd", parameters: ["usermode_helper=disabled"] }, "drbd_transport_tcp"]),
  },
  {
    title: "TAL-12, TAL-13, TAL-14: nvidiaDriver",
    need: "an NVIDIA GPU",
    file: "nvidia-driver",
    role: "worker",
    intent: () => nvidiaDriver(),
  },
  {
    title: "talosApiCertSANs",
    need: "names for the Talos API",
    file: "talos-api-cert-sans",
    role: "worker",
    intent: () => talosApiCertSANs(["talos-1.example.com", "203.0.113.10"]),
  },
  {
    title: "trustedRoots",
    need: "authorities that the machine trusts",
    file: "trusted-roots",
    role: "worker",
    intent: () => trustedRoots({ "lab-ca": certificate }),
  },
  {
    title: "logging",
    need: "sending logs away",
    file: "logging",
    role: "worker",
    intent: () =>
      logging({
        services: [{ endpoint: "udp://10.0.20.60:6051", extraTags: { cluster: "home" } }],
        kernel: ["udp://10.0.20.60:6050"],
      }),
  },
  {
    title: "watchdog",
    need: "a reset when the machine hangs",
    file: "watchdog",
    role: "worker",
    intent: () => watchdog({ timeout: "5m" }),
  },
  {
    title: "extensionService",
    need: "the service of a system extension",
    file: "extension-service",
    role: "worker",
    intent: () =>
      extensionService({
        name: "nut-client",
        files: { "/usr/local/etc/nut/upsmon.conf": "MONITOR ups@10.0.20.5 1 monitor made-up secondary\n" },
        environment: { NUT_DEBUG: "1" },
      }),
  },
  {
    title: "T-1, T-2, TAL-19: criCustomization",
    need: "settings of containerd",
    file: "cri-customization",
    role: "worker",
    intent: () =>
      criCustomization({
        name: "nri",
        content: '[plugins."io.containerd.nri.v1.nri"]\n  disable = false\n',
      }),
  },
  {
    title: "TAL-21: etcFile",
    need: "a file below `/etc`",
    file: "etc-file",
    role: "worker",
    contracts: ["1.14"],
    intent: () => etcFile({ name: "nfsmount.conf", contents: "[ NFSMount_Global_Options ]\nnfsvers=4.2\n" }),
  },
  {
    title: "imageCache",
    need: "images from the disk that the machine booted with",
    file: "image-cache",
    role: "worker",
    intent: () => imageCache(),
  },
];
