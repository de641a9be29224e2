/**
 * zod, loaded at its first use: whoever only reads what the pure entry exports does not wait for it, and a kind's schema
 * is made late anyhow.
 */
import type * as zod from "zod";

/** The functions and classes of zod. Its types come from the package itself. */
export const z: typeof zod = new Proxy<typeof zod>(Object.create(null), {
  get: (_, name) => Reflect.get(load(), name),
});

let loaded: typeof zod | undefined;

function load(): typeof zod {
  loaded ??= require("zod");
  if (loaded === undefined) throw new Error("zod is not installed.");
  return loaded;
}
