import { trimSpace } from "../../../../go/white-space.ts";
import type { Finding } from "../../../diagnostics/finding.ts";
import { isConfigObject } from "../../chart/dynamic-config.ts";
import { listAt, type Subject, valueAt } from "../subject.ts";
import { unknown } from "./value-finding.ts";

/** The first and the last of each range of codes that Go's `http.StatusText` has a name for. */
const NAMED: readonly (readonly [number, number])[] = [
  ...([
    [100, 103],
    [200, 208],
    [226, 226],
    [300, 305],
    [307, 308],
    [400, 418],
    [421, 426],
  ] as const),
  ...([
    [428, 429],
    [431, 431],
    [451, 451],
    [500, 508],
    [510, 511],
  ] as const),
];

/** One code or a range: `500`, `500-599`; Traefik looks at nothing behind the second number. */
const RANGE = /^[+]?[0-9]{1,18}(?:-[+]?[0-9]{1,18}(?:-.*)?)?$/s;

/** Codes of HTTP by which a middleware answers, or which it looks for. */
export function checkStatuses(subject: Subject): readonly Finding[] {
  const { object } = subject;
  const code = valueAt(object, "ipAllowList", "rejectStatusCode");
  if (subject.protocol === "http" && code !== undefined && Number(code) !== 0 && !isNamed(Number(code))) {
    return [unknown(subject, "ipAllowList.rejectStatusCode", String(code), "a status code of HTTP, such as 403")];
  }
  const rewrites = valueAt(object, "errors", "statusRewrites");
  for (const [field, ranges] of [
    ["status", listAt(object, "errors", "status").map((one) => trimSpace(String(one)))],
    ["statusRewrites", isConfigObject(rewrites) ? Object.keys(rewrites) : []],
  ] as const) {
    const broken = ranges.find((range) => !RANGE.test(range));
    if (broken === undefined) continue;
    return [unknown(subject, `errors.${field}`, JSON.stringify(broken), "codes or ranges such as 500-599")];
  }
  return [];
}

function isNamed(code: number): boolean {
  return NAMED.some(([first, last]) => code >= first && code <= last);
}
