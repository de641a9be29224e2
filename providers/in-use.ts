/** A provider whose bindings we ship, and the part of its interface that our constructs use. */
export interface ProviderInUse {
  /** Local name: folder of the bindings, file name of the schema, key in `required_providers`. */
  readonly name: string;
  /** Source address without a registry host, so that Terraform and OpenTofu each use their own. */
  readonly source: string;
  /** Exact version whose schema is pruned here; it becomes the pin in `required_providers`. */
  readonly version: string;
  readonly resources: readonly string[];
  readonly dataSources: readonly string[];
  /** Kept in the schema for the provider double; cdktf 0.21 has no bindings for them. */
  readonly ephemeralResources: readonly string[];
}

/** Adding a resource: name it here, then `npm run providers -- --from <folder of full schemas>`. */
export const providersInUse: readonly ProviderInUse[] = [
  {
    name: "proxmox",
    source: "bpg/proxmox",
    version: "0.111.1",
    resources: [
      "proxmox_acl",
      "proxmox_backup_job",
      "proxmox_download_file",
      "proxmox_hagroup",
      "proxmox_hardware_mapping_dir",
      "proxmox_hardware_mapping_pci",
      "proxmox_hardware_mapping_usb",
      "proxmox_haresource",
      "proxmox_harule",
      "proxmox_metrics_server",
      "proxmox_network_linux_bridge",
      "proxmox_network_linux_vlan",
      "proxmox_storage_cifs",
      "proxmox_storage_directory",
      "proxmox_storage_lvmthin",
      "proxmox_storage_nfs",
      "proxmox_storage_zfspool",
      "proxmox_user_token",
      "proxmox_virtual_environment_file",
      "proxmox_virtual_environment_firewall_options",
      "proxmox_virtual_environment_firewall_rules",
      "proxmox_virtual_environment_pool",
      "proxmox_virtual_environment_role",
      "proxmox_virtual_environment_user",
      "proxmox_virtual_environment_vm",
    ],
    dataSources: [],
    ephemeralResources: [],
  },
  {
    name: "talos",
    source: "siderolabs/talos",
    version: "0.12.0",
    resources: [
      "talos_cluster",
      "talos_cluster_kubeconfig",
      "talos_image_factory_schematic",
      "talos_machine",
      "talos_machine_bootstrap",
      "talos_machine_configuration_apply",
      "talos_machine_secrets",
    ],
    dataSources: ["talos_client_configuration", "talos_machine_configuration"],
    ephemeralResources: ["talos_cluster_kubeconfig"],
  },
  {
    name: "helm",
    source: "hashicorp/helm",
    version: "3.1.2",
    resources: ["helm_release"],
    dataSources: [],
    ephemeralResources: [],
  },
  {
    name: "kubernetes",
    source: "hashicorp/kubernetes",
    version: "3.2.1",
    resources: ["kubernetes_namespace_v1", "kubernetes_secret_v1"],
    dataSources: [],
    ephemeralResources: [],
  },
];
