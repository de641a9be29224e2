import type { Problem } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { acceptedProblems, authority, issuingProblems } from "../rules/authorities";
import { z } from "../zod";

const fields = () => z.strictObject(authority());

/** The authority of the Kubernetes API. Only control planes have its key. */
export type KubeApiServerCaFields = FieldsOf<typeof fields>;

export const kubeApiServerCaConfig = defineDocument({
  kind: "KubeAPIServerCAConfig",
  since: "1.14",
  fields,
  replaces: [["cluster", "ca"]],
  secrets: [["issuingCA", "key"]],
  problems,
});

function problems(authorities: KubeApiServerCaFields, at: At): readonly Problem[] {
  return [...issuingProblems(authorities, at), ...acceptedProblems(authorities, at)];
}
