/** The OCI runtime specification, as far as types go: what it does not have is ignored by Talos. */
import type * as zod from "zod";
import type { Problem } from "../../errors";
import type { At } from "../document";
import { schemaProblems } from "../schema";
import { z } from "../zod";

/** What is wrong with a runtime specification, or with a part of one. */
export function runtimeSpecProblems(spec: Readonly<Record<string, unknown>>, at: At): readonly Problem[] {
  schema ??= runtimeSpec();
  return schemaProblems(schema, spec, schema.safeParse(spec).error?.issues ?? [], at, (_, value) => value);
}

/** The schema, made at its first use. */
let schema: zod.ZodType | undefined;

const text = () => z.string().nullish();
const texts = () => z.array(z.string().nullable()).nullish();
const flag = () => z.boolean().nullish();
/** Of any size: the largest limits are above what JavaScript counts one by one. */
const int = () => z.number().refine(Number.isInteger, "a whole number").nullish();
const natural = () =>
  z
    .number()
    .refine((number) => Number.isInteger(number) && number >= 0, "a whole number that is not negative")
    .nullish();
const map = <Shape extends zod.core.$ZodLooseShape>(shape: Shape) => z.looseObject(shape).nullish();
const list = <Shape extends zod.core.$ZodLooseShape>(shape: Shape) =>
  z.array(z.looseObject(shape).nullable()).nullish();
const textMap = () => z.record(z.string(), z.string().nullable()).nullish();

const ids = () => list({ containerID: natural(), hostID: natural(), size: natural() });

const hooks = () => list({ path: text(), args: texts(), env: texts(), timeout: int() });

const blockDevices = () =>
  list({ major: int(), minor: int(), weight: natural(), leafWeight: natural(), rate: natural() });

function runtimeSpec(): zod.ZodType {
  return z.looseObject({
    ociVersion: text(),
    process: process(),
    root: map({ path: text(), readonly: flag() }),
    hostname: text(),
    domainname: text(),
    mounts: list({
      destination: text(),
      type: text(),
      source: text(),
      options: texts(),
      uidMappings: ids(),
      gidMappings: ids(),
    }),
    hooks: map({
      prestart: hooks(),
      createRuntime: hooks(),
      createContainer: hooks(),
      startContainer: hooks(),
      poststart: hooks(),
      poststop: hooks(),
    }),
    annotations: textMap(),
    linux: linux(),
  });
}

function process(): zod.ZodType {
  return map({
    terminal: flag(),
    consoleSize: map({ height: natural(), width: natural() }),
    user: map({
      uid: natural(),
      gid: natural(),
      umask: natural(),
      additionalGids: z.array(natural()).nullish(),
      username: text(),
    }),
    args: texts(),
    commandLine: text(),
    env: texts(),
    cwd: text(),
    capabilities: map({
      bounding: texts(),
      effective: texts(),
      inheritable: texts(),
      permitted: texts(),
      ambient: texts(),
    }),
    rlimits: list({ type: text(), hard: natural(), soft: natural() }),
    noNewPrivileges: flag(),
    apparmorProfile: text(),
    oomScoreAdj: int(),
    scheduler: map({
      policy: text(),
      nice: int(),
      priority: int(),
      flags: texts(),
      runtime: natural(),
      deadline: natural(),
      period: natural(),
    }),
    selinuxLabel: text(),
    ioPriority: map({ class: text(), priority: int() }),
    execCPUAffinity: map({ initial: text(), final: text() }),
  });
}

function linux(): zod.ZodType {
  return map({
    uidMappings: ids(),
    gidMappings: ids(),
    sysctl: textMap(),
    resources: resources(),
    cgroupsPath: text(),
    namespaces: list({ type: text(), path: text() }),
    devices: list({
      path: text(),
      type: text(),
      major: int(),
      minor: int(),
      fileMode: natural(),
      uid: natural(),
      gid: natural(),
    }),
    seccomp: map({
      defaultAction: text(),
      defaultErrnoRet: natural(),
      architectures: texts(),
      flags: texts(),
      listenerPath: text(),
      listenerMetadata: text(),
      syscalls: list({
        names: texts(),
        action: text(),
        errnoRet: natural(),
        args: list({ index: natural(), value: natural(), valueTwo: natural(), op: text() }),
      }),
    }),
    rootfsPropagation: text(),
    maskedPaths: texts(),
    readonlyPaths: texts(),
    mountLabel: text(),
    intelRdt: map({ closID: text(), l3CacheSchema: text(), memBwSchema: text() }),
    personality: map({ domain: text(), flags: texts() }),
    timeOffsets: z.record(z.string(), z.looseObject({ secs: int(), nanosecs: natural() }).nullable()).nullish(),
  });
}

function resources(): zod.ZodType {
  return map({
    devices: list({ allow: flag(), type: text(), major: int(), minor: int(), access: text() }),
    memory: map({
      limit: int(),
      reservation: int(),
      swap: int(),
      kernel: int(),
      kernelTCP: int(),
      swappiness: natural(),
      disableOOMKiller: flag(),
      useHierarchy: flag(),
      checkBeforeUpdate: flag(),
    }),
    cpu: map({
      shares: natural(),
      quota: int(),
      burst: natural(),
      period: natural(),
      realtimeRuntime: int(),
      realtimePeriod: natural(),
      cpus: text(),
      mems: text(),
      idle: int(),
    }),
    pids: map({ limit: int() }),
    blockIO: map({
      weight: natural(),
      leafWeight: natural(),
      weightDevice: blockDevices(),
      throttleReadBpsDevice: blockDevices(),
      throttleWriteBpsDevice: blockDevices(),
      throttleReadIOPSDevice: blockDevices(),
      throttleWriteIOPSDevice: blockDevices(),
    }),
    hugepageLimits: list({ pageSize: text(), limit: natural() }),
    network: map({ classID: natural(), priorities: list({ name: text(), priority: natural() }) }),
    rdma: z.record(z.string(), z.looseObject({ hcaHandles: natural(), hcaObjects: natural() }).nullable()).nullish(),
    unified: textMap(),
  });
}
