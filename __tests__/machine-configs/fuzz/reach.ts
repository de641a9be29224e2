/** Which parts of the language were reached, so that none is left out in silence. */
import type { Contract, TalosDocument } from "../../../machine-configs";
import { kindOf, ROOT_KIND } from "../../../machine-configs/document";
import { documentKinds } from "../../../machine-configs/documents";
import { isMap } from "../../../machine-configs/plain-data";
import { type Machine, machines, partsFor } from "./configurations";
import { fieldPaths, pathsIn } from "./model";

/** Counts documents and sections by contract, and remembers all fields. */
export class Reach {
  private readonly counts = new Map<Contract, Map<string, number>>();
  private readonly fields = new Set<string>();

  add({ contract }: Machine, documents: readonly TalosDocument[]): void {
    const counts = this.countsOf(contract);
    for (const document of documents) {
      const { kind: _, apiVersion: __, ...fields } = document;
      const kind = documentKinds.find((one) => one.kind === kindOf(document));
      for (const part of partsIn(document)) counts.set(part, (counts.get(part) ?? 0) + 1);
      if (kind !== undefined) for (const path of pathsIn(fields, kind.schema, kind.kind)) this.fields.add(path);
    }
  }

  /** How often each part of a contract was reached, the rarest first; zero counts as well. */
  of(contract: Contract): readonly (readonly [part: string, count: number])[] {
    const parts = machines.filter((machine) => machine.contract === contract).flatMap((machine) => partsFor(machine));
    const names = new Set(parts.map(({ kind, section }) => (section.length === 0 ? kind.kind : section.join("."))));
    const counts = this.countsOf(contract);
    return [...names].map((name) => [name, counts.get(name) ?? 0] as const).sort(([, one], [, other]) => one - other);
  }

  /** The fields of the model that no configuration had. */
  get missed(): readonly string[] {
    const all = documentKinds.flatMap(({ kind, schema }) => fieldPaths(schema, kind));
    return all.filter((path) => !this.fields.has(path));
  }

  private countsOf(contract: Contract): Map<string, number> {
    const counts = this.counts.get(contract) ?? new Map<string, number>();
    this.counts.set(contract, counts);
    return counts;
  }
}

/** The kind of a document; of the v1alpha1 document its sections. */
function partsIn(document: TalosDocument): readonly string[] {
  if (kindOf(document) !== ROOT_KIND) return [kindOf(document)];
  return Object.entries(document).flatMap(([part, value]) =>
    isMap(value) ? Object.keys(value).map((section) => `${part}.${section}`) : [part],
  );
}
