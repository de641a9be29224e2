/** A drill of etcd: the newest snapshot in an etcd of its own, asked how many objects it has. */
import type { KubernetesObject } from "../manifests";
import { images } from "../versions";
import { scratch } from "./job";
import { fetched, type SnapshotDrillOptions, snapshotDrill } from "./restore-drill";

export interface EtcdDrillOptions extends SnapshotDrillOptions {
  /** How many objects of Kubernetes the copy has to have. */
  readonly minimumObjects: number;
}

const folder = "/usr/local/bin";
const url = "http://127.0.0.1:2379";

/** Everything of a drill but its namespace. */
export function etcdDrill(options: EtcdDrillOptions): readonly KubernetesObject[] {
  const image = images.etcd;
  const data = `--data-dir=${scratch.mountPath}/etcd`;
  return snapshotDrill(options, {
    kind: "etcd",
    steps: [
      { name: "check", image, command: [`${folder}/etcdutl`, "snapshot", "status", fetched, "--write-out=table"] },
      { name: "restore", image, command: [`${folder}/etcdutl`, "snapshot", "restore", fetched, data] },
    ],
    server: {
      name: "etcd",
      image,
      command: [
        `${folder}/etcd`,
        data,
        // Nobody but the container beside it finds it, and it finds nobody.
        `--listen-client-urls=${url}`,
        `--advertise-client-urls=${url}`,
        "--listen-peer-urls=http://127.0.0.1:2380",
        "--log-level=warn",
      ],
    },
    proof: {
      program: "etcd-proof.mjs",
      env: [
        { name: "ETCD_URL", value: url },
        { name: "LEAST_OBJECTS", value: String(options.minimumObjects) },
      ],
    },
  });
}
