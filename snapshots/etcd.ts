/** Snapshots of etcd in a Talos cluster, taken through the Talos API. */
import type { KubernetesObject } from "../manifests";
import { images } from "../versions";
import { type SnapshotOptions, scratch, snapshotObjects } from "./job";

/** The role that is asked for: it lets take snapshots of etcd, and nothing else. */
export const etcdBackupRole = "os:etcd:backup";

const file = `${scratch.mountPath}/taken.db`;
/** Where `talosctl` looks for what Talos gives to a pod. */
const talosFolder = "/var/run/secrets/talos.dev";

/** All objects of the snapshots of a cluster, with the image of talosctl in its release. */
export function etcdSnapshotObjects(options: SnapshotOptions, talosctl: string): readonly KubernetesObject[] {
  const { name, namespace } = options;
  const controlPlane = "node-role.kubernetes.io/control-plane";
  const step = { volumeMounts: [scratch], resources: { cpu: "50m", memory: "256Mi" } };
  return [
    // Talos answers with a Secret of this name.
    {
      apiVersion: "talos.dev/v1alpha1",
      kind: "ServiceAccount",
      metadata: { name, namespace },
      spec: { roles: [etcdBackupRole] },
    },
    ...snapshotObjects(options, {
      subject: "Etcd",
      command: ["etcd-snapshot.mjs", file],
      // On a control plane that is up, whichever that is, and of its own etcd.
      nodeSelector: { [controlPlane]: "" },
      tolerations: [{ key: controlPlane, operator: "Exists", effect: "NoSchedule" }],
      initContainers: [
        {
          ...step,
          name: "take",
          image: talosctl,
          command: ["/talosctl", "--nodes", "$(NODE_ADDRESS)", "etcd", "snapshot", file],
          env: [{ name: "NODE_ADDRESS", valueFrom: { fieldRef: { fieldPath: "status.hostIP" } } }],
          volumeMounts: [scratch, { name: "talos", mountPath: talosFolder, readOnly: true }],
        },
        {
          ...step,
          name: "check",
          image: images.etcd,
          command: ["/usr/local/bin/etcdutl", "snapshot", "status", file, "--write-out=table"],
        },
      ],
      volumes: [{ name: "talos", secret: { secretName: name } }],
    }),
  ];
}
