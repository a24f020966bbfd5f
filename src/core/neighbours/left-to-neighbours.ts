import { memoize } from "../incremental/memoize.ts";
import { patchConfig } from "../traefik/chart/config-patch.ts";
import {
  type DynamicConfig,
  type ResourceKey,
  resourceKey,
  SECTIONS,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { referencesOf } from "../traefik/chart/references.ts";
import { referredKey } from "../traefik/chart/referred-key.ts";
import { shapeOf } from "../traefik/chart/servers.ts";
import { type Neighbours, takesName } from "./neighbours.ts";

/** A published chart without what must not stay in it, whatever is held or kept for an absent owner. */
export interface LeftToNeighbours {
  readonly chart: DynamicConfig | undefined;
  /** What was taken out → the file that defines its name, or one that it refers to. */
  readonly left: ReadonlyMap<ResourceKey, string>;
}

/**
 * Takes the names that neighbours have out of the published chart, with what refers to them: by the same name it would reach
 * what the neighbour means. Kept there, they would go on in place of the neighbour's where Traefik reads the chart first.
 */
export function leaveToNeighbours(chart: DynamicConfig | undefined, neighbours: Neighbours): LeftToNeighbours {
  return chart === undefined || neighbours.names.size === 0 ? { chart, left: NONE } : left(neighbours)(chart);
}

const NONE: ReadonlyMap<ResourceKey, string> = new Map();

const left = memoize((neighbours: Neighbours) =>
  memoize((chart: DynamicConfig): LeftToNeighbours => {
    const taken = new Map<ResourceKey, string>();
    for (const [key, neighbour] of neighbours.names) {
      const { section, name } = splitKey(key);
      const object = chart[section].get(name);
      if (object !== undefined && takesName(neighbour, shapeOf(object))) taken.set(key, neighbour.file);
    }
    if (taken.size === 0) return { chart, left: NONE };
    for (let before = -1; before !== taken.size; ) {
      before = taken.size;
      for (const section of SECTIONS) {
        for (const [name, object] of chart[section]) {
          const key = resourceKey(section, name);
          if (taken.has(key)) continue;
          for (const reference of referencesOf(section, object)) {
            const target = referredKey(section, reference);
            const file = target === "" ? undefined : taken.get(target);
            if (file !== undefined) taken.set(key, file);
          }
        }
      }
    }
    const patch = patchConfig(chart);
    for (const key of taken.keys()) {
      const { section, name } = splitKey(key);
      patch.drop(section, name);
    }
    return { chart: patch.result(), left: taken };
  }),
);
