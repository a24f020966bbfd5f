import type { TraefikVersion } from "../vocabulary/traefik-version.ts";
import { ROOT } from "./root.ts";
import type { Field, ObjectField } from "./schema.ts";
import { fieldIn } from "./version.ts";

/** A field and where it lies: `http.routers.<name>.tls.domains[].main`. */
export interface FieldPath {
  readonly path: string;
  /** As the Traefik line declares it. */
  readonly field: Field;
}

/** Every field that the Traefik line has, parents before their fields, in the order of the documentation. */
export function* fieldPaths(version: TraefikVersion): Generator<FieldPath> {
  yield* below(ROOT, "", version);
}

function* below(parent: ObjectField, prefix: string, version: TraefikVersion): Generator<FieldPath> {
  for (const [name, declared] of Object.entries(parent.fields)) {
    const field = fieldIn(declared, version);
    if (field === undefined) continue;
    const path = prefix + name;
    yield { path, field };
    if ("fields" in field) yield* below(field, `${path}.`, version);
    else if ("entry" in field && "fields" in field.entry) {
      yield* below(field.entry, field.kind === "map" ? `${path}.<name>.` : `${path}[].`, version);
    }
  }
}
