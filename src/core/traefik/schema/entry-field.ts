import type { HttpSection } from "../dynamic-config.ts";
import { http } from "./http.ts";
import type { Field } from "./schema.ts";

/** What each router, service or middleware may hold. */
export function entryField(section: HttpSection): Field {
  const field = http.fields[section];
  if (field === undefined || !("entry" in field)) throw new Error(`the schema has no map ${section}`);
  return field.entry;
}
