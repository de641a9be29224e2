import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { imageWithoutDigest, malformedSchedule, type Problem } from "../errors";
import { isPinnedImage, isSchedule } from "../manifests";
import { type ObjectStore, type PinnedImage, probeObjects, type StoreCredentials } from "../object-storage";
import { KubernetesObjects } from "./kubernetes-objects";
import { addCheck } from "./private/checks";
import { bucketProblems, urlProblems } from "./private/client-problems";
import { packagePrograms } from "./private/package-files";

export interface ObjectStoreProbeProps<Bucket extends string = string, Identity extends string = string> {
  /** The store, of whatever form. */
  readonly store: ObjectStore<Bucket, Identity>;

  /**
   * A bucket that clients use. In one with versions, what the probe deletes stays as a version.
   */
  readonly bucket: NoInfer<Bucket>;

  /** Namespace of the probe, which has to be there. */
  readonly namespace: string;

  /** Who may write the bucket, and the Secret with the key, such as the one that a database has. */
  readonly credentials: StoreCredentials<NoInfer<Identity>>;

  /** Five fields, in UTC. @default every quarter of an hour */
  readonly schedule?: string;

  /**
   * URL of a Pushgateway, through which Prometheus learns how it went.
   *
   * @default - only the Jobs' logs and outcomes say it, and there are no alerts about it
   */
  readonly pushgateway?: string;

  /** Page with the runbooks: an alert's is `<runbooks>#<alert in lower case>`. */
  readonly runbooks: string;

  /** Labels by which Prometheus finds rules and scrape configurations. @default - { release: "kube-prometheus-stack" } */
  readonly prometheusLabels?: Readonly<Record<string, string>>;

  /** Image with Node, with its digest. @default - Node 24 */
  readonly image?: PinnedImage;

  /** @default - none */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/**
 * Writes, lists, reads and deletes an object from where clients are, by the name, the CA and the keys that they use
 * (S3-8): that a process answers says nothing of the volumes behind it. Alerts say when it fails, when nothing is known,
 * and when the certificate ends; where the store's metrics may be scraped, Prometheus is told to (S3-7).
 *
 * The release is named after the construct's id.
 *
 * @example
 * new ObjectStoreProbe(stack, "s3-probe", {
 *   store: seaweedFs.store,
 *   bucket: "cnpg-backup",
 *   namespace: "backups",
 *   credentials: { identity: "cnpg", secret: "cnpg-s3" },
 *   runbooks: "https://runbooks.example.com/object-storage",
 * });
 */
export class ObjectStoreProbe<Bucket extends string, Identity extends string> extends Construct {
  readonly objects: KubernetesObjects;

  constructor(scope: Construct, id: string, props: ObjectStoreProbeProps<Bucket, Identity>) {
    super(scope, id);
    const { store, bucket, namespace, credentials, schedule = "*/15 * * * *", dependsOn } = props;
    const objects = probeObjects({
      name: id,
      namespace,
      store,
      bucket,
      credentials,
      schedule,
      pushgateway: props.pushgateway,
      runbooks: props.runbooks,
      labels: props.prometheusLabels,
      image: props.image,
      programs: packagePrograms("object-store.mjs"),
    });
    this.objects = new KubernetesObjects(this, id, {
      namespace,
      objects,
      ...(dependsOn === undefined ? {} : { dependsOn }),
    });
    addCheck(this, () => this.#problems(props, schedule));
  }

  #problems(props: ObjectStoreProbeProps<Bucket, Identity>, schedule: string): Problem[] {
    const { pushgateway, runbooks, image } = props;
    const where = this.node.path;
    return [
      ...bucketProblems(where, props),
      ...(isSchedule(schedule) ? [] : [malformedSchedule(where, schedule, "five")]),
      ...(image === undefined || isPinnedImage(image) ? [] : [imageWithoutDigest(where, image)]),
      ...urlProblems(where, { pushgateway, runbooks }),
    ];
  }
}
