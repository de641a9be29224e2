/** Arbitrary documents, made of the schemas of the model. */
import fc, { type Arbitrary } from "fast-check";
import * as z from "zod";
import type { DocumentKind } from "../../../machine-configs/kind";
import { isMap, valueAt } from "../../../machine-configs/plain-data";
import { isAtLeast } from "../../../machine-configs/releases";
import { bare } from "../../../machine-configs/shape";
import { DIFFERENT, type Variant, variantsFor } from "./demands";
import { formsFor, type Target } from "./forms";
import { anyData, anyText, key } from "./values";

/** Makes arbitrary values of a kind's fields, as Talos of one release takes them on a machine of one role. */
export class Model {
  private readonly forms: Readonly<Record<string, Arbitrary<unknown>>>;
  private readonly variants: Readonly<Record<string, readonly Variant[]>>;
  private readonly made = new Map<string, Arbitrary<unknown>>();

  constructor(private readonly target: Target) {
    this.forms = formsFor(target);
    this.variants = variantsFor(target);
  }

  /** The fields of a kind, or of a part of it; made once, and when they are first needed. */
  of(kind: DocumentKind, part: readonly string[]): Arbitrary<unknown> {
    const path = [kind.kind, ...part].join(".");
    const made = this.made.get(path) ?? new Late(() => this.make(kind, part, path));
    this.made.set(path, made);
    return made;
  }

  private make(kind: DocumentKind, part: readonly string[], path: string): Arbitrary<unknown> {
    const schema = part.reduce<z.core.$ZodType>((outer, key) => fieldsOf(outer)[key] ?? z.never(), kind.schema);
    return this.value(schema, path, new Demands().and(this.releaseOf(kind), kind.kind), kind);
  }

  /** What the release does not have yet, and what a complete document has. */
  private releaseOf({ later = [], generated = [] }: DocumentKind): Variant {
    return {
      without: later.filter(({ since }) => !isAtLeast(this.target.talos, since)).map(({ path }) => path.join(".")),
      required: generated.map((path) => path.join(".")),
    };
  }

  private value(schema: z.core.$ZodType, path: string, demands: Demands, kind: DocumentKind): Arbitrary<unknown> {
    const form = demands.form(path) ?? longest(this.forms, path);
    const tooNew = (kind.laterValues ?? []).filter(
      ({ since, path: later }) => !isAtLeast(this.target.talos, since) && path === [kind.kind, ...later].join("."),
    );
    const all = form ?? this.shape(bare(schema), path, demands, kind);
    return tooNew.length === 0 ? all : all.filter((value) => !tooNew.some(({ is }) => is(value)));
  }

  private shape(schema: z.core.$ZodType, path: string, demands: Demands, kind: DocumentKind): Arbitrary<unknown> {
    if (schema instanceof z.ZodObject) {
      const variants = longest(this.variants, path) ?? [{}];
      return fc.oneof(...variants.map((variant) => this.map(schema, path, demands.and(variant, path), kind)));
    }
    if (schema instanceof z.ZodArray) {
      const item = this.value(schema.element, `${path}.*`, demands, kind);
      const length = { minLength: demands.requires(path) ? 1 : 0, maxLength: 2 };
      const selector = longest(DIFFERENT, path);
      return selector === undefined ? fc.array(item, length) : fc.uniqueArray(item, { ...length, selector });
    }
    if (schema instanceof z.ZodRecord) {
      const value = this.value(schema.valueType, `${path}.*`, demands, kind);
      const least = schema.keyType instanceof z.ZodString ? (schema.keyType.minLength ?? 0) : 0;
      const keys = key().filter(({ length }) => length >= least);
      return fc.dictionary(keys, value, { maxKeys: 2, noNullPrototype: true });
    }
    if (schema instanceof z.ZodUnion) {
      return fc.oneof(...schema.options.map((option) => this.value(option, path, demands, kind)));
    }
    if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
    if (schema instanceof z.ZodLiteral) return fc.constantFrom(...schema.values);
    if (schema instanceof z.ZodBoolean) return fc.boolean();
    if (schema instanceof z.ZodNumber) return wholeNumber(schema);
    if (schema instanceof z.ZodString) return anyText().map((text) => text.padEnd(schema.minLength ?? 0, "x"));
    if (schema instanceof z.ZodUnknown) return anyData();
    throw new Error(`${path} has a schema of which no value can be made: ${schema.constructor.name}`);
  }

