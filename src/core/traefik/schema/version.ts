import { TRAEFIK_VERSIONS, type TraefikVersion } from "../vocabulary/traefik-version.ts";
import type { Field } from "./schema.ts";

/** The field as a Traefik line declares it, or nothing where the line does not have it. */
export function fieldIn(field: Field, version: TraefikVersion): Field | undefined {
  if (field.since !== undefined && TRAEFIK_VERSIONS.indexOf(field.since) > TRAEFIK_VERSIONS.indexOf(version)) return;
  const changes = field.in?.[version];
  return changes === undefined ? field : { ...field, ...changes };
}
