import { settingsSchema } from "../files/schema.ts";
import { type JsonSchema, jsonSchemaOf } from "../files/schema-problem.ts";
import { ENVIRONMENT, FLAGS, type SettingPath } from "./setting-origins.ts";

/** One setting as the reference page names it. */
export interface SettingReference {
  readonly path: SettingPath;
  readonly doc: string;
  /** The default as written in a settings file; undefined where there is none. */
  readonly fallback: unknown;
  readonly flag: string | undefined;
  readonly variable: string | undefined;
}

/** All settings, in the order of the schema. */
export function settingsReference(): readonly SettingReference[] {
  return [...walk(jsonSchemaOf(settingsSchema), "")];
}

function* walk(node: JsonSchema, path: SettingPath): Generator<SettingReference> {
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    const childPath = path === "" ? name : `${path}.${name}`;
    if (child.properties !== undefined && child.isDescribedElsewhere !== true) yield* walk(child, childPath);
    else {
      yield {
        path: childPath,
        doc: child.description ?? "",
        fallback: child.default,
        flag: nameOf(FLAGS, childPath),
        variable: nameOf(ENVIRONMENT, childPath),
      };
      if (child.items?.properties !== undefined) yield* walk(child.items, `${childPath}[]`);
    }
  }
}

/** The flag or variable that stands for a setting. */
function nameOf(table: Readonly<Record<string, SettingPath>>, path: SettingPath): string | undefined {
  return Object.entries(table).find(([, target]) => target === path)?.[0];
}
