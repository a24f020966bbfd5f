import { isSettingTree, type SettingTree } from "./setting-tree.ts";

/** Writes out what may be written shortly: `api: URL` for `api: { address: URL }`, in `traefik` and in each edge. Changes the tree. */
export function writeOutShortForms(tree: SettingTree): void {
  const { traefik, edges } = tree;
  for (const section of [traefik, ...(Array.isArray(edges) ? edges : [])]) {
    if (isSettingTree(section) && typeof section["api"] === "string") section["api"] = { address: section["api"] };
  }
}

/** What of `traefik` and `edges` routes depend on: not where Traefik's API is, which decides about none. */
export function withoutApi(section: unknown): unknown {
  if (Array.isArray(section)) return section.map(withoutApi);
  if (!isSettingTree(section) || section["api"] === undefined) return section;
  const { api: _, ...others } = section;
  return others;
}
