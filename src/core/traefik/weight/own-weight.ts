import { regexCost } from "../../../go/regex.ts";
import { memoize } from "../../incremental/memoize.ts";
import { canonicalJson } from "../chart/canonical-json.ts";
import {
  type ConfigObject,
  type ConfigValue,
  isConfigObject,
  isRouterSection,
  kindOf,
  type Section,
  sectionsMade,
} from "../chart/dynamic-config.ts";
import { costOfRule } from "../rule-reach/rule-cost.ts";
import { entryField } from "../schema/entry-field.ts";
import type { Field } from "../schema/schema.ts";

/** What Traefik takes for one thing, without what it refers to. */
export interface OwnWeight {
  /** Memory, in KiB. */
  readonly kib: number;
  /** How many requests one request becomes. */
  readonly requests: number;
}

/**
 * What Traefik 3.6 takes for a middleware of each type, for every time that a router leads to it: memory in KiB with what it
 * keeps from one rebuild to the next, and bytes for each character of its definition. Measured with a thousand of each at
 * one router and lists of a thousand entries, and rounded up.
 */
const OF_TYPE: Readonly<Record<string, { readonly kib?: number; readonly perCharacter?: number }>> = {
  basicAuth: { perCharacter: 3 },
  chain: { kib: 0.5, perCharacter: 0 },
  // Six histograms.
  circuitBreaker: { kib: 128 },
  compress: { kib: 3, perCharacter: 24 },
  digestAuth: { perCharacter: 3 },
  errors: { perCharacter: 10 },
  plugin: { kib: 64 },
  rateLimit: { kib: 4 },
};
const KIB = 2;
const PER_CHARACTER = 6;
/** Of a client of Redis, and of each connection that it keeps open. */
const REDIS_KIB = 64;
const CONNECTION_KIB = 16;
/** Of a compiled regular expression, in bytes for each unit of its cost. */
const PER_REGEX_COST = 128;
/** `buffering` with a `retryExpression` asks once, and ten times again. */
const BUFFERED_REQUESTS = 11;

/** What one object of a configuration takes by itself. Services are built once, however many routers lead to them. */
export function ownWeight(section: Section, object: ConfigObject): OwnWeight {
  return WEIGHTS[section](object);
}

const NOTHING: OwnWeight = { kib: 0, requests: 1 };

const WEIGHTS = sectionsMade((section) => {
  if (isRouterSection(section)) {
    return (router: ConfigObject): OwnWeight => {
      const cost = costOfRule(section, router);
      return cost === 0 ? NOTHING : { kib: (cost * PER_REGEX_COST) / 1024, requests: 1 };
    };
  }
  if (kindOf(section) !== "middlewares") return () => NOTHING;
  return memoize((middleware: ConfigObject): OwnWeight => middlewareWeight(section, middleware));
});

function middlewareWeight(section: Section, middleware: ConfigObject): OwnWeight {
  const [type = ""] = Object.keys(middleware);
  const { kib = KIB, perCharacter = PER_CHARACTER } = Object.hasOwn(OF_TYPE, type) ? (OF_TYPE[type] ?? {}) : {};
  const characters = canonicalJson(middleware).length;
  const bytes = perCharacter * characters + PER_REGEX_COST * regexCostIn(entryField(section), middleware);
  return { kib: kib + redisKib(middleware) + bytes / 1024, requests: requestsOf(middleware) };
}

function requestsOf({ retry, buffering }: ConfigObject): number {
  if (isConfigObject(retry)) return Math.max(1, Number(retry["attempts"] ?? 1));
  return isConfigObject(buffering) && (buffering["retryExpression"] ?? "") !== "" ? BUFFERED_REQUESTS : 1;
}

function redisKib({ rateLimit }: ConfigObject): number {
  const redis = isConfigObject(rateLimit) ? rateLimit["redis"] : undefined;
  return isConfigObject(redis) ? REDIS_KIB + CONNECTION_KIB * Math.max(0, Number(redis["minIdleConns"] ?? 0)) : 0;
}

/** Of all regular expressions that stand in the fields for them. */
function regexCostIn(field: Field, value: ConfigValue): number {
  if (field.regex === true) {
    return [value].flat().reduce<number>((sum, pattern) => sum + regexCost(String(pattern)), 0);
  }
  if (!("fields" in field) || !isConfigObject(value)) return 0;
  let sum = 0;
  for (const name in value) {
    const child = field.fields[name];
    const below = value[name];
    if (child !== undefined && below !== undefined) sum += regexCostIn(child, below);
  }
  return sum;
}
