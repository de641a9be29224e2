import { type Problem, wrongValue } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { text, uint32 } from "../rules/values";
import { z } from "../zod";

const fields = () => z.strictObject({ name: text(), mode: uint32().optional(), contents: z.string().optional() });

/** A file in `/etc`, by its path there. */
export type EtcFileFields = FieldsOf<typeof fields>;

export const etcFileConfig = defineDocument({
  kind: "EtcFileConfig",
  since: "1.14",
  fields,
  secrets: [["contents"]],
  problems,
});

const MANAGED = [
  "resolv.conf",
  "hosts",
  "machine-id",
  "extensions.yaml",
  "localtime",
  "os-release",
  "xattr.conf",
  "apparmor.d",
  "apparmor",
  "ca-certificates",
  "cni",
  "cri",
  "iscsi",
  "kubernetes",
  "lvm",
  "nvme",
  "pki",
  "selinux",
  "ssl",
];

/** Of the managed ones, those that are folders. */
const FOLDERS = MANAGED.slice(MANAGED.indexOf("apparmor.d"));

function problems({ name }: EtcFileFields, at: At): readonly Problem[] {
  if (name.startsWith("/") || name.startsWith(".") || leaves(name)) {
    return [wrongValue(at("name"), name, "a path inside /etc")];
  }
  const managed = MANAGED.includes(name) || FOLDERS.some((folder) => name.startsWith(`${folder}/`));
  return managed ? [wrongValue(at("name"), name, "a file that Talos does not write itself")] : [];
}

function leaves(path: string): boolean {
  let depth = 0;
  return path.split("/").some((step) => {
    if (step === "..") depth -= 1;
    else if (step !== "" && step !== ".") depth += 1;
    return depth < 0;
  });
}
