import * as z from "zod";
import { defineDocument } from "../kind";
import { prefix } from "../rules/addresses";
import { uint32 } from "../rules/values";

const fields = () => z.strictObject({ name: prefix(), metric: uint32().optional() });

/** A network, the document's name, to which nothing is sent. */
export type BlackholeRouteFields = z.infer<ReturnType<typeof fields>>;

export const blackholeRouteConfig = defineDocument({ kind: "BlackholeRouteConfig", since: "1.13", fields });
