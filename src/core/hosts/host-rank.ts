import type { Memory } from "../memory.ts";
import type { RouterSection } from "../traefik/chart/dynamic-config.ts";
import { shapeOf } from "../traefik/chart/servers.ts";
import { reachOfRouter } from "../traefik/rule-reach/reach.ts";
import { bySeniority, type Claimant } from "./claimant.ts";

/** What the past says about who was first. */
export type Past = Pick<Memory, "chart" | "owners" | "hosts">;

/** Is the host, to this claimant, more than a wish? The less, the more. */
export function standingAt(host: string, claimant: Claimant, past: Past, isGranted: boolean): number {
  return (isGranted ? 0 : GRANTED) + byPast(host, claimant, past);
}

const GRANTED = 10;
const WISH = 4;

function byPast(host: string, claimant: Claimant, past: Past): number {
  // Who is there counts before who is not: both had the host together.
  if (claimant.kind === "absent") return 3;
  if (past.hosts.get(host) === claimant.service) return 1;
  return wasPublishedAt(host, claimant, past) ? 2 : WISH;
}

/** Nothing but a wish: neither granted nor had before. */
export function isWish(standing: number): boolean {
  return standing === GRANTED + WISH;
}

function wasPublishedAt(host: string, claimant: Claimant, past: Past): boolean {
  const published = publishedOf(claimant, past);
  return published !== undefined && namesHost(claimant.section, published, host);
}

function namesHost(section: RouterSection, router: Claimant["object"], host: string): boolean {
  const { areas = [] } = reachOfRouter(section, router);
  return areas.some((area) => area.host.isExact && area.host.prefix === host);
}

/** The router as the published chart has it, unless it was somebody else's. */
function publishedOf({ key, section, name, service }: Claimant, { chart, owners }: Past) {
  const owner = owners.get(key)?.service ?? service;
  return owner === service ? chart?.[section].get(name) : undefined;
}

/** Was this very router, with the same rule and the same priority, in the published chart? */
export function wasPublished(claimant: Claimant, past: Past): boolean {
  if (claimant.kind === "absent") return true;
  const published = publishedOf(claimant, past);
  return published !== undefined && (published === claimant.object || shapeOf(published) === shapeOf(claimant.object));
}

/** Those of a host, the first owner first. */
export function rankedAt(
  host: string,
  claimants: readonly Claimant[],
  standing: (host: string, claimant: Claimant) => number,
): readonly { readonly claimant: Claimant; readonly standing: number }[] {
  return claimants
    .map((claimant) => ({ claimant, standing: standing(host, claimant) }))
    .sort((a, b) => a.standing - b.standing || bySeniority(a.claimant, b.claimant));
}
