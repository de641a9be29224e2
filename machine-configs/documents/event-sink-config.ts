import * as z from "zod";
import { defineDocument } from "../kind";
import { isHostAndPort } from "../rules/urls";

const fields = () =>
  z.strictObject({
    endpoint: z.string().refine(isHostAndPort, "a host and a port, such as 10.0.0.1:8080").optional(),
  });

/** Where the machine reports what happens to it. */
export type EventSinkFields = z.infer<ReturnType<typeof fields>>;

export const eventSinkConfig = defineDocument({
  kind: "EventSinkConfig",
  since: "1.11",
  fields,
  generated: [["endpoint"]],
});
