import { matchesGlob } from "../catalog/glob.ts";
import { memoize } from "../incremental/memoize.ts";
import { type Demand, plainName } from "../policy/required-middlewares.ts";
import {
  type ConfigObject,
  kindOf,
  protocolOf,
  type ResourceKey,
  type RouterSection,
  resourceKey,
  type Section,
  sectionsMade,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { referencesOf } from "../traefik/chart/references.ts";
import { referredKey } from "../traefik/chart/referred-key.ts";

/** What the names in a router mean. */
export interface Meanings {
  /** What is defined by a name; undefined where nothing is. */
  readonly objectAt: (section: Section, name: string) => ConfigObject | undefined;
  /** Do tags define the middleware of this plain name? Then it is none of the operator's. */
  readonly isOfTags: (middleware: string) => boolean;
  /** What is demanded of routers that lead to this service of Traefik's. */
  readonly demandsAt: (service: ResourceKey) => readonly Demand[];
}

/**
 * A demand that a router does not meet:
 *
 * | kind | the router |
 * |---|---|
 * | `lacks` | is without a middleware |
 * | `late` | has it after one that leads to the service by itself, as error pages do |
 * | `past` | is of a protocol without middlewares of HTTP |
 */
export type Unmet = {
  readonly demand: Demand;
  /** The service of Traefik's to which it leads; undefined where the demand is of the rule of its own service. */
  readonly towards: ResourceKey | undefined;
} & (
  | { readonly kind: "past" }
  | ({ readonly kind: "lacks" } & Missing)
  /** `before`: the middleware that it comes to first, as the router names it. */
  | ({ readonly kind: "late"; readonly before: string } & Missing)
);

interface Missing {
  /** The middlewares, as the policy names them. */
  readonly missing: readonly string[];
  /** Those of them, as plain names, that tags define as their own. */
  readonly definedByTags: readonly string[];
}

/**
 * The first demand that a router does not meet, of those of its own service and of those of all services that it leads to: by
 * its service, by what that is made of, or by the error pages of its middlewares.
 *
 * A router of HTTP has a middleware that it names itself. A chain that holds it does not count: what is in it may change
 * without the router.
 *
 * @param own what the rule of the router's own service demands
 */
export function unmetDemand(
  section: RouterSection,
  router: ConfigObject,
  own: Demand | undefined,
  meanings: Meanings,
): Unmet | undefined {
  const protocol = protocolOf(section);
  const demands: Directed[] = own === undefined ? [] : [{ demand: own, towards: undefined }];
  demands.push(...demandsBehind(section, router, meanings));
  const named = namedBy(router);
  if (protocol === "tcp" || protocol === "udp") {
    const entryPoints = textsOf(router["entryPoints"]);
    for (const directed of demands) {
      const { demand } = directed;
      if (protocol === "tcp" && demand.isAllowList === true) {
        const missing = missingIn(named, demand, meanings);
        if (missing !== undefined) return { kind: "lacks", ...directed, ...missing };
      } else if (!isListed(entryPoints, demand.entryPoints[protocol])) return { kind: "past", ...directed };
    }
    return undefined;
  }
  for (const directed of demands) {
    const missing = missingIn(named, directed.demand, meanings);
    if (missing !== undefined) return { kind: "lacks", ...directed, ...missing };
  }
  return firstLate(named, meanings);
}

/** A demand, and the service of Traefik's to which it leads. */
export type Directed = Pick<Unmet, "demand" | "towards">;

/** The demands of all services that a router leads to, in whatever way. */
export function* demandsReached(section: RouterSection, router: ConfigObject, meanings: Meanings): Generator<Directed> {
  for (const led of ledTo[section](router)) yield* demandsFrom(led, meanings);
}

/** The demands of the services that error pages lead to count where the request comes to those. */
function firstLate(named: readonly Named[], meanings: Meanings): Unmet | undefined {
  for (const [position, { text: before, led }] of named.entries()) {
    for (const directed of demandsFrom(led, meanings)) {
      const missing = missingIn(named.slice(0, position), directed.demand, meanings);
      if (missing !== undefined) return { kind: "late", ...directed, ...missing, before };
    }
  }
  return undefined;
}

function missingIn(named: readonly Named[], { middlewares }: Demand, { isOfTags }: Meanings): Missing | undefined {
  const present = new Set(named.map(({ led }) => led.name).filter((name) => !isOfTags(name)));
  const missing = middlewares.filter((one) => !present.has(plainName(one)));
  return missing.length === 0 ? undefined : { missing, definedByTags: missing.map(plainName).filter(isOfTags) };
}

/** The demands of the services that a router leads to by its service. */
function* demandsBehind(section: RouterSection, router: ConfigObject, meanings: Meanings): Generator<Directed> {
  for (const led of ledTo[section](router)) if (isService(led)) yield* demandsFrom(led, meanings);
}

/** The demands of all services that a service or a middleware leads to, its own included. */
function* demandsFrom(led: Led, meanings: Meanings, seen: Set<ResourceKey> = new Set()): Generator<Directed> {
  const { key, section, name } = led;
  if (seen.has(key)) return;
  seen.add(key);
  const object = meanings.objectAt(section, name);
  if (object === undefined) return;
  if (isService(led)) for (const demand of meanings.demandsAt(key)) yield { demand, towards: key };
  for (const next of ledTo[section](object)) yield* demandsFrom(next, meanings, seen);
}

/** A service or a middleware that something leads to. */
interface Led {
  readonly key: ResourceKey;
  readonly section: Section;
  readonly name: string;
}

/** Remembered for each object: thousands of routers are asked in each pass. */
const ledTo = sectionsMade((section) =>
  memoize((object: ConfigObject): readonly Led[] =>
    referencesOf(section, object)
      .filter(({ kind }) => kind === "service" || kind === "middleware")
      .map((reference) => referredKey(section, reference))
      .filter((key) => key !== "")
      .map(ledAt),
  ),
);

/** A middleware that a router names, and how it is written there. */
interface Named {
  readonly text: string;
  readonly led: Led;
}

const namedBy = memoize((router: ConfigObject): readonly Named[] =>
  textsOf(router["middlewares"]).map((text) => ({
    text,
    led: ledAt(resourceKey("http/middlewares", plainName(text))),
  })),
);

function ledAt(key: ResourceKey): Led {
  return { key, ...splitKey(key) };
}

function isService({ section }: Led): boolean {
  return kindOf(section) === "services";
}

function isListed(entryPoints: readonly string[], allowed: readonly string[] | undefined): boolean {
  return (
    allowed !== undefined &&
    entryPoints.length > 0 &&
    entryPoints.every((one) => allowed.some((glob) => matchesGlob(glob, one)))
  );
}

function textsOf(value: ConfigObject[string] | undefined): readonly string[] {
  return [value ?? []].flat().map(String);
}
