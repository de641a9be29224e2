/** What is true of merging as Talos does it, and of what is composed to be merged. */
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { composeConfiguration, type Intent, renderDocuments, type TalosDocument } from "../../../machine-configs";
import { tierOf } from "../../../machine-configs/advice/tiers";
import { identityOf, kindOf, type Path, ROOT_KIND } from "../../../machine-configs/document";
import { judge } from "../../../machine-configs/judge";
import { isReplaced, itemKey } from "../../../machine-configs/merge-rules";
import { applyPatches } from "../../../machine-configs/patch";
import { isContainer, isMap, own, valueAt } from "../../../machine-configs/plain-data";
import { schemaOfKind, showableIn } from "../../../machine-configs/validate";
import { examples } from "../intents";
import { type Configuration, changes, configurations, onTop } from "./configurations";
import { forAll, tried } from "./settings";

describe.each(tried)("contract $contract on Talos $talos, $role", (machine) => {
  const { talos } = machine;

  test("what the base does not have is added as it is, and it is known who wrote what", () => {
    forAll(machine, configurations(machine), (configuration) => {
      const added = additionsIn(configuration);
      const { documents, problems, explain } = patched(configuration, added, `${talos}.0`);
      expect(problems.filter(({ tier }) => tier === "talos")).toEqual([]);
      expectSame(documents, onTop(configuration.generated, added));
      for (const document of documents) {
        const identity = identityOf(document);
        const addition = added.find((one) => identityOf(one) === identity);
        const misattributed = leavesIn(document, []).filter(
          (path) => explain(identity, path).join() !== (valueAt(addition, path) === undefined ? "base" : "patch"),
        );
        expect(misattributed).toEqual([]);
      }
    });
  });

  // Lists are appended to, so only maps, values, and lists that are replaced or keyed are the same the second time.
  test("merging the same again changes only lists that are appended to", () => {
    forAll(machine, changes(machine), ([document, change]) => {
      const again = withoutAppended(change);
      const once = merged(talos, document, again);
      expectSame(merged(talos, once, again), once);
      expectSame(merged(talos, again, again), again);
    });
  });

  // Where types differ, one value replaces the other with all that is in it, so that the order counts.
  test("two changes may be merged with each other first", () => {
    forAll(machine, changes(machine), ([document, first, second]) => {
      fc.pre(haveSameTypes(document, first) && haveSameTypes(first, second) && haveSameTypes(document, second));
      const oneByOne = merged(talos, merged(talos, document, first), second);
      expectSame(merged(talos, document, merged(talos, first, second)), oneByOne);
    });
  });
});

const newest = tried.filter(({ contract, talos }) => contract === talos);

describe.each(newest)("contract $contract, $role", (machine) => {
  const { contract, role } = machine;
  const target = { name: "a", role, contract, talos: `${contract}.0` };
  const those = examples.filter((example) => (example.contracts ?? [contract]).includes(contract));
  const intents = fc.shuffledSubarray(
    those.filter((example) => example.role === role).map(({ intent }) => intent(contract)),
    { maxLength: 6 },
  );

  test("what is composed is accepted on top of what the generator wrote, in whatever order", () => {
    const composed = fc.tuple(configurations(machine), intents);
    forAll(
      machine,
      composed,
      ([configuration, some]) => {
        const own = additionsIn(configuration).map(
          (document): Intent => ({ name: "own", documents: () => [document] }),
        );
        const alone = composeConfiguration(target, own);
        // Of the old forms of what is a document now, Talos takes those that say nothing.
        const refused = alone.problems.filter((one) => tierOf(one).tier === "talos" && one.code !== "section-replaced");
        expect(refused).toEqual([]);
        const { documents, problems } = composeConfiguration(target, [...own, ...some]);
        const reversed = composeConfiguration(target, [...own, ...some].reverse());
        // Two of them may say different things about one field.
        fc.pre(problems.length === 0);
        expect(renderDocuments(reversed.documents)).toBe(renderDocuments(documents));
        const found = patched(configuration, documents, target.talos).problems;
        expect(found.filter(({ tier }) => tier === "talos")).toEqual([]);
      },
      newest,
    );
  });
});

/** The documents that the generator did not write, and sections where it wrote none. */
function additionsIn({ generated, extra }: Configuration): readonly TalosDocument[] {
  return extra.flatMap((document) => {
    const other = generated.find((one) => identityOf(one) === identityOf(document));
    if (other === undefined) return [document];
    const sections = kindOf(document) === ROOT_KIND ? absentIn(other, document, 2) : {};
    return Object.keys(sections).length === 0 ? [] : [sections];
  });
}

/** The entries of a map whose keys another does not have, down to a depth. */
function absentIn(other: unknown, map: object, depth: number): Readonly<Record<string, unknown>> {
  const entries = Object.entries(map).flatMap(([key, value]) => {
    const present = valueAt(other, [key]);
    if (present === undefined) return [[key, value]];
    const inner = depth > 1 && isMap(value) ? absentIn(present, value, depth - 1) : {};
    return Object.keys(inner).length === 0 ? [] : [[key, inner]];
  });
  return Object.fromEntries(entries);
}

function patched({ base, machine: { role } }: Configuration, documents: readonly TalosDocument[], talos: string) {
  const patches = documents.length === 0 ? [] : [{ name: "patch", text: renderDocuments(documents) }];
  return judge({ name: "base", text: base }, patches, { talos, role });
}

/** A document with a change of it. */
function merged(talos: string, document: TalosDocument, change: TalosDocument): TalosDocument {
  const how = { talos, schemaOfKind, showable: showableIn };
  const { documents } = applyPatches([document], [{ name: "patch", documents: [change] }], how);
  expect(documents).toHaveLength(1);
  return documents[0] ?? document;
}

/** A change without lists that are appended to, and with each item of keyed lists once. */
function withoutAppended(change: TalosDocument): TalosDocument {
  const kept = (value: unknown, path: Path): unknown => {
    if (isReplaced(kindOf(change), path) || !isContainer(value)) return value;
    if (Array.isArray(value)) {
      const items = value
        .filter(isMap)
        .map((item, index) => [itemKey(kindOf(change), path, item), kept(item, [...path, index])]);
      return items.some(([key]) => key === undefined)
        ? undefined
        : [...new Map(items.map(([key, item]) => [key, item])).values()];
    }
    const entries = Object.entries(value).map(([key, inner]) => [key, kept(inner, [...path, key])] as const);
    return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
  };
  return Object.assign({}, kept(change, []));
}

/** Whether what both have at a place is of one type. */
function haveSameTypes(one: unknown, other: unknown): boolean {
  if (typeof one !== typeof other || Array.isArray(one) !== Array.isArray(other)) return false;
  if (!isMap(one) || !isMap(other)) return true;
  return Object.keys(one).every((key) => !Object.hasOwn(other, key) || haveSameTypes(own(one, key), own(other, key)));
}

/** The paths of all values that hold no others. */
function leavesIn(value: unknown, path: Path): readonly Path[] {
  const entries = isContainer(value) ? Object.entries(value) : [];
  if (entries.length === 0) return [path];
  return entries.flatMap(([key, inner]) => leavesIn(inner, [...path, Array.isArray(value) ? Number(key) : key]));
}

/** A matcher says what differs, and takes its time. */
function expectSame(found: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(found, expected)) expect(found).toEqual(expected);
}
