import { foldCase } from "../../../go/fold-case.ts";
import { type SchemaNode, schemaFor } from "../schema/lookup.ts";
import type { Field } from "../schema/schema.ts";
import type { TraefikVersion } from "../vocabulary/traefik-version.ts";

/** Free texts, such as headers, may hold secrets. */
const free = (entry: Field): Field => ({ ...entry, secret: true });

/** The field that a tag's key names, without the prefix: `http.routers.web.tls`. Undefined where there is no such field. */
export function fieldAt(path: string, version: TraefikVersion): Field | undefined {
  let node: SchemaNode = schemaFor(version);
  let isName = false;
  for (const part of path.replaceAll(/\[\d+\]/g, "").split(".")) {
    if (part === "") return undefined;
    if (isName) {
      isName = false;
      continue;
    }
    if (node.field.kind === "map" && !("fields" in node.field.entry)) return free(node.field.entry);
    const child = node.children.get(foldCase(part));
    if (child === undefined) return undefined;
    node = child;
    isName = node.field.kind === "map";
  }
  if (node.field.kind === "map") return isName ? undefined : free(node.field.entry);
  return node.field;
}
