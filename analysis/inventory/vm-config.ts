import { flags, PropertyString } from "./property-string";

/** The configuration of a VM as Proxmox has it. What is read of it is taken out; what is left nobody knew. */
export class VmConfig {
  readonly #values: Map<string, string>;
  readonly #parsed = new Map<string, PropertyString>();
  readonly #malformed: string[] = [];

  constructor(config: Readonly<Record<string, string>>) {
    this.#values = new Map(Object.entries(config));
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  /** A value, without taking it out. */
  value(key: string): string | undefined {
    return this.#values.get(key);
  }

  text(key: string): string | undefined {
    const value = this.#values.get(key);
    this.#values.delete(key);
    return value;
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

  /** A value with several in it; nothing if there is none, or if it is malformed. */
  parts(key: string, defaultKey: string): PropertyString | undefined {
    const text = this.text(key);
    const parsed = text === undefined ? undefined : PropertyString.parse(text, defaultKey);
    if (text !== undefined && parsed === undefined) {
      this.#malformed.push(key);
    }
    if (parsed !== undefined) {
      this.#parsed.set(key, parsed);
    }
    return parsed;
  }

  /** The keys of values that were to have several in them, and are malformed. */
  get malformed(): readonly string[] {
    return this.#malformed;
  }

  /** The keys of a kind that there may be several of, such as `net0` and `net1`, by their number. */
  numbered(kind: string): readonly (readonly [key: string, index: number])[] {
    return [...this.#values.keys()]
      .flatMap((key) => {
        const [, name, index] = /^([a-z]+)(\d+)$/.exec(key) ?? [];
        return name === kind ? [[key, Number(index)] as const] : [];
      })
      .sort(([, a], [, b]) => a - b);
  }

  /** What nobody has taken: settings, and options of settings. */
  get unread(): readonly string[] {
    const options = [...this.#parsed].flatMap(([key, { rest }]) => rest.map((option) => `${key} ${option}`));
    return [...options, ...this.#values.keys()];
  }
}
