import { Construct } from "constructs";
import { malformedDirectory } from "../errors";
import { HardwareMappingDir } from "../providers/proxmox/hardware-mapping-dir";
import { addCheck } from "./private/checks";
import { claim } from "./private/claims";
import { mappingProblems } from "./private/mapped-devices";
import type { ProxmoxSite } from "./proxmox-site";

export interface DirectoryMappingProps<Host extends string = string> {
  readonly site: ProxmoxSite<Host>;

  /** The directory behind the mapping, per host: an absolute path. */
  readonly directories: Readonly<Partial<Record<NoInfer<Host>, string>>>;
}

/**
 * A directory of the hosts that VMs can mount (virtiofs, Proxmox VE ≥ 8.4), named after its id. Any number of VMs may.
 *
 * @example
 * const media = new DirectoryMapping(stack, "media", { site, directories: { pve: "/srv/media" } });
 */
export class DirectoryMapping<Host extends string = string> extends Construct {
  /** Name of the mapping in Proxmox, and the tag by which the guest mounts it. */
  readonly mappingName: string;
  readonly resource: HardwareMappingDir;
  readonly #directories: readonly (readonly [host: string, directory: string])[];

  constructor(scope: Construct, id: string, { site, directories }: DirectoryMappingProps<Host>) {
    super(scope, id || "unnamed");
    this.mappingName = id;
    this.#directories = Object.entries<string | undefined>(directories).flatMap(([host, directory]) =>
      directory === undefined ? [] : [[host, directory] as const],
    );
    this.resource = new HardwareMappingDir(this, "Resource", {
      name: id,
      map: this.#directories.map(([host, path]) => ({ nodeAttribute: host, path })),
    });
    claim(this, site, "directory mapping", () => [id]);
    addCheck(this, () => [
      ...mappingProblems(this.node.path, "directory", this),
      ...this.hosts.flatMap((host) => site.hostProblems(this, host)),
      ...this.#directories
        .filter(([, directory]) => !/^(\/[^/,]+)+$/.test(directory))
        .map(([host, directory]) => malformedDirectory(this.node.path, host, directory)),
    ]);
  }

  /** The hosts that have a directory behind the mapping. */
  get hosts(): readonly string[] {
    return this.#directories.map(([host]) => host);
  }
}
