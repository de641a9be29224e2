import * as z from "zod";
import { defaultRouteDestination, type Problem } from "../../errors";
import type { At } from "../document";
import { defineDocument } from "../kind";
import { A_PREFIX, AN_ADDRESS, isAddress, isPrefix } from "../rules/addresses";

const address = z.string().refine(isAddress, AN_ADDRESS);
const prefix = z.string().refine(isPrefix, A_PREFIX);

const fields = z.strictObject({
  name: z.string().min(1),
  up: z.boolean().optional(),
  mtu: z.int().min(0).optional(),
  addresses: z.array(z.strictObject({ address: prefix, routePriority: z.int().min(0).optional() })).optional(),
  routes: z
    .array(
      z.strictObject({
        destination: prefix.optional(),
        gateway: address.optional(),
        source: address.optional(),
        metric: z.int().min(0).optional(),
        mtu: z.int().min(0).optional(),
        table: z.string().optional(),
      }),
    )
    .optional(),
  multicast: z.boolean().optional(),
});

/** A physical link: its addresses and routes. Talos asks DHCP on physical links that no document mentions. */
export type LinkFields = z.infer<typeof fields>;

export const linkConfig = defineDocument({ kind: "LinkConfig", since: "1.12", fields, problems });

function problems({ routes = [] }: LinkFields, at: At): readonly Problem[] {
  return routes.flatMap((route, index) =>
    route.destination?.endsWith("/0")
      ? [defaultRouteDestination(at("routes", index, "destination"), route.destination)]
      : [],
  );
}
