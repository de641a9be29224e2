import type { KubernetesObject } from "../../../index";
import type { Attributes } from "../../helpers/synth";

/** The pods that controllers, and drills, would make of an object: no more than one of each template. */
export function podsOf(object: KubernetesObject): readonly KubernetesObject[] {
  const copy = Object(object["data"])["copy.json"];
  if (copy !== undefined) {
    return [JSON.parse(copy)];
  }
  const template = templateIn(Object(object["spec"]));
  return template === undefined
    ? []
    : [
        {
          apiVersion: "v1",
          kind: "Pod",
          metadata: { ...template.metadata, name: object.metadata.name, namespace: object.metadata.namespace ?? "" },
          spec: template.spec,
        },
      ];
}

interface Template {
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly spec: unknown;
}

/** Of a Deployment, a DaemonSet, a StatefulSet or a Job; of a CronJob that of its jobs. */
function templateIn(spec: Attributes | undefined): Template | undefined {
  return spec?.["jobTemplate"] === undefined ? spec?.["template"] : templateIn(spec["jobTemplate"].spec);
}
