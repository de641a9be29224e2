import { defineDocument, type FieldsOf } from "../kind";
import { isAddressAndPort } from "../rules/addresses";
import { z } from "../zod";

const endpoint = () =>
  z.string().refine(isAddressAndPort, "an address with its port, such as 203.0.113.5:51820 or [2001:db8::5]:51820");

const fields = () => z.strictObject({ extraAnnouncedEndpoints: z.array(endpoint()).optional() });

/** More addresses under which the machine's peers reach it. */
export type KubeSpanEndpointsFields = FieldsOf<typeof fields>;

export const kubeSpanEndpointsConfig = defineDocument({ kind: "KubeSpanEndpointsConfig", since: "1.11", fields });
