import { duplicateEntry, type Problem } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { commonLink, linkProblems } from "../rules/links";
import { z } from "../zod";

const linkName = () => z.string().min(1).max(15, { error: "a name of at most 15 letters" });

const fields = () =>
  z.strictObject({
    name: linkName(),
    peer: z.strictObject({ name: linkName(), ...commonLink() }),
    ...commonLink(),
  });

/** Two links whose one end is the other's. */
export type VethFields = FieldsOf<typeof fields>;

export const vethConfig = defineDocument({ kind: "VethConfig", since: "1.14", fields, problems });

function problems(veth: VethFields, at: At): readonly Problem[] {
  return [
    ...(veth.peer.name === veth.name ? [duplicateEntry(at("peer", "name"), "link", veth.name)] : []),
    ...linkProblems(veth, at),
    ...linkProblems(veth.peer, (...path) => at("peer", ...path)),
  ];
}
