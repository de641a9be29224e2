import * as z from "zod";
import { configuredModule, referencesIn, withoutKeys } from "./plan-objects";

/** An object and attributes of it, dotted and without indexes. */
interface Attributes {
  readonly address: string;
  readonly attributes: readonly string[];
}

/**
 * Tells whether an attribute of an object is computed from one that has drifted: then nobody has changed the
 * configuration, and an apply changes the object all the same. What goes through a local value or into another module is
 * not followed.
 */
export function followersOf(
  drifted: readonly Attributes[],
  configuration: unknown,
): (address: string, path: string) => boolean {
  if (drifted.length === 0) {
    return () => false;
  }
  const root = configurationJson.safeParse(configuration).data?.root_module;
  const expressions = root === undefined ? new Map() : new Map(expressionsIn(root, ""));
  const sources = drifted.map(({ address, attributes }) => ({ name: withoutKeys(address), attributes }));
  return (address, path) => {
    const name = withoutKeys(address);
    const module = /^(?:module\.[^.]+\.)*/.exec(name)?.[0] ?? "";
    const [attribute = ""] = path.split(".");
    const named = referencesIn(expressions.get(name)?.[attribute]).map((one) => module + withoutKeys(one));
    // Terraform names both `a.b.c` and, after it, `a.b`.
    const references = named.filter((one) => !named.some((other) => other.startsWith(`${one}.`)));
    return sources.some((source) =>
      source.attributes.some((changed) => references.some((one) => isWithin(`${source.name}.${changed}`, one))),
    );
  };
}

function* expressionsIn(
  { resources, module_calls }: z.infer<typeof configuredModule>,
  path: string,
): Generator<[string, Readonly<Record<string, unknown>>]> {
  for (const { address, expressions } of resources) yield [path + address, expressions];
  for (const [name, { module }] of Object.entries(module_calls)) yield* expressionsIn(module, `${path}module.${name}.`);
}

function isWithin(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);
}

const configurationJson = z.object({ root_module: configuredModule });
