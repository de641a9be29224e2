import { fieldMissing, type Problem } from "../../errors";
import type { At } from "../document";
import { type DocumentScope, defineDocument, type FieldsOf } from "../kind";
import { acceptedProblems, authority, issuingProblems } from "../rules/authorities";
import { z } from "../zod";

const fields = () => z.strictObject(authority());

/** The authority of servers behind the Kubernetes API. */
export type KubeAggregatorCaFields = FieldsOf<typeof fields>;

export const kubeAggregatorCaConfig = defineDocument({
  kind: "KubeAggregatorCAConfig",
  since: "1.14",
  fields,
  controlPlaneOnly: true,
  replaces: [["cluster", "aggregatorCA"]],
  secrets: [["issuingCA", "key"]],
  problems,
});

function problems(authorities: KubeAggregatorCaFields, at: At, { complete }: DocumentScope): readonly Problem[] {
  const missing = complete && authorities.issuingCA === undefined;
  return [
    ...(missing ? [fieldMissing(at("issuingCA"), "a certificate and its key in PEM")] : []),
    ...issuingProblems(authorities, at),
    ...acceptedProblems(authorities, at),
  ];
}
