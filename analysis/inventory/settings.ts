/** Values of Proxmox by their keys. What is read of them is taken out; what is left nobody knew. */
export class Settings {
  readonly #values: Map<string, string>;

  constructor(values: Iterable<readonly [key: string, value: string]>) {
    this.#values = new Map(values);
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
    const value = flags.get(this.#values.get(key) ?? "");
    if (value !== undefined) {
      this.#values.delete(key);
    }
    return value;
  }

  /** Takes all of it out. */
  drop(): void {
    this.#values.clear();
  }

  /** The keys of what nobody has taken. */
  get rest(): readonly string[] {
    return [...this.#values.keys()];
  }
}

/** The words that Proxmox takes for a switch. */
const flags: ReadonlyMap<string, boolean> = new Map([
  ...["1", "on", "yes", "true"].map((word) => [word, true] as const),
  ...["0", "off", "no", "false"].map((word) => [word, false] as const),
]);
