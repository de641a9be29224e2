import { Settings } from "./settings";

/** A value of Proxmox that has several: `local-lvm:vm-100-disk-0,iothread=1,size=32G`. */
export class PropertyString extends Settings {
  /** @param defaultKey the key of a part that has none. Nothing if the text is no such value. */
  static parse(text: string, defaultKey: string): PropertyString | undefined {
    const parts = text.split(",").map((part) => {
      const at = part.indexOf("=");
      return at < 0 ? ([defaultKey, part] as const) : ([part.slice(0, at), part.slice(at + 1)] as const);
    });
    const isSound = parts.every(([key, value]) => key !== "" && value !== "");
    return isSound && new Map(parts).size === parts.length ? new PropertyString(parts) : undefined;
  }
}
