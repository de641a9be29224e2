/** Documents with Terraform values in them: what Terraform makes of them is exactly what was meant. */
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { App, TerraformOutput, TerraformStack, TerraformVariable } from "cdktf";
import * as fc from "fast-check";
import { parseAllDocuments } from "yaml";
import { terraformDocuments } from "../../constructs/private/terraform-text";
import { inFolder } from "../helpers/synth";
import { Workspace } from "./support/terraform";

/** Texts that mean something to YAML, JSON, Terraform's templates or its expressions. */
const nasty = [
  'a "quoted" word',
  "it's",
  'back\\slash \\n \\" \\u0041',
  "line one\nline two\r\n\ttabbed\n",
  "${var.secret} and $${escaped} and $$${thrice}",
  "%{ if true }yes%{ endif } %%{x}",
  "ends with $",
  "ends with %",
  "${",
  "}",
  "--- \n...\n# no comment: [a, {b: c}]",
  "",
  " ",
  "off",
  "1.10",
  "<&> \u2028 \u0007 \b \f é 漢 😀",
];

const secrets = [...nasty, ...fc.sample(fc.string({ unit: "grapheme" }), { seed: 42, numRuns: 20 })];
const around = [...nasty, ...fc.sample(fc.string({ unit: "grapheme" }), { seed: 43, numRuns: 20 })];

/** The documents with some texts in them. */
function documents(value: (index: number) => string) {
  return [
    { apiVersion: "v1alpha1", kind: "EnvironmentConfig", variables: { literal: '${HOME} %{x} "', alone: value(0) } },
    { machine: { sysctls: Object.fromEntries(secrets.map((_, index) => [`alone${index}`, value(index)])) } },
    {
      apiVersion: "v1alpha1",
      kind: "KubeInlineManifestConfig",
      name: "mixed",
      texts: secrets.map((_, index) => `${around[index]}${value(index)}${around.at(-index)}${value(0)}`),
    },
  ];
}

test("every text comes out with exactly its characters", async () => {
  const workspace = Workspace.from(synthesized());
  try {
    await workspace.init();
    await workspace.apply();
    const { yaml } = await workspace.output();
    const read = parseAllDocuments(String(yaml?.value)).map((document) => document.toJS());
    expect(read).toEqual(asTerraformKeeps(documents((index) => secrets[index] ?? "")));
  } finally {
    workspace.remove();
  }
});

/** Terraform brings every text to the composed form of Unicode. */
function asTerraformKeeps(data: object): object {
  return JSON.parse(JSON.stringify(data).normalize("NFC"));
}

/** A configuration of nothing but variables, with the secrets as their values, and the documents as its output. */
function synthesized(): object {
  return inFolder((outdir) => {
    const app = new App({ outdir });
    const stack = new TerraformStack(app, "values");
    const variables = secrets.map((_, index) => new TerraformVariable(stack, `secret${index}`, { type: "string" }));
    const value = terraformDocuments(documents((index) => variables[index]?.stringValue ?? ""));
    new TerraformOutput(stack, "yaml", { value, staticId: true });
    app.synth();
    const { output } = JSON.parse(readFileSync(path.join(outdir, "stacks/values/cdk.tf.json"), "utf8"));
    const variable = Object.fromEntries(secrets.map((secret, index) => [`secret${index}`, { default: secret }]));
    return { variable, output };
  });
}
