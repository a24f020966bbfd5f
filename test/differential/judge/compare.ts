import { ROOT } from "../../../src/core/traefik/schema/root.ts";
import type { Field } from "../../../src/core/traefik/schema/schema.ts";
import { fieldIn } from "../../../src/core/traefik/schema/version.ts";
import type { Plain } from "../../support/oracle.ts";

/** One place where two configurations differ. */
export interface Difference {
  readonly path: string;
  /** What Traefik's own provider made; undefined for nothing. */
  readonly builtin: Plain | undefined;
  /** What Traefik read from the chart. */
  readonly chart: Plain | undefined;
}

/**
 * What a catalog provider of Traefik's sent, in the form that a chart of the same meaning has: references to its own
 * things are to the file's, and the mark of default-rule routers, which no file can hold, is gone.
 */
export function asChart(config: Plain): Plain {
  return canonical(translate(config, ROOT));
}

/** Without empty sections, and with servers in one order: their order has no meaning for traffic. */
export function canonical(config: Plain): Plain {
  const sections = Object.entries(fields(config)).flatMap(([protocol, kinds]): [string, Plain][] => {
    const filled = Object.entries(fields(kinds)).filter(([, entries]) => Object.keys(fields(entries)).length > 0);
    return filled.length === 0 ? [] : [[protocol, sortServers(plainObject(filled))]];
  });
  return plainObject(sections);
}

/** All places where they differ, in the order of the first. */
export function differences(builtin: Plain | undefined, chart: Plain | undefined, path = ""): readonly Difference[] {
  if (isObject(builtin) && isObject(chart)) {
    const names = new Set([...Object.keys(builtin), ...Object.keys(chart)]);
    return [...names].flatMap((name) =>
      differences(own(builtin, name), own(chart, name), path === "" ? name : `${path}.${JSON.stringify(name)}`),
    );
  }
  return JSON.stringify(builtin) === JSON.stringify(chart) ? [] : [{ path, builtin, chart }];
}

/** One line for the report. */
export function describeDifference({ path, builtin, chart }: Difference): string {
  return `${path}: Traefik has ${shown(builtin)}, portolan ${shown(chart)}`;
}

function shown(value: Plain | undefined): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

function translate(value: Plain, field: Field | undefined): Plain {
  if (field === undefined) return value;
  if (typeof value === "string") return field.refers === undefined ? value : value.replace(OWN_PROVIDER, "@file");
  if (Array.isArray(value)) return value.map((each) => translate(each, entryOf(field)));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([name, inner]): [string, Plain][] => {
    if ("fields" in field && name === "defaultRule") return [];
    return [[name, translate(inner, "fields" in field ? fieldNamed(field, name) : entryOf(field))]];
  });
  return plainObject(entries);
}

const OWN_PROVIDER = /@(consulcatalog|nomad)(-[^@]*)?$/;

function fieldNamed(field: Field, name: string): Field | undefined {
  const declared = "fields" in field && Object.hasOwn(field.fields, name) ? field.fields[name] : undefined;
  return declared === undefined ? undefined : fieldIn(declared, "3.6");
}

/** A list of names refers as a whole. */
function entryOf(field: Field): Field | undefined {
  if (!("entry" in field)) return undefined;
  return field.refers === undefined ? field.entry : { ...field.entry, refers: field.refers };
}

function sortServers(value: Plain): Plain {
  if (Array.isArray(value)) return value.map(sortServers);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([name, inner]): [string, Plain] => {
    if (name !== "servers" || !Array.isArray(inner)) return [name, sortServers(inner)];
    const servers = inner.map((server) => JSON.stringify(server)).sort();
    return [name, servers.map((server) => JSON.parse(server) as Plain)];
  });
  return plainObject(entries);
}

type PlainObject = { readonly [name: string]: Plain };

function isObject(value: Plain | undefined): value is PlainObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fields(value: Plain): PlainObject {
  return isObject(value) ? value : {};
}

function own(object: PlainObject, name: string): Plain | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** A router may be called `__proto__`. */
function plainObject(entries: readonly (readonly [string, Plain])[]): PlainObject {
  return Object.fromEntries(entries);
}
