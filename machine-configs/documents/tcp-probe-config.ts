import * as z from "zod";
import { defineDocument } from "../kind";
import { commonProbe, probeProblems } from "../rules/probes";
import { text } from "../rules/values";

const fields = () => z.strictObject({ ...commonProbe(), endpoint: text() });

/** A server that has to answer for the network to be up. */
export type TcpProbeFields = z.infer<ReturnType<typeof fields>>;

export const tcpProbeConfig = defineDocument({
  kind: "TCPProbeConfig",
  since: "1.13",
  fields,
  problems: probeProblems,
});
