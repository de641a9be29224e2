/** The app: `SITE=<name>` chooses a site of examples/, `SITE=all` every one. Never imported. */
import * as path from "node:path";
import { App, TerraformResource, TerraformStack } from "cdktf";
import { ProblemsError, unknownSite } from "./errors";
import { sites } from "./examples";
import type { BackupPolicy } from "./index";

function synthesize(site: string): App {
  const app = new App();
  for (const name of site === "all" ? Object.keys(sites) : [site]) {
    const add = Object.hasOwn(sites, name) ? sites[name] : undefined;
    if (add === undefined) {
      throw new ProblemsError([unknownSite(name, Object.keys(sites))]);
    }
    add(app);
  }
  app.synth();
  return app;
}

/** Where each stack was written and what it holds, and what is backed up. */
function summary(app: App): string {
  const constructs = app.node.findAll();
  const stacks = constructs.filter((construct) => TerraformStack.isStack(construct));
  const policies = constructs.filter(isBackupPolicy);
  return [
    ...stacks.map((stack) => [folderOf(app, stack), ...contentsOf(stack)].join("\n")),
    ...policies.map(({ table }) => table),
  ].join("\n\n");
}

/** By what it has rather than by its class, which an app without a policy does not have to load. */
function isBackupPolicy(construct: object): construct is BackupPolicy {
  return "protect" in construct && "table" in construct;
}

function folderOf(app: App, stack: TerraformStack): string {
  return path.join(path.relative("", app.outdir), "stacks", stack.node.id);
}

function contentsOf(stack: TerraformStack): string[] {
  const counts = new Map<string, number>();
  for (const construct of stack.node.findAll()) {
    if (TerraformResource.isTerraformResource(construct)) {
      const type = construct.terraformResourceType;
      counts.set(type, (counts.get(type) ?? 0) + 1);
    }
  }
  return [...counts].map(([type, count]) => `${String(count).padStart(5)} ${type}`);
}

try {
  console.log(summary(synthesize(process.env["SITE"] ?? "prox-ops")));
} catch (error) {
  if (!ProblemsError.is(error)) {
    throw error;
  }
  console.error(error.message);
  process.exitCode = 1;
}
