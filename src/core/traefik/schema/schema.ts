import type { ConfigValue } from "../vocabulary/config-value.ts";
import type { TraefikVersion } from "../vocabulary/traefik-version.ts";

/** What a value may name elsewhere in the configuration. */
export type Reference = "service" | "middleware" | "serversTransport" | "tlsOptions";

/**
 * Where a value leads Traefik, and who judges it there:
 *
 * | | the value | judged |
 * |---|---|---|
 * | `url` | an absolute URL that Traefik asks | as a backend (`connections/connections.ts` finds all of them) |
 * | `endpoint` | `HOST:PORT` that Traefik connects to | as a backend, too |
 * | `server` | a part of a server's address, in tags only | as the `url` or `endpoint` that it becomes |
 * | `check` | what a health check sends, and where | by the rules of health checks (`policy/health-check.ts`) |
 * | `plugin` | what only a plugin knows | not at all: a policy says who may use which plugin |
 * | `nothing` | sounds like an address and opens no connection: clients get it, it picks among those that there are, or names a file | |
 */
export type Connects = "url" | "endpoint" | "server" | "check" | "plugin" | "nothing";

/** The values that a tag may give a field. */
export interface Bounds {
  /** Of a number; of a duration in milliseconds, of which 0 and less stand for Traefik's own default. */
  readonly least?: number;
  /** Of a number; of a duration in milliseconds; of a list how many entries. */
  readonly most?: number;
  /** Of a list of users: the cost of a bcrypt hash, a power of two. */
  readonly mostHashCost?: number;
  /** What Traefik does with a value beyond, as the end of a sentence that begins with "traefik". */
  readonly because: string;
}

/** What is remarkable about a field, in the terms of Traefik's own declarations. */
export interface Marks {
  /** Unset differs from the zero value. */
  readonly optional?: true;
  /** Ignored in tags, with everything below it; a misspelt field below it is an error all the same. */
  readonly fileOnly?: true;
  /** Read from tags, ignored in files. */
  readonly labelOnly?: true;
  /** May stand without fields: a tag's value `true` or nothing, `{}` in a file. */
  readonly emptyOk?: true;
  /** Ignored in tags and in files. */
  readonly internal?: true;
  /** Undocumented, though a file may hold it: never to be written. */
  readonly hidden?: true;
  readonly deprecated?: true;
  /** No log, message or page may show the value. */
  readonly secret?: true;
  /** Tags know the field by this name, and define exactly one entry of the list. */
  readonly tagName?: string;
  /** Where the value leads Traefik; every field that sounds like an address, a URL or a port says so, also that it leads nowhere. */
  readonly connects?: Connects;
  /** What Traefik fills in as soon as the enclosing object exists; durations as Go prints them. */
  readonly default?: ConfigValue;
  /** The value (each element of a list) is the name of such a thing. */
  readonly refers?: Reference;
  /** What a tag may ask for here, where a small tag could cost Traefik much memory or work. */
  readonly bounds?: Bounds;
  /** The value (each element of a list) is a regular expression, which Traefik compiles for each router that leads to it. */
  readonly regex?: true;
  /** The keys of this map are the names of such things. */
  readonly defines?: "router" | "tlsStore" | Reference;
  /** The first Traefik line that has the field. */
  readonly since?: TraefikVersion;
  /** Marks that hold in one Traefik line only. */
  readonly in?: Partial<Record<TraefikVersion, Marks>>;
}

export interface ScalarField extends Marks {
  readonly kind: "string" | "bool" | "int" | "int64" | "duration" | "any";
}

export interface ObjectField extends Marks {
  /** `struct` is always there, `object` only when something asks for it. */
  readonly kind: "object" | "struct";
  readonly fields: Readonly<Record<string, Field>>;
}

export interface CollectionField extends Marks {
  readonly kind: "map" | "list";
  readonly entry: ScalarField | ObjectField;
}

/** One field of Traefik's dynamic configuration; its name is the key it is found under. */
export type Field = ScalarField | ObjectField | CollectionField;

/** Text, taken verbatim. */
export function string(marks: Marks = {}): ScalarField {
  return { kind: "string", ...marks };
}

/** One of Go's twelve spellings of true and false. */
export function bool(marks: Marks = {}): ScalarField {
  return { kind: "bool", ...marks };
}

/** A decimal number of 64 bits: Traefik is built for 64-bit machines, where Go's `int` is one. */
export function int(marks: Marks = {}): ScalarField {
  return { kind: "int", ...marks };
}

/** A decimal number of 64 bits. */
export function int64(marks: Marks = {}): ScalarField {
  return { kind: "int64", ...marks };
}

/** Go's duration syntax, or a bare number of seconds. */
export function duration(marks: Marks = {}): ScalarField {
  return { kind: "duration", ...marks };
}

/** Free form, as the settings of a plugin. */
export function any(marks: Marks = {}): ScalarField {
  return { kind: "any", ...marks };
}

/** Fields by their documented names; absent unless something asks for it. */
export function object(fields: Readonly<Record<string, Field>>, marks: Marks = {}): ObjectField {
  return { kind: "object", fields, ...marks };
}

/** Fields by their documented names; always there. */
export function struct(fields: Readonly<Record<string, Field>>, marks: Marks = {}): ObjectField {
  return { kind: "struct", fields, ...marks };
}

/** Entries under names that the operator chooses, in their own case. */
export function map(entry: CollectionField["entry"], marks: Marks = {}): CollectionField {
  return { kind: "map", entry, ...marks };
}

/** Entries in an order. */
export function list(entry: CollectionField["entry"], marks: Marks = {}): CollectionField {
  return { kind: "list", entry, ...marks };
}
