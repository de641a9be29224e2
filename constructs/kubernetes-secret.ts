import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { malformedObjectName } from "../errors";
import { isObjectName } from "../manifests";
import { SecretV1 } from "../providers/kubernetes/secret-v1";
import { addCheck } from "./private/checks";

export interface KubernetesSecretProps {
  /** Namespace of the secret; `namespace.resource.metadata.name` makes Terraform wait for one of the same stack. */
  readonly namespace: string;

  /** Values by key: Terraform values such as sensitive variables. A literal is refused at synth. */
  readonly data: Readonly<Record<string, string>>;

  /** Terraform does not know the values, so it writes them again only when this number changes. @default 1 */
  readonly revision?: number;

  /** Type of the secret. Changing it replaces the secret. @default "Opaque" */
  readonly type?: string;

  /** @default - none */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/**
 * A secret, named after its id, whose values are neither in the synthesized JSON nor in the state: Terraform hands them
 * on and forgets them.
 *
 * @example
 * const password = new TerraformVariable(stack, "s3_secret_key", { type: "string", sensitive: true });
 * new KubernetesSecret(stack, "s3", { namespace: "backups", data: { SECRET_KEY: password.stringValue } });
 */
export class KubernetesSecret extends Construct {
  readonly secretName: string;
  readonly resource: SecretV1;

  constructor(scope: Construct, id: string, props: KubernetesSecretProps) {
    super(scope, id);
    const { namespace, data, revision = 1, type = "Opaque", dependsOn } = props;
    this.secretName = id;
    this.resource = new SecretV1(this, "Resource", {
      metadata: { name: id, namespace },
      type,
      dataWo: { ...data },
      dataWoRevision: revision,
      ...(dependsOn === undefined ? {} : { dependsOn: [...dependsOn] }),
    });
    addCheck(this, () => (isObjectName(id) ? [] : [malformedObjectName(this.node.path, "Secret", id)]));
  }
}
