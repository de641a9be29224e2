/** A value of Proxmox that has several: `local-lvm:vm-100-disk-0,iothread=1,size=32G`. */
export class PropertyString {
  readonly #values: Map<string, string>;

  private constructor(values: Map<string, string>) {
    this.#values = values;
  }

  /** @param defaultKey the key of a part that has none. Nothing if the text is no such value. */
  static parse(text: string, defaultKey: string): PropertyString | undefined {
    const parts = text.split(",").map((part) => {
      const at = part.indexOf("=");
      return at < 0 ? ([defaultKey, part] as const) : ([part.slice(0, at), part.slice(at + 1)] as const);
    });
    const values = new Map(parts);
    const isSound = values.size === parts.length && parts.every(([key, value]) => key !== "" && value !== "");
    return isSound ? new PropertyString(values) : undefined;
  }

  /** A value, without taking it out. */
  value(key: string): string | undefined {
    return this.#values.get(key);
  }

  /** Takes a value out. */
  text(key: string): string | undefined {
    const value = this.#values.get(key);
    this.#values.delete(key);
    return value;
  }

  /** A number, if it is one; another text stays. */
  number(key: string): number | undefined {
    const number = Number(this.#values.get(key));
    return Number.isNaN(number) ? undefined : Number(this.text(key));
  }

  /** A whole number, if it is one; another text stays. */
  whole(key: string): number | undefined {
    return /^\d+$/.test(this.#values.get(key) ?? "") ? Number(this.text(key)) : undefined;
  }

  /** A switch, if it is one; another text stays. */
  flag(key: string): boolean | undefined {
    const value = flags[this.#values.get(key) ?? ""];
    if (value !== undefined) {
      this.#values.delete(key);
    }
    return value;
  }

  /** Takes all of it out. */
  drop(): void {
    this.#values.clear();
  }

  /** What nobody has taken. */
  get rest(): readonly string[] {
    return [...this.#values.keys()];
  }
}

/** The words that Proxmox takes for a switch. */
export const flags: Readonly<Record<string, boolean>> = {
  "1": true,
  on: true,
  yes: true,
  true: true,
  "0": false,
  off: false,
  no: false,
  false: false,
};
