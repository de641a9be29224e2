import type { ProviderInUse } from "./in-use";

/** What `terraform providers schema -json` prints, as far as we read it. */
export interface SchemaFile {
  readonly format_version: string;
  readonly provider_versions?: Readonly<Record<string, string>>;
  readonly provider_schemas: Readonly<Record<string, ProviderSchema>>;
}

interface ProviderSchema {
  readonly provider: Schema;
  readonly resource_schemas?: Schemas;
  readonly data_source_schemas?: Schemas;
  readonly ephemeral_resource_schemas?: Schemas;
}

type Schemas = Readonly<Record<string, Schema>>;

interface Schema {
  readonly version?: number;
  readonly block: Block;
}

interface Block {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly block_types?: Readonly<Record<string, { readonly block: Block }>>;
}

interface Attribute {
  readonly computed?: boolean;
  readonly optional?: boolean;
  readonly sensitive?: boolean;
  /** Given to the provider and never kept: for secrets. */
  readonly write_only?: boolean;
  readonly nested_type?: Block;
}

/** Facts that the schema does not say, per resource type: defaults, replacements, allowed values, checks. */
export type BehaviourFile = Readonly<Record<string, object>>;

/** The schema of one provider, reduced to what is in use; the version is recorded so that it becomes the pin. */
export function pruneSchema(full: SchemaFile, provider: ProviderInUse): SchemaFile {
  const [address, schema] = schemaOf(full, provider);
  return {
    format_version: full.format_version,
    provider_versions: { [address]: provider.version },
    provider_schemas: {
      [address]: {
        provider: schema.provider,
        resource_schemas: pick(schema.resource_schemas, provider.resources, provider),
        data_source_schemas: pick(schema.data_source_schemas, provider.dataSources, provider),
        ephemeral_resource_schemas: pick(schema.ephemeral_resource_schemas, provider.ephemeralResources, provider),
      },
    },
  };
}

/** The behaviour facts of the resources in use. */
export function pruneBehaviour(full: BehaviourFile, provider: ProviderInUse): BehaviourFile {
  return Object.fromEntries(Object.entries(full).filter(([type]) => provider.resources.includes(type)));
}

/** Dotted paths of every sensitive attribute that a configuration can set, per type; `provider` is its own block. */
export function sensitivePaths(pruned: SchemaFile): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const schema of Object.values(pruned.provider_schemas)) {
    const blocks: Schemas = {
      provider: schema.provider,
      ...schema.resource_schemas,
      ...schema.data_source_schemas,
    };
    for (const [type, { block }] of Object.entries(blocks)) {
      const paths = sensitiveIn(block, "");
      if (paths.length > 0) {
        found[type] = paths.sort();
      }
    }
  }
  return found;
}

function sensitiveIn(block: Block, prefix: string): string[] {
  const ofAttributes = Object.entries(block.attributes ?? {}).flatMap(([name, attribute]) => {
    if (attribute.computed === true && attribute.optional !== true) {
      return [];
    }
    const nested = attribute.nested_type ? sensitiveIn(attribute.nested_type, `${prefix}${name}.`) : [];
    return attribute.sensitive === true || attribute.write_only === true ? [prefix + name, ...nested] : nested;
  });
  const ofBlocks = Object.entries(block.block_types ?? {}).flatMap(([name, nested]) =>
    sensitiveIn(nested.block, `${prefix}${name}.`),
  );
  return [...ofAttributes, ...ofBlocks];
}

function schemaOf(full: SchemaFile, provider: ProviderInUse): [string, ProviderSchema] {
  const found = Object.entries(full.provider_schemas).find(([address]) => address.endsWith(`/${provider.source}`));
  if (found === undefined) {
    throw new Error(
      `The schema file has no provider ${provider.source}; it has ${Object.keys(full.provider_schemas)}.`,
    );
  }
  return found;
}

function pick(schemas: Schemas | undefined, types: readonly string[], provider: ProviderInUse): Schemas {
  return Object.fromEntries(
    types.map((type) => {
      const schema = schemas?.[type];
      if (schema === undefined) {
        throw new Error(`${provider.source} ${provider.version} has no ${type}: correct providers/in-use.ts.`);
      }
      return [type, schema];
    }),
  );
}
