import { expect, test } from "vitest";
import { heldRouters } from "../../src/app/held-routers.ts";
import type { ChartStatus } from "../../src/observe/status/chart-status.ts";
import { NOW_MS } from "../builders/world.ts";
import { STATUS } from "../observe/status/statuses.ts";

const MASS = { kind: "mass-removal", sinceMs: NOW_MS } as const;
const AWAY = { kind: "source-away", sinceMs: NOW_MS } as const;

function edge(name: string, holds: ChartStatus["holds"]) {
  return { name, status: () => ({ ...STATUS, holds }) };
}

const edges = [
  edge("main", [
    { ...MASS, routers: ["http/routers/shop", "udp/routers/dns", "tcp/routers/dns"] },
    { ...AWAY, catalogName: "dc2", routers: ["http/routers/far"] },
  ]),
  edge("public", [{ ...MASS, routers: ["http/routers/shop"] }]),
];

test.each([
  [["shop"], { main: ["http/routers/shop"], public: ["http/routers/shop"] }],
  [["dns"], { main: ["udp/routers/dns", "tcp/routers/dns"] }],
  [["dns (udp)"], { main: ["udp/routers/dns"] }],
  [["shop", "dns (tcp)"], { main: ["http/routers/shop", "tcp/routers/dns"], public: ["http/routers/shop"] }],
])("%j mean %j", (names, expected) => {
  const found = Array.from(heldRouters(edges, names), ([chart, keys]) => [chart, [...keys]]);
  expect(Object.fromEntries(found)).toEqual(expected);
});

test.each([
  [["shp"], 'there is no router "shp" that is held; did you mean "shop"?'],
  [["shop", "frobnicate"], 'there is no router "frobnicate" that is held; portolan holds lists what is'],
  [["api"], 'router "api" is published and not held; portolan holds lists what is'],
  [["far"], 'router "far" stays held: catalog dc2 has not answered since the start; until it answers'],
  [["\u001b[2J"], '"\\u001b[2J"'],
])("%j are refused", (names, message) => {
  expect(() => heldRouters(edges, names)).toThrow(message);
});

test("where nothing is held, that is said", () => {
  expect(() => heldRouters([edge("main", [])], ["web"])).toThrow('router "web" is not held: nothing is');
});
