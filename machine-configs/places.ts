/** Places of problems that can be found again in a text. */
import type { Problem } from "../errors";
import { type At, type Path, ROOT_KIND } from "./document";

/** A field of a document. */
export interface Place {
  readonly identity: string;
  readonly path: Path;
}

/** Gives out places as text and knows what each of them means. */
export class Places {
  private readonly known = new Map<string, Place>();

  /** Says where a field of a document is. */
  at(identity: string): At {
    return (...path) => {
      const text = placeText({ identity, path });
      this.known.set(text, { identity, path });
      return text;
    };
  }

  /** The field that a problem is about. */
  of({ where }: Problem, otherwise: string): Place {
    return this.known.get(where) ?? { identity: otherwise, path: [] };
  }
}

/** `KubeletConfig.extraArgs.max-pods`, `LinkConfig/eth0.routes[0]`, `machine.network`. */
export function placeText({ identity, path }: Place): string {
  const text = path.map(step).join("");
  return identity === ROOT_KIND && text !== "" ? text.replace(/^\./, "") : `${identity}${text}`;
}

function step(key: string | number): string {
  if (typeof key === "number") return `[${key}]`;
  return /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
