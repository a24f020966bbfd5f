import { memoize, memoizeLatest } from "../../incremental/memoize.ts";
import type { ConfigObject, RouterSection } from "../chart/dynamic-config.ts";
import { type Call, callsOf, type Expression, parseExpression } from "../predicate/expression.ts";
import { findMatcher, type RuleProtocol } from "../rule/matchers.ts";
import { priorityByLength } from "../rule/priority.ts";
import { commonArea, EVERYTHING, type Reach } from "./area.ts";
import { leafReach } from "./matcher-reach.ts";

export { type Area, commonArea, EVERYTHING, type Reach, wholePaths } from "./area.ts";

/** What of a router decides which requests it takes from other routers. */
export interface RouterReach {
  /** Undefined where the rule cannot be analysed: it may match anything. */
  readonly areas: Reach | undefined;
  /** Traefik asks the router with the greatest priority first: the one that it states, or the length of its rule in bytes. */
  readonly priority: number;
  /** Empty: Traefik's default ones. */
  readonly entryPoints: readonly string[];
}

/** A rule with more areas is not analysed. */
const MAX_AREAS = 1_000;
/** Each condition is evaluated for thousands of hosts: the rule of one tag must not stall a pass. */
const MAX_CONDITIONS = 20;

/** The reach of a router; UDP routers have no rule and take all that arrives. */
export function reachOfRouter(section: RouterSection, router: ConfigObject): RouterReach {
  return REACHES[section](router);
}

const REACHES = {
  "http/routers": memoize((router: ConfigObject) => routerReach("http", router)),
  "tcp/routers": memoize((router: ConfigObject) => routerReach("tcp", router)),
  "udp/routers": memoize(
    (router: ConfigObject): RouterReach => ({ ...namesOf(router), areas: [EVERYTHING], priority: 0 }),
  ),
};

function routerReach(protocol: RuleProtocol, router: ConfigObject): RouterReach {
  const syntax = router["ruleSyntax"] === "v2" ? "v2" : "v3";
  const { areas, length } = RULES[protocol][syntax](String(router["rule"] ?? ""));
  // Priority 0 is none. Beyond 2^53 numbers become equal here that are not, and equals count as a conflict.
  return { ...namesOf(router), areas, priority: Number(router["priority"] ?? 0) || length };
}

/** What a rule can match, and its priority by its length. Instances of one service ask the same in a row. */
const RULES = {
  http: {
    v2: memoizeLatest((rule) => analyse("http", rule, "v2")),
    v3: memoizeLatest((rule) => analyse("http", rule, "v3")),
  },
  tcp: {
    v2: memoizeLatest((rule) => analyse("tcp", rule, "v2")),
    v3: memoizeLatest((rule) => analyse("tcp", rule, "v3")),
  },
};

function analyse(protocol: RuleProtocol, rule: string, syntax: "v2" | "v3") {
  const expression = parseExpression(rule);
  if (expression.kind === "flaw") return { areas: undefined, length: rule.length };
  const areas = reachOf(protocol, expression, syntax);
  return {
    areas: areas === undefined || isCostly(areas) ? undefined : areas,
    length: priorityByLength(protocol, rule, matchersOf(protocol, expression)),
  };
}

function isCostly(areas: Reach): boolean {
  let conditions = 0;
  for (const { host, path } of areas) conditions += host.conditions.length + path.conditions.length;
  return conditions > MAX_CONDITIONS;
}

function namesOf(router: ConfigObject): Pick<RouterReach, "entryPoints"> {
  const named = router["entryPoints"];
  return { entryPoints: Array.isArray(named) ? named.map(String) : [] };
}

function matchersOf(protocol: RuleProtocol, expression: Expression) {
  return Array.from(callsOf(expression), ({ name, arguments: found }) => ({
    name: findMatcher(protocol, name.text)?.name ?? name.text,
    values: found.map(({ value }) => value),
    position: name.position,
  }));
}

/**
 * What a rule can match: `&&` intersects, `||` unites, `!` turns each matcher into what it leaves. Undefined for more
 * than MAX_AREAS areas. Traefik's option to flatten CNAMEs, by which one request has two hosts, is not considered.
 */
export function reachOf(protocol: RuleProtocol, rule: Expression, syntax: "v2" | "v3" = "v3"): Reach | undefined {
  return expressionReach(rule, false, (call, isNegated) => leafReach(protocol, syntax, call, isNegated));
}

function expressionReach(
  expression: Expression,
  isNegated: boolean,
  leaf: (call: Call, isNegated: boolean) => Reach,
): Reach | undefined {
  switch (expression.kind) {
    case "call":
      return leaf(expression, isNegated);
    case "not":
      return expressionReach(expression.operand, !isNegated, leaf);
    case "all":
    case "any": {
      const combine = (expression.kind === "all") === isNegated ? union : product;
      let combined: Reach | undefined;
      for (const operand of expression.operands) {
        const next = expressionReach(operand, isNegated, leaf);
        combined = combined === undefined || next === undefined ? next : combine(combined, next);
        if (combined === undefined) return undefined;
      }
      return combined;
    }
  }
}

function union(one: Reach, other: Reach): Reach | undefined {
  return one.length + other.length > MAX_AREAS ? undefined : [...one, ...other];
}

function product(one: Reach, other: Reach): Reach | undefined {
  if (one.length * other.length > MAX_AREAS) return undefined;
  return one.flatMap((left) => other.flatMap((right) => commonArea(left, right) ?? []));
}
