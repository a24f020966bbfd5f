import { isMapping } from "../../../base/mapping.ts";
import { type ConfigValue, configObject } from "../vocabulary/config-value.ts";
import { LIST_SEPARATOR } from "./scalar-field.ts";

/**
 * The settings of a plugin as a file gives them. They have no schema, and Traefik reads them from the chart as it would
 * from the file, so that they pass as they are, without nulls. Whether one is a secret is unknown here.
 *
 * @param refuse called once for each value that a file cannot hold
 */
export function decodeFreeForm(value: unknown, refuse: () => void): ConfigValue | undefined {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) {
    return value.map((item) => decodeFreeForm(item, refuse)).filter((item) => item !== undefined);
  }
  if (isMapping(value)) {
    const object = configObject();
    for (const [name, child] of Object.entries(value)) {
      const decoded = decodeFreeForm(child, refuse);
      if (decoded !== undefined) object[name] = decoded;
    }
    return object;
  }
  if (typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))) return value;
  if (typeof value === "string" && !value.includes(LIST_SEPARATOR)) return value;
  refuse();
  return undefined;
}
