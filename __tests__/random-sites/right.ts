/** Random sites with nothing wrong. */
import type { Contract } from "../../machine-configs";
import type { Draw } from "./draw";
import {
  type ClusterSpec,
  type IntentName,
  intents,
  type NodeSpec,
  type SiteSpec,
  type UbuntuSpec,
  type VmSpec,
} from "./spec";

/** Texts that somebody may write anywhere, of which Terraform would read some as its own language. */
export const texts = [
  "Orders.",
  'a "quoted" text',
  "${HOME} and %{x}",
  "$${x}",
  "été 漢 \u0001",
  "line\nline",
  "\\n",
  "{}",
];

const key = `ssh-ed25519 ${"A".repeat(68)} ops@example.com`;
/** A Kubernetes that runs on each Talos. */
const releases = { "1.11.6": "1.34.1", "1.12.11": "1.35.7", "1.13.9": "1.36.3", "1.14.4": "1.37.1" } as const;

const local = { datastore: "local-lvm" };
const shared = { datastore: "ceph" };

export function rightSite(draw: Draw): SiteSpec {
  return new RightSite(draw).build();
}

/** Gives out what no two machines may have. */
class RightSite {
  readonly #draw: Draw;
  readonly #hosts: readonly string[];
  readonly #spec: SiteSpec;
  /** One for all clusters, because they share an image. */
  readonly #talos: keyof typeof releases;
  #machines = 0;
  /** Free devices by mapping and host. */
  readonly #free = new Map<string, number>();

  constructor(draw: Draw) {
    this.#draw = draw;
    this.#talos = draw.one(["1.11.6", "1.12.11", "1.13.9", "1.14.4"] as const);
    this.#hosts = Array.from({ length: draw.whole(1, 8) }, (_, index) => `pve${index + 1}`);
    const pveMajor = draw.one([8, 9] as const);
    this.#spec = {
      name: draw.one(["lab", "home", "site-2", "x"]),
      site: {
        endpoint: draw.one(["https://pve.example.com:8006", "https://10.0.0.4:8006"]),
        hosts: Object.fromEntries(this.#hosts.map((host) => [host, {}])),
        datastores: {
          local: { content: ["import", "snippets"] },
          "local-lvm": { ...draw.maybe(30, () => ({ sizeGiB: 20_000 })) },
          ceph: { shared: true },
          nfs: { shared: true, content: ["backup", "import", "snippets", "images"] },
        },
        pveMajor,
        ...draw.maybe(30, () => ({ insecure: true })),
        ...draw.maybe(30, () => ({ vmIds: { first: 1000, last: 1999 } })),
        ...draw.maybe(20, () => ({ inventory: [{ vmid: 300, name: "old" }, { vmid: 301 }] })),
        ...draw.maybe(20, () => ({ imageFactory: "https://factory.example.com:8443" })),
        ...draw.maybe(20, () => ({ login: "root" as const })),
        ...draw.maybe(20, () => ({ state: { bucket: "states", region: "eu-1", endpoint: "https://s3.example.com" } })),
      },
      talosImage: {
        datastore: draw.one(["local", "nfs"]),
        ...draw.maybe(70, () => ({ extensions: ["siderolabs/qemu-guest-agent"] as const })),
        ...draw.maybe(20, () => ({ kernelArgs: ["console=ttyS0", "net.ifnames=0"] })),
        ...draw.maybe(20, () => ({ secureBoot: true })),
      },
      ubuntuImage: {
        datastore: draw.one(["local", "nfs"]),
        version: "24.04",
        serial: "20260801",
        sha256: "0533b0655c32e68b31d792ecd6ccfca95abdbc536c4446874fe0513bd4140ffe",
      },
      pci: {},
      usb: {},
      directories: {},
      bridges: {},
      vlans: {},
      storages: {},
      pools: {},
      metrics: {},
      access: {},
      kept: {},
      clusters: [],
      vms: {},
      ubuntu: {},
      backups: {},
      apart: {},
    };
  }

