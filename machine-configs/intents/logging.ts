import { wrongValue } from "../../errors";
import { placesIn } from "../document";
import { kmsgLogConfig } from "../documents/kmsg-log-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { A_LOG_RECEIVER, isLogReceiver, urlParts } from "../rules/urls";

/** Who receives logs, such as `udp://10.0.20.60:6051`. */
export type LogReceiver = `${"tcp" | "udp"}://${string}:${number}`;

/** A receiver of the logs of Talos' services. */
export interface LogDestination {
  readonly endpoint: LogReceiver;
  /** Fields that every message gets, such as `{ cluster: "home" }`. @default - none */
  readonly extraTags?: Readonly<Record<string, string>>;
}

export interface LoggingProps {
  /** Who receives the logs of Talos' services, kubelet and etcd among them. @default - nobody */
  readonly services?: readonly LogDestination[];
  /** Who receives the messages of the kernel. @default - nobody */
  readonly kernel?: readonly LogReceiver[];
}

/**
 * Sends the machine's own logs away, as JSON, one message per line or packet. The logs of pods are none of them: a
 * collector in Kubernetes reads those. Applied without a restart.
 */
export function logging({ services = [], kernel = [] }: LoggingProps): Intent {
  return {
    name: "logging",
    documents: () => {
      const destinations = services.map((destination) => ({ ...destination, format: "json_lines" }));
      const kernelLogs = kernel.map((url) => kmsgLogConfig.build({ name: url, url }));
      return services.length === 0
        ? kernelLogs
        : [v1alpha1.build({ machine: { logging: { destinations } } }), ...kernelLogs];
    },
    // Of the services' receivers Talos looks at the scheme only.
    problems: (machine) =>
      services.flatMap(({ endpoint }, index) =>
        isLogReceiver(endpoint) || !["tcp", "udp"].includes(urlParts(endpoint)?.scheme ?? "")
          ? []
          : [wrongValue(placesIn(machine, "logging")("services", index, "endpoint"), endpoint, A_LOG_RECEIVER)],
      ),
  };
}
