import { PropertyString } from "./property-string";
import { Settings } from "./settings";

/** The configuration of a VM as Proxmox has it, whose values may have several in them. */
export class VmConfig extends Settings {
  readonly #parsed = new Map<string, PropertyString>();
  readonly #malformed: string[] = [];

  constructor(config: Readonly<Record<string, string>>) {
    super(Object.entries(config));
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
    return this.rest
      .flatMap((key) => {
        const [, name, index] = /^([a-z]+)(\d+)$/.exec(key) ?? [];
        return name === kind ? [[key, Number(index)] as const] : [];
      })
      .sort(([, a], [, b]) => a - b);
  }

  /** What nobody has taken: settings, and options of settings. */
  get unread(): readonly string[] {
    const options = [...this.#parsed].flatMap(([key, { rest }]) => rest.map((option) => `${key} ${option}`));
    return [...options, ...this.rest];
  }
}
