import { defineDocument, type FieldsOf } from "../kind";
import { commonProbe, probeProblems } from "../rules/probes";
import { httpUrl } from "../rules/urls";
import { z } from "../zod";

const fields = () => z.strictObject({ ...commonProbe(), url: httpUrl() });

/** A web server that has to answer for the network to be up. */
export type HttpProbeFields = FieldsOf<typeof fields>;

export const httpProbeConfig = defineDocument({
  kind: "HTTPProbeConfig",
  since: "1.14",
  fields,
  problems: probeProblems,
});
