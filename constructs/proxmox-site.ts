import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import {
  datastoreContent,
  duplicateHost,
  malformedHostName,
  malformedSiteName,
  malformedUrl,
  notAboveZero,
  type Problem,
  unknownDatastore,
  unknownHost,
  vmIdOutsideSite,
  vmIdRange,
  vmIdTaken,
} from "../errors";
import { type Bounds, boundsProblems, isWhole } from "./private/numbers";

/** What a datastore may hold, in Proxmox' own words. */
export type DatastoreContent = "images" | "import" | "iso" | "vztmpl" | "snippets" | "backup" | "rootdir";

/** A storage as Proxmox knows it (Datacenter, Storage). */
export interface DatastoreProps {
  /**
   * Content types that are enabled on it: `images` for VM disks, `import` for disk images to import from.
   *
   * @default ["images"]
   */
  readonly content?: readonly DatastoreContent[];

  /**
   * Whether every host sees the same content (Ceph, NFS, …). An image is downloaded once to a shared datastore, and
   * once per host otherwise.
   *
   * @default false
   */
  readonly shared?: boolean;

  /**
   * Its size in GiB, per host if it is not shared: disks of machines that are larger together are refused.
   *
   * @default - not compared
   */
  readonly sizeGiB?: number;
}

/** What a host has for its machines. */
export interface HostCapacity {
  /**
   * Memory in MiB, less what the host needs for itself: running machines that have more together are refused (PVE-15).
   *
   * @default - not compared
   */
  readonly memoryMiB?: number;

  /** Threads of its processors. @default - not compared */
  readonly cores?: number;
}

export interface ProxmoxSiteProps<Host extends string, Datastore extends string> {
  /**
   * URL of the Proxmox API, without a path: `https://pve.example.com:8006`. Sites with the same one are one Proxmox, and
   * their machines are compared with each other.
   */
  readonly endpoint: string;

  /**
   * The Proxmox hosts (nodes), by the names that `pvesh get /nodes` prints: a list of them, or each with what it has for
   * machines.
   */
  readonly hosts: readonly Host[] | Readonly<Record<Host, HostCapacity>>;

  /** Cores that machines may have per core of their host before there is a warning. @default 4 */
  readonly cpuOvercommit?: number;

  /** The datastores that machines and images of the site use, by name. */
  readonly datastores: Readonly<Record<Datastore, DatastoreProps>>;

  /**
   * Whether to accept a certificate of the Proxmox API that cannot be verified.
   *
   * @default false
   */
  readonly insecure?: boolean;

  /**
   * VM ids that are the site's alone: one outside of them is refused, as is another site of the same Proxmox with some of
   * them, and a VM without an id gets a random one of them. An id that another VM of the Proxmox cluster has is dangerous,
   * because the provider takes that VM for its own and may delete it.
   *
   * @default - any
   */
  readonly vmIds?: VmIdRange;

  /**
   * What exists already, as `pvesh get /cluster/resources --type vm --output-format json` prints it: an id that one of
   * these VMs has under another name is refused.
   *
   * @default - not known
   */
  readonly inventory?: readonly ExistingVm[];

  /**
   * Folder of an earlier synth, such as a copy of `cdktf.out` made after the last apply. VMs are compared with what it
   * says of them, so that disks which shrink or change their slot are refused, and changes that stay pending are shown;
   * clusters with the versions that they ran, so that upgrades over minor releases are refused (IMG-6).
   *
   * @default - no comparison
   */
  readonly previous?: string | undefined;

  /**
   * Major version of Proxmox VE. High availability differs between the two.
   *
   * @default - not known, and so no high availability
   */
  readonly pveMajor?: 8 | 9;

  /**
   * Who Terraform logs in as: with an API token (`PROXMOX_VE_API_TOKEN`), or as root@pam with a password
   * (`PROXMOX_VE_USERNAME`, `PROXMOX_VE_PASSWORD`), from which alone Proxmox takes a few settings of VMs (PVE-6).
   *
   * @default "api-token"
   */
  readonly login?: "api-token" | "root";

  /**
   * URL of the Talos Image Factory that makes images and installers (IMG-9). A change makes new images and, with the
   * `managed` lifecycle, upgrades every machine to the installer from there.
   *
   * @default "https://factory.talos.dev"
   */
  readonly imageFactory?: string;

  /**
   * Where the Terraform state of the site's stacks is kept, unless a stack says otherwise.
   *
   * @default - in files beside cdktf.out, one per stack
   */
  readonly state?: S3State;
}

