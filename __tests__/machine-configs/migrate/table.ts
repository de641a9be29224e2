import type { Move, Scope } from "../../../machine-configs/migrate/move";
import { moves } from "../../../machine-configs/migrate/moves";
import { contracts } from "../machines";

/** Where nothing depends on the file. */
export const nowhere: Scope = {
  whole: false,
  role: "controlplane",
  contract: "1.14",
  root: {},
  key: "",
  deleted: [],
};

/** The table of sections and the documents that they become. */
export function moveTable(): string {
  const rows = contracts.flatMap((contract) => {
    const groups = new Map<string, string[]>();
    for (const move of moves.filter(({ since, kinds }) => since === contract && kinds.length > 0)) {
      const documents = move.kinds.map((kind) => `\`${kind}\``).join(", ");
      groups.set(documents, [...(groups.get(documents) ?? []), sectionText(move)]);
    }
    return [...groups].map(([documents, sections]) => `| ${contract} | ${sections.join(", ")} | ${documents} |`);
  });
  return ["| from contract | section | documents |", "| --- | --- | --- |", ...rows].join("\n");
}

/** The table of sections that always stay. */
export function remainingTable(): string {
  const rows = moves
    .filter(({ kinds }) => kinds.length === 0)
    .map((one) => {
      const outcome = one.outcome(nowhere, [], undefined);
      const { code, remedy } = "stays" in outcome ? outcome.stays("") : { code: "", remedy: "" };
      return `| ${sectionText(one)} | \`${code}\` | ${remedy} |`;
    });
  return ["| section | code | remedy |", "| --- | --- | --- |", ...rows].join("\n");
}

function sectionText({ section, fields }: Move): string {
  const path = section.join(".").replaceAll("*", "…");
  const inside = fields?.map((field) => `\`${field}\``).join(", ");
  return `\`${path}\`${inside === undefined ? "" : ` (${inside})`}`;
}
