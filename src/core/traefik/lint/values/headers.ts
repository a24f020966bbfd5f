import type { Finding } from "../../../diagnostics/finding.ts";
import { type ConfigValue, isConfigObject } from "../../chart/dynamic-config.ts";
import type { Subject } from "../subject.ts";
import { missing } from "./value-finding.ts";

/** A headers middleware whose fields all say nothing, or of which decoding has left none, as of lists without an item. */
export function checkHeaders(subject: Subject): readonly Finding[] {
  const { headers } = subject.object;
  if (!isConfigObject(headers)) return [];
  const fields = Object.entries(headers);
  // Zero is an answer there.
  if (fields.some(([field, value]) => field === "stsSeconds" || saysSomething(value))) return [];
  return [missing(subject, "headers", "a field that changes headers, such as customResponseHeaders")];
}

function saysSomething(value: ConfigValue): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isConfigObject(value)) return Object.keys(value).length > 0;
  return value !== false && value !== 0 && value !== "";
}
