import { z } from "zod";
import { settingsSchema } from "./files/schema.ts";
import { ENVIRONMENT, FLAGS, type SettingPath } from "./resolve/origins.ts";

/** One setting as the reference page and messages name it. */
export interface SettingReference {
  readonly path: SettingPath;
  readonly doc: string;
  /** As written in a settings file; undefined where there is none. */
  readonly fallback: unknown;
  readonly flag: string | undefined;
  readonly variable: string | undefined;
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly description?: string;
  /** Its fields are those of another section. */
  readonly isToldElsewhere?: boolean;
  readonly default?: unknown;
}

let cached: JsonSchema | undefined;

function schema(): JsonSchema {
  cached ??= z.toJSONSchema(settingsSchema, { io: "input", unrepresentable: "any" }) as JsonSchema;
  return cached;
}

/** All settings, in the order of the schema. */
export function settingsReference(): readonly SettingReference[] {
  return [...walk(schema(), "")];
}

function* walk(node: JsonSchema, path: SettingPath): Generator<SettingReference> {
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    const childPath = path === "" ? name : `${path}.${name}`;
    if (child.properties !== undefined && child.isToldElsewhere !== true) yield* walk(child, childPath);
    else {
      yield {
        path: childPath,
        doc: child.description ?? "",
        fallback: child.default,
        flag: keyOf(FLAGS, childPath),
        variable: keyOf(ENVIRONMENT, childPath),
      };
      if (child.items?.properties !== undefined) yield* walk(child.items, `${childPath}[]`);
    }
  }
}

function keyOf(table: Readonly<Record<string, SettingPath>>, path: SettingPath): string | undefined {
  return Object.entries(table).find(([, target]) => target === path)?.[0];
}

/** The names that are allowed inside the object at this path; list positions are any number. */
export function allowedKeys(path: readonly string[]): readonly string[] {
  let node: JsonSchema | undefined = schema();
  for (const key of path) node = /^\d+$/.test(key) ? node?.items : node?.properties?.[key];
  return Object.keys(node?.properties ?? {});
}
