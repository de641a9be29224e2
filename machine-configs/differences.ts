/** What a machine's configuration has otherwise than what was made for it. */
import { type Problem, unreadableConfiguration } from "../errors";
import { identityOf, kindOf, type MachineRole, type Path, renderDocuments, type TalosDocument } from "./document";
import { type Cluster, generatedDocuments, isMadeUp } from "./generated";
import { judge } from "./judge";
import { loadSource } from "./load";
import type { Place } from "./places";
import { isContainer, isMap, own } from "./plain-data";
import { type Contract, minorOf } from "./releases";
import { schemaOfKind, showableIn } from "./validate";

/** What a machine was made with: patches to what the generator writes. */
export interface MadeMachine {
  readonly role: MachineRole;
  readonly contract: Contract;
  /** The Talos release, such as `1.14.4`. */
  readonly talos: string;
  readonly cluster: Cluster;
  /** Texts of the patches, in their order. */
  readonly patches: readonly string[];
  /** Says whether a text is or contains a value that is not known here; anything may be in its place. */
  readonly isUnknown?: (text: string) => boolean;
}

/** A field that is otherwise than it was made. */
export interface Difference extends Place {
  readonly is: "added" | "removed" | "changed";
  /** What it was made: nothing where that is a secret or more than one value. */
  readonly made?: string | number | boolean | undefined;
  /** What it is: a number or a boolean. Texts are not shown, since any text of a machine can be a secret. */
  readonly found?: number | boolean | undefined;
}

/** Differences in the order of the configuration, or why it could not be read. */
export interface Comparison {
  readonly differences: readonly Difference[];
  readonly problems: readonly Problem[];
}

/**
 * Compares a whole configuration, as a machine has it, with what was made for the machine (TAL-32). Values count, not
 * that something is there. What the generator made up, such as keys and identities, may be anything.
 */
export function compareConfiguration(machine: MadeMachine, found: string): Comparison {
  const talos = minorOf(machine.talos) ?? machine.talos;
  const { documents, problems } = loadSource(found, { talos, schemaOfKind });
  if (problems.length > 0 || documents.length === 0) {
    // What is wrong with the text could quote it.
    return { differences: [], problems: [unreadableConfiguration("configuration")] };
  }
  const made = madeDocuments(machine);
  const isHere = documents.map(({ document }) => document);
  const comparing = new Comparing(machine.isUnknown ?? (() => false));
  for (const document of made) {
    comparing.compare(
      document,
      isHere.find((other) => identityOf(other) === identityOf(document)),
    );
  }
  for (const document of isHere.filter((one) => !made.some((other) => identityOf(other) === identityOf(one)))) {
    comparing.compare(undefined, document);
  }
  return { differences: comparing.differences, problems: [] };
}

function madeDocuments({ role, contract, talos, cluster, patches }: MadeMachine): readonly TalosDocument[] {
  const base = { name: "generated", text: renderDocuments(generatedDocuments(contract, role, cluster)) };
  const named = patches.map((text, index) => ({ name: `patch ${index}`, text }));
  return judge(base, named, { talos, role }).documents;
}

class Comparing {
  readonly differences: Difference[] = [];

  constructor(private readonly isUnknown: (text: string) => boolean) {}

  compare(made: TalosDocument | undefined, found: TalosDocument | undefined): void {
    const document = made ?? found;
    if (document === undefined) return;
    const place = { identity: identityOf(document), kind: kindOf(document) };
    if (made === undefined || found === undefined) {
      this.differences.push({ identity: place.identity, path: [], is: made === undefined ? "added" : "removed" });
    } else {
      this.#walk(place, [], made, found);
    }
  }

  #walk(
    document: { readonly identity: string; readonly kind: string },
    path: Path,
    made: unknown,
    found: unknown,
  ): void {
    if (typeof made === "string" && found !== undefined && (this.isUnknown(made) || isMadeUp(made))) return;
    if (isSameValue(made, found)) return;
    if (isMap(made) && isMap(found)) {
      for (const key of new Set([...Object.keys(made), ...Object.keys(found)])) {
        this.#walk(document, [...path, key], own(made, key), own(found, key));
      }
    } else if (Array.isArray(made) && Array.isArray(found) && made.length === found.length) {
      for (const [index, item] of made.entries()) this.#walk(document, [...path, index], item, found[index]);
    } else {
      const { identity, kind } = document;
      const is = isNothing(made) ? "added" : isNothing(found) ? "removed" : "changed";
      const shown = (value: unknown) => showableIn(kind, path, value) === value && !isContainer(value);
      this.differences.push({
        identity,
        path,
        is,
        ...(shown(made) && isScalar(made) ? { made } : {}),
        ...(shown(found) && (typeof found === "number" || typeof found === "boolean") ? { found } : {}),
      });
    }
  }
}

function isScalar(value: unknown): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

/** Talos writes a value in its own form, and leaves out what is as if nothing were said. */
function isSameValue(made: unknown, found: unknown): boolean {
  if (made === found || (isNothing(made) && isNothing(found))) return true;
  if ((made === false || made === 0 || made === "") && found === undefined) return true;
  const [one, other] = [secondsOf(made), secondsOf(found)];
  return one !== undefined && one === other;
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (isContainer(value) && Object.keys(value).length === 0);
}

/** A duration as Go writes it: `1h` is `1h0m0s`. */
function secondsOf(value: unknown): number | undefined {
  if (typeof value !== "string" || !/^(\d+(\.\d+)?(h|ms|m|s))+$/.test(value)) return undefined;
  const units: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001 };
  const parts = [...value.matchAll(/([\d.]+)(h|ms|m|s)/g)];
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * (units[unit ?? ""] ?? 0), 0);
}
