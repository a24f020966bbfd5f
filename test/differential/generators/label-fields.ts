import { type FieldPath, fieldPaths } from "../../../src/core/traefik/schema/field-paths.ts";
import type { Field } from "../../../src/core/traefik/schema/schema.ts";

/** A field that a tag can set or try to set, and its key behind the prefix: `http.routers.<name>.tls.domains[].main`. */
export interface LabelField {
  /** As in the table of fields. */
  readonly path: string;
  /** As in tags, where some fields have another name. `<name>` and `[]` are still to be filled in. */
  readonly key: string;
  readonly field: Field;
  /** Traefik ignores it in tags, with everything below it. */
  readonly isIgnored: boolean;
}

/** Every field of Traefik 3.6 that a tag can name, objects that may stand alone and maps of scalars included. */
export const LABEL_FIELDS: readonly LabelField[] = labelFields();

function labelFields(): readonly LabelField[] {
  const all = new Map<string, FieldPath>([...fieldPaths("3.6")].map((each) => [each.path, each]));
  return [...all.values()].flatMap(({ path, field }) => {
    const isStore = path.startsWith("tls.");
    if ("entry" in field && "fields" in field.entry && field.emptyOk !== true) return [];
    if (field.kind === "object" && field.emptyOk !== true) return [];
    if (field.kind === "struct" || (isStore && !path.startsWith("tls.stores."))) return [];
    const above = ancestors(path).flatMap((each) => all.get(each)?.field ?? []);
    return [{ path, key: keyOf(path, all), field, isIgnored: [...above, field].some(isIgnoredInTags) }];
  });
}

function isIgnoredInTags({ fileOnly, internal }: Field): boolean {
  return fileOnly === true || internal === true;
}

/** `a.<name>.b[].c` → `a`, `a.<name>.b`. */
function ancestors(path: string): readonly string[] {
  const parts = path.split(".");
  return parts.slice(1).map((_, index) =>
    parts
      .slice(0, index + 1)
      .join(".")
      .replace(/\[\]$|\.<name>$/g, ""),
  );
}

/** Traefik reads `server` where the documentation says `servers`, without an index. */
function keyOf(path: string, all: ReadonlyMap<string, FieldPath>): string {
  const parts = path.split(".");
  const named = parts.map((part, index) => {
    const full = parts.slice(0, index + 1).join(".");
    return all.get(full.replace(/\[\]$/, ""))?.field.tagName ?? part;
  });
  return named.join(".").replace("tls.stores.<name>", "tls.stores.default");
}
