import { foldCase } from "../../../go/fold-case.ts";
import type { TraefikVersion } from "../vocabulary/traefik-version.ts";
import type { Field, ObjectField } from "./schema.ts";
import { fieldIn } from "./version.ts";

/** What a Traefik line makes of a key in a file. */
export interface FieldLine {
  /** The documented spelling. */
  readonly name: string;
  readonly field: Field;
  /** Does the line read it from files, and is that documented? */
  readonly inFiles: boolean;
  /** The first line that has it, where this one has not. */
  readonly since?: TraefikVersion;
}

/** Finds a field by the spelling of a file, where upper and lower case are equal. */
export function fieldLine(fields: ObjectField["fields"], key: string, version: TraefikVersion): FieldLine | undefined {
  const folded = foldCase(key);
  const found = Object.entries(fields).find(([name]) => foldCase(name) === folded);
  if (found === undefined) return undefined;
  const [name, declared] = found;
  const field = fieldIn(declared, version);
  if (field === undefined) {
    const { since } = declared;
    return { name, field: declared, inFiles: false, ...(since === undefined ? {} : { since }) };
  }
  const inFiles = field.internal !== true && field.labelOnly !== true && field.hidden !== true;
  return { name, field, inFiles };
}
