/** What Proxmox answered about a cluster and its guests, saved to files under the paths that were asked. */
import * as z from "zod";
import { incompleteInventory, malformedInventory, type Problem, ProblemsError, unreadAnswer } from "../../errors";

/** An answer: the path that was asked, without the slash before it, and the JSON that came back. */
export interface Answer {
  readonly path: string;
  readonly json: unknown;
}

/** A host, with what it has. An offline one has nothing. */
export interface HostAnswer {
  readonly node: string;
  readonly memoryMiB: number | undefined;
  readonly cores: number | undefined;
}

/** A storage on one host. */
export interface StorageAnswer {
  readonly storage: string;
  readonly node: string;
  readonly content: readonly string[];
  readonly shared: boolean;
  readonly sizeGiB: number | undefined;
}

/** A VM or a container. */
export interface GuestAnswer {
  readonly vmid: number;
  readonly type: "qemu" | "lxc";
  readonly node: string;
  readonly name: string | undefined;
  /** `undefined` where Proxmox does not know, as for what is on a host that does not answer. */
  readonly running: boolean | undefined;
  readonly template: boolean;
  readonly pool: string | undefined;
  readonly highlyAvailable: boolean;
  /** Its configuration, if that was saved: the keys of `qm config`. */
  readonly config: Readonly<Record<string, string>> | undefined;
}

/** What there is, in the order of names and ids. */
export interface Inventory {
  readonly pveMajor: 8 | 9 | undefined;
  readonly hosts: readonly HostAnswer[];
  readonly storages: readonly StorageAnswer[];
  readonly guests: readonly GuestAnswer[];
  /** Answers that were not read. */
  readonly unread: readonly Problem[];
}

const resourcesPath = "cluster/resources";
const configPath = /^nodes\/([^/]+)\/qemu\/(\d+)\/config$/;

/** Throws a {@link ProblemsError} about every answer that cannot be read, without values. */
export function readInventory(answers: readonly Answer[], where: string): Inventory {
  const resources = answers.find(({ path }) => path === resourcesPath);
  if (resources === undefined) {
    throw new ProblemsError([incompleteInventory(where, resourcesPath)]);
  }
  const problems: Problem[] = [];
  const read = <Schema extends z.ZodType>(schema: Schema, { path, json }: Answer): z.infer<Schema> | undefined => {
    const parsed = schema.safeParse(json);
    if (!parsed.success) {
      problems.push(malformedInventory(path, reasonOf(parsed.error)));
    }
    return parsed.data;
  };
  const listed = read(resourcesSchema, resources) ?? [];
  const version = answers.filter(({ path }) => path === "version").map((answer) => read(versionSchema, answer))[0];
  const configs = new Map(
    answers
      .filter(({ path }) => configPath.test(path))
      .map((answer) => [answer.path, read(configSchema, answer)] as const),
  );
  if (problems.length > 0) {
    throw new ProblemsError(problems);
  }
  const known = ["version", resourcesPath];
  const guests = listed.flatMap((one) => (one.type === "qemu" || one.type === "lxc" ? [guestOf(one, configs)] : []));
  return {
    pveMajor: majorOf(version?.version),
    hosts: listed.flatMap((one) => (one.type === "node" ? [hostOf(one)] : [])).sort(by(({ node }) => node)),
    storages: listed
      .flatMap((one) => (one.type === "storage" ? [storageOf(one)] : []))
      .sort(by(({ storage, node }) => `${storage} ${node}`)),
    guests: guests.sort((a, b) => a.vmid - b.vmid),
    unread: answers
      .filter(({ path }) => !known.includes(path) && !guests.some((guest) => configPathOf(guest) === path))
      .map(({ path }) => unreadAnswer(path)),
  };
}

/** Switches come as numbers, and as booleans from some tools. */
const flag = z.union([z.literal([0, 1]), z.boolean()]).transform(Boolean);
const bytes = z.number().nonnegative();

const node = z.object({
  type: z.literal("node"),
  node: z.string(),
  maxmem: bytes.optional(),
  maxcpu: bytes.optional(),
});

const storage = z.object({
  type: z.literal("storage"),
  storage: z.string(),
  node: z.string(),
  content: z.string().optional(),
  shared: flag.optional(),
  maxdisk: bytes.optional(),
});

const guest = z.object({
  type: z.enum(["qemu", "lxc"]),
  vmid: z.int().min(100),
  node: z.string(),
  name: z.string().optional(),
  status: z.string().optional(),
  template: flag.optional(),
  pool: z.string().optional(),
  hastate: z.string().optional(),
});

/** Networks, pools and what later releases list beside machines. */
const other = z
  .object({ type: z.string().refine((type) => !["node", "storage", "qemu", "lxc"].includes(type)) })
  .transform(() => ({
    type: "other" as const,
  }));

const resourcesSchema = z.array(z.union([node, storage, guest, other]));
const versionSchema = z.object({ version: z.string() });
const configSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

function hostOf({ node: name, maxmem = 0, maxcpu = 0 }: z.infer<typeof node>): HostAnswer {
  return { node: name, memoryMiB: wholeOf(maxmem / 1024 ** 2), cores: wholeOf(maxcpu) };
}

function storageOf(answer: z.infer<typeof storage>): StorageAnswer {
  const { content = "", shared = false, maxdisk = 0 } = answer;
  return {
    storage: answer.storage,
    node: answer.node,
    content: content.split(",").filter((one) => one !== ""),
    shared,
    sizeGiB: wholeOf(maxdisk / 1024 ** 3),
  };
}

function guestOf(
  answer: z.infer<typeof guest>,
  configs: ReadonlyMap<string, z.infer<typeof configSchema> | undefined>,
): GuestAnswer {
  const { vmid, type, node: host, name, status, template = false, pool, hastate } = answer;
  const config = configs.get(configPathOf({ type, node: host, vmid }));
  return {
    vmid,
    type,
    node: host,
    name,
    running: isRunning(status),
    template,
    pool,
    highlyAvailable: hastate !== undefined,
    config: config && Object.fromEntries(Object.entries(config).map(([key, value]) => [key, String(value)])),
  };
}

/** One that is paused or crashed is on, too: to Terraform it is a VM that runs. */
function isRunning(status = "unknown"): boolean | undefined {
  return status === "unknown" ? undefined : status !== "stopped";
}

function configPathOf({ type, node: host, vmid }: Pick<GuestAnswer, "type" | "node" | "vmid">): string {
  return `nodes/${host}/${type}/${vmid}/config`;
}

function majorOf(version = ""): 8 | 9 | undefined {
  return version.startsWith("8.") ? 8 : version.startsWith("9.") ? 9 : undefined;
}

function wholeOf(value: number): number | undefined {
  return value >= 1 ? Math.floor(value) : undefined;
}

function by<T>(keyOf: (item: T) => string): (a: T, b: T) => number {
  return (a, b) => (keyOf(a) < keyOf(b) ? -1 : 1);
}

/** Where it is wrong, and not what stands there. */
function reasonOf({ issues: [issue] }: z.ZodError): string {
  const place = issue?.path.join(".") ?? "";
  return place === "" ? "it has another form" : `${place} has another form`;
}
