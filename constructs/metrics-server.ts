import { Construct } from "constructs";
import { MetricsServer as MetricsServerResource } from "../providers/proxmox/metrics-server";

/** Who receives the metrics, in Proxmox' words. */
export type MetricsReceiver =
  | { readonly type: "graphite"; readonly graphiteProto?: "udp" | "tcp"; readonly graphitePath?: string }
  | {
      readonly type: "influxdb";
      readonly influxDbProto?: "udp" | "http" | "https";
      readonly influxOrganization?: string;
      readonly influxBucket?: string;
      /** A secret: a sensitive variable. */
      readonly influxToken?: string;
    };

export interface MetricsServerProps {
  /** Host name or address. */
  readonly server: string;
  readonly port: number;
  readonly receiver: MetricsReceiver;
}

/** An external metrics server of the Proxmox cluster, named after the construct's id. All hosts send to it. */
export class MetricsServer extends Construct {
  readonly resource: MetricsServerResource;

  constructor(scope: Construct, id: string, { server, port, receiver }: MetricsServerProps) {
    super(scope, id);
    this.resource = new MetricsServerResource(this, "Resource", {
      name: id,
      server,
      port,
      ...receiver,
    });
  }
}
