import { isSettingTree, type SettingTree } from "./setting-tree.ts";

/** What came of settings under names of earlier versions. */
export interface RenamedSettings {
  /** Each begins with the old path. */
  readonly warnings: readonly string[];
  readonly errors: readonly string[];
}

/**
 * Moves settings that an earlier version called otherwise to where they are now. `ports.nomad` is `schedulers`: these Nomads
 * are asked for more than ports.
 */
export function moveRenamed(tree: SettingTree): RenamedSettings {
  const { ports } = tree;
  if (!isSettingTree(ports) || ports["nomad"] === undefined) return { warnings: [], errors: [] };
  const { nomad, ...rest } = ports;
  tree["ports"] = rest;
  if (tree["schedulers"] !== undefined) {
    return {
      warnings: [],
      errors: ["ports.nomad: found beside schedulers, its new name; put all entries into schedulers"],
    };
  }
  tree["schedulers"] = nomad;
  return {
    warnings: ["ports.nomad: is called schedulers now; move the list to schedulers at the top of the file"],
    errors: [],
  };
}
