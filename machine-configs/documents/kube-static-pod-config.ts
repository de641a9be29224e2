import { fieldMissing, type Problem } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { objectName } from "../rules/names";
import { anyMap } from "../rules/values";
import { z } from "../zod";

const fields = () => z.strictObject({ name: objectName(), pod: anyMap() });

/** A pod that the kubelet runs by itself. */
export type KubeStaticPodFields = FieldsOf<typeof fields>;

export const kubeStaticPodConfig = defineDocument({ kind: "KubeStaticPodConfig", since: "1.14", fields, problems });

function problems({ pod }: KubeStaticPodFields, at: At): readonly Problem[] {
  return Object.keys(pod).length === 0 ? [fieldMissing(at("pod"), "the pod")] : [];
}
