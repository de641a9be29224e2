import type { TalosClusterFacts } from "./facts";
import { bullets, commands, page, steps } from "./markdown";

export interface EtcdRestoreFacts {
  readonly cluster: TalosClusterFacts;
  /** The control planes, the one that begins first. */
  readonly controlPlanes: readonly { readonly name: string; readonly address: string }[];
  /** Name of the CronJob that takes snapshots, and beginning of their names. */
  readonly snapshots: string;
  /** Of the CronJob. */
  readonly namespace: string;
  /** Where they are: a bucket with its folder, an NFS share, or both. */
  readonly bucket?: { readonly endpoint: string; readonly path: string };
  readonly share?: string;
  /** Whether etcd has a partition of its own, which is wiped by its name. */
  readonly hasOwnVolume: boolean;
}

/** How a cluster gets its etcd back from a snapshot when most of the control planes have lost theirs (DR-6). */
export function etcdRestore(facts: EtcdRestoreFacts): string {
  const { cluster, controlPlanes, snapshots, namespace } = facts;
  const [first, ...others] = controlPlanes;
  const quorum = Math.floor(controlPlanes.length / 2) + 1;
  const nodes = (list: typeof controlPlanes) => list.map(({ address }) => address).join(",");
  return page(
    `Restore etcd of ${cluster.name}`,
    others.length === 0
      ? `For when the etcd of the only control plane, ${named(controlPlanes)}, is lost or broken.`
      : `For when fewer than ${quorum} of the ${controlPlanes.length} control planes have an etcd that works: ${named(controlPlanes)}. One that is lost while ${quorum} are well needs no snapshot: it is made anew, and joins.`,
    "What happened after the snapshot is gone from Kubernetes, though pods that run go on. Let nobody run Terraform meanwhile.",
    `## Before\n\n${before(facts)}`,
    `## Restore\n\n${steps(
      `Get the newest snapshot, and look at it. It holds every object of the cluster: delete your copy afterwards.\n\n${commands(...fetched(facts), "etcdutl snapshot status db.snapshot --write-out=table")}\n`,
      `Look whether etcd works anywhere. If ${quorum} members are healthy, stop here.\n\n${commands(`talosctl --nodes ${nodes(controlPlanes)} service etcd`, `talosctl --nodes ${first?.address} etcd members`)}\n`,
      `While a control plane still works, keep what it has:\n\n${commands(`talosctl --nodes <its address> cp /var/lib/etcd/member/snap/db .`)}\n`,
      `Take etcd's data from all control planes. **This cannot be undone**${facts.hasOwnVolume ? "" : ", and takes all else on their EPHEMERAL partitions along, such as local volumes"}.\n\n${commands(`talosctl --nodes ${nodes(controlPlanes)} reset --graceful=false --reboot --system-labels-to-wipe=${facts.hasOwnVolume ? "ETCD" : "EPHEMERAL"}`)}\n`,
      `Wait until etcd is *Preparing* on all of them.\n\n${commands(`talosctl --nodes ${nodes(controlPlanes)} service etcd`)}\n`,
      `Bring the snapshot to ${first?.name}, and only to it.${others.length === 0 ? "" : ` ${named(others)} join by themselves.`}\n\n${commands(`talosctl --nodes ${first?.address} bootstrap --recover-from=./db.snapshot`)}\n\nFor a copy of the database file, as of step 3, add \`--recover-skip-hash-check\`.\n`,
      `Wait until all are members, and Kubernetes answers.\n\n${commands(`talosctl --nodes ${first?.address} etcd members`, "kubectl get nodes")}`,
    )}`,
    `## Afterwards\n\n${bullets(
      "Compare what Kubernetes has with what should be there: apply the stacks inside of the cluster again.",
      `Take a snapshot at once, by a Job of the CronJob: \`kubectl create job --from=cronjob/${snapshots} ${snapshots}-now --namespace ${namespace}\`.`,
      "Write down how long it took, and how old the snapshot was.",
    )}`,
  );
}

function before({ cluster }: EtcdRestoreFacts): string {
  return [
    "The machine secrets in Terraform's state are needed, too: without them nothing in the snapshot that is a Secret can be read.",
    "Talosconfig, which is a secret:",
    commands(
      "umask 077",
      `terraform -chdir=cdktf.out/stacks/${cluster.stack} output -raw ${cluster.talosconfig} > talosconfig`,
      'export TALOSCONFIG="$PWD/talosconfig"',
    ),
  ].join("\n\n");
}

/** Commands after which the newest snapshot is `db.snapshot`. */
function fetched({ snapshots, bucket, share }: EtcdRestoreFacts): readonly string[] {
  return [
    ...(bucket === undefined
      ? []
      : [
          `aws --endpoint-url ${bucket.endpoint} s3 ls s3://${bucket.path}/${snapshots}-`,
          `aws --endpoint-url ${bucket.endpoint} s3 cp s3://${bucket.path}/${snapshots}-<time>.db db.snapshot`,
        ]),
    ...(share === undefined ? [] : [`cp <mount of ${share}>/${snapshots}-<time>.db db.snapshot`]),
  ];
}

function named(nodes: EtcdRestoreFacts["controlPlanes"]): string {
  return nodes.map(({ name, address }) => `${name} (${address})`).join(", ");
}
