import { memoize } from "../../incremental/memoize.ts";
import {
  type ConfigObject,
  type ConfigValue,
  isConfigObject,
  SECTIONS,
  type Section,
} from "../chart/dynamic-config.ts";
import { entryField } from "../schema/entry-field.ts";
import type { Field } from "../schema/schema.ts";

/** A place that an object makes Traefik connect to. */
export interface Connection {
  /** The field that names it: `forwardAuth.address`, `loadBalancer.servers.url`. */
  readonly path: string;
  /** How it is written: as an absolute URL, or as `HOST:PORT`. */
  readonly form: "url" | "endpoint";
  /** As written, or as Traefik fills it in: a rate limit's Redis without end points is on Traefik's own machine. */
  readonly text: string;
}

/** Every place that an object names for Traefik to connect to, by the marks of the schema. Health checks are not among them. */
export function connectionsOf(section: Section, object: ConfigObject): readonly Connection[] {
  const found: Connection[] = [];
  collect(entryField(section), object, "", found);
  return found;
}

function collect(field: Field, value: ConfigValue, path: string, found: Connection[]): void {
  const { connects } = field;
  if (connects === "url" || connects === "endpoint") {
    const named = Array.isArray(value) ? value : [value];
    for (const one of named.length === 0 ? defaultsOf(field) : named) {
      found.push({ path, form: connects, text: String(one) });
    }
  } else if (Array.isArray(value)) {
    if ("entry" in field) for (const item of value) collect(field.entry, item, path, found);
  } else if (isConfigObject(value) && "fields" in field) {
    for (const [name, child] of connectingFields(field)) {
      const below = value[name] ?? (child.connects === undefined ? undefined : child.default);
      if (below !== undefined) collect(child, below, path === "" ? name : `${path}.${name}`, found);
    }
  }
}

function defaultsOf({ default: filledIn }: Field): readonly ConfigValue[] {
  return Array.isArray(filledIn) ? filledIn : [];
}

/** The fields of an object that name a place, or have one below them. */
const connectingFields = memoize((field: Field): readonly (readonly [string, Field])[] =>
  "fields" in field ? Object.entries(field.fields).filter(([, child]) => hasConnection(child)) : [],
);

function hasConnection(field: Field): boolean {
  if (field.connects === "url" || field.connects === "endpoint") return true;
  return "entry" in field ? hasConnection(field.entry) : connectingFields(field).length > 0;
}

/** The sections whose entries may name such a place. */
export const CONNECTING_SECTIONS: readonly Section[] = SECTIONS.filter((section) => hasConnection(entryField(section)));
