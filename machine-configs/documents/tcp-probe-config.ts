import { defineDocument, type FieldsOf } from "../kind";
import { commonProbe, probeProblems } from "../rules/probes";
import { text } from "../rules/values";
import { z } from "../zod";

const fields = () => z.strictObject({ ...commonProbe(), endpoint: text() });

/** A server that has to answer for the network to be up. */
export type TcpProbeFields = FieldsOf<typeof fields>;

export const tcpProbeConfig = defineDocument({
  kind: "TCPProbeConfig",
  since: "1.13",
  fields,
  problems: probeProblems,
});
