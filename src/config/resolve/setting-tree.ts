import type { SettingPath } from "./setting-origins.ts";

/** Settings before they are checked: mappings within mappings, as YAML brought them. */
export interface SettingTree {
  [key: string]: unknown;
}

export function isSettingTree(value: unknown): value is SettingTree {
  return value instanceof Object && !Array.isArray(value);
}

/** Puts a value into the tree; what stands in the way of its path is replaced. */
export function placeSetting(tree: SettingTree, path: SettingPath, value: string | boolean): void {
  const keys = path.split(".");
  const last = keys.pop() ?? path;
  let at = tree;
  for (const key of keys) {
    const next = at[key];
    const child = isSettingTree(next) ? next : {};
    at[key] = child;
    at = child;
  }
  at[last] = value;
}
