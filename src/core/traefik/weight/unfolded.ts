import {
  type ConfigObject,
  type DynamicConfig,
  type ResourceKey,
  resourceKey,
  type Section,
  splitKey,
} from "../chart/dynamic-config.ts";
import { type NamedReference, referencesOf } from "../chart/references.ts";
import { referredKey } from "../chart/referred-key.ts";
import { ownWeight } from "./own-weight.ts";

/** What Traefik builds for one thing with all that it leads to, as often as it leads there. */
export interface Unfolded {
  /** Memory, in KiB. */
  readonly kib: number;
  /** How many middlewares and services it comes to. */
  readonly parts: number;
  /** How many requests one request may become. */
  readonly requests: number;
  /** How many references follow each other at most. */
  readonly depth: number;
  /** It leads to a thing that leads back to itself: Traefik refuses that, after it has built the rest. */
  readonly isCircular: boolean;
}

/** Key → what it unfolds to. Only of what refers to something, and of what is referred to. */
export type Sizes = Map<ResourceKey, Unfolded>;

/** Beyond this it is only known to be too much. */
const ENDLESS = 1e15;
/** A middleware of a file that portolan does not see, or of another provider: as a short chain. */
const UNKNOWN: Unfolded = { kib: 16, parts: 8, requests: 1, depth: 1, isCircular: false };

/**
 * What an object unfolds to. Traefik builds the chain of middlewares of each router anew, so that a chain that names the next
 * one twice doubles with every step. Services of HTTP it builds once, those of TCP and UDP for each that leads there; here all
 * count each time.
 *
 * | object | memory and parts | requests |
 * |---|---|---|
 * | router, chain, any middleware | its own, and those of all that it refers to | its own, times those of all that it refers to |
 * | weighted, failover | the same | the greatest of those that it refers to |
 * | mirroring | the same | the sum of those that it refers to |
 *
 * @param sizes what is known already of this configuration; what is found is added
 */
export function unfold(config: DynamicConfig, section: Section, name: string, sizes: Sizes): Unfolded {
  const root = resourceKey(section, name);
  // Not by recursion: tags of several services can make a path of thousands.
  const path: ResourceKey[] = [root];
  const isOnPath = new Set<ResourceKey>();
  const inCircle = new Set<ResourceKey>();
  for (let key = path.at(-1); key !== undefined; key = path.at(-1)) {
    const at = splitKey(key);
    const object = config[at.section].get(at.name);
    if (sizes.has(key) || object === undefined) {
      path.pop();
      continue;
    }
    const targets = targetsOf(config, at.section, object);
    if (!isOnPath.has(key)) {
      isOnPath.add(key);
      if (targets.some((target) => isOnPath.has(target))) inCircle.add(key);
      const unknown = targets.filter((target) => !sizes.has(target) && !isOnPath.has(target));
      path.push(...new Set(unknown));
      if (unknown.length > 0) continue;
    }
    isOnPath.delete(key);
    path.pop();
    sizes.set(key, sum(at.section, object, targets, sizes, inCircle.has(key)));
  }
  return sizes.get(root) ?? UNKNOWN;
}

/** The keys that the thing refers to, of what is built with it. */
export function targetsIn(config: DynamicConfig, key: ResourceKey): readonly ResourceKey[] {
  const { section, name } = splitKey(key);
  const object = config[section].get(name);
  return object === undefined ? [] : targetsOf(config, section, object);
}

/**
 * The keys that an object refers to, of what is built with it. Services that refer to nothing are built once, and left out;
 * so are those of other providers.
 */
function targetsOf(config: DynamicConfig, section: Section, object: ConfigObject): readonly ResourceKey[] {
  const targets: ResourceKey[] = [];
  for (const reference of referencesOf(section, object)) {
    const key = isBuiltWith(reference) ? referredKey(section, reference) : "";
    if (key === "") continue;
    if (reference.kind === "service") {
      const at = splitKey(key);
      const service = config[at.section].get(at.name);
      if (service === undefined || !referencesOf(at.section, service).some(isBuiltWith)) continue;
    }
    targets.push(key);
  }
  return targets;
}

function isBuiltWith({ kind }: NamedReference): boolean {
  return kind === "middleware" || kind === "service";
}

function sum(
  section: Section,
  object: ConfigObject,
  targets: readonly ResourceKey[],
  sizes: Sizes,
  isInCircle: boolean,
): Unfolded {
  const own = ownWeight(section, object);
  const combine = requestsOf(object);
  let { kib, requests } = own;
  let [parts, depth, isCircular] = [1, 0, isInCircle];
  for (const target of targets) {
    const below = sizes.get(target) ?? UNKNOWN;
    kib += below.kib;
    parts += below.parts;
    depth = Math.max(depth, below.depth + 1);
    requests = combine(requests, below.requests);
    isCircular ||= below.isCircular;
  }
  return {
    kib: Math.min(kib, ENDLESS),
    parts: Math.min(parts, ENDLESS),
    requests: Math.min(requests, ENDLESS),
    depth,
    isCircular,
  };
}

/** How the requests of what an object refers to come together. */
function requestsOf(object: ConfigObject): (one: number, other: number) => number {
  if (object["mirroring"] !== undefined) return (one, other) => one + other;
  const isOneOf = ["weighted", "highestRandomWeight", "failover"].some((type) => object[type] !== undefined);
  return isOneOf ? Math.max : (one, other) => one * other;
}
