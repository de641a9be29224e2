/** Kinds that Talos has and whose fields are not modelled. All of them are now; the list goes when nobody asks for it. */
import type { TalosMinor } from "../releases";

export const unmodelledKinds: Readonly<Record<TalosMinor, readonly string[]>> = {
  "1.11": [],
  "1.12": [],
  "1.13": [],
  "1.14": [],
};