  build(): SiteSpec {
    const draw = this.#draw;
    this.#around();
    const nodes = draw.whole(1, draw.one([3, 12, 60]));
    const clusters = draw.whole(0, Math.min(2, nodes));
    for (let index = 0; index < clusters; index++) {
      const most = Math.floor((nodes - this.#machines) / (clusters - index));
      if (most > 0) this.#spec.clusters.push(this.#cluster(index, draw.whole(1, most)));
    }
    while (this.#machines < nodes) {
      const index = this.#machines;
      if (draw.chance(60)) this.#spec.vms[`vm-${index}`] = this.#vm(index);
      else this.#spec.ubuntu[`ubuntu-${index}`] = this.#ubuntu();
    }
    this.#operation();
    this.#capacity();
    return this.#spec;
  }

  #around(): void {
    const [draw, spec] = [this.#draw, this.#spec];
    const onHosts = <T>(value: (host: string, index: number) => T): Record<string, T> => {
      const some = draw.some(this.#hosts, 60);
      return Object.fromEntries(
        (some.length > 0 ? some : this.#hosts).map((host, index) => [host, value(host, index)]),
      );
    };
    for (let index = draw.whole(0, 2); index > 0; index--) {
      const devices = onHosts(() =>
        Array.from({ length: draw.whole(1, 3) }, (_, slot) => ({
          id: "10de:2571",
          path: `0000:${index}${slot}:00${draw.one(["", ".0"])}`,
          iommuGroup: 10 + slot,
          subsystemId: "10de:1611",
        })),
      );
      spec.pci[`gpu-${index}`] = { devices };
      for (const [host, list] of Object.entries(devices)) this.#free.set(`gpu-${index} ${host}`, list.length);
    }
    if (draw.chance(20)) {
      spec.pci["vgpu"] = {
        mediatedDevices: true,
        devices: onHosts(() => [{ id: "10de:2231", path: "0000:99:00.0", iommuGroup: 99, subsystemId: "10de:147e" }]),
      };
    }
    if (draw.chance(30)) {
      spec.usb["zigbee"] = {
        devices: onHosts(() => [{ id: "10c4:ea60", ...draw.maybe(50, () => ({ path: "1-2.3" })) }]),
      };
      for (const host of Object.keys(spec.usb["zigbee"].devices)) this.#free.set(`zigbee ${host}`, 1);
    }
    if (draw.chance(30)) spec.directories["media"] = { directories: onHosts(() => "/srv/media") };
    if (draw.chance(30)) {
      const hosts = Object.fromEntries(this.#hosts.map((host) => [host, { ports: ["eno1"] }]));
      spec.bridges["vmbr0"] = { hosts, vlanAware: true, ...draw.maybe(30, () => ({ mtu: 9000 })) };
    }
    if (draw.chance(30)) {
      const hosts = onHosts((_, index) => draw.one([undefined, `10.90.0.${10 + index}/24`]));
      spec.vlans["storage"] = { interface: "eno2", vlanId: draw.whole(1, 4094), hosts };
    }
    if (draw.chance(20)) {
      spec.storages["nfs"] = { datastore: "nfs", backing: { type: "nfs", server: "10.0.0.9", export: "/srv" } };
    }
    for (const pool of draw.some(["builders", "db.1"], 30)) spec.pools[pool] = { comment: draw.one(texts) };
    if (draw.chance(20)) {
      spec.metrics["influx"] = { server: "10.0.0.8", port: 8089, receiver: { type: "influxdb", influxDbProto: "udp" } };
    }
    if (draw.chance(20)) {
      const paths = draw.some(["/vms", "/storage/ceph", "/pool/builders"]);
      spec.access["monitoring"] = {
        user: "mon@pve",
        privileges: ["VM.Audit", "Sys.Audit"],
        paths,
        comment: draw.one(texts),
      };
    }
    if (draw.chance(20)) spec.csiUser = "kubernetes-csi@pve";
  }

  #cluster(index: number, nodes: number): ClusterSpec {
    const draw = this.#draw;
    const { pveMajor } = this.#spec.site;
    const prefix = `10.${20 + index}`;
    const vlanId = draw.one([undefined, 20 + index]);
    const bridge = vlanId === undefined ? `vmbr${index}` : "vmbr0";
    const quorum = draw.one([1, 3, 5].filter((count) => count <= nodes));
    const talos = this.#talos;
    const contract: Contract = draw.one((["1.11", "1.12", "1.13", "1.14"] as const).filter((one) => talos >= one));
    const virtualIp = `${prefix}.0.2`;
    const hasVirtualIp = draw.chance(50);
    const spread = quorum <= this.#hosts.length;
    const isMovable = pveMajor === 9 && (quorum === 1 || spread) && draw.chance(20);
    const extraNics = draw.some(
      [
        { bridge: "vmbr0", vlanId: 62 },
        { bridge: "vmbr0", vlanId: 81, mtu: 9000 },
      ],
      30,
    );
    const name = `c${index}`;
    const spec: ClusterSpec = {
      clusterName: name,
      settings: draw.some(Object.keys(intents).filter(isIntent), 30),
      lifecycle: draw.one(["apply", "managed"]),
      versions: { talos, contract, kubernetes: releases[talos] },
      endpoint: `https://${hasVirtualIp ? virtualIp : `${prefix}.0.11`}:6443`,
      network: {
        bridge,
        ...(vlanId === undefined ? {} : { vlanId }),
        subnet: `${prefix}.0.0/${draw.one([16, 20, 23])}`,
        gateway: `${prefix}.0.1`,
        ...draw.maybe(30, () => ({ reserved: { loadBalancers: `${prefix}.1.200-${prefix}.1.220` } })),
      },
      datastore: isMovable ? "ceph" : draw.one(["local-lvm", "ceph"]),
      controlPlane: { memoryMiB: 2048 * draw.whole(1, 3), ...(isMovable ? { highAvailability: {} } : {}) },
      worker: { cores: draw.whole(1, 8), extraNics, ...draw.maybe(30, () => ({ startup: { order: 3 } })) },
      ...(hasVirtualIp ? { virtualIp } : {}),
      controlPlanes: {},
      workers: {},
    };
    for (let node = 0; node < nodes; node++) {
      const isControlPlane = node < quorum;
      // Control planes are on hosts of their own, where there are enough.
      const host = isControlPlane && spread ? (this.#hosts[node] ?? "") : draw.one(this.#hosts);
      const made = this.#node(spec, host, `${prefix}.0.${11 + node}`, isControlPlane);
      if (isControlPlane) spec.controlPlanes[`${name}-cp-${node}`] = made;
      else spec.workers[`${name}-w-${node}`] = made;
    }
    return spec;
  }

  #node({ datastore }: ClusterSpec, host: string, address: string, isControlPlane: boolean): NodeSpec {
    const draw = this.#draw;
    const id = this.#next();
    const gpu = isControlPlane ? undefined : this.#device("gpu-1", host);
    return {
      host,
      address,
      macAddress: this.#mac(id),
      ...draw.maybe(50, () => ({ vmId: 1000 + id })),
      ...(gpu === undefined ? {} : { gpu }),
      ...(isControlPlane
        ? {}
        : draw.maybe(20, () => ({ slots: { scsi1: { datastore, sizeGiB: draw.whole(1, 500) } } }))),
      ...draw.maybe(20, () => ({ diskGiB: draw.whole(10, 200) })),
      ...draw.maybe(20, () => ({ cpu: { type: "x86-64-v3" as const, numa: true, limit: 4 } })),
    };
  }

  #vm(index: number): VmSpec {
    const draw = this.#draw;
    const { login } = this.#spec.site;
    const id = this.#next();
    const host = draw.one(this.#hosts);
    const gpu = draw.chance(20) ? this.#device(draw.one(["gpu-1", "gpu-2", "zigbee"]), host) : undefined;
    const vgpu = draw.chance(20) && this.#spec.pci["vgpu"]?.devices[host] !== undefined;
    const media = draw.chance(20) && this.#spec.directories["media"]?.directories[host] !== undefined;
    const hasDevice = gpu !== undefined || vgpu || media;
    const isMovable = !hasDevice && draw.chance(25);
    const { datastore } = isMovable || draw.chance(30) ? shared : local;
    const memoryMiB = 512 * draw.whole(1, 16);
    const isStarted = draw.chance(80);
    const networkDevices = this.#cards(id);
    const vlan = networkDevices[0]?.vlanId ?? 49;
    return {
      host,
      disk: { datastore, sizeGiB: draw.whole(1, 100), importFrom: "local:import/debian-13.qcow2" },
      networkDevices,
      memoryMiB,
      ...draw.maybe(40, () => ({ vmId: 1000 + id })),
      ...draw.maybe(50, () => ({
        // One subnet is on one bridge and VLAN.
        address: { address: `10.${vlan}.0.${10 + id}/16`, gateway: `10.${vlan}.0.1` },
      })),
      ...draw.maybe(50, () => ({ cores: draw.whole(1, 16) })),
      ...(hasDevice ? {} : draw.maybe(20, () => ({ balloonMiB: Math.min(memoryMiB, 512) }))),
      ...draw.maybe(20, () => ({
        cpu: {
          type: draw.one(["host", "x86-64-v2-AES", "EPYC-Rome", "custom-mine"] as const),
          sockets: draw.whole(1, 2),
          numa: draw.chance(50),
          units: draw.whole(1, 262_144),
          flags: draw.some(["+aes", "-pcid"] as const),
          ...(login === "root" ? { affinity: "0-3,8" } : {}),
        },
      })),
      ...(isStarted ? {} : { started: false }),
      ...draw.maybe(30, () => ({ onBoot: false, startup: { order: draw.whole(0, 9), upDelaySeconds: 10 } })),
      ...draw.maybe(20, () => ({ agent: true })),
      ...draw.maybe(20, () => ({ protection: true, restartForChanges: false })),
      ...draw.maybe(40, () => ({ description: draw.one(texts) })),
      ...draw.maybe(40, () => ({ tags: draw.some(["db", "prod", "a.b_c-d+e", "db"]) })),
      ...draw.maybe(20, () => ({ watchdog: { action: "poweroff" as const } })),
      ...draw.maybe(20, () => ({ serialPorts: draw.one([0, 1, 2, 3, 4] as const), display: "serial0" as const })),
      ...draw.maybe(20, () => ({ firmware: { secureBootKeys: "microsoft" as const, tpm: draw.chance(50) } })),
      ...draw.maybe(20, () => ({
        firewall: {
          rules: [
            {
              type: "in" as const,
              action: "ACCEPT" as const,
              macro: "SSH",
              iface: "net0" as const,
              comment: draw.one(texts),
            },
            { type: "out" as const, action: "DROP" as const, proto: "tcp" as const, dport: "80,443,8000:8100" },
            { securityGroup: "web" },
          ],
          dhcp: draw.chance(50),
        },
      })),
      ...(isMovable ? { highAvailability: this.#highAvailability(host) } : {}),
      uses: {
        ...(gpu === undefined || gpu === "zigbee" ? {} : { pci: [{ mapping: gpu }] }),
        ...(vgpu ? { pci: [{ mapping: "vgpu", mediatedType: "nvidia-63" }] } : {}),
        ...(gpu === "zigbee" ? { usb: [gpu] } : {}),
        ...(media ? { directories: ["media"] } : {}),
        ...this.#pool(),
        slots: this.#slots(`vm-${index}`, host, datastore),
      },
    };
  }

  #ubuntu(): UbuntuSpec {
    const draw = this.#draw;
    const id = this.#next();
    const host = draw.one(this.#hosts);
    const isMovable = draw.chance(20);
    return {
      host,
      user: "ops",
      keys: [key],
      docker: draw.chance(30),
      disk: { ...(isMovable ? shared : local), sizeGiB: draw.whole(4, 100) },
      snippets: isMovable ? "nfs" : "local",
      networkDevices: this.#cards(id),
      memoryMiB: 1024 * draw.whole(1, 8),
      ...draw.maybe(30, () => ({ vmId: 1000 + id })),
      ...draw.maybe(30, () => ({ replaceOnChange: true, agent: false })),
      ...draw.maybe(30, () => ({ sshPolicy: "mask" as const })),
      ...(isMovable ? { highAvailability: this.#highAvailability(host) } : {}),
      uses: this.#pool(),
    };
  }

  #cards(id: number): VmSpec["networkDevices"] {
    const draw = this.#draw;
    return [
      {
        bridge: "vmbr0",
        ...draw.maybe(60, () => ({ macAddress: this.#mac(id) })),
        ...draw.maybe(40, () => ({ vlanId: 50 })),
        ...draw.maybe(20, () => ({ queues: draw.whole(1, 8), rateLimitMBps: 100 })),
      },
      ...draw.some(
        [
          { bridge: "vmbr0", trunks: [10, 20], mtu: "bridge" as const },
          { bridge: "storage", mtu: 9000, ipv6: "auto" as const, firewall: true },
          { bridge: "vmbr1", ipv4: "dhcp" as const },
        ],
        20,
      ),
    ];
  }

  #slots(name: string, host: string, datastore: string): NonNullable<VmSpec["uses"]["slots"]> {
    const draw = this.#draw;
    const disk = () => ({ datastore, sizeGiB: draw.whole(1, 200) });
    const keeps = draw.chance(20);
    if (keeps) this.#spec.kept[`${name}-data`] = { host, datastore, sizeGiB: draw.whole(1, 500) };
    return {
      ...draw.maybe(20, () => ({ scsi1: { ...disk(), serial: "data-1" } })),
      ...draw.maybe(20, () => ({ virtio3: { ...disk(), iothread: true } })),
      ...draw.maybe(10, () => ({ sata5: disk() })),
      ...(keeps ? { scsi30: { kept: `${name}-data` } } : {}),
    };
  }

  #highAvailability(host: string): NonNullable<VmSpec["highAvailability"]> {
    const draw = this.#draw;
    const hosts = Object.fromEntries(draw.some(this.#hosts).map((one) => [one, draw.whole(0, 500)]));
    return {
      ...draw.maybe(50, () => ({ hosts: { ...hosts, [host]: 500 }, strict: draw.chance(50) })),
      ...draw.maybe(30, () => ({ failback: draw.chance(50), maxRestart: draw.whole(0, 10), maxRelocate: 2 })),
    };
  }

  #pool(): { pool?: string } {
    const pools = Object.keys(this.#spec.pools);
    return pools.length > 0 && this.#draw.chance(30) ? { pool: this.#draw.one(pools) } : {};
  }

  #operation(): void {
    const [draw, spec] = [this.#draw, this.#spec];
    const keep = draw.one([{ daily: 7, weekly: 4 }, { last: 3 }, undefined]);
    const vms = Object.keys(spec.vms);
    const pools = Object.keys(spec.pools);
    const schedule = { datastore: "nfs", schedule: draw.one(["02:00", "sat 03:30"]), ...(keep ? { keep } : {}) };
    if (vms.length > 0 && draw.chance(30)) spec.backups["nightly"] = { ...schedule, vms: vms.slice(0, 3) };
    if (pools.length > 0 && draw.chance(30)) spec.backups["of-pool"] = { ...schedule, pool: draw.one(pools) };
    if (draw.chance(10))
      spec.backups["everything"] = { ...schedule, mode: "stop", compress: "gzip", repeatMissed: true };
    const onHosts = new Map(Object.entries(spec.vms).map(([name, { host }]) => [host, name]));
    // Proxmox takes no rule that keeps VMs apart of which some prefer a host.
    const isChoosy = [...onHosts.values()].some((name) => spec.vms[name]?.highAvailability?.hosts !== undefined);
    if (onHosts.size > 1 && !isChoosy && draw.chance(50)) spec.apart["apart"] = [...onHosts.values()];
  }

  /** Hosts that have what their machines need. */
  #capacity(): void {
    const { site, vms, ubuntu, clusters } = this.#spec;
    if (!this.#draw.chance(50)) return;
    const needed = [
      ...[...Object.values(vms), ...Object.values(ubuntu)].map(
        ({ host, memoryMiB }) => [host, memoryMiB ?? 4096] as const,
      ),
      ...clusters.flatMap(({ controlPlanes, controlPlane, workers }) => [
        ...Object.values(controlPlanes).map(({ host }) => [host, controlPlane?.memoryMiB ?? 4096] as const),
        ...Object.values(workers).map(({ host }) => [host, 4096] as const),
      ]),
    ];
    for (const host of this.#hosts) {
      const memoryMiB = needed.reduce((sum, [on, memory]) => (on === host ? sum + memory : sum), 0);
      site.hosts[host] = { memoryMiB: memoryMiB + 1024 * this.#draw.whole(0, 64), cores: 64 };
    }
  }

  #device(mapping: string, host: string): string | undefined {
    const id = `${mapping} ${host}`;
    const free = this.#free.get(id) ?? 0;
    if (free === 0 || !this.#draw.chance(60)) return undefined;
    this.#free.set(id, free - 1);
    return mapping;
  }

  #next(): number {
    this.#machines += 1;
    return this.#machines;
  }

  #mac(id: number): string {
    return `BC:24:11:00:00:${id.toString(16).padStart(2, "0").toUpperCase()}`;
  }
}

function isIntent(name: string): name is IntentName {
  return name in intents;
}
