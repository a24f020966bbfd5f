import { isIpRange } from "../../../../go/ip-address.ts";
import type { Finding } from "../../../diagnostics/finding.ts";
import { isConfigObject } from "../../chart/dynamic-config.ts";
import { isTrue, listAt, type Subject, textAt, valueAt } from "../subject.ts";
import { unknown } from "./value-finding.ts";

/** Where a middleware says by what it distinguishes clients. */
const CRITERIA = [
  ["rateLimit", "sourceCriterion"],
  ["inFlightReq", "sourceCriterion"],
] as const;

/** Where a strategy for their addresses may be. */
const STRATEGIES = [["ipAllowList"], ["ipWhiteList"], ...CRITERIA] as const;

const MOST_BITS = 128;

/** By what clients are distinguished: by one thing alone, and by addresses that can be read (`IPStrategy.Get` of Traefik). */
export function checkSources(subject: Subject): readonly Finding[] {
  for (const path of CRITERIA) {
    const at = path.join(".");
    const given = [
      ...(valueAt(subject.object, ...path, "ipStrategy") === undefined ? [] : ["ipStrategy"]),
      ...(textAt(subject.object, ...path, "requestHeaderName") === undefined ? [] : ["requestHeaderName"]),
      ...(isTrue(valueAt(subject.object, ...path, "requestHost")) ? ["requestHost"] : []),
    ];
    if (given.length > 1) {
      return [unknown(subject, at, given.join(" and "), "one of ipStrategy, requestHeaderName, requestHost alone")];
    }
  }
  return STRATEGIES.flatMap((path) => checkStrategy(subject, path));
}

function checkStrategy(subject: Subject, path: readonly string[]): readonly Finding[] {
  const strategy = valueAt(subject.object, ...path, "ipStrategy");
  if (!isConfigObject(strategy)) return [];
  const isByDepth = Number(strategy["depth"] ?? 0) > 0;
  const excluded = listAt(strategy, "excludedIPs").map(String);
  if (!isByDepth && excluded.length > 0) {
    const broken = excluded.find((range) => !isIpRange(range));
    if (broken === undefined) return [];
    const where = [...path, "ipStrategy.excludedIPs"].join(".");
    return [unknown(subject, where, JSON.stringify(broken), "addresses or ranges such as 10.0.0.0/8")];
  }
  const bits = strategy["ipv6Subnet"];
  if (bits === undefined || (Number(bits) > 0 && Number(bits) <= MOST_BITS)) return [];
  return [
    unknown(subject, [...path, "ipStrategy.ipv6Subnet"].join("."), String(bits), `a number from 1 to ${MOST_BITS}`),
  ];
}
