/** Random sites, half of them with something wrong. */
import fc, { type Arbitrary } from "fast-check";
import { Draw } from "./draw";
import { mistakes } from "./mistakes";
import { rightSite } from "./right";
import type { SiteSpec } from "./spec";

export interface RandomSite {
  readonly spec: SiteSpec;
  /** What it is refused for at least, by code; each of them, if there is only one. */
  readonly wrong: readonly string[];
  [fc.toStringMethod](): string;
}

export const rightSites: Arbitrary<SiteSpec> = fc.gen().map((gen) => rightSite(new Draw(gen)));

export const randomSites: Arbitrary<RandomSite> = fc.gen().map((gen) => {
  const draw = new Draw(gen);
  const spec = rightSite(draw);
  const chosen = Array.from({ length: draw.chance(55) ? draw.one([1, 1, 2, 3, 5]) : 0 }, () => draw.one(mistakes));
  const wrong = chosen.flatMap(([code, make]) => (make(spec, draw) ? [code] : []));
  return { spec, wrong, [fc.toStringMethod]: () => `wrong: ${wrong.join()}; ${JSON.stringify(spec)}` };
});
