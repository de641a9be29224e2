/** Arbitrary configurations: what Talos' generator wrote, with arbitrary documents and sections. */
import fc, { type Arbitrary } from "fast-check";
import * as z from "zod";
import type { Contract, MachineRole, TalosDocument } from "../../../machine-configs";
import { identityOf, kindOf, type Path, ROOT_KIND } from "../../../machine-configs/document";
import { documentKinds } from "../../../machine-configs/documents";
import { v1alpha1 } from "../../../machine-configs/documents/v1alpha1";
import { generatedConfiguration, generatedDocuments } from "../../../machine-configs/generated";
import type { DocumentKind } from "../../../machine-configs/kind";
import { isMap } from "../../../machine-configs/plain-data";
import { isAtLeast, releases } from "../../../machine-configs/releases";
import { namesakes, shapeConflicts } from "../../../machine-configs/rules/conflicts";
import { bare, schemaAt } from "../../../machine-configs/shape";
import { contracts } from "../machines";
import type { Target } from "./forms";
import { Model } from "./model";

/** What configurations are made for: the generator wrote them for the contract, and this Talos reads them. */
export interface Machine extends Target {
  readonly contract: Contract;
}

/** Both roles of every contract, with every release that reads it. */
export const machines: readonly Machine[] = contracts.flatMap((contract) =>
  Object.keys(releases)
    .filter((talos) => isAtLeast(talos, contract))
    .flatMap((talos) => (["controlplane", "worker"] as const).map((role) => ({ contract, talos, role }))),
);

/** A configuration, and what it is made of. */
export interface Configuration {
  readonly machine: Machine;
  /** What the generator wrote. */
  readonly base: string;
  readonly generated: readonly TalosDocument[];
  /** What is in it beyond that: sections of the v1alpha1 document, and whole documents. */
  readonly extra: readonly TalosDocument[];
  /** All of it. */
  readonly documents: readonly TalosDocument[];
  /** What is printed of a configuration that contradicts a property. */
  [fc.toStringMethod](): string;
}

/** Configurations that Talos accepts. */
export function configurations(machine: Machine): Arbitrary<Configuration> {
  const { contract, talos, role } = machine;
  const base = generatedConfiguration(contract, role);
  const generated = generatedDocuments(contract, role);
  const parts = fc.oneof(...partsFor(machine).map((part) => documentOf(part, machine)));
  return fc.array(parts, { minLength: 1, maxLength: 5 }).map((given) => {
    const extra = withoutConflicts(oncePerIdentity(given), generated, talos);
    const shown = `contract ${contract}, Talos ${talos}, ${role}, with ${JSON.stringify(extra)}`;
    return { machine, base, generated, extra, documents: onTop(generated, extra), [fc.toStringMethod]: () => shown };
  });
}

/** Three documents of one kind and name, or three times the same section. */
export function changes(machine: Machine): Arbitrary<readonly [TalosDocument, TalosDocument, TalosDocument]> {
  const parts = partsFor(machine).map((part) => {
    const document = documentOf(part, machine);
    return fc.tuple(document, document, document);
  });
  return fc.oneof(...parts).map(([first, second, third]) => {
    const header = first.name === undefined ? {} : { name: first.name };
    const named = ({ name: _, ...fields }: TalosDocument): TalosDocument => ({ ...fields, ...header });
    return [first, named(second), named(third)];
  });
}

/** What configurations are made of beyond what the generator wrote. */
export function partsFor({ contract, talos, role }: Machine): readonly Part[] {
  const generated = generatedDocuments(contract, role);
  return [...kindsFor(generated, talos, role), ...sectionsFor(generated, talos, role)];
}

/** A kind of document, or a section of the v1alpha1 document. */
export interface Part {
  readonly kind: DocumentKind;
  readonly section: readonly string[];
}

/** Kinds that the release has, and that nothing which the generator wrote excludes. */
function kindsFor(generated: readonly TalosDocument[], talos: string, role: MachineRole): readonly Part[] {
  const root = generated.filter((document) => kindOf(document) === ROOT_KIND);
  return documentKinds
    .filter(({ kind, since }) => kind !== ROOT_KIND && isAtLeast(talos, since))
    .filter(({ controlPlaneOnly }) => !(controlPlaneOnly && role === "worker"))
    .filter(({ kind }) => shapeConflicts([...root, { kind }], talos).length === 0)
    .map((kind) => ({ kind, section: [] }));
}