  private map(schema: z.ZodObject, path: string, demands: Demands, kind: DocumentKind): Arbitrary<unknown> {
    const fields = Object.entries(schema.shape).filter(([key]) => !demands.exclude(`${path}.${key}`));
    const required = fields.filter(
      ([key, field]) => !(field instanceof z.ZodOptional) || demands.requires(`${path}.${key}`),
    );
    const inner = (key: string, field: z.core.$ZodType) => {
      const place = `${path}.${key}`;
      const isRequired = !(field instanceof z.ZodOptional);
      return this.value(field, place, isRequired ? demands.and({ required: [key] }, path) : demands, kind);
    };
    return fc.record(Object.fromEntries(fields.map(([key, field]) => [key, inner(key, field)])), {
      requiredKeys: required.map(([key]) => key),
      noNullPrototype: true,
    });
  }
}

/** An arbitrary that is made at its first use: a small sample needs few of all. */
class Late<Value> extends fc.Arbitrary<Value> {
  private made: Arbitrary<Value> | undefined;

  constructor(private readonly make: () => Arbitrary<Value>) {
    super();
  }

  override generate(random: fc.Random, bias: number | undefined): fc.Value<Value> {
    return this.inner.generate(random, bias);
  }

  override canShrinkWithoutContext(value: unknown): value is Value {
    return this.inner.canShrinkWithoutContext(value);
  }

  override shrink(value: Value, context: unknown): fc.Stream<fc.Value<Value>> {
    return this.inner.shrink(value, context);
  }

  private get inner(): Arbitrary<Value> {
    this.made ??= this.make();
    return this.made;
  }
}

/** What variants further out demand of fields further in. */
class Demands {
  constructor(
    private readonly forms: ReadonlyMap<string, Arbitrary<unknown>> = new Map(),
    private readonly excluded: readonly string[] = [],
    private readonly required: readonly string[] = [],
  ) {}

  and({ with: forms = {}, without = [], required = [] }: Variant, path: string): Demands {
    const inside = (inner: string) => `${path}.${inner}`;
    return new Demands(
      new Map([...this.forms, ...Object.entries(forms).map(([key, form]) => [inside(key), form] as const)]),
      [...this.excluded, ...without.map(inside)],
      [...this.required, ...required.map(inside)],
    );
  }

  form(path: string): Arbitrary<unknown> | undefined {
    return this.forms.get(path);
  }

  exclude(path: string): boolean {
    return this.excluded.includes(path);
  }

  /** A field is required for what is required in it. */
  requires(path: string): boolean {
    return this.required.some((one) => one === path || one.startsWith(`${path}.`));
  }
}

/** What a table says about the longest end of a path. */
function longest<Value>(table: Readonly<Record<string, Value>>, path: string): Value | undefined {
  const steps = path.split(".");
  const end = steps.map((_, index) => steps.slice(index).join(".")).find((one) => Object.hasOwn(table, one));
  return end === undefined ? undefined : table[end];
}

/** A number as large as the schema allows; as small numbers are enough where it names none. */
function wholeNumber({ minValue, maxValue }: z.ZodNumber): Arbitrary<number> {
  const max = Math.min(maxValue ?? Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  const min = Math.max(minValue ?? 0, Number.MIN_SAFE_INTEGER);
  return fc.oneof(
    fc.integer({ min: Math.max(min, 0), max: Math.min(max, 64) }),
    fc.maxSafeInteger().map((number) => Math.min(Math.max(number, min), max)),
  );
}

/** The fields of a map of which the keys are fixed. */
function fieldsOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> {
  const inner = bare(schema);
  return inner instanceof z.ZodObject ? inner.shape : {};
}

/** The paths of all fields of a kind, with `*` for items and keys. */
export function fieldPaths(schema: z.core.$ZodType, path: string): readonly string[] {
  const inner = bare(schema);
  if (inner instanceof z.ZodArray) return fieldPaths(inner.element, `${path}.*`);
  if (inner instanceof z.ZodRecord) return fieldPaths(inner.valueType, `${path}.*`);
  const fields = Object.entries(fieldsOf(inner));
  return [path, ...fields.flatMap(([key, field]) => fieldPaths(field, `${path}.${key}`))];
}

/** The paths that a value has of them. */
export function pathsIn(value: unknown, schema: z.core.$ZodType, path: string): readonly string[] {
  const inner = bare(schema);
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    return value.flatMap((item) => pathsIn(item, inner.element, `${path}.*`));
  }
  if (inner instanceof z.ZodRecord && isMap(value)) {
    return Object.values(value).flatMap((item) => pathsIn(item, inner.valueType, `${path}.*`));
  }
  const fields = Object.entries(fieldsOf(inner));
  return [
    path,
    ...fields.flatMap(([key, field]) => {
      const found = isMap(value) ? valueAt(value, [key]) : undefined;
      return found === undefined ? [] : pathsIn(found, field, `${path}.${key}`);
    }),
  ];
}
