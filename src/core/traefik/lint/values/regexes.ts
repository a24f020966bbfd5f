import { compileRegex } from "../../../../go/regex.ts";
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

/** Regular expressions that Go cannot compile. */
export function checkRegexes(subject: Subject): readonly Finding[] {
  for (const [type, field, isTrimmed] of FIELDS) {
    for (const pattern of [valueAt(subject.object, type, field) ?? []].flat().map(String)) {
      const compiled = compileRegex(isTrimmed ? trimSpace(pattern) : pattern);
      if (compiled.kind === "compiled") continue;
      const found = `${JSON.stringify(pattern)} (${compiled.reason})`;
      return [unknown(subject, `${type}.${field}`, found, "a regular expression of Go (RE2)")];
    }
  }
  return [];
}
