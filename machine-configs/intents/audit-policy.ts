import { type Problem, tooSmall } from "../../errors";
import { type At, placesIn, type TalosDocument } from "../document";
import { kubeApiServerConfig } from "../documents/kube-api-server-config";
import { kubeAuditPolicyConfig } from "../documents/kube-audit-policy-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesKubeDocuments } from "../releases";

/** How much of a request is recorded. */
export type AuditLevel = "None" | "Metadata" | "Request" | "RequestResponse";

/** When during a request something is recorded. */
export type AuditStage = "RequestReceived" | "ResponseStarted" | "ResponseComplete" | "Panic";

/** Resources that a rule is about. */
export interface AuditResources {
  /** The API group. @default "" - the core group */
  readonly group?: string;
  /** Such as `secrets` or `pods/log`. @default - all of the group */
  readonly resources?: readonly string[];
  /** Names of objects; needs `resources`. @default - all objects */
  readonly resourceNames?: readonly string[];
}

/** A rule; the first one that matches a request decides. What is left out matches everything. */
export interface AuditRule {
  readonly level: AuditLevel;
  /** @default - all users */
  readonly users?: readonly string[];
  /** @default - all groups */
  readonly userGroups?: readonly string[];
  /** Such as `get` or `delete`. @default - all verbs */
  readonly verbs?: readonly string[];
  /** Not together with `nonResourceURLs`. @default - all resources */
  readonly resources?: readonly AuditResources[];
  /** `""` stands for objects without a namespace. @default - all namespaces */
  readonly namespaces?: readonly string[];
  /** Paths such as `/healthz*`. @default - all, unless `resources` are given */
  readonly nonResourceURLs?: readonly string[];
  /** Stages at which this rule records nothing, beside the policy's. @default - none */
  readonly omitStages?: readonly AuditStage[];
  /** Whether managed fields are left out of recorded objects. @default - as the policy says */
  readonly omitManagedFields?: boolean;
}

export interface AuditPolicyProps {
  /** In order: the first that matches a request decides. A request that none matches is not recorded. */
  readonly rules: readonly AuditRule[];
  /** Stages at which nothing is recorded. @default - none */
  readonly omitStages?: readonly AuditStage[];
  /** Whether managed fields are left out of recorded objects. @default false */
  readonly omitManagedFields?: boolean;
  /** Days that log files are kept. @default - as Talos sets it */
  readonly logMaxAgeDays?: number;
  /** Number of rotated log files that are kept. @default - as Talos sets it */
  readonly logMaxBackups?: number;
  /** Megabytes at which a log file is rotated. @default - as Talos sets it */
  readonly logMaxSizeMegabytes?: number;
}

/**
 * What kube-apiserver records in `/var/log/audit/kube/kube-apiserver.log` (TAL-17), instead of the metadata of every
 * request. kube-apiserver restarts on each control plane; nothing on workers.
 *
 * Talos writes, mounts and passes the policy's file by itself. Doing that with extra volumes and arguments, as guides
 * for kubeadm do (TAL-18), mounts an empty directory and stops kube-apiserver (T-3).
 */
export function auditPolicy(props: AuditPolicyProps): Intent {
  return {
    name: "auditPolicy",
    documents: ({ role, contract }) => {
      if (role === "worker") return [];
      return usesKubeDocuments(contract) ? documents(props) : [section(props)];
    },
    problems: (machine) => (machine.role === "worker" ? [] : limitProblems(props, placesIn(machine, "auditPolicy"))),
  };
}

/** kube-apiserver does not start with other numbers. */
function limitProblems(props: AuditPolicyProps, at: At): readonly Problem[] {
  return (["logMaxAgeDays", "logMaxBackups", "logMaxSizeMegabytes"] as const).flatMap((prop) => {
    const value = props[prop] ?? 0;
    return Number.isSafeInteger(value) && value >= 0 ? [] : [tooSmall(at(prop), prop, value, 0)];
  });
}

function documents(props: AuditPolicyProps): readonly TalosDocument[] {
  const policy = kubeAuditPolicyConfig.build({ configuration: policyOf(props) });
  const extraArgs = rotation(props);
  return extraArgs === undefined ? [policy] : [policy, kubeApiServerConfig.build({ extraArgs })];
}

function section(props: AuditPolicyProps): TalosDocument {
  return v1alpha1.build({ cluster: { apiServer: { auditPolicy: policyOf(props), extraArgs: rotation(props) } } });
}

function policyOf({ rules, omitStages, omitManagedFields }: AuditPolicyProps) {
  return { apiVersion: "audit.k8s.io/v1", kind: "Policy", rules, omitStages, omitManagedFields } as const;
}

/** The arguments for log files, of which only the given ones are passed. */
function rotation(props: AuditPolicyProps): Readonly<Record<string, string>> | undefined {
  const limits = [
    ["audit-log-maxage", props.logMaxAgeDays],
    ["audit-log-maxbackup", props.logMaxBackups],
    ["audit-log-maxsize", props.logMaxSizeMegabytes],
  ] as const;
  const given = limits.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as const]));
  return given.length === 0 ? undefined : Object.fromEntries(given);
}
