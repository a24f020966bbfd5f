import type { Finding } from "../diagnostics/finding.ts";
import { type ResourceKey, ROUTER_SECTIONS, resourceKey, sectionsInUse } from "../traefik/chart/dynamic-config.ts";
import { boundFindings } from "../traefik/lint/tag-bounds.ts";
import { costOfRule } from "../traefik/rule-reach/rule-cost.ts";
import { type Draft, refusePart } from "./draft.ts";

/**
 * What all rules of one instance may cost together (`costOfRule`), in the order of their tags: some 50 ms and 20 MB while
 * they are looked at, the same as one rule alone may cost. Two hundred usual HostRegexp cost half of it.
 */
export const MOST_RULE_COST = 20_000;

/** Leaves out what asks for more memory or work than the tags of one instance may, before anything of it is compiled. */
export function refuseOutOfBounds(draft: Draft): void {
  const { config, settings } = draft;
  for (const section of sectionsInUse(config)) {
    for (const [name, object] of config[section]) {
      const [first, ...others] = boundFindings(section, name, object, settings.traefik);
      if (first === undefined) continue;
      config[section].delete(name);
      refusePart(draft, resourceKey(section, name), { cause: first, object });
      draft.findings.push(...others);
    }
  }
  refuseCostlyRules(draft);
}

function refuseCostlyRules(draft: Draft): void {
  const { config } = draft;
  let total = 0;
  for (const section of ROUTER_SECTIONS) {
    for (const [name, object] of config[section]) {
      const cost = costOfRule(section, object);
      // One that is too costly by itself is told so by the lint, with the place in the rule.
      if (total + cost <= MOST_RULE_COST || cost > MOST_RULE_COST) {
        total += cost > MOST_RULE_COST ? 0 : cost;
        continue;
      }
      config[section].delete(name);
      const key = resourceKey(section, name);
      refusePart(draft, key, { cause: tooCostly(key, cost, total), object });
    }
  }
}

function tooCostly(key: ResourceKey, cost: number, total: number): Finding {
  return {
    code: "BUDGET_EXCEEDED",
    message: `${key} has a rule that costs ${cost} with its regular expressions and alternatives; all rules of one instance may cost ${MOST_RULE_COST} together, and the rules before it cost ${total}`,
    remedy: RULE_REMEDY,
  };
}

/** What makes a rule cost less. */
export const RULE_REMEDY =
  "write Host(`…`) and PathPrefix(`…`), which cost nothing, in place of regular expressions, or shorter ones with smaller {n}";
