import { describe, expect, test } from "vitest";
import { maskSecrets } from "../../../../src/core/traefik/mask-secrets.ts";
import { maskRule } from "../../../../src/core/traefik/rule/mask-rule.ts";

describe("a rule as any reader may see it", () => {
  test.each([
    ["Host(`a`) && Header(`X-Origin-Key`, `s`)", "Host(`a`) && Header(`X-Origin-Key`, `***`)"],
    ["Header(`X-Origin-Key`, `s`) || Host(`a`)", "Header(`X-Origin-Key`, `***`) || Host(`a`)"],
    [
      'HEADERREGEXP("Cookie", "session=.*") && !Query(`token`, `s`)',
      'HEADERREGEXP("Cookie", `***`) && !Query(`token`, `***`)',
    ],
    ["QueryRegexp(`t`, `^s+$`) && Path(`/a`)", "QueryRegexp(`t`, `***`) && Path(`/a`)"],
    // Rule syntax v2.
    [
      "Headers(`Authorization`, `Bearer s`) && Query(`token=s`)",
      "Headers(`Authorization`, `***`) && Query(`token=***`)",
    ],
    // A rule that is cut off, as diagnostics meet it.
    ["Header(`X-Origin-Key`, `s`) && ", "Header(`X-Origin-Key`, `***`) && "],
  ])("%s is shown as %s", (rule, shown) => {
    expect(maskRule(rule)).toBe(shown);
    expect(maskSecrets("http/routers", { rule })).toEqual({ rule: shown });
  });

  test.each([
    "Host(`a`, `b`) && PathPrefix(`/x`)",
    "Header(`Content-Type`, `application/grpc`) && Query(`mobile`)",
    "HeaderRegexp(`upgrade`, `(?i)websocket`)",
    "HostSNI(`*`)",
    "no rule at all",
  ])("%s is shown as it is", (rule) => {
    expect(maskRule(rule)).toBe(rule);
  });
});