/** Ids from the first to the last, both included; 100–999999999. */
export interface VmIdRange {
  readonly first: number;
  readonly last: number;
}

/** A VM or container that exists, as Proxmox lists it. */
export interface ExistingVm {
  readonly vmid: number;

  /** @default - none: it is a VM that nobody named */
  readonly name?: string;
}

/**
 * State in S3 or in a store that speaks it. Locked by a file of its own (`use_lockfile`, Terraform ≥ 1.10): no
 * DynamoDB table. Credentials come from the environment (`AWS_ACCESS_KEY_ID` …) or a profile, never from here.
 */
export interface S3State {
  readonly bucket: string;
  readonly region: string;

  /**
   * URL of a store that is not AWS. Path-style addresses are used for it, and checks that only AWS answers are off.
   *
   * @default - AWS
   */
  readonly endpoint?: string;

  /**
   * File with the authority that signed its certificate, relative to where synth runs, or absolute.
   *
   * @default - those of the system
   */
  readonly caBundle?: string;

  /**
   * Whether the store is asked to encrypt the state. One that is not AWS has to be set up for it, or refuses it.
   *
   * @default - at AWS, yes; elsewhere, no
   */
  readonly encrypt?: boolean;

  /**
   * Folder of the keys; each stack has the key `<prefix>/<stack>/terraform.tfstate`.
   *
   * @default - the site's name
   */
  readonly prefix?: string;
}

/** Where the state of one stack is: in S3, or in a file beside cdktf.out. */
export type StackState = S3State | "local";

const datastoreDefaults = { content: ["images"], shared: false } satisfies DatastoreProps;

/** A datastore with its defaults. */
type DatastoreWithDefaults = DatastoreProps & Required<Pick<DatastoreProps, "content" | "shared">>;

/**
 * A Proxmox site: the hosts and datastores that its machines may use. Machines of one site, in whatever stack, share
 * no name, address, MAC address or VM id.
 *
 * @example
 * const site = new ProxmoxSite("home", {
 *   endpoint: "https://pve.example.com:8006",
 *   hosts: ["pve"],
 *   datastores: { local: { content: ["import"] }, "local-lvm": {} },
 * });
 */
export class ProxmoxSite<const Host extends string = string, const Datastore extends string = string> {
  readonly name: string;
  readonly endpoint: string;
  readonly insecure: boolean;
  readonly login: "api-token" | "root";
  readonly pveMajor: 8 | 9 | undefined;
  readonly previous: string | undefined;
  readonly imageFactory: string;
  readonly state: S3State | undefined;
  readonly cpuOvercommit: number;
  readonly vmIds: VmIdRange | undefined;
  readonly #hosts: readonly Host[];
  readonly #capacities: ReadonlyMap<string, HostCapacity>;
  readonly #inventory: readonly ExistingVm[];
  readonly #datastores: ReadonlyMap<string, DatastoreWithDefaults>;

