import { fieldPaths } from "../src/core/traefik/schema/field-paths.ts";
import type { Field } from "../src/core/traefik/schema/schema.ts";

/** One field that tags can set. */
export interface TagField {
  /** `traefik.http.routers.<name>.rule` */
  readonly key: string;
  readonly type: string;
  /** What Traefik takes where the tag is missing; empty where it is nothing in particular. */
  readonly fallback: string;
  readonly remarks: string;
}

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  bool: "true or false",
  int: "integer",
  int64: "integer",
  duration: "duration",
  any: "free form",
};

/** Every key that tags can have, from the table of fields by which tags are decoded. */
export function tagFields(): readonly TagField[] {
  const older = new Set([...fieldPaths("3.6")].map(({ path }) => path));
  const closed: string[] = [];
  const fields: TagField[] = [];
  for (const { path, field } of fieldPaths("3.7")) {
    const isPortOfServer = path === "tcp.services.<name>.loadBalancer.servers[].port";
    const isClosed = field.fileOnly || field.internal || (field.hidden && !isPortOfServer);
    if (isClosed || closed.some((parent) => path.startsWith(parent))) {
      if (isClosed) closed.push(`${path}.`, `${path}[].`);
      continue;
    }
    if (("fields" in field || "entry" in field) && !isLeaf(field)) continue;
    fields.push({
      key: `traefik.${path.replace("servers[]", "server").replaceAll("[]", "[0]").replace("stores.<name>", "stores.default")}`,
      type: typeOf(field),
      fallback: field.default === undefined || typeof field.default === "object" ? "" : String(field.default),
      remarks: remarksOf(field, !older.has(path)),
    });
  }
  return fields;
}

/** Lists of texts, maps of texts and of plugins, and objects that a bare tag switches on. */
function isLeaf(field: Field): boolean {
  if ("entry" in field) return !("fields" in field.entry);
  return field.emptyOk === true;
}

function typeOf(field: Field): string {
  if ("entry" in field) return field.kind === "list" ? "texts, separated by commas" : "any key below it, with a text";
  if ("fields" in field) return "true, or the fields below it";
  return TYPES[field.kind] ?? field.kind;
}

function remarksOf(field: Field, isNew: boolean): string {
  const remarks = [
    isNew ? "from 3.7 on" : "",
    field.deprecated === true ? "deprecated" : "",
    field.secret === true ? "never shown in a log" : "",
    field.refers === undefined ? "" : `names ${field.refers === "tlsOptions" ? "TLS options" : `a ${field.refers}`}`,
  ];
  return remarks.filter(Boolean).join("; ");
}
