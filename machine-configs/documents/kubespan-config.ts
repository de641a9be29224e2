import { type Problem, wrongValue } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { prefix } from "../rules/addresses";
import { subnetFilter } from "../rules/node-addresses";
import { uint32 } from "../rules/values";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    enabled: z.boolean().optional(),
    advertiseKubernetesNetworks: z.boolean().optional(),
    allowDownPeerBypass: z.boolean().optional(),
    harvestExtraEndpoints: z.boolean().optional(),
    mtu: uint32().optional(),
    filters: z
      .strictObject({
        endpoints: z.array(subnetFilter()).optional(),
        excludeAdvertisedNetworks: z.array(prefix()).optional(),
      })
      .optional(),
  });

/** An encrypted network between the machines of a cluster. */
export type KubeSpanFields = FieldsOf<typeof fields>;

export const kubeSpanConfig = defineDocument({
  kind: "KubeSpanConfig",
  since: "1.13",
  fields,
  problems,
});

function problems({ mtu }: KubeSpanFields, at: At): readonly Problem[] {
  return mtu !== undefined && mtu < 1280 ? [wrongValue(at("mtu"), mtu, "at least 1280")] : [];
}
