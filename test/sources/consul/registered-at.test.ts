import { expect, test } from "vitest";
import { inWorld, register } from "./world.ts";

const WITHOUT_ROUTES = { service: "worker", port: 24_002, tags: [], status: "critical" } as const;

test.each([
  [false, [], 0],
  [true, ["critical"], 1],
] as const)(
  "a machine tells all that is registered there; with checks (%s) by one more request",
  async (withChecks, statuses, more) => {
    await inWorld({ prepare: (catalog) => register(catalog, WITHOUT_ROUTES) }, async ({ source, server }) => {
      server.requests.reset();
      const found = await source.registeredAt?.(new Set(["10.0.0.1"]), withChecks, new AbortController().signal);
      expect(found?.map(({ service, checks }) => [service, checks.map(({ status }) => status)])).toEqual([
        ["worker", statuses],
      ]);
      expect(server.requests.count("/v1/catalog/node/*")).toBe(1);
      expect(server.requests.count("/v1/health/node/*")).toBe(more);
    });
  },
);
