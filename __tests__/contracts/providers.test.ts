import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { generateBindings } from "../../providers/generate";
import { providersInUse } from "../../providers/in-use";

const providers = path.resolve(__dirname, "../../providers");

test("regenerating the bindings changes nothing", async () => {
  const generated = await generateBindings(path.join(providers, "schemas"));
  const committed = providersInUse.flatMap(({ name }) =>
    readdirSync(path.join(providers, name), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => path.join(name, file)),
  );
  expect([...generated.keys()].sort()).toEqual([...committed, "sensitive.ts"].sort());
  for (const [file, text] of generated) {
    expect(readFileSync(path.join(providers, file), "utf8")).toBe(text);
  }
});

test("the schemas hold what is in use, and nothing else", () => {
  for (const provider of providersInUse) {
    const schema = JSON.parse(readFileSync(path.join(providers, "schemas", `${provider.name}.json`), "utf8"));
    const [[address, content] = ["", {}]] = Object.entries<Record<string, object>>(schema.provider_schemas);
    expect(address).toMatch(new RegExp(`/${provider.source}$`));
    expect(schema.provider_versions).toEqual({ [address]: provider.version });
    expect(Object.keys(content["resource_schemas"] ?? {})).toEqual([...provider.resources]);
    expect(Object.keys(content["data_source_schemas"] ?? {})).toEqual([...provider.dataSources]);
  }
});
