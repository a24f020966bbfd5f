import { foldCase } from "../../../go/fold-case.ts";
import type { TraefikVersion } from "../vocabulary/traefik-version.ts";
import { ROOT } from "./root.ts";
import type { Field, ObjectField } from "./schema.ts";
import { fieldIn } from "./version.ts";

/** A field of one Traefik line, ready to be found by the spelling of a tag. */
export interface SchemaNode {
  /** The documented name; empty for the root. */
  readonly name: string;
  readonly field: Field;
  /** The fields of an object, or of each entry of a map or a list, by their folded name in tags. */
  readonly children: ReadonlyMap<string, SchemaNode>;
  /** Folded names of fields that only later Traefik lines have, with the first line that does. */
  readonly later: ReadonlyMap<string, TraefikVersion>;
}

/** Prepares a table for decoding; to be done once, since it visits every field. */
export function schemaNode(field: Field, version: TraefikVersion, name = ""): SchemaNode {
  const children = new Map<string, SchemaNode>();
  const later = new Map<string, TraefikVersion>();
  for (const [childName, declared] of Object.entries(fieldsOf(field))) {
    const child = fieldIn(declared, version);
    if (child !== undefined) children.set(foldCase(child.tagName ?? childName), schemaNode(child, version, childName));
    else if (declared.since !== undefined) later.set(foldCase(declared.tagName ?? childName), declared.since);
  }
  return { name, field, children, later };
}

function fieldsOf(field: Field): ObjectField["fields"] {
  const holder = "entry" in field ? field.entry : field;
  return "fields" in holder ? holder.fields : {};
}

const ROOTS: Readonly<Record<TraefikVersion, SchemaNode>> = {
  "3.6": schemaNode(ROOT, "3.6"),
  "3.7": schemaNode(ROOT, "3.7"),
};

/** The dynamic configuration of a Traefik line, ready for decoding. */
export function schemaFor(version: TraefikVersion): SchemaNode {
  return ROOTS[version];
}