  constructor(name: string, props: ProxmoxSiteProps<Host, Datastore>) {
    this.name = name;
    this.endpoint = props.endpoint;
    this.insecure = props.insecure ?? false;
    this.pveMajor = props.pveMajor;
    this.previous = props.previous;
    this.login = props.login ?? "api-token";
    this.imageFactory = props.imageFactory ?? "https://factory.talos.dev";
    this.state = props.state;
    this.cpuOvercommit = props.cpuOvercommit ?? 4;
    this.#hosts = namesOf(props.hosts);
    this.#capacities = new Map(isList(props.hosts) ? [] : Object.entries<HostCapacity>(props.hosts));
    this.vmIds = props.vmIds;
    this.#inventory = props.inventory ?? [];
    this.#datastores = new Map(
      Object.entries<DatastoreProps>(props.datastores).map(([datastore, given]) => [
        datastore,
        { ...datastoreDefaults, ...given },
      ]),
    );
  }

  get hosts(): readonly Host[] {
    return this.#hosts;
  }

  /** Whether all hosts see the same content of a datastore; `false` for one that the site does not have. */
  isShared(datastore: string): boolean {
    return this.#datastores.get(datastore)?.shared ?? false;
  }

  /** What a host has for its machines, as far as the site says it. */
  capacityOf(host: string): HostCapacity {
    return this.#capacities.get(host) ?? {};
  }

  /** Size of a datastore in GiB, where the site says it. */
  sizeOf(datastore: string): number | undefined {
    return this.#datastores.get(datastore)?.sizeGiB;
  }

  /** What a datastore may hold; nothing for one that the site does not have. */
  contentOf(datastore: string): readonly DatastoreContent[] {
    return this.#datastores.get(datastore)?.content ?? [];
  }

  /** What is wrong with the site itself. */
  problems(where: IConstruct): Problem[] {
    const repeated = this.#hosts.filter((host, index) => this.#hosts.indexOf(host) !== index);
    const urls = [
      ["endpoint", this.endpoint, "https://pve.example.com:8006"],
      ["imageFactory", this.imageFactory, "https://factory.example.com"],
    ] as const;
    const malformed = urls
      .filter(([, value]) => !isOrigin(value))
      .map(([prop, value, example]) =>
        malformedUrl(
          where.node.path,
          `The site's ${prop}`,
          value,
          `an http(s) URL without a path, such as "${example}"`,
        ),
      );
    return [
      ...(isSiteName(this.name) ? [] : [malformedSiteName(where.node.path, this.name)]),
      ...[...new Set(repeated)].map((host) => duplicateHost(where.node.path, host)),
      ...this.#hosts
        .filter((host) => !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(host))
        .map((host) => malformedHostName(where.node.path, host)),
      ...this.#capacityProblems(where.node.path),
      ...malformed,
      ...this.#vmIdRangeProblems(where.node.path),
    ];
  }

  #capacityProblems(where: string): Problem[] {
    const sizes = boundsProblems(where, [
      ...[...this.#capacities].flatMap(([host, { memoryMiB, cores }]): Bounds[] => [
        [`hosts.${host}.memoryMiB`, memoryMiB, 0],
        [`hosts.${host}.cores`, cores, 0],
      ]),
      ...[...this.#datastores].map(([name, { sizeGiB }]): Bounds => [`datastores.${name}.sizeGiB`, sizeGiB, 1]),
    ]);
    return this.cpuOvercommit > 0 ? sizes : [...sizes, notAboveZero(where, "cpuOvercommit", this.cpuOvercommit)];
  }

  #vmIdRangeProblems(where: string): Problem[] {
    const { first, last } = this.vmIds ?? { first: 100, last: lastVmId };
    return boundsProblems(where, [
      ["vmIds.first", first, 100, lastVmId],
      ["vmIds.last", last, first, lastVmId],
    ]);
  }

  /** What is wrong with the id of a VM of the site. */
  vmIdProblems(where: string, vmId: number | undefined, name: string): Problem[] {
    if (vmId === undefined || Token.isUnresolved(vmId)) {
      return [];
    }
    if (!isWhole(vmId, 100, lastVmId)) {
      return [vmIdRange(where, vmId)];
    }
    const { first, last } = this.vmIds ?? { first: 100, last: lastVmId };
    const other = this.#inventory.find((existing) => existing.vmid === vmId && existing.name !== name);
    return [
      ...(vmId < first || vmId > last ? [vmIdOutsideSite(where, vmId, first, last)] : []),
      ...(other === undefined ? [] : [vmIdTaken(where, vmId, other.name ?? "a VM without a name")]),
    ];
  }

  /** What is wrong with a host name that was used at `where`. */
  hostProblems(where: IConstruct, host: string): Problem[] {
    return this.#hosts.some((known) => known === host) ? [] : [unknownHost(where.node.path, host, this.#hosts)];
  }

  /** What is wrong with a datastore that was used at `where`, or with storing `content` on it. */
  datastoreProblems(where: IConstruct, datastore: string, content?: DatastoreContent): Problem[] {
    const known = this.#datastores.get(datastore);
    if (known === undefined) {
      return [unknownDatastore(where.node.path, datastore, [...this.#datastores.keys()])];
    }
    return content === undefined || known.content.includes(content)
      ? []
      : [datastoreContent(where.node.path, datastore, content, known.content)];
  }
}

const lastVmId = 999_999_999;

type Hosts<Host extends string> = ProxmoxSiteProps<Host, string>["hosts"];

function isList<Host extends string>(hosts: Hosts<Host>): hosts is readonly Host[] {
  return Array.isArray(hosts);
}

function namesOf<Host extends string>(hosts: Hosts<Host>): readonly Host[] {
  if (isList(hosts)) return [...hosts];
  const isHost = (name: string): name is Host => name in hosts;
  return Object.keys(hosts).filter(isHost);
}

function isSiteName(value: string): boolean {
  return /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/.test(value);
}

function isOrigin(value: string): boolean {
  return /^https?:\/\/[^/?#@\s{}]+$/.test(value) && URL.canParse(value);
}
