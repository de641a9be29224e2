import { type Problem, wrongValue } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { isEndpoint } from "../rules/urls";
import { z } from "../zod";

const fields = () => z.strictObject({ clusterName: z.string().optional(), endpoint: z.string().optional() });

/** The cluster's name and where its Kubernetes API is. The generator writes both. */
export type KubeClusterFields = FieldsOf<typeof fields>;

export const kubeClusterConfig = defineDocument({
  kind: "KubeClusterConfig",
  since: "1.14",
  fields,
  generated: [["clusterName"], ["endpoint"]],
  replaces: [
    ["cluster", "clusterName"],
    ["cluster", "controlPlane", "endpoint"],
  ],
  problems,
});

function problems({ endpoint = "" }: KubeClusterFields, at: At): readonly Problem[] {
  if (endpoint === "" || isEndpoint(endpoint)) return [];
  return [wrongValue(at("endpoint"), endpoint, "an https:// URL with a host, such as https://10.20.66.20:6443")];
}
