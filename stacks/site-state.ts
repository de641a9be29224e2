import * as path from "node:path";
import { App, LocalBackend, S3Backend, type S3BackendConfig, type TerraformStack } from "cdktf";
import { addCheck } from "../constructs/private/checks";
import type { ProxmoxSite, S3State } from "../constructs/proxmox-site";

/** `<site>-<id>`. Characters that no folder has are reported with all other problems, not by an exception of cdktf. */
export function stackName(site: ProxmoxSite, id: string): string {
  return `${site.name}-${id}`.replaceAll(/[^\w-]/g, "-");
}

/** Puts the state of a stack where its site says, and has the site checked. */
export function placeState(stack: TerraformStack, site: ProxmoxSite): void {
  if (site.state === undefined) {
    new LocalBackend(stack, { path: localStatePath(stack) });
  } else {
    // By override: cdktf 0.21 does not type the option, and cdktn ties it to a Terraform version of its choice.
    new S3Backend(stack, s3Config(stack.node.id, site.name, site.state)).addOverride("use_lockfile", true);
  }
  addCheck(stack, () => site.problems(stack));
}

/** Relative to the stack's folder, where Terraform runs, so that the synthesized JSON is the same on every machine. */
function localStatePath(stack: TerraformStack): string {
  const file = path.join(process.cwd(), `terraform.${stack.node.id}.tfstate`);
  const outdir = App.isApp(stack.node.root) ? stack.node.root.outdir : "cdktf.out";
  return path.relative(path.resolve(outdir, "stacks", stack.node.id), file);
}

function s3Config(stack: string, site: string, state: S3State): S3BackendConfig {
  const anotherStore = {
    endpoints: { s3: state.endpoint ?? "" },
    usePathStyle: true,
    skipCredentialsValidation: true,
    skipRegionValidation: true,
    skipRequestingAccountId: true,
    skipMetadataApiCheck: true,
    skipS3Checksum: true,
  };
  return {
    bucket: state.bucket,
    key: `${state.prefix ?? site}/${stack}/terraform.tfstate`,
    region: state.region,
    encrypt: true,
    ...(state.endpoint === undefined ? {} : anotherStore),
  };
}
