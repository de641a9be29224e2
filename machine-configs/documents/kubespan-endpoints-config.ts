import { defineDocument, type FieldsOf } from "../kind";
import { z } from "../zod";

const fields = () => z.strictObject({ extraAnnouncedEndpoints: z.array(z.string()).optional() });

/** More addresses under which the machine's peers reach it. */
export type KubeSpanEndpointsFields = FieldsOf<typeof fields>;

export const kubeSpanEndpointsConfig = defineDocument({ kind: "KubeSpanEndpointsConfig", since: "1.11", fields });
