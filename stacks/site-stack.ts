import * as path from "node:path";
import { App, LocalBackend, S3Backend, type S3BackendConfig, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { addCheck } from "../constructs/private/checks";
import type { ProxmoxSite, S3State } from "../constructs/proxmox-site";
import { ProxmoxProvider } from "../providers/proxmox/provider";
import { TalosProvider } from "../providers/talos/provider";

export interface SiteStackProps {
  readonly site: ProxmoxSite;
}

/**
 * A stack of a site: the providers, configured for the site, and its state. The stack is called `<site>-<id>`.
 *
 * The Proxmox API token comes from the environment variable `PROXMOX_VE_API_TOKEN` when Terraform runs (PVE-6).
 */
export class SiteStack extends TerraformStack {
  readonly site: ProxmoxSite;
  readonly proxmox: ProxmoxProvider;
  readonly talos: TalosProvider;

  constructor(scope: Construct, id: string, props: SiteStackProps) {
    // Characters that no folder has are reported with all other problems, rather than by an exception of cdktf.
    super(scope, `${props.site.name}-${id}`.replaceAll(/[^\w-]/g, "-"));
    const { site } = props;
    this.site = site;
    this.proxmox = new ProxmoxProvider(this, "ProxmoxProvider", {
      endpoint: site.endpoint,
      ...(site.insecure ? { insecure: true } : {}),
    });
    this.talos = new TalosProvider(this, "TalosProvider", { imageFactoryUrl: site.imageFactory });
    if (site.state === undefined) {
      new LocalBackend(this, { path: localStatePath(this) });
    } else {
      // By override: cdktf 0.21 does not type the option, and cdktn ties it to a Terraform version of its choice.
      new S3Backend(this, s3Config(this.node.id, site.name, site.state)).addOverride("use_lockfile", true);
    }
    addCheck(this, () => site.problems(this));
  }
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
