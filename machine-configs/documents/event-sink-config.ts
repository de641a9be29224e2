import { defineDocument, type FieldsOf } from "../kind";
import { isHostAndPort } from "../rules/urls";
import { z } from "../zod";

const fields = () =>
  z.strictObject({
    endpoint: z.string().refine(isHostAndPort, "a host and a port, such as 10.0.0.1:8080").optional(),
  });

/** Where the machine reports what happens to it. */
export type EventSinkFields = FieldsOf<typeof fields>;

export const eventSinkConfig = defineDocument({
  kind: "EventSinkConfig",
  since: "1.11",
  fields,
  generated: [["endpoint"]],
});
