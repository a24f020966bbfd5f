import fc from "fast-check";
import { expect, test } from "vitest";
import type { RouteChange } from "../../../src/core/changes/route-change.ts";
import { createEventLog } from "../../../src/observe/log/event-log.ts";
import { routeLine } from "../../../src/observe/log/route-line.ts";

const CHANGE: RouteChange = {
  kind: "servers",
  router: "web",
  protocol: "http",
  rule: "Host(`web`)",
  entryPoints: [],
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

test("what a client must know to be let in stays out of the log, in the message and in the data", () => {
  const rule = "Host(`web`) && Header(`X-Api-Key`, `s3cret`) && !Query(`key`, `s3cret`)";
  expect(JSON.stringify(routeLine({ ...CHANGE, rule }))).not.toContain("s3cret");
});

test("the data repeats everything for machines", () => {
  expect(routeLine({ ...CHANGE, serversAdded: one }).data).toEqual({
    router: "web",
    protocol: "http",
    rule: "Host(`web`)",
    entryPoints: [],
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

test("a TCP or UDP router is named with its entry points, by which requests find it", () => {
  const dns = { ...CHANGE, kind: "added", protocol: "udp", router: "dns", rule: "", entryPoints: ["dns"] } as const;
  expect(routeLine(dns).message).toBe("route dns (udp at dns) came: [1 server] (registered)");
  const rest = { ...dns, protocol: "tcp", rule: "HostSNI(`*`)", entryPoints: [] } as const;
  expect(routeLine(rest).message).toContain("route dns (tcp at the default entry points) came: HostSNI(`*`)");
});

test("where only servers change, each reason is told", () => {
  const gone = [{ url: "http://10.0.0.2:24001", why: { kind: "deregistered" } }] as const;
  const line = routeLine({ ...CHANGE, serversAdded: one, serversRemoved: gone });
  expect(line.message).toMatch(/\(registered; deregistered\)$/);
});

/** Whatever a tenant may call its things. */
const longText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }).map((text) => text.repeat(50)),
  fc.constantFrom("\u202e", '"', "\\", "世", "a").map((text) => text.repeat(1_000)),
);
const longServers = fc.array(
  fc.record({
    url: longText,
    why: longText.map((text) => ({ kind: "unhealthy", status: text, check: text }) as const),
    instance: fc.record({ id: longText, node: longText }),
  }),
  { maxLength: 5 },
);

test("no line is above 2 KB, however long names and rules are", () => {
  const lines: string[] = [];
  const log = createEventLog({
    ...{ level: "info", format: "json" },
    destination: { write: (line: string) => void lines.push(line) },
  });
  const change = fc.record({
    ...{ kind: fc.constantFrom(...KINDS), router: longText, protocol: fc.constantFrom("http", "tcp", "udp") },
    ...{ rule: longText, entryPoints: fc.array(longText, { maxLength: 5 }), service: longText, servers: fc.nat() },
    ...{ serversAdded: longServers, serversRemoved: longServers },
    why: longText.map((text) => ({ kind: "tags-changed", keys: [text, text] }) as const),
  });
  fc.assert(
    fc.property(change, (one) => {
      const { event, message, data } = routeLine(one);
      log.emit(event, message, data);
      expect(Buffer.byteLength(lines.pop() ?? "")).toBeLessThanOrEqual(2_048);
    }),
    { numRuns: 200 },
  );
});

const KINDS = ["added", "removed", "changed", "servers", "emptied", "restored"] as const;

test("a line about thousands of servers is one that a collector takes", () => {
  const many = Array.from({ length: 50_000 }, (_, position) => ({
    url: `http://10.0.0.1:${position}`,
    why: { kind: "registered" } as const,
  }));
  const line = routeLine({ ...CHANGE, servers: 50_000, serversAdded: many });
  expect(JSON.stringify(line).length).toBeLessThan(2_000);
  const told = line.data["added"] as readonly unknown[];
  expect(line.data).toMatchObject({ servers: 50_000, untold: 50_000 - told.length });
  expect(line.message).toContain("+49996 more");
});

test("the line says where each server runs, and why the route changed", () => {
  const instance = {
    id: "web-1",
    node: "node-1",
    catalog: "dc1",
    job: "shop",
    allocation: "d5dee5cb",
    toldBy: "nomad",
  } as const;
  const server = { url: "http://10.0.0.1:24001", why: { kind: "deregistered" }, instance } as const;
  const gone: RouteChange = { ...CHANGE, kind: "emptied", servers: 0, serversRemoved: [server], why: server.why };
  expect(routeLine(gone).message).toBe(
    "route web has no server left (503): Host(`web`) -http://10.0.0.1:24001 on dc1:node-1 (job shop, alloc d5dee5cb) [0 servers] (deregistered)",
  );
});

test("a line names at most four servers and counts the others", () => {
  const six = [0, 1, 2, 3, 4, 5].map((i) => ({ url: `http://a:${i}`, why: { kind: "registered" } }) as const);
  expect(routeLine({ ...CHANGE, servers: 6, serversAdded: six }).message).toContain("+http://a:3 +2 more [6 servers]");
});
