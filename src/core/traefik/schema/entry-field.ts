import { kindOf, protocolOf, SECTIONS, type Section } from "../vocabulary/section.ts";
import { ROOT } from "./root.ts";
import type { Field } from "./schema.ts";

/** What each entry of a section may hold: each HTTP router, TCP service and so on. */
export function entryField(section: Section): Field {
  return ENTRIES[section];
}

const ENTRIES = Object.fromEntries(SECTIONS.map((section) => [section, lookUp(section)])) as Record<Section, Field>;

function lookUp(section: Section): Field {
  const parent = ROOT.fields[protocolOf(section)];
  const field = parent !== undefined && "fields" in parent ? parent.fields[kindOf(section)] : undefined;
  if (field === undefined || !("entry" in field)) throw new Error(`the schema has no map ${section}`);
  return field.entry;
}
