import { fieldMissing, type Problem, wrongValue } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { urlParts } from "../rules/urls";
import { text } from "../rules/values";
import { z } from "../zod";

const fields = () => z.strictObject({ name: text(), url: z.string().optional() });

/** Where the kernel's messages are sent. */
export type KmsgLogFields = FieldsOf<typeof fields>;

export const kmsgLogConfig = defineDocument({ kind: "KmsgLogConfig", since: "1.11", fields, problems });

function problems({ url = "" }: KmsgLogFields, at: At): readonly Problem[] {
  const expected = "a tcp:// or udp:// URL with a port and without a path";
  if (url === "") return [fieldMissing(at("url"), expected)];
  const parts = urlParts(url);
  const right =
    parts !== undefined && ["tcp", "udp"].includes(parts.scheme) && ["", "/"].includes(parts.path) && parts.port !== "";
  return right ? [] : [wrongValue(at("url"), url, expected)];
}
