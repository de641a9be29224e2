import * as z from "zod";
import { defineDocument } from "../kind";

const fields = () => z.strictObject({ extraAnnouncedEndpoints: z.array(z.string()).optional() });

/** More addresses under which the machine's peers reach it. */
export type KubeSpanEndpointsFields = z.infer<ReturnType<typeof fields>>;

export const kubeSpanEndpointsConfig = defineDocument({ kind: "KubeSpanEndpointsConfig", since: "1.11", fields });
