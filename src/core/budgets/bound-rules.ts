import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { diagnose } from "../diagnostics/finding.ts";
import type { Steps } from "../incremental/steps.ts";
import type { TranslatedServices } from "../instances/instance-state.ts";
import type { Definition } from "../merge/definition.ts";
import type { FindDefinition } from "../merge/merge-memory.ts";
import { absentAmong, type Owner } from "../merge/owner.ts";
import type { SoundConfig } from "../merge/unknown-references.ts";
import { withoutNames } from "../operator-config/overlay.ts";
import type { Pass, StageResult } from "../stage.ts";
import {
  type DynamicConfig,
  isRouterSection,
  type ResourceKey,
  routersOf,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { costOfRule } from "../traefik/rule-reach/rule-cost.ts";
import { MOST_RULE_COST, RULE_REMEDY } from "../translate/bounds.ts";
import { admit, overBudget, type Refusal, type Refusals } from "./admission.ts";
import { type Budget, type Demand, type Demands, NO_DEMANDS, withDemands } from "./demands.ts";

/**
 * What rules may cost (`costOfRule`). A usual HostRegexp costs 30 to 100, so that a few are free for every service. All
 * together may cost what the memory of compiled patterns holds (rule-reach/compiled-patterns.ts).
 */
export const RULE_BUDGET: Budget = { ofService: MOST_RULE_COST, free: 200, ofAll: 30_000 };

export interface RuleBudgetInput extends Pick<SoundConfig, "config" | "changedRouters"> {
  readonly definitionOf: FindDefinition;
  /** What the published file says; undefined when there is none. */
  readonly published: DynamicConfig | undefined;
  /** Name → its owner, after the merge of this pass. */
  readonly owners: ReadonlyMap<ResourceKey, Owner>;
  readonly services: TranslatedServices;
}

/** What one pass hands to the next: saves work, and changes nothing about its result. */
export interface RuleBudgetCarry {
  readonly demands: Demands;
  readonly refusals: Refusals;
  /** What was reserved for services that were away. */
  readonly reserved: readonly Demand[];
}

/**
 * The stage that leaves out routers whose rules would cost more than there is for all services, before any of them is
 * compared with the hosts of others. The operator's rules may cost anything.
 */
export function* boundRules(
  _: Pass,
  { config, changedRouters, definitionOf, published, owners, services }: RuleBudgetInput,
  before: RuleBudgetCarry | undefined,
): Steps<StageResult<Pick<SoundConfig, "config" | "changedRouters">, RuleBudgetCarry>> {
  const known = before?.demands ?? NO_DEMANDS;
  const touched =
    before === undefined || changedRouters === undefined
      ? new Set([...Array.from(routersOf(config), ({ key }) => key), ...known.byKey.keys()] as ResourceKey[])
      : changedRouters;
  const changes = Array.from(touched, (key) => [key, demandOf(key, config, definitionOf)] as const);
  const demands = withDemands(known, changes, RULE_BUDGET);
  yield;
  // Where no service asks for more than it has free there is nothing to run out of.
  const reserved = demands.excess === 0 ? NONE_RESERVED : reservedFor(owners, config, published, services);
  const isAsBefore = before !== undefined && demands === known && before.reserved.length + reserved.length === 0;
  const refusals = isAsBefore
    ? before.refusals
    : admit(demands, RULE_BUDGET, (demand) => isEstablished(demand, published), reserved);
  const decided = [...new Set([...(before?.refusals.keys() ?? []), ...refusals.keys()])].filter(
    (key) => before?.refusals.has(key) !== refusals.has(key),
  );
  return {
    value: {
      config: refusals.size === 0 ? config : withoutNames(config, refusals.keys()),
      changedRouters:
        changedRouters && (decided.length === 0 ? changedRouters : new Set([...changedRouters, ...decided])),
    },
    carry: { demands, refusals, reserved },
    diagnostics: Array.from(refusals.values(), (refusal) => reported(refusal, demands, definitionOf)).flat(),
    dueAtMs: [],
  };
}

function demandOf(key: ResourceKey, config: DynamicConfig, definitionOf: FindDefinition): Demand | undefined {
  const { section, name } = splitKey(key);
  const router = config[section].get(name);
  if (router === undefined || !isRouterSection(section)) return undefined;
  const amount = costOfRule(section, router);
  const definition = amount === 0 ? undefined : definitionOf(section, name);
  return definition && { key, service: definition.service, createIndex: definition.createIndex, amount };
}

const NONE_RESERVED: readonly Demand[] = [];

/** What published routers cost whose owners have no routed instance at the moment: while they answer 503 no other gets it. */
function reservedFor(
  owners: RuleBudgetInput["owners"],
  config: DynamicConfig,
  published: DynamicConfig | undefined,
  services: TranslatedServices,
): readonly Demand[] {
  const reserved: Demand[] = [];
  for (const { key, service, goneAtMs } of absentAmong(owners)) {
    const { section, name } = splitKey(key);
    if (goneAtMs === undefined || !isRouterSection(section) || config[section].has(name)) continue;
    const router = published?.[section].get(name);
    const isAway = services.get(service)?.some(({ state }) => state.kind === "routed") !== true;
    const amount = router === undefined || !isAway ? 0 : costOfRule(section, router);
    if (amount > 0) reserved.push({ key, service, createIndex: 0, amount });
  }
  return reserved.length === 0 ? NONE_RESERVED : reserved;
}

function isEstablished({ key, amount }: Demand, published: DynamicConfig | undefined): boolean {
  const { section, name } = splitKey(key);
  const router = published?.[section].get(name);
  return router !== undefined && isRouterSection(section) && costOfRule(section, router) >= amount;
}

function reported(refusal: Refusal, demands: Demands, definitionOf: FindDefinition): readonly Diagnostic[] {
  const { section, name } = splitKey(refusal.demand.key);
  const definition: Definition | undefined = definitionOf(section, name);
  const { key, amount } = refusal.demand;
  const whose = overBudget(refusal, RULE_BUDGET, demands, { parts: "rules", come: "cost", unit: "" });
  const message = `${key} has a rule that costs ${amount} with its regular expressions and alternatives; ${whose}`;
  return (definition?.instances ?? []).map((one) =>
    diagnose(one, { code: "BUDGET_EXCEEDED", message, remedy: RULE_REMEDY }),
  );
}
