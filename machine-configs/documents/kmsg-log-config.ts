import { fieldMissing, type Problem, wrongValue } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { A_LOG_RECEIVER, isLogReceiver } from "../rules/urls";
import { text } from "../rules/values";
import { z } from "../zod";

const fields = () => z.strictObject({ name: text(), url: z.string().optional() });

/** Where the kernel's messages are sent. */
export type KmsgLogFields = FieldsOf<typeof fields>;

export const kmsgLogConfig = defineDocument({ kind: "KmsgLogConfig", since: "1.11", fields, problems });

function problems({ url = "" }: KmsgLogFields, at: At): readonly Problem[] {
  if (url === "") return [fieldMissing(at("url"), A_LOG_RECEIVER)];
  return isLogReceiver(url) ? [] : [wrongValue(at("url"), url, A_LOG_RECEIVER)];
}
