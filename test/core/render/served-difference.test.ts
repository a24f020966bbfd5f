import { expect, test } from "vitest";
import { isServedDifferently } from "../../../src/core/render/served-difference.ts";
import type { ConfigObject, DynamicConfig, ResourceKey } from "../../../src/core/traefik/chart/dynamic-config.ts";
import { chart, router, served } from "../../builders/chart.ts";

/** `app` goes through a chain to `inner`; nothing leads to `spare`. */
function config(inner: ConfigObject, spare: ConfigObject, port = 24001): DynamicConfig {
  return chart({
    routers: { app: router("app", ["outer"]) },
    services: { app: served(`http://192.168.11.11:${port}`) },
    middlewares: { outer: { chain: { middlewares: ["inner"] } }, inner, spare },
  });
}

const limit = (average: number): ConfigObject => ({ rateLimit: { average } });

function differs(before: DynamicConfig | undefined, after: DynamicConfig, operators: readonly ResourceKey[] = []) {
  const operatorNames = new Map(operators.map((name) => [name, "a.yml"] as const));
  return isServedDifferently({ published: before, operatorNames }, { published: after, operatorNames });
}

test.each<[string, DynamicConfig, DynamicConfig, boolean]>([
  ["the same, read again", config(limit(1), limit(1)), config(limit(1), limit(1)), false],
  ["a middleware that no router leads to", config(limit(1), limit(1)), config(limit(1), limit(2)), false],
  ["a middleware within a chain", config(limit(1), limit(1)), config(limit(2), limit(1)), true],
  ["a server", config(limit(1), limit(1)), config(limit(1), limit(1), 24002), true],
])("%s", (_, before, after, is) => {
  expect(differs(before, after)).toBe(is);
});

test("a first chart serves what was not served, and what the operator defines may serve files that are not seen", () => {
  expect(differs(undefined, config(limit(1), limit(1)))).toBe(true);
  const [before, after] = [config(limit(1), limit(1)), config(limit(1), limit(2))];
  expect(differs(before, after, ["http/middlewares/spare"])).toBe(true);
});
