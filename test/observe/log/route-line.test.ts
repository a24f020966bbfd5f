import { expect, test } from "vitest";
import type { RouteChange } from "../../../src/core/changes/route-change.ts";
import { routeLine } from "../../../src/observe/log/route-line.ts";

const CHANGE: RouteChange = {
  kind: "servers",
  router: "web",
  protocol: "http",
  rule: "Host(`web`)",
  service: "web",
  servers: 1,
  serversAdded: [],
  serversRemoved: [],
  why: { kind: "registered" },
};
const one = [{ url: "http://10.0.0.1:24001", why: { kind: "registered" } }] as const;

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
    added: [{ url: "http://10.0.0.1:24001", why: "registered" }],
    removed: [],
    why: "registered",
  });
});

test("a server's URL is logged without the password in it, in the message and in the data", () => {
  const line = routeLine({
    ...CHANGE,
    serversAdded: [{ url: "http://user:s3cret@10.0.0.1:24001", why: { kind: "registered" } }],
    serversRemoved: [{ url: "user:s3cr@t@10.0.0.1:24001", why: { kind: "moved" } }],
  });
  expect(JSON.stringify(line)).not.toContain("s3cr");
  expect(line.message).toContain("→ +http://***@10.0.0.1:24001 -***@10.0.0.1:24001");
});

test("a line about thousands of servers is one that a collector takes", () => {
  const many = Array.from({ length: 50_000 }, (_, position) => ({
    url: `http://10.0.0.1:${position}`,
    why: { kind: "registered" } as const,
  }));
  const line = routeLine({ ...CHANGE, servers: 50_000, serversAdded: many });
  expect(JSON.stringify(line).length).toBeLessThan(10_000);
  expect(line.data).toMatchObject({ servers: 50_000 });
  expect(line.message).toContain("+49996 more");
});

test("the line says where each server runs, and why the route changed", () => {
  const instance = { id: "web-1", node: "node-1", catalog: "dc1", allocation: "d5dee5cb" };
  const server = { url: "http://10.0.0.1:24001", why: { kind: "deregistered" }, instance } as const;
  const gone: RouteChange = { ...CHANGE, kind: "emptied", servers: 0, serversRemoved: [server], why: server.why };
  expect(routeLine(gone).message).toBe(
    "route web has no server left (503): Host(`web`) -http://10.0.0.1:24001 on dc1:node-1 alloc d5dee5cb [0 servers] (deregistered)",
  );
});

test("a line names at most four servers and counts the others", () => {
  const six = [0, 1, 2, 3, 4, 5].map((i) => ({ url: `http://a:${i}`, why: { kind: "registered" } }) as const);
  expect(routeLine({ ...CHANGE, servers: 6, serversAdded: six }).message).toContain("+http://a:3 +2 more [6 servers]");
});
