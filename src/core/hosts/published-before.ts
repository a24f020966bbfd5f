import { memoize } from "../incremental/memoize.ts";
import type { Owner } from "../merge/owner.ts";
import type { ConfigObject, DynamicConfig, ResourceKey, RouterSection } from "../traefik/chart/dynamic-config.ts";
import { reachOfRouter } from "../traefik/rule-reach/reach.ts";
import { bySeniority, type Claimant } from "./claimant.ts";

/** What is known from before this pass about who was first. */
export interface Past {
  /** The published chart; undefined where there is none. */
  readonly chart: DynamicConfig | undefined;
  /** What was asked for and might be had by the earlier pass, whatever it lacked to be published; undefined after a restart. */
  readonly accepted: DynamicConfig | undefined;
  /** Name in the published chart → its owner. */
  readonly nameOwners: ReadonlyMap<ResourceKey, Owner>;
  /** Host → the catalog service that owns it by the earlier pass. */
  readonly hostOwners: ReadonlyMap<string, string>;
}

/** Whether the published chart has a router of the same name and owner that names the host. */
export function wasPublishedAt(host: string, claimant: Claimant, past: Past): boolean {
  const published = publishedRouter(claimant, past);
  return published !== undefined && namesHost(claimant.section, published, host);
}

/** Whether the published chart has this very router, with the same rule and the same priority. */
export function wasPublished(claimant: Claimant, past: Past): boolean {
  if (claimant.kind === "absent") return true;
  const published = publishedRouter(claimant, past);
  return (
    published !== undefined && (published === claimant.object || matcherOf(published) === matcherOf(claimant.object))
  );
}

/** What decides which requests a router gets. */
const matcherOf = memoize((router: ConfigObject): string => {
  const { rule, ruleSyntax, entryPoints, priority, tls } = router;
  return JSON.stringify([rule, ruleSyntax, entryPoints, priority, tls !== undefined]);
});

/** The router as the published chart has it, or might have had it; undefined where it belonged to another service. */
function publishedRouter({ key, section, name, service }: Claimant, past: Past): ConfigObject | undefined {
  const owner = past.nameOwners.get(key)?.service ?? service;
  return owner === service ? (past.chart?.[section].get(name) ?? past.accepted?.[section].get(name)) : undefined;
}

function namesHost(section: RouterSection, router: ConfigObject, host: string): boolean {
  const { areas = [] } = reachOfRouter(section, router);
  return areas.some((area) => area.host.isExact && area.host.prefix === host);
}

/** Who is served first where nothing else decides; lower comes first. */
const PRECEDENCE = { operator: 0, publishedBefore: 1, absentOwner: 2, newcomer: 3 } as const;

/**
 * Compares claimants by precedence: the operator's routers, those that are published already, those of absent owners, then
 * the rest; in each of these the oldest registration first.
 */
export function byPrecedence(past: Past): (one: Claimant, other: Claimant) => number {
  return (one, other) => precedenceOf(one, past) - precedenceOf(other, past) || bySeniority(one, other);
}

function precedenceOf(claimant: Claimant, past: Past): number {
  if (claimant.kind === "operator") return PRECEDENCE.operator;
  if (claimant.kind === "absent") return PRECEDENCE.absentOwner;
  return wasPublished(claimant, past) ? PRECEDENCE.publishedBefore : PRECEDENCE.newcomer;
}
