import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import type { Decision } from "../../../src/core/decision.ts";
import { initialMemory } from "../../../src/core/memory.ts";
import { instance, NOW_MS, pass, settings } from "../../builders/world.ts";

const RESET = { indexResetAtMs: NOW_MS };
const NODE = { node: "node-9", nodeAddress: "10.0.0.9" };

const web = instance({ ...NODE, service: "web", id: "web", port: 24_001 });
const spare = instance({ ...NODE, service: "web", id: "web-2", port: 24_002 });
const shop = instance({ ...NODE, service: "shop", id: "shop", port: 24_003 });
const stranger = instance({ ...NODE, service: "job", id: "job", port: 24_001 });

function servers(decision: Decision, service: string): readonly string[] {
  const line = decision.text.split("\n").find((one) => one.includes(`"${service}": {"loadBalancer"`)) ?? "";
  return [...line.matchAll(/"url":"([^"]*)"/g)].map(([, url]) => String(url));
}

/** A catalog that has lost all its data, after it had these. */
function wiped(...before: readonly ServiceInstance[]): Decision {
  const held = pass([], { previous: pass(before).memory, snapshot: RESET });
  expect(held.memory.removals.holds).toMatchObject([{ kind: "catalog-reset" }]);
  return held;
}

describe("a held server whose port another service registers", () => {
  test("is taken out at once, and the others stay", () => {
    const held = wiped(web, spare, shop);
    const next = pass([stranger], { previous: held.memory, snapshot: RESET });
    expect(servers(next, "web")).toEqual(["http://10.0.0.9:24002"]);
    expect(servers(next, "shop")).toEqual(["http://10.0.0.9:24003"]);
    expect(next.changes.find(({ router }) => router === "web")).toMatchObject({
      kind: "servers",
      serversRemoved: [{ url: "http://10.0.0.9:24001", why: { kind: "port-reused", service: "job" } }],
    });
  });

  test("as the last one leaves its router to answer 503", () => {
    const next = pass([stranger], { previous: wiped(web).memory, snapshot: RESET });
    expect(servers(next, "web")).toEqual([]);
    expect(next.changes.find(({ router }) => router === "web")).toMatchObject({
      kind: "emptied",
      why: { kind: "port-reused", service: "job" },
    });
    const later = pass([], { previous: next.memory, snapshot: RESET });
    expect(servers(later, "web")).toEqual([]);
    expect([...later.chart["http/routers"].keys()]).toContain("web");
    const back = pass([{ ...web, port: 24_007 }], { previous: later.memory, snapshot: RESET });
    expect(servers(back, "web")).toEqual(["http://10.0.0.9:24007"]);
  });

  test("counts also where the other one asks for no routes, or is reached by TCP", () => {
    const hidden = { ...stranger, tags: [] };
    expect(servers(pass([hidden], { previous: wiped(web).memory, snapshot: RESET }), "web")).toEqual([]);
    const tcp = instance({
      ...NODE,
      service: "db",
      id: "db",
      port: 24_008,
      tags: ["traefik.enable=true", "traefik.tcp.routers.db.rule=HostSNI(`*`)"],
    });
    const next = pass([{ ...stranger, port: 24_008 }], { previous: wiped(tcp).memory, snapshot: RESET });
    expect(next.text).toContain('"db": {"loadBalancer":{"servers":[]}}');
  });

  test("counts where only a reading of its machine shows it, and the first one did not", () => {
    const sidecar = { ...stranger, service: "sidecar", id: "sidecar", port: 24_002 };
    const previous = wiped(web, spare).memory;
    const first = pass([], { previous, snapshot: RESET, heldHostRegistrations: [sidecar] });
    expect(servers(first, "web")).toEqual(["http://10.0.0.9:24001", "http://10.0.0.9:24002"]);
    const second = pass([], { previous: first.memory, snapshot: RESET, heldHostRegistrations: [sidecar, stranger] });
    expect(servers(second, "web")).toEqual(["http://10.0.0.9:24002"]);
    const third = pass([], {
      previous: second.memory,
      snapshot: RESET,
      heldHostRegistrations: [sidecar, { ...web, tags: [] }],
    });
    expect(servers(third, "web")).toEqual(["http://10.0.0.9:24002"]);
  });

  test.each<[string, ServiceInstance, ServiceInstance]>([
    ["at another port", web, { ...stranger, port: 24_009 }],
    ["at another address", web, { ...stranger, nodeAddress: "10.0.0.8" }],
    [
      "of the same allocation",
      { ...web, id: "_nomad-task-0f3bd1f5-1111-2222-3333-444455556666-group-web-web" },
      { ...stranger, id: "_nomad-task-0f3bd1f5-1111-2222-3333-444455556666-group-web-web-ui" },
    ],
  ])("stays where the other one is %s", (_, held, other) => {
    expect(servers(pass([other], { previous: wiped(held).memory, snapshot: RESET }), "web")).toHaveLength(1);
  });

  test.each<[string, Partial<ServiceInstance>]>([
    ["that claims this address", { node: "node-8", nodeAddress: "10.0.0.8", address: "10.0.0.9" }],
    ["that has this address itself", { node: "node-8", nodeAddress: "10.0.0.9" }],
  ])("stays where the other one is registered on another node %s", (_, place) => {
    const other = { ...stranger, ...place };
    const held = wiped(web).memory;
    expect(servers(pass([other], { previous: held, snapshot: RESET }), "web")).toHaveLength(1);
    const read = { previous: pass([], { previous: held, snapshot: RESET, heldHostRegistrations: [] }).memory };
    const next = pass([], { ...read, snapshot: RESET, heldHostRegistrations: [other] });
    expect(servers(next, "web")).toHaveLength(1);
  });

  test("is taken out of the service whose node that is, and of no other one that is held at the same place", () => {
    const twin = instance({ ...NODE, node: "node-8", service: "twin", id: "twin", port: 24_001 });
    const next = pass([stranger], { previous: wiped(web, twin).memory, snapshot: RESET });
    expect(servers(next, "web")).toEqual([]);
    expect(servers(next, "twin")).toEqual(["http://10.0.0.9:24001"]);
  });

  test("is judged by its node over a restart, too", () => {
    const held = wiped(web, spare);
    const restarted = () => initialMemory(held.chart, held.memory);
    const elsewhere = { ...stranger, node: "node-8", nodeAddress: "10.0.0.8", address: "10.0.0.9" };
    const next = pass([elsewhere], { previous: restarted(), snapshot: RESET });
    expect(servers(next, "web")).toHaveLength(2);
    expect(servers(pass([stranger], { previous: next.memory, snapshot: RESET }), "web")).toHaveLength(1);
  });

  test("of a node that is not known any more is taken out by whom the catalog shows at that machine's own address", () => {
    const held = wiped(web, spare);
    const forgotten = initialMemory(held.chart, {
      ...held.memory,
      removals: { ...held.memory.removals, heldPorts: new Map() },
    });
    const first = pass([], { previous: forgotten, snapshot: RESET });
    const claims = { ...stranger, node: "node-8", nodeAddress: "10.0.0.8", address: "10.0.0.9" };
    expect(servers(pass([claims], { previous: first.memory, snapshot: RESET }), "web")).toHaveLength(2);
    const isThere = { ...stranger, node: "renamed" };
    expect(servers(pass([isThere], { previous: first.memory, snapshot: RESET }), "web")).toHaveLength(1);
  });

  test("stays where both were registered there when the hold began", () => {
    const held = wiped(web, stranger);
    const next = pass([{ ...stranger }], { previous: held.memory, snapshot: RESET });
    expect(servers(next, "web")).toEqual(["http://10.0.0.9:24001"]);
    const again = pass([{ ...stranger }], { previous: next.memory, snapshot: RESET });
    expect(servers(again, "web")).toEqual(["http://10.0.0.9:24001"]);
  });

  test("stays where the other one was registered there as well, and left a little earlier", () => {
    const all = pass([web, stranger, shop]);
    const left = pass([web, shop], { previous: all.memory, nowMs: NOW_MS + 1_000 });
    const held = pass([], { previous: left.memory, snapshot: RESET, nowMs: NOW_MS + 2_000 });
    const next = pass([{ ...stranger }], { previous: held.memory, snapshot: RESET, nowMs: NOW_MS + 3_000 });
    expect(servers(next, "web")).toEqual(["http://10.0.0.9:24001"]);
  });

  test("is taken out where the other one had left before its owner came, and comes back", () => {
    const first = pass([stranger, shop]);
    const second = pass([web, shop], { previous: first.memory, nowMs: NOW_MS + 1_000 });
    const held = pass([], { previous: second.memory, snapshot: RESET, nowMs: NOW_MS + 2_000 });
    expect(servers(held, "web")).toEqual(["http://10.0.0.9:24001"]);
    const next = pass([stranger], { previous: held.memory, snapshot: RESET, nowMs: NOW_MS + 3_000 });
    expect(servers(next, "web")).toEqual([]);
  });

  test("is taken out where the other one was held at that place before its owner came", () => {
    const first = pass([stranger, shop]);
    const wipedFirst = pass([], { previous: first.memory, snapshot: RESET, nowMs: NOW_MS + 1_000 });
    const second = pass([web], { previous: wipedFirst.memory, snapshot: RESET, nowMs: NOW_MS + 2_000 });
    const held = pass([], { previous: second.memory, snapshot: RESET, nowMs: NOW_MS + 3_000 });
    expect(servers(held, "web")).toEqual(["http://10.0.0.9:24001"]);
    const next = pass([stranger], { previous: held.memory, snapshot: RESET, nowMs: NOW_MS + 4_000 });
    expect(servers(next, "web")).toEqual([]);
  });

  test("stays where its owner is registered there as well: it is held for another reason", () => {
    const before = pass([web], { settings: { ...settings(), id: "old" } });
    const narrow = { ...settings({ ports: { dynamic: "25000-26000" } }), id: "narrow" };
    const held = pass([web], { previous: before.memory, settings: narrow });
    expect(held.memory.removals.holds).toMatchObject([{ kind: "settings-change" }]);
    const next = pass([web, stranger], { previous: held.memory, settings: narrow });
    expect(servers(next, "web")).toEqual(["http://10.0.0.9:24001"]);
  });

  test("is of no interest while nothing is held", () => {
    const both = pass([web, stranger], { previous: pass([web]).memory });
    expect(servers(both, "web")).toEqual(["http://10.0.0.9:24001"]);
  });
});
