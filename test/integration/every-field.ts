import type { TraefikVersion } from "../../src/core/traefik/chart/dynamic-config.ts";
import { http } from "../../src/core/traefik/schema/http.ts";
import type { Field } from "../../src/core/traefik/schema/schema.ts";
import { fieldIn } from "../../src/core/traefik/schema/version.ts";

/**
 * An `http` section in which every field of a Traefik line occurs once, with a value of its kind. What no file may hold
 * is left out. Most objects make no sense, such as a middleware that is of every type at once, but all of it decodes.
 */
export function everyField(version: TraefikVersion): unknown {
  return sample(http, version);
}

function sample(field: Field, version: TraefikVersion): unknown {
  switch (field.kind) {
    case "string":
      return "text";
    case "any":
      return { setting: "text" };
    case "bool":
      return true;
    case "int":
    case "int64":
      return 1;
    case "duration":
      return "1s";
    case "list":
      return [sample(field.entry, version)];
    case "map":
      return { every: sample(field.entry, version) };
    case "object":
    case "struct":
      return Object.fromEntries(
        Object.entries(field.fields).flatMap(([name, declared]) => {
          const child = fieldIn(declared, version);
          return child === undefined || isLeftOut(child) ? [] : [[name, sample(child, version)]];
        }),
      );
  }
}

function isLeftOut({ hidden, internal, labelOnly }: Field): boolean {
  return hidden === true || internal === true || labelOnly === true;
}
