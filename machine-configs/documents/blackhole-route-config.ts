import { defineDocument, type FieldsOf } from "../kind";
import { prefix } from "../rules/addresses";
import { uint32 } from "../rules/values";
import { z } from "../zod";

const fields = () => z.strictObject({ name: prefix(), metric: uint32().optional() });

/** A network, the document's name, to which nothing is sent. */
export type BlackholeRouteFields = FieldsOf<typeof fields>;

export const blackholeRouteConfig = defineDocument({ kind: "BlackholeRouteConfig", since: "1.13", fields });
