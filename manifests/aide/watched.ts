/** Which files of a node are watched. */
import {
  churningDirectory,
  duplicateWatchedDirectory,
  exclusionOutsideWatch,
  exclusionWithoutReason,
  malformedWatchedPath,
  nothingWatched,
  type Problem,
  watchExcluded,
  watchesItself,
} from "../../errors";

/** A directory of the node: all that is below it, or some of its files. */
export interface WatchedDirectory {
  /** Absolute path on the node. It has to be there: a check without it fails. */
  readonly directory: `/${string}`;

  /**
   * Names of files right below the directory; they have to be there, and all else in it is left alone. The directory is
   * mounted even so: a file that is mounted by itself stays the one that it was when another takes its place.
   *
   * @default - everything below the directory
   */
  readonly files?: readonly string[];
}

/** What is not watched although the directory around it is. */
export interface Exclusion {
  /** Absolute path on the node, with all that is below it. A `*` stands for any characters of one name. */
  readonly path: `/${string}`;
  /** Why it may change, for whoever asks what the watch does not see. */
  readonly reason: string;
}

/**
 * What an Ubuntu node of kubeadm is made of: its configuration, its programs, and the two files of the kubelet that say
 * how it runs (AIDE-2 to AIDE-7). Libraries, kernel modules and `/opt` are not among it (T-23): add them as further
 * directories where it is worth the time to read them.
 */
export const ubuntuNode: readonly WatchedDirectory[] = [
  { directory: "/etc" },
  { directory: "/etc/cni/net.d" },
  { directory: "/etc/containerd", files: ["config.toml"] },
  { directory: "/etc/systemd/system" },
  { directory: "/usr/bin" },
  { directory: "/usr/sbin" },
  { directory: "/usr/local/bin" },
  { directory: "/var/lib/kubelet", files: ["config.yaml", "kubeadm-flags.env"] },
];

/**
 * What changes in those directories although nobody changes the node (T-23). It is little, because only contents, owners
 * and permissions are compared: a file that is touched, or written again as it was, is the same one.
 */
export const ubuntuNodeExclusions: readonly Exclusion[] = [
  { path: "/etc/cni/net.d/calico-kubeconfig", reason: "Calico writes a new token into it every day." },
  { path: "/etc/adjtime", reason: "The drift of the hardware clock is written into it." },
];

/** Where programs write all the time: below, or around, nothing would ever be clean (AIDE-8, FAIL-9). */
const churning = [
  "/dev",
  "/proc",
  "/run",
  "/sys",
  "/tmp",
  "/var/cache",
  "/var/lib/calico",
  "/var/lib/cni",
  "/var/lib/containerd",
  "/var/lib/docker",
  "/var/lib/etcd",
  "/var/lib/kubelet",
  "/var/lib/systemd",
  "/var/log",
  "/var/run",
  "/var/spool",
  "/var/tmp",
] as const;

/**
 * Everything that is wrong with what is to be watched.
 *
 * @param own directories of the node that the watch itself writes
 */
export function watchProblems(
  where: string,
  watch: readonly WatchedDirectory[],
  exclusions: readonly Exclusion[],
  own: readonly string[],
): readonly Problem[] {
  const trees = watch.filter(({ files }) => files === undefined);
  const related = (one: string, other: string) => isWithin(one, other) || isWithin(other, one);
  return [
    ...(watch.length === 0 ? [nothingWatched(where)] : []),
    ...watch.flatMap(({ directory, files = [] }, index) => [
      ...(isPath(directory) ? [] : [malformedWatchedPath(where, directory)]),
      ...files.filter((name) => !isName(name)).map((name) => malformedWatchedPath(where, `${directory}/${name}`)),
      ...(watch.findIndex((other) => other.directory === directory) < index
        ? [duplicateWatchedDirectory(where, directory)]
        : []),
    ]),
    ...trees.flatMap(({ directory }) =>
      churning
        .filter((path) => related(directory, path))
        .slice(0, 1)
        .map((path) => churningDirectory(where, directory, path)),
    ),
    ...trees.flatMap(({ directory }) =>
      own.filter((path) => related(directory, path)).map((path) => watchesItself(where, directory, path)),
    ),
    ...exclusions.flatMap(({ path, reason }) => [
      ...(isPath(path.replaceAll("*", "x")) ? [] : [malformedWatchedPath(where, path)]),
      ...(reason.trim() === "" ? [exclusionWithoutReason(where, path)] : []),
      ...(trees.some(({ directory }) => isWithin(path, directory)) ? [] : [exclusionOutsideWatch(where, path)]),
      ...expectedPaths(watch)
        .filter((expected) => new RegExp(`^${exclusionPattern(path)}`).test(expected))
        .map((expected) => watchExcluded(where, path, expected)),
    ]),
  ];
}

/** AIDE's configuration: what is watched, and what of it is compared. Valid for AIDE 0.18 and 0.19. */
export function aideConfiguration(
  watch: readonly WatchedDirectory[],
  exclusions: readonly Exclusion[],
  prefix: string,
): string {
  const trees = watch.filter(({ files }) => files === undefined).map(({ directory }) => directory);
  const apart = watch.filter(({ directory }) => !trees.some((tree) => isWithin(directory, tree) && tree !== directory));
  return [
    `root_prefix=${prefix}`,
    // Neither times nor inodes: restoring a file changes them, and what is in it stays. A directory's size and links are
    // those of its entries, which are found by themselves.
    "Directory = ftype+p+u+g+acl+xattrs",
    "Entry = ftype+l+p+u+g+n+s+sha256+acl+xattrs+caps",
    ...exclusions.map(({ path }) => `!${exclusionPattern(path)}`),
    ...apart.flatMap(({ directory, files }) =>
      files === undefined
        ? [`${escaped(directory)}(/|$) d Directory`, `${escaped(directory)}(/|$) f,l,p,s,b,c Entry`]
        : files.map((name) => `${escaped(`${directory}/${name}`)}$ f,l Entry`),
    ),
    "",
  ].join("\n");
}

/** The directories whose whole content is watched, without those that are below another one. */
export function watchedTrees(watch: readonly WatchedDirectory[]): readonly string[] {
  return outermost(watch.filter(({ files }) => files === undefined));
}

/** The directories to mount. */
export function mountedDirectories(watch: readonly WatchedDirectory[]): readonly string[] {
  return outermost(watch);
}

/** Without them a node has not been seen. */
export function expectedPaths(watch: readonly WatchedDirectory[]): readonly string[] {
  return watch.flatMap(({ directory, files }) => files?.map((name) => `${directory}/${name}`) ?? [directory]);
}

function outermost(watch: readonly WatchedDirectory[]): readonly string[] {
  const directories = watch.map(({ directory }) => directory);
  return directories.filter((one) => !directories.some((other) => other !== one && isWithin(one, other)));
}

/** Whether a path is a directory or below it. */
function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === "/" ? "/" : `${directory}/`);
}

/** A path that means the same to AIDE, to the kernel and to whoever reads it. */
function isPath(path: string): boolean {
  return path === "/" || (path.startsWith("/") && path.slice(1).split("/").every(isName));
}

function isName(name: string): boolean {
  return /^[\w.@+:-]+$/.test(name) && name !== "." && name !== "..";
}

/** What is excluded matches with all that is below it: AIDE 0.19 would go on into a directory. */
function exclusionPattern(path: string): string {
  return `${path.split("*").map(escaped).join("[^/]*")}(/|$)`;
}

function escaped(text: string): string {
  return text.replaceAll(/[.+]/g, (sign) => `\\${sign}`);
}
