import * as z from "zod";
import { defineDocument } from "../kind";
import { commonProbe, probeProblems } from "../rules/probes";
import { httpUrl } from "../rules/urls";

const fields = () => z.strictObject({ ...commonProbe(), url: httpUrl() });

/** A web server that has to answer for the network to be up. */
export type HttpProbeFields = z.infer<ReturnType<typeof fields>>;

export const httpProbeConfig = defineDocument({
  kind: "HTTPProbeConfig",
  since: "1.14",
  fields,
  problems: probeProblems,
});
