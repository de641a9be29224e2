import { Token } from "cdktf";

/** Whether Proxmox takes it as the name of a mapping, a rule, a role and the like. */
export function isConfigId(value: string): boolean {
  return Token.isUnresolved(value) || /^[a-z][\w-]*[a-z0-9]$/i.test(value);
}

/** Whether Proxmox and Kubernetes take it as a name: a DNS label. */
export function isMachineName(value: string): boolean {
  return Token.isUnresolved(value) || /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(value);
}

/** A name as that of a folder, a file or an output. One with other characters is refused, too, and by us, not by cdktf. */
export function fileName(name: string): string {
  return name.replaceAll(/[^\w-]/g, "-");
}
