import type { ResourceKey } from "../traefik/chart/dynamic-config.ts";
import type { Budget, Demand, Demands } from "./demands.ts";

/** Why a router does not get what it asks for. */
export interface Refusal {
  readonly demand: Demand;
  /** Which budget it does not fit into: that of its service, or that of all. */
  readonly of: "service" | "all";
  /** What has been given out of that budget to those before it. */
  readonly given: number;
}

/** Router → why it does not get what it asks for. */
export type Refusals = ReadonlyMap<ResourceKey, Refusal>;

/**
 * Decides which routers get what they ask for, where not all can. Who exceeds pays, and never a neighbour that was there
 * before: routers that were published asking for no less come first, then the oldest registrations, then the first by name.
 * What every service has free is given in any case, so that an ordinary service is served however full the budget of all is.
 *
 * @param reserved demands of services that are away: what they had is no other's until they have had their time to return
 */
export function admit(
  demands: Demands,
  budget: Budget,
  isEstablished: (demand: Demand) => boolean,
  reserved: readonly Demand[] = [],
): Refusals {
  if (reserved.length === 0 && demands.greedy === 0 && demands.excess <= budget.ofAll) return NONE;
  const established = new Set<Demand>(reserved);
  for (const demand of demands.byKey.values()) if (isEstablished(demand)) established.add(demand);
  const order = [...reserved, ...demands.byKey.values()].sort(
    (one, other) => Number(established.has(other)) - Number(established.has(one)) || bySeniority(one, other),
  );
  const ofService = new Map<string, number>();
  let ofAll = 0;
  const refused = new Map<ResourceKey, Refusal>();
  for (const demand of order) {
    const { key, service, amount } = demand;
    const own = ofService.get(service) ?? 0;
    const beyond = Math.max(0, own + amount - budget.free) - Math.max(0, own - budget.free);
    if (own + amount > budget.ofService) refused.set(key, { demand, of: "service", given: own });
    else if (beyond > 0 && ofAll + beyond > budget.ofAll) refused.set(key, { demand, of: "all", given: ofAll });
    else {
      ofService.set(service, own + amount);
      ofAll += beyond;
    }
  }
  for (const { key } of reserved) refused.delete(key);
  return refused;
}

const NONE: Refusals = new Map();

function bySeniority(one: Demand, other: Demand): number {
  if (one.createIndex !== other.createIndex) return one.createIndex - other.createIndex;
  if (one.service !== other.service) return one.service < other.service ? -1 : 1;
  return one.key < other.key ? -1 : 1;
}

/** How a message speaks of a budget: `routers`, `come to`, ` KiB`. */
export interface BudgetWords {
  readonly parts: string;
  readonly come: string;
  readonly unit: string;
}

/** Which budget a router does not fit into, and who has it, as the end of a sentence about the router. */
export function overBudget(
  { of, given }: Refusal,
  budget: Budget,
  demands: Demands,
  { parts, come, unit }: BudgetWords,
): string {
  const before = `and those before it ${come} ${given}`;
  if (of === "service") return `all ${parts} of one service may ${come} ${budget.ofService}${unit} together, ${before}`;
  return `beyond the ${budget.free}${unit} that each service has free all services together may ${come} ${budget.ofAll}${unit}, ${before}; the most is taken by ${greediest(demands)}`;
}

/** The services that ask for most, with how much, as a message lists them. */
export function greediest({ byService }: Demands): string {
  const all = Array.from(byService.keys(), (service) => [service, byService.get(service) ?? 0] as const);
  return all
    .sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))
    .slice(0, 3)
    .map(([service, amount]) => `${JSON.stringify(service)} (${amount})`)
    .join(", ");
}
