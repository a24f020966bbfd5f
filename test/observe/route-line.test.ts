import { expect, test } from "vitest";
import type { RouteChange } from "../../src/core/changes.ts";
import { routeLine } from "../../src/observe/route-line.ts";

const CHANGE: RouteChange = {
  kind: "servers",
  router: "web",
  protocol: "http",
  rule: "Host(`web`)",
  service: "web",
  servers: 1,
  serversAdded: [],
  serversRemoved: [],
  why: "registered",
};
const one = [{ url: "http://10.0.0.1:24001", why: "registered" }];

test.each<[Partial<RouteChange>, string]>([
  [{ kind: "added" }, "came"],
  [{ kind: "removed" }, "went (404)"],
  [{ kind: "changed" }, "changed"],
  [{ kind: "emptied" }, "has no server left (503)"],
  [{ kind: "restored" }, "is back"],
  [{ serversAdded: one }, "gained a server"],
  [{ serversRemoved: one }, "lost a server"],
  [{ serversAdded: one, serversRemoved: one }, "moved"],
])("%j: the route %s", (change, verb) => {
  const line = routeLine({ ...CHANGE, ...change });
  expect(line.message.startsWith(`route web ${verb}: Host`)).toBe(true);
  expect(line.event).toBe(`route.${change.kind ?? "servers"}`);
});

test("the data repeats everything for machines", () => {
  expect(routeLine({ ...CHANGE, serversAdded: one }).data).toEqual({
    router: "web",
    protocol: "http",
    rule: "Host(`web`)",
    service: "web",
    servers: 1,
    added: one,
    removed: [],
    why: "registered",
  });
});
