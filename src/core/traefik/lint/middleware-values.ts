import { isIpRange } from "../../../go/ip-address.ts";
import type { Finding } from "../../diagnostics/finding.ts";
import { isConfigObject } from "../chart/dynamic-config.ts";
import { type LintCheck, listAt, type Subject, textAt, valueAt } from "./subject.ts";
import { checkCompress } from "./values/compress.ts";
import { checkHeaders } from "./values/headers.ts";
import { checkPeriod, checkSizes } from "./values/numbers.ts";
import { checkRegexes } from "./values/regexes.ts";
import { checkSources } from "./values/sources.ts";
import { checkStatuses } from "./values/statuses.ts";
import { missing, unknown } from "./values/value-finding.ts";

/** Values without which Traefik disables a middleware, and every router that uses it. None is shown: some are secret. */
export const checkMiddlewareValues: LintCheck = (subject) =>
  subject.kind === "middleware" ? CHECKS.flatMap((check) => check(subject)) : [];

type ValueCheck = (subject: Subject) => readonly Finding[];

const CHECKS: readonly ValueCheck[] = [
  (subject) => checkUsers(subject, "basicAuth", 2, "NAME:HASH"),
  (subject) => checkUsers(subject, "digestAuth", 3, "NAME:REALM:HASH"),
  (subject) => checkRanges(subject, "ipAllowList"),
  (subject) => checkRanges(subject, "ipWhiteList"),
  (subject) => checkText(subject, "redirectScheme", "scheme", "a scheme such as https"),
  (subject) => checkText(subject, "addPrefix", "prefix", "a prefix such as /app"),
  (subject) => checkText(subject, "errors", "service", "the name of a service"),
  checkRetry,
  checkSources,
  checkCompress,
  checkStatuses,
  checkRegexes,
  checkHeaders,
  checkPeriod,
  checkSizes,
  (subject) => checkText(subject, "circuitBreaker", "expression", `an expression of ${BREAKER_CALLS.join(", ")}`),
  (subject) => checkCalls(subject, "buffering", "retryExpression", RETRY_CALLS),
  (subject) => checkCalls(subject, "circuitBreaker", "expression", BREAKER_CALLS),
];

/**
 * A basicAuth without any user does worse than fail: Traefik 3.6 panics while it applies the configuration, and takes no
 * other one until it is restarted. A digestAuth without users merely refuses every request.
 */
function checkUsers(subject: Subject, type: string, parts: number, form: string): readonly Finding[] {
  if (!isConfigObject(subject.object[type])) return [];
  const users = listAt(subject.object, type, "users");
  if (users.length === 0) {
    if (type === "digestAuth" || textAt(subject.object, type, "usersFile") !== undefined) return [];
    return [missing(subject, `${type}.users`, `users of the form ${form}, or usersFile`)];
  }
  const isBroken = users.some((user) => String(user).split(":").length !== parts);
  return isBroken ? [unknown(subject, `${type}.users`, "a user", `${form} each, separated by commas`)] : [];
}

function checkRanges(subject: Subject, type: string): readonly Finding[] {
  if (!isConfigObject(subject.object[type])) return [];
  const ranges = listAt(subject.object, type, "sourceRange").map(String);
  if (ranges.length === 0) return [missing(subject, `${type}.sourceRange`, "addresses or ranges such as 10.0.0.0/8")];
  const broken = ranges.find((range) => !isIpRange(range));
  if (broken === undefined) return [];
  return [unknown(subject, `${type}.sourceRange`, JSON.stringify(broken), "addresses or ranges such as 10.0.0.0/8")];
}

function checkText(subject: Subject, type: string, field: string, allowed: string): readonly Finding[] {
  if (!isConfigObject(subject.object[type]) || textAt(subject.object, type, field) !== undefined) return [];
  return [missing(subject, `${type}.${field}`, allowed)];
}

function checkRetry(subject: Subject): readonly Finding[] {
  if (!isConfigObject(subject.object["retry"])) return [];
  return Number(valueAt(subject.object, "retry", "attempts") ?? 0) > 0
    ? []
    : [missing(subject, "retry.attempts", "a number above 0")];
}

/** The functions of the two expressions: github.com/vulcand/oxy/v2, buffer/threshold.go and cbreaker/predicates.go. */
const RETRY_CALLS = ["Attempts", "IsNetworkError", "RequestMethod", "ResponseCode"];
const BREAKER_CALLS = ["LatencyAtQuantileMS", "NetworkErrorRatio", "ResponseCodeRatio"];

const STRING_OR_COMMENT = /`[^`]*`|"(?:[^"\\\n]|\\[^\n])*"|\/\/[^\n]*|\/\*.*?\*\//gs;
const CALL = /([\p{L}_][\p{L}\p{Nd}_]*)\s*\(/gu;

/** Traefik disables a middleware whose expression calls a function that there is not, such as one of a rule's. */
function checkCalls(subject: Subject, type: string, field: string, allowed: readonly string[]): readonly Finding[] {
  const code = (textAt(subject.object, type, field) ?? "").replaceAll(STRING_OR_COMMENT, " ");
  const strange = [...code.matchAll(CALL)].map(([, name = ""]) => name).find((name) => !allowed.includes(name));
  if (strange === undefined) return [];
  const path = `${type}.${field}`;
  return [unknown(subject, path, `the function ${strange}`, `an expression of ${allowed.join(", ")}`)];
}
