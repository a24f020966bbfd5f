import type { Finding } from "../../diagnostics/finding.ts";
import { type DynamicConfig, type ResourceKey, resourceKey, SECTIONS } from "../chart/dynamic-config.ts";
import { type Sizes, targetsIn, type Unfolded, unfold } from "./unfolded.ts";

/*
 * What one router, and with it one middleware, may unfold to. A router of a large site comes to twenty parts and some 200 KiB;
 * Traefik builds the greatest that is allowed in some 20 ms.
 */
const MOST_PARTS = 500;
const MOST_KIB = 8 * 1024;
const MOST_REQUESTS = 1_000;
const MOST_DEPTH = 100;

/** Whether Traefik must not be given what unfolds to this. */
export function isFlawed({ kib, parts, requests, depth, isCircular }: Unfolded): boolean {
  return isCircular || parts > MOST_PARTS || kib > MOST_KIB || requests > MOST_REQUESTS || depth > MOST_DEPTH;
}

/** What is wrong with the first thing on the way from a flawed one that is flawed by itself, or lies in a circle. */
export interface RootFlaw {
  readonly key: ResourceKey;
  readonly finding: Finding;
  /** The key itself, or of a circle the first one by name. */
  readonly toldAt: ResourceKey;
}

/** @param sizes with that of the flawed one */
export function rootFlaw(config: DynamicConfig, flawed: ResourceKey, sizes: Sizes): RootFlaw {
  const isCircular = sizes.get(flawed)?.isCircular === true;
  const way: ResourceKey[] = [];
  const isOnWay = new Set<ResourceKey>();
  for (let key: ResourceKey | undefined = flawed; key !== undefined && !isOnWay.has(key); ) {
    way.push(key);
    isOnWay.add(key);
    key = targetsIn(config, key).find((target) => {
      const size = sizes.get(target);
      return size !== undefined && (isCircular ? size.isCircular : isFlawed(size));
    });
    if (key !== undefined && isOnWay.has(key)) return circle(way.slice(way.indexOf(key)));
  }
  const last = way.at(-1) ?? flawed;
  return { key: last, finding: tooLarge(last, sizes.get(last)), toldAt: last };
}

function circle(members: readonly ResourceKey[]): RootFlaw {
  const [first = members[0], ...others] = members.toSorted();
  if (first === undefined) throw new Error(`a circle has no members: ${others}`);
  const at = members.indexOf(first);
  const path = [...members.slice(at), ...members.slice(0, at), first];
  const shown = path.length > 8 ? [...path.slice(0, 4), "…", ...path.slice(-3)] : path;
  return {
    key: first,
    finding: {
      code: "REFERENCE_CIRCULAR",
      message: `${first} leads back to itself: ${shown.join(" → ")}`,
      remedy: "take one of these references out",
    },
    toldAt: first,
  };
}

function tooLarge(key: ResourceKey, size: Unfolded | undefined): Finding {
  const { kib = 0, parts = 0, requests = 0, depth = 0 } = size ?? {};
  const [found, most] =
    parts > MOST_PARTS
      ? [`${numeral(parts)} middlewares and services`, String(MOST_PARTS)]
      : kib > MOST_KIB
        ? [`${numeral(Math.ceil(kib))} KiB of Traefik's memory`, `${MOST_KIB} KiB`]
        : requests > MOST_REQUESTS
          ? [
              `so many requests for each single one, by attempts that multiply: ${numeral(requests)}`,
              String(MOST_REQUESTS),
            ]
          : [`a chain of ${depth} references`, String(MOST_DEPTH)];
  return {
    code: "BUDGET_EXCEEDED",
    message: `${key} unfolds to ${found}, with all that it refers to and as often as it does; one router may come to ${most}`,
    remedy: "name each middleware once, and fewer or smaller ones",
  };
}

function numeral(count: number): string {
  return count > 1e9 ? "more than a thousand million" : String(count);
}

/** What is wrong in a configuration, each cause once: what would be built too large, or leads back to itself. */
export function flawsIn(config: DynamicConfig): ReadonlyMap<ResourceKey, Finding> {
  const sizes: Sizes = new Map();
  const flaws = new Map<ResourceKey, Finding>();
  for (const section of SECTIONS) {
    for (const name of config[section].keys()) {
      if (!isFlawed(unfold(config, section, name, sizes))) continue;
      const { toldAt, finding } = rootFlaw(config, resourceKey(section, name), sizes);
      flaws.set(toldAt, finding);
    }
  }
  return flaws;
}
