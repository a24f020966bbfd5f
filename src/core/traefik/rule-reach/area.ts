import { ANY_TEXT, intersection, type TextSet } from "./text-set.ts";

/** Requests to these hosts with these paths; `isNarrowed`: only some of them, by something else than host and path. */
export interface Area {
  readonly host: TextSet;
  readonly path: TextSet;
  readonly isNarrowed: boolean;
}

/** Everything that a rule can match: the union of its areas. It may be more than the rule matches, never less. */
export type Reach = readonly Area[];

export const EVERYTHING: Area = { host: ANY_TEXT, path: ANY_TEXT, isNarrowed: false };

/** The requests that are in both areas; undefined where there are surely none. */
export function commonArea(one: Area, other: Area): Area | undefined {
  const host = intersection(one.host, other.host);
  const path = host && intersection(one.path, other.path);
  return host && path && { host, path, isNarrowed: one.isNarrowed || other.isNarrowed };
}

/** The paths of an area, where all that begin with a slash are all paths: every path begins with one. */
export function wholePaths(path: TextSet): TextSet {
  return path.prefix === "/" && !path.isExact ? { ...path, prefix: "" } : path;
}
