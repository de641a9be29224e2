import { kubeSchedulerConfig } from "../documents/kube-scheduler-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesKubeDocuments } from "../releases";
import type { ComponentProps } from "./component";

export interface SchedulerProps extends ComponentProps {
  /**
   * Fields of the KubeSchedulerConfiguration, such as `{ profiles: [] }`, without `apiVersion` and `kind`.
   *
   * @default - kube-scheduler's own
   * @see https://kubernetes.io/docs/reference/config-api/kube-scheduler-config.v1/
   */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Settings of kube-scheduler. It restarts on each control plane; nothing on workers. */
export function scheduler({ config, extraArgs, resources }: SchedulerProps): Intent {
  return {
    name: "scheduler",
    documents: ({ role, contract }) => {
      if (role === "worker") return [];
      const fields = { config, extraArgs, resources };
      return [
        usesKubeDocuments(contract)
          ? kubeSchedulerConfig.build(fields)
          : v1alpha1.build({ cluster: { scheduler: fields } }),
      ];
    },
  };
}
