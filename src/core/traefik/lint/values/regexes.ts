import { compileRegex, regexCost } from "../../../../go/regex.ts";
import { trimSpace } from "../../../../go/white-space.ts";
import type { Finding } from "../../../diagnostics/finding.ts";
import { type Subject, valueAt } from "../subject.ts";
import { unknown } from "./value-finding.ts";

/** The fields that Traefik compiles when it builds the middleware, and whether it takes white space off first. */
const FIELDS: readonly (readonly [type: string, field: string, isTrimmed: boolean])[] = [
  ["redirectRegex", "regex", false],
  ["replacePathRegex", "regex", true],
  ["stripPrefixRegex", "regex", true],
  ["headers", "accessControlAllowOriginListRegex", false],
  ["forwardAuth", "authResponseHeadersRegex", false],
];

/**
 * What the expressions of a middleware may cost together to be judged: some hundred characters, and no more than a millisecond. To
 * compile what a service may write besides would stop the process for minutes.
 */
const MOST_COST = 256;

/** Regular expressions that Go cannot compile. Those that are too dear to be compiled here are not judged. */
export function checkRegexes(subject: Subject): readonly Finding[] {
  let cost = 0;
  for (const [type, field, isTrimmed] of FIELDS) {
    for (const pattern of [valueAt(subject.object, type, field) ?? []].flat().map(String)) {
      cost += regexCost(pattern);
      if (cost > MOST_COST) return [];
      const compiled = compileRegex(isTrimmed ? trimSpace(pattern) : pattern);
      if (compiled.kind === "compiled") continue;
      const found = `${JSON.stringify(pattern)} (${compiled.reason})`;
      return [unknown(subject, `${type}.${field}`, found, "a regular expression of Go (RE2)")];
    }
  }
  return [];
}
