import * as path from "node:path";
import { App, LocalBackend, S3Backend, type S3BackendConfig, type TerraformStack } from "cdktf";
import { addCheck } from "../constructs/private/checks";
import { fileName } from "../constructs/private/names";
import { compareHosts } from "../constructs/private/shared-hosts";
import type { ProxmoxSite, S3State, StackState } from "../constructs/proxmox-site";

/** `<site>-<id>`. */
export function stackName(site: ProxmoxSite, id: string): string {
  return fileName(`${site.name}-${id}`);
}

/** Puts the state of a stack where it says, or else its site, and has the site checked. */
export function placeState(stack: TerraformStack, site: ProxmoxSite, state: StackState = site.state ?? "local"): void {
  if (state === "local") {
    new LocalBackend(stack, { path: fromStack(stack, `terraform.${stack.node.id}.tfstate`) });
  } else {
    // By override: cdktf 0.21 does not type the option, and cdktn ties it to a Terraform version of its choice.
    new S3Backend(stack, s3Config(stack, site.name, state)).addOverride("use_lockfile", true);
  }
  compareHosts(stack, site);
  addCheck(stack, () => site.problems(stack));
}

/** Relative to the stack's folder, where Terraform runs, so that the synthesized JSON is the same on every machine. */
function fromStack(stack: TerraformStack, file: string): string {
  const outdir = App.isApp(stack.node.root) ? stack.node.root.outdir : "cdktf.out";
  return path.relative(path.resolve(outdir, "stacks", stack.node.id), path.join(process.cwd(), file));
}

function s3Config(stack: TerraformStack, site: string, state: S3State): S3BackendConfig {
  const { bucket, region, prefix = site, caBundle, encrypt = state.endpoint === undefined } = state;
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
    bucket,
    key: `${prefix}/${stack.node.id}/terraform.tfstate`,
    region,
    encrypt,
    ...(caBundle === undefined
      ? {}
      : { customCaBundle: path.isAbsolute(caBundle) ? caBundle : fromStack(stack, caBundle) }),
    ...(state.endpoint === undefined ? {} : anotherStore),
  };
}
