import { Token } from "cdktf";
import { Construct } from "constructs";
import { malformedConfigId, malformedText } from "../errors";
import { MetricsServer as MetricsServerResource } from "../providers/proxmox/metrics-server";
import { addCheck } from "./private/checks";
import { claimInStack } from "./private/claims";
import { isConfigId } from "./private/names";
import { boundsProblems } from "./private/numbers";

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
    super(scope, id || "unnamed");
    this.resource = new MetricsServerResource(this, "Resource", {
      name: id,
      server,
      port,
      ...receiver,
    });
    claimInStack(this, "metrics server", () => [id]);
    addCheck(this, () => [
      ...(isConfigId(id) ? [] : [malformedConfigId(this.node.path, "metrics server", id)]),
      ...(Token.isUnresolved(server) || /^[\w.:-]+$/.test(server)
        ? []
        : [malformedText(this.node.path, "server", server, 'a host, such as "10.0.0.8"')]),
      ...boundsProblems(this.node.path, [["port", port, 1, 65_535]]),
    ]);
  }
}
