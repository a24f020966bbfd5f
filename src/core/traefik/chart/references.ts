import { memoize } from "../../incremental/memoize.ts";
import { entryField } from "../schema/entry-field.ts";
import type { Field, Reference } from "../schema/schema.ts";
import {
  type ConfigObject,
  type ConfigValue,
  configObject,
  isConfigObject,
  kindOf,
  protocolOf,
  type Section,
  sectionOf,
  sectionsMade,
} from "./dynamic-config.ts";

/** A name that some object mentions, as written: with or without `@provider`. */
export interface NamedReference {
  readonly kind: Reference;
  readonly name: string;
}

/** The name to stand in place of a reference's. */
type Visit = (reference: NamedReference) => string;

/** Everything that a router, service or middleware refers to, in the order of its fields. */
export function referencesOf(section: Section, object: ConfigObject): readonly NamedReference[] {
  return finders[section](object);
}

/** Remembered, but for services: these name little, have few fields that may, and each instance has some of its own. */
const finders = sectionsMade((section) => {
  const find = (object: ConfigObject) => findReferences(section, object);
  return kindOf(section) === "services" ? find : memoize(find);
});

/** The section that a reference points into: its own protocol's, but TLS options are shared by all. */
export function targetOf(section: Section, { kind }: NamedReference): Section | undefined {
  return kind === "tlsOptions" ? "tls/options" : sectionOf(protocolOf(section), `${kind}s`);
}

/** How a sentence calls what a reference names. */
export function wordOf(kind: Reference): string {
  return kind === "tlsOptions" ? "TLS options" : kind;
}

function findReferences(section: Section, object: ConfigObject): readonly NamedReference[] {
  const found: NamedReference[] = [];
  collect(entryField(section), object, found);
  return found.length === 0 ? NONE : found;
}

/** Most objects refer to nothing, and all of them share this. */
const NONE: readonly NamedReference[] = [];

function collect(field: Field, value: ConfigValue, found: NamedReference[]): void {
  const kind = field.refers;
  if (kind !== undefined) {
    for (const name of Array.isArray(value) ? value : [value]) if (typeof name === "string") found.push({ kind, name });
  } else if (Array.isArray(value)) {
    if ("entry" in field) for (const item of value) collect(field.entry, item, found);
  } else if (isConfigObject(value) && "fields" in field) {
    for (const name in value) {
      const child = field.fields[name];
      const below = value[name];
      if (child !== undefined && below !== undefined && mayRefer(child)) collect(child, below, found);
    }
  }
}

/** May a value of the field name something, or one below it? Thousands of servers are not looked through for nothing. */
const mayRefer: (field: Field) => boolean = memoize((field: Field) => {
  if (field.refers !== undefined) return true;
  if ("fields" in field) return Object.values(field.fields).some(mayRefer);
  return "entry" in field && mayRefer(field.entry);
});

const BUILT_IN_PROVIDER = /@(?:consulcatalog|nomad)(?:-[^@]*)?$/;

/**
 * The object with its references rewritten for the file provider: what Traefik's own catalog providers would have named
 * `x@consulcatalog` or `x@nomad` (with or without a namespace) is `x@file` here. Other providers are left alone.
 *
 * @param provider what stands in place of the provider; nothing for a name that is still to get its catalog's
 */
export function rewriteReferences(
  section: Section,
  object: ConfigObject,
  provider: "@file" | "" = "@file",
): ConfigObject {
  if (!findReferences(section, object).some(({ name }) => BUILT_IN_PROVIDER.test(name))) return object;
  return renameReferences(section, object, ({ name }) => name.replace(BUILT_IN_PROVIDER, provider));
}

/** The object with another name in place of each reference's. */
export function renameReferences(section: Section, object: ConfigObject, visit: Visit): ConfigObject {
  return visitObject(entryField(section), object, visit);
}

/** Does the name stand for something in this very file? A suffix, even `@file`, may point at another file. */
export function isLocal(name: string): boolean {
  return !name.includes("@");
}

function visitObject(field: Field, object: ConfigObject, visit: Visit): ConfigObject {
  if (!("fields" in field)) return object;
  const copy = configObject();
  for (const [name, value] of Object.entries(object)) {
    const child = field.fields[name];
    copy[name] = child === undefined ? value : visitValue(child, value, visit);
  }
  return copy;
}

function visitValue(field: Field, value: ConfigValue, visit: Visit): ConfigValue {
  const kind = field.refers;
  if (kind !== undefined && typeof value === "string") return visit({ kind, name: value });
  if (kind !== undefined && Array.isArray(value)) {
    return value.map((name) => (typeof name === "string" ? visit({ kind, name }) : name));
  }
  if (Array.isArray(value) && "entry" in field) return value.map((item) => visitValue(field.entry, item, visit));
  return isConfigObject(value) ? visitObject(field, value, visit) : value;
}
