/** What is wrong with a PostgreSQL cluster, as far as it shows it itself. */
import {
  backupsDeprecated,
  bucketNameMalformed,
  endpointWithoutTls,
  imageWithoutBarman,
  imageWithoutVersion,
  malformedEndpoint,
  malformedLsn,
  malformedOperatorVersion,
  malformedPrefix,
  malformedRestorePoint,
  malformedRetention,
  malformedTargetTime,
  operatorLacksBackups,
  type Problem,
  unpinnedImage,
} from "../../errors";
import { isPinnedImage } from "../image";
import type { S3Store } from "./archive";
import type { BackupForm, RecoveryTarget } from "./cluster";

/** Whether an operator makes backups in that form: the plugin came with 1.26, and 1.31 has nothing else. */
export function operatorProblems(where: string, version: string, backups: BackupForm): readonly Problem[] {
  const [, major, minor] = /^(\d+)\.(\d+)\.\d+(-[0-9a-z.]+)?$/.exec(version) ?? [];
  if (major === undefined || minor === undefined) {
    return [malformedOperatorVersion(where, version)];
  }
  const release = Number(major) * 1000 + Number(minor);
  if (backups === "plugin") {
    return release < 1026 ? [operatorLacksBackups(where, version, backups, "1.26 or later")] : [];
  }
  return [
    ...(release >= 1031 ? [operatorLacksBackups(where, version, backups, "a version before 1.31")] : []),
    ...(release >= 1026 && release < 1031 ? [backupsDeprecated(where, version)] : []),
  ];
}

/** An image whose content can change, whose PostgreSQL is not known, or which cannot make the backups. */
export function postgresImageProblems(where: string, image: string, backups: BackupForm): readonly Problem[] {
  if (!isPinnedImage(image)) {
    return [unpinnedImage(where, image)];
  }
  const [, tag = ""] = /:([^:/@]+)@/.exec(image) ?? [];
  return [
    ...(/^\d/.test(tag) ? [] : [imageWithoutVersion(where, image)]),
    ...(backups === "in-tree" && /-(minimal|standard)\b/.test(tag) ? [imageWithoutBarman(where, image)] : []),
  ];
}

/** An address, bucket or folder that is none, and one that is reached without encryption. */
export function storeProblems(where: string, { endpoint, bucket, prefix }: S3Store): readonly Problem[] {
  return [
    ...(/^https?:\/\/[^/?#@\s]+\/?$/i.test(endpoint) ? [] : [malformedEndpoint(where, endpoint)]),
    ...(/^http:/i.test(endpoint) ? [endpointWithoutTls(where, endpoint)] : []),
    ...(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(bucket) ? [] : [bucketNameMalformed(where, bucket)]),
    ...(prefix === undefined || prefix.split("/").every(isFolder) ? [] : [malformedPrefix(where, prefix)]),
  ];
}

/** Whether a name is that of one folder, in words that mean no other one. */
export function isFolder(name: string): boolean {
  return /^[\w.-]+$/.test(name) && !/^\.+$/.test(name);
}

/** Whether an address is that of a Service of the cluster: by its domain, or short as within one of the namespaces. */
export function isInCluster(endpoint: string, namespaces: readonly string[]): boolean {
  const [, host] = /^https?:\/\/([^/:]+)/i.exec(endpoint) ?? [];
  if (host === undefined) return false;
  return /\.svc(\.|$)/i.test(host) || !/[.[]/.test(host) || namespaces.includes(/^[^.]+\.(.*)$/.exec(host)?.[1] ?? "");
}

/** A retention that neither the plugin nor the operator reads. */
export function retentionProblems(where: string, retention: string): readonly Problem[] {
  return /^[1-9][0-9]*[dwm]$/.test(retention) ? [] : [malformedRetention(where, retention)];
}

/** A moment that the operator, or PostgreSQL, would not find. */
export function targetProblems(where: string, { time, lsn, name }: RecoveryTarget): readonly Problem[] {
  return [
    ...(time === undefined || isMoment(time) ? [] : [malformedTargetTime(where, time)]),
    ...(lsn === undefined || /^[0-9A-Fa-f]{1,8}\/[0-9A-Fa-f]{1,8}$/.test(lsn) ? [] : [malformedLsn(where, lsn)]),
    ...(name === undefined || /^[\x20-\x7e]{1,63}$/.test(name) ? [] : [malformedRestorePoint(where, name)]),
  ];
}

/** A time of RFC 3339, which always has its offset, on a day that there is. */
function isMoment(time: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.exec(time) ?? [];
  return (
    !Number.isNaN(Date.parse(time)) && Number(day) <= new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()
  );
}
