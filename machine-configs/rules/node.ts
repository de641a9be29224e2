/** Labels, annotations and taints of a Kubernetes node. */
import { z } from "../zod";
import { isSubdomain } from "./names";

/** What a taint does with pods that do not tolerate it. */
export type TaintEffect = "NoSchedule" | "PreferNoSchedule" | "NoExecute";

/** The value and effect of a taint, `value:Effect`, or the effect alone. */
export type Taint = TaintEffect | `${string}:${TaintEffect}`;

const key = () =>
  z
    .string()
    .refine(
      isQualifiedName,
      "a label key: a name of at most 63 letters, digits, - _ . with an optional domain/ before it",
    );

export const labels = () =>
  z.record(
    key(),
    z.string().refine(isLabelValue, "a label value: at most 63 letters, digits, - _ . beginning and ending with one"),
  );

export const annotations = () =>
  z
    .record(
      key().refine((name) => !OWN_ANNOTATIONS.includes(name), "an annotation key that Talos does not use itself"),
      z.string(),
    )
    .refine((all) => Buffer.byteLength(Object.entries(all).flat().join("")) <= MOST_BYTES, "at most 256 KiB in all");

/** What Kubernetes keeps for the annotations of one object. */
const MOST_BYTES = 256 * 1024;

/** Where Talos notes what it has set. */
const OWN_ANNOTATIONS = ["talos.dev/owned-annotations", "talos.dev/owned-labels", "talos.dev/owned-taints"];

const A_TAINT = "a taint: value:Effect or Effect, which is NoSchedule, PreferNoSchedule or NoExecute";

/** A taint, or the instruction of a patch to take a generated one away. */
export const taints = () =>
  z.record(
    key(),
    z.union([z.string().refine(isTaint, A_TAINT), z.strictObject({ $patch: z.literal("delete") })], { error: A_TAINT }),
  );

/** Whether a text is a name with an optional domain before it. */
export function isQualifiedName(text: string): boolean {
  const [name, domain, ...more] = text.split("/").reverse();
  if (name === undefined || more.length > 0 || !/^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/.test(name)) return false;
  return domain === undefined || isSubdomain(domain);
}

/** Whether a text can be the value of a label. */
export function isLabelValue(text: string): boolean {
  return text === "" || /^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/.test(text);
}

function isTaint(text: string): boolean {
  const [effect, value, ...more] = text.split(":").reverse();
  if (more.length > 0 || (value !== undefined && !isLabelValue(value))) return false;
  return effect === "NoSchedule" || effect === "PreferNoSchedule" || effect === "NoExecute";
}

/**
 * Whether a kubelet may give its own node this label: the API server's NodeRestriction refuses most keys under
 * `kubernetes.io` and `k8s.io` to it (T-38).
 */
export function mayLabelItself(labelKey: string): boolean {
  const [domain, name] = labelKey.includes("/") ? labelKey.split("/") : [""];
  if (domain === undefined || !/(^|\.)(kubernetes|k8s)\.io$/.test(domain)) return true;
  if (/(^|\.)(kubelet|node)\.kubernetes\.io$/.test(domain)) return true;
  return SELF_LABELS.includes(`${domain}/${name}`);
}

const SELF_LABELS = [
  "beta.kubernetes.io/arch",
  "beta.kubernetes.io/instance-type",
  "beta.kubernetes.io/os",
  "failure-domain.beta.kubernetes.io/region",
  "failure-domain.beta.kubernetes.io/zone",
  "kubernetes.io/arch",
  "kubernetes.io/hostname",
  "kubernetes.io/os",
  "topology.kubernetes.io/region",
  "topology.kubernetes.io/zone",
];
