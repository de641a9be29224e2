/** What all drills have: when they are held, by a program that may make and delete one copy and nothing else. */
import { cronJob } from "../cron-job";
import type { KubernetesObject } from "../object";
import type { NamedObject } from "../pod";
import type { DrillReach } from "./isolation";

export interface DrillOptions {
  /** Name of the drill, of its namespace and of the copy. */
  readonly name: string;
  readonly schedule: string;
  /** For how long a proven restore counts. */
  readonly maxAgeDays: number;
  readonly restoreMinutes: number;
  readonly reach: DrillReach;
  /** @default - metrics are only printed */
  readonly pushgatewayUrl?: string;
  readonly nodeImage: string;
}

/** What a drill's own program is given. */
export interface DrillProgram {
  /** The program and its files, by their names in the ConfigMap of the drill. */
  readonly command: readonly string[];
  /** @default - nothing beyond what all drills get */
  readonly env?: readonly NamedObject[];
}

const folder = "/programs";

/** Where containers of a drill find the programs, in the volume `programs`. */
export const programsMount = { name: "programs", mountPath: folder, readOnly: true };

/** The CronJob of a drill, in its namespace, with the files of the ConfigMap of its name. */
export function drillJob(options: DrillOptions, { command, env = [] }: DrillProgram): KubernetesObject {
  const { name, schedule, maxAgeDays, restoreMinutes, pushgatewayUrl, nodeImage } = options;
  return cronJob({
    name,
    namespace: name,
    schedule,
    // Beside the restore: the proof, and cleaning up before and after it, each with five minutes.
    deadlineSeconds: (restoreMinutes + 15) * 60,
    serviceAccountName: name,
    apiToken: true,
    containers: [
      {
        name: "drill",
        image: nodeImage,
        command: ["node", ...command.map((file) => `${folder}/${file}`)],
        env: [
          { name: "DRILL", value: name },
          { name: "MAX_AGE_DAYS", value: String(maxAgeDays) },
          ...env,
          { name: "RESTORE_TIMEOUT_SECONDS", value: String(restoreMinutes * 60) },
          { name: "NODE_EXTRA_CA_CERTS", value: "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt" },
          ...(pushgatewayUrl === undefined ? [] : [{ name: "PUSHGATEWAY_URL", value: pushgatewayUrl }]),
        ],
        volumeMounts: [programsMount],
        resources: { cpu: "50m", memory: "128Mi" },
      },
    ],
    volumes: [{ name: programsMount.name, configMap: { name } }],
  });
}

/** Account and Role of who holds a drill: it keeps the history, and may do what is named in its namespace. */
export function drillRights(name: string, rules: readonly object[]): readonly KubernetesObject[] {
  const metadata = { name, namespace: name };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata, automountServiceAccountToken: false },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata,
      rules: [
        ...rules,
        rightsRule("", "configmaps", ["create"]),
        rightsRule("", "configmaps", ["get", "update"], [`${name}-history`]),
      ],
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
      subjects: [{ kind: "ServiceAccount", name, namespace: name }],
    },
  ];
}

/** One rule of a Role; of the objects that are named, or of all. */
export function rightsRule(
  apiGroup: string,
  resource: string,
  verbs: readonly string[],
  resourceNames?: readonly string[],
): object {
  return {
    apiGroups: [apiGroup],
    resources: [resource],
    verbs,
    ...(resourceNames === undefined ? {} : { resourceNames }),
  };
}
