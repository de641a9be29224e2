/** Registries and time, as the v1alpha1 document has them. */

import { duration } from "../../rules/durations";
import { base64 } from "../../rules/values";
import { z } from "../../zod";

/** The schema of `machine.registries`. */
export const registries = () =>
  z.strictObject({
    mirrors: z
      .record(
        z.string(),
        z.strictObject({
          endpoints: z.array(z.string()).optional(),
          overridePath: z.boolean().optional(),
          skipFallback: z.boolean().optional(),
        }),
      )
      .optional(),
    config: z
      .record(
        z.string(),
        z.strictObject({
          tls: z
            .strictObject({
              clientIdentity: z.strictObject({ crt: base64().optional(), key: base64().optional() }).optional(),
              ca: base64().optional(),
              insecureSkipVerify: z.boolean().optional(),
            })
            .optional(),
          auth: z
            .strictObject({
              username: z.string().optional(),
              password: z.string().optional(),
              auth: z.string().optional(),
              identityToken: z.string().optional(),
            })
            .optional(),
        }),
      )
      .optional(),
  });

/** The schema of `machine.time`. */
export const time = () =>
  z.strictObject({
    disabled: z.boolean().optional(),
    servers: z.array(z.string()).optional(),
    bootTimeout: duration().optional(),
  });
