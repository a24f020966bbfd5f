import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { diagnose } from "../diagnostics/finding.ts";
import type { Steps } from "../incremental/steps.ts";
import type { Definition } from "../merge/definition.ts";
import type { FindDefinition } from "../merge/merge-memory.ts";
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
import { admit, greediest, type Refusal, type Refusals } from "./admission.ts";
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
}

/** What one pass hands to the next: saves work, and changes nothing about its result. */
export interface RuleBudgetCarry {
  readonly demands: Demands;
  readonly refusals: Refusals;
}

/**
 * The stage that leaves out routers whose rules would cost more than there is for all services, before any of them is
 * compared with the hosts of others. The operator's rules may cost anything.
 */
export function* boundRules(
  _: Pass,
  { config, changedRouters, definitionOf, published }: RuleBudgetInput,
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
  const refusals =
    before !== undefined && demands === known
      ? before.refusals
      : admit(demands, RULE_BUDGET, (demand) => isEstablished(demand, published));
  const decided = [...new Set([...(before?.refusals.keys() ?? []), ...refusals.keys()])].filter(
    (key) => before?.refusals.has(key) !== refusals.has(key),
  );
  return {
    value: {
      config: refusals.size === 0 ? config : withoutNames(config, refusals.keys()),
      changedRouters:
        changedRouters && (decided.length === 0 ? changedRouters : new Set([...changedRouters, ...decided])),
    },
    carry: { demands, refusals },
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

function isEstablished({ key, amount }: Demand, published: DynamicConfig | undefined): boolean {
  const { section, name } = splitKey(key);
  const router = published?.[section].get(name);
  return router !== undefined && isRouterSection(section) && costOfRule(section, router) >= amount;
}

function reported(refusal: Refusal, demands: Demands, definitionOf: FindDefinition): readonly Diagnostic[] {
  const { section, name } = splitKey(refusal.demand.key);
  const definition: Definition | undefined = definitionOf(section, name);
  const { key, amount } = refusal.demand;
  const whose =
    refusal.of === "service"
      ? `all rules of one service may cost ${RULE_BUDGET.ofService} together, and those before it cost ${refusal.given}`
      : `beyond the ${RULE_BUDGET.free} that each service has free all services together may cost ${RULE_BUDGET.ofAll}, and those before it cost ${refusal.given}; the most is taken by ${greediest(demands)}`;
  const message = `${key} has a rule that costs ${amount} with its regular expressions and alternatives; ${whose}`;
  return (definition?.instances ?? []).map((one) =>
    diagnose(one, { code: "BUDGET_EXCEEDED", message, remedy: RULE_REMEDY }),
  );
}
