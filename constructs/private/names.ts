import { Token } from "cdktf";

/** Whether Proxmox and Kubernetes take it as a name: a DNS label. */
export function isMachineName(value: string): boolean {
  return Token.isUnresolved(value) || /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(value);
}
