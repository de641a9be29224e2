import { Construct } from "constructs";
import type { Privilege } from "../analysis/privileges";
import { terraformDocuments } from "./private/terraform-text";
import { ProxmoxAccess } from "./proxmox-access";
import type { ProxmoxSite } from "./proxmox-site";

export interface ProxmoxCsiAuthProps {
  readonly site: ProxmoxSite;

  /**
   * The region of the cluster's nodes, as their label `topology.kubernetes.io/region` says (TAL-26); the zones are the
   * Proxmox hosts.
   *
   * @default - the site's name
   */
  readonly region?: string;

  /** The user that is made for the driver, with its realm. @default "kubernetes-csi@pve" */
  readonly user?: string;

  /** Whether the driver replicates volumes between hosts, which needs to migrate helper machines. @default false */
  readonly replication?: boolean;
}

/**
 * Access of the Proxmox CSI driver to the API (PVE-9, PVE-10): a user, a role and a token, made by Terraform rather than
 * over SSH. Volumes are disks of machines, so the grant is on all machines and datastores.
 */
export class ProxmoxCsiAuth extends Construct {
  readonly access: ProxmoxAccess;
  /** The driver's configuration (`config.yaml` of its Secret), which holds the token's secret: sensitive. */
  readonly config: string;

  constructor(scope: Construct, id: string, { site, region, user, replication }: ProxmoxCsiAuthProps) {
    super(scope, id);
    this.access = new ProxmoxAccess(this, "csi", {
      user: user ?? "kubernetes-csi@pve",
      privileges: [...volumePrivileges, ...(replication === true ? replicationPrivileges : [])],
      comment: "Proxmox CSI",
    });
    // One document of YAML; what is a boolean stays one (PVE-11).
    this.config = terraformDocuments([
      {
        clusters: [
          {
            url: `${site.endpoint}/api2/json`,
            insecure: site.insecure,
            token_id: this.access.tokenId,
            token_secret: this.access.tokenSecret,
            region: region ?? site.name,
          },
        ],
      },
    ]);
  }
}

const volumePrivileges: readonly Privilege[] = [
  "Datastore.Allocate",
  "Datastore.AllocateSpace",
  "Datastore.Audit",
  "VM.Audit",
  "VM.Config.Disk",
];

const replicationPrivileges: readonly Privilege[] = [
  "VM.Allocate",
  "VM.Clone",
  "VM.Config.CPU",
  "VM.Config.HWType",
  "VM.Config.Memory",
  "VM.Config.Options",
  "VM.Migrate",
  "VM.PowerMgmt",
];
