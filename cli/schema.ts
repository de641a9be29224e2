import { Command, Option } from "commander";
import { jsonSchema } from "../machine-configs/json-schema";
import { releases, type TalosMinor } from "../machine-configs/releases";

/** `schema`: the language of a Talos release for editors. */
export function schemaCommand(): Command {
  return new Command("schema")
    .description("Print a JSON Schema of the machine configuration, for editors that check YAML.")
    .addOption(
      new Option("--talos <minor>", "the minor release of Talos").choices(Object.keys(releases)).makeOptionMandatory(),
    )
    .action(({ talos }: { readonly talos: TalosMinor }) => {
      console.log(JSON.stringify(jsonSchema(talos), null, 2));
    });
}
