// Records the plans in golden/ with the real Terraform: node __tests__/analysis/record-plans.mjs
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const steady = { resource: { terraform_data: { kept: { input: "s3cret" } } }, output: { url: { value: "s3cret" } } };

const before = {
  resource: {
    terraform_data: {
      kept: {},
      changed: { input: "s3cret" },
      replaced: { triggers_replace: "s3cret" },
      "replaced-before": { triggers_replace: "s3cret", lifecycle: { create_before_destroy: true } },
      destroyed: {},
      forgotten: {},
      "old-name": {},
      "old-name-changed": { input: "s3cret" },
    },
  },
};

const after = {
  resource: {
    terraform_data: {
      kept: {},
      created: { for_each: '${toset(["one", "two"])}' },
      changed: { input: "n3w" },
      replaced: { triggers_replace: "n3w" },
      "replaced-before": { triggers_replace: "n3w", lifecycle: { create_before_destroy: true } },
      "new-name": {},
      "new-name-changed": { input: "n3w" },
      imported: {},
    },
  },
  data: {
    terraform_remote_state: { read: { backend: "local", config: { path: "${terraform_data.changed.output}" } } },
  },
  import: [{ to: "terraform_data.imported", id: "7d4b6f0a" }],
  moved: [
    { from: "terraform_data.old-name", to: "terraform_data.new-name" },
    { from: "terraform_data.old-name-changed", to: "terraform_data.new-name-changed" },
  ],
  removed: [{ from: "terraform_data.forgotten", lifecycle: { destroy: false } }],
  output: { url: { value: "n3w" } },
};

record("everything", before, after);
record("no-changes", steady, steady);
record("outputs-only", steady, { ...steady, output: { url: { value: "n3w" }, added: { value: "n3w" } } });

function record(name, applied, planned) {
  const folder = mkdtempSync(join(tmpdir(), "record-"));
  const terraform = (...args) => execFileSync("terraform", [...args, "-no-color"], { cwd: folder, encoding: "utf8" });
  const configure = (configuration) => writeFileSync(join(folder, "main.tf.json"), JSON.stringify(configuration));
  configure(applied);
  terraform("init", "-input=false");
  terraform("apply", "-auto-approve");
  configure(planned);
  terraform("plan", "-out=plan");
  const plan = JSON.parse(terraform("show", "-json", "plan"));
  // They repeat the rest, at length.
  for (const part of ["planned_values", "prior_state", "configuration", "relevant_attributes", "timestamp"]) {
    delete plan[part];
  }
  writeFileSync(join(import.meta.dirname, "golden", `${name}.json`), `${JSON.stringify(plan, null, 2)}\n`);
  rmSync(folder, { recursive: true });
}