/** Sections that no document excludes. What the machine is stays as it was generated, and workers have no etcd. */
function sectionsFor(generated: readonly TalosDocument[], talos: string, role: MachineRole): readonly Part[] {
  const left = ["machine", "cluster", "machine.type", "machine.ca", ...(role === "worker" ? ["cluster.etcd"] : [])];
  // It needs an endpoint, which is in one place only.
  if (generated.some(({ kind }) => kind === "KubeClusterConfig")) left.push("cluster.controlPlane");
  const others = generated.filter((document) => kindOf(document) !== ROOT_KIND);
  return [[], ["machine"], ["cluster"]]
    .flatMap((path) => keysAt(path).map((key) => [...path, key]))
    .filter((section) => !left.includes(section.join(".")))
    .filter((section) => shapeConflicts([sectionWith({ any: "thing" }, section), ...others], talos).length === 0)
    .map((section) => ({ kind: v1alpha1, section }));
}

function keysAt(path: Path): readonly string[] {
  const schema = schemaAt(v1alpha1.schema, path);
  const fields = schema === undefined ? undefined : bare(schema);
  return fields instanceof z.ZodObject ? Object.keys(fields.shape) : [];
}

function documentOf({ kind, section }: Part, { talos, role }: Machine): Arbitrary<TalosDocument> {
  return modelFor({ talos, role })
    .of(kind, section)
    .map((value) =>
      section.length === 0
        ? { apiVersion: "v1alpha1", kind: kind.kind, ...Object(value) }
        : sectionWith(value, section),
    );
}

function sectionWith(value: unknown, [outer = "", ...inner]: readonly string[]): TalosDocument {
  return { [outer]: inner.reduceRight<unknown>((one, name) => ({ [name]: one }), value) };
}

const models = new Map<string, Model>();

function modelFor(target: Target): Model {
  const key = JSON.stringify(target);
  const model = models.get(key) ?? new Model(target);
  models.set(key, model);
  return model;
}

/** Documents of one identity become one: the first, and of the v1alpha1 document all sections. */
function oncePerIdentity(documents: readonly TalosDocument[]): readonly TalosDocument[] {
  const found = new Map<string, TalosDocument>();
  for (const document of documents) {
    const identity = identityOf(document);
    const other = found.get(identity);
    if (other === undefined) found.set(identity, document);
    else if (identity === ROOT_KIND) found.set(identity, overlay(other, document));
  }
  return [...found.values()];
}

/** Leaves out one of two links of one name, and the sections that a document excludes. */
function withoutConflicts(
  given: readonly TalosDocument[],
  generated: readonly TalosDocument[],
  talos: string,
): readonly TalosDocument[] {
  const namesake = new Set(namesakes(given, talos).map(({ identity }) => identity));
  const documents = given.filter((document) => !namesake.has(identityOf(document)));
  const conflicts = shapeConflicts(onTop(generated, documents), talos).map(({ path }) => path);
  return documents
    .map((document) => (identityOf(document) === ROOT_KIND ? conflicts.reduce(without, document) : document))
    .filter((document) => Object.keys(document).length > 0);
}

function without<Data>(data: Data, [key, ...rest]: Path): Data {
  if (!isMap(data) || key === undefined) return data;
  const entries = Object.entries(data).flatMap(([name, value]) => {
    if (name !== key) return [[name, value]];
    return rest.length === 0 ? [] : [[name, without(value, rest)]];
  });
  return Object.fromEntries(entries);
}

/** A configuration in which given documents stand for those of the same identity, and sections for sections. */
export function onTop(generated: readonly TalosDocument[], extra: readonly TalosDocument[]): readonly TalosDocument[] {
  const given = new Map(extra.map((document) => [identityOf(document), document]));
  const replaced = generated.map((document) => {
    const identity = identityOf(document);
    const other = given.get(identity);
    given.delete(identity);
    if (other === undefined) return document;
    return identity === ROOT_KIND ? overlay(document, other) : other;
  });
  return [...replaced, ...given.values()];
}

function overlay(root: TalosDocument, sections: TalosDocument): TalosDocument {
  const part = (name: string) => ({ [name]: { ...Object(root[name]), ...Object(sections[name]) } });
  return { ...root, ...sections, ...part("machine"), ...part("cluster") };
}
