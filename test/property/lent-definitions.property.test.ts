import fc from "fast-check";
import { expect, test } from "vitest";
import type { ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import { initialMemory, type Memory } from "../../src/core/memory.ts";
import type { DynamicConfig } from "../../src/core/traefik/chart/dynamic-config.ts";
import { parseChart } from "../../src/core/traefik/chart/parse-chart.ts";
import { serversOf } from "../../src/core/traefik/chart/servers.ts";
import { reachOfRouter } from "../../src/core/traefik/rule-reach/reach.ts";
import { instance, NOW_MS, pass } from "../builders/world.ts";

/* A shop asks for its host and for a middleware of another service, and never changes. Everything else does. */

const EXPOSED = "traefik.enable=true";
const OWN = ["10.0.0.0/8", "172.16.0.0/12"];

function registered(service: string, status: string, tags: readonly string[], createIndex: number): ServiceInstance {
  const checks = [{ id: `service:${service}`, name: service, status }];
  const port = 24_000 + [...service].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  return instance({ service, id: service, port, tags: [EXPOSED, ...tags], checks, createIndex });
}

const SHOP = registered(
  "shop",
  "passing",
  ["traefik.http.routers.shop.rule=Host(`shop.org`)", "traefik.http.routers.shop.middlewares=lock"],
  50,
);

const status = fc.constantFrom("passing", "passing", "critical");

/** The lender: as ever, with another meaning, without the middleware, or hidden. */
const lender = fc
  .tuple(
    status,
    fc.constantFrom<readonly string[]>(
      ...OWN.map((range) => [`traefik.http.middlewares.lock.ipallowlist.sourcerange=${range}`]),
      [],
    ),
  )
  .map(([health, tags]) => registered("lender", health, tags, 40));

/** Who wants the host, who wants the name, with other meanings or as the lender had it. */
const stranger = fc
  .record({
    service: fc.constantFrom("thief", "forger", "twin"),
    health: status,
    tags: fc.subarray(
      [
        "traefik.http.routers.mine.rule=Host(`shop.org`)",
        "traefik.http.routers.shop.rule=Host(`shop.org`)",
        "traefik.http.middlewares.lock.compress=true",
        `traefik.http.middlewares.lock.ipallowlist.sourcerange=${OWN[0]}`,
        "traefik.http.middlewares.lock.chain.middlewares=open",
        "traefik.http.middlewares.open.compress=true",
      ],
      { maxLength: 3 },
    ),
    createIndex: fc.constantFrom(1, 60),
  })
  .map(({ service, health, tags, createIndex }) => registered(service, health, tags, createIndex));

type Step =
  | { readonly kind: "put"; readonly instance: ServiceInstance }
  | { readonly kind: "drop"; readonly service: string }
  | { readonly kind: "time"; readonly ms: number }
  | { readonly kind: "restart" };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: lender.map((one) => ({ kind: "put", instance: one }) as const) },
  { weight: 4, arbitrary: stranger.map((one) => ({ kind: "put", instance: one }) as const) },
  {
    weight: 3,
    arbitrary: fc.constantFrom("lender", "lender", "thief", "forger", "twin").map((service) => ({
      kind: "drop" as const,
      service,
    })),
  },
  { weight: 3, arbitrary: fc.constantFrom(1, 1_000, 31_000, 700_000).map((ms) => ({ kind: "time", ms }) as const) },
  { weight: 1, arbitrary: fc.constant({ kind: "restart" } as const) },
);

/** The lender has left for so long that its users go, which the rest follows. */
const LEAVES: readonly Step[] = [
  { kind: "drop", service: "lender" },
  { kind: "time", ms: 700_000 },
];

const history = fc
  .array(fc.oneof({ weight: 6, arbitrary: step.map((one) => [one]) }, { weight: 1, arbitrary: fc.constant(LEAVES) }), {
    minLength: 1,
    maxLength: 20,
  })
  .map((steps) => steps.flat());

/** The routers that name the shop's host, but for its own. */
function othersAt(chart: DynamicConfig, memory: Memory): readonly string[] {
  return [...chart["http/routers"]]
    .filter(([name, router]) => {
      const { areas = [] } = reachOfRouter("http/routers", router);
      const isShops = memory.owners.get(`http/routers/${name}`)?.service === "shop";
      return !isShops && areas.some(({ host }) => host.isExact && host.prefix === "shop.org");
    })
    .map(([name]) => name);
}

test("whatever becomes of others, an owner that is there loses its host to no service, and is served with what its lender means or not at all", () => {
  fc.assert(
    fc.property(history, (steps) => {
      const catalog = new Map<string, ServiceInstance>();
      const original = registered(
        "lender",
        "passing",
        [`traefik.http.middlewares.lock.ipallowlist.sourcerange=${OWN[0]}`],
        40,
      );
      for (const one of [SHOP, original]) catalog.set(one.service, one);
      let nowMs = NOW_MS;
      let { memory, text } = pass([...catalog.values()], { nowMs });
      for (const one of steps) {
        if (one.kind === "put") catalog.set(one.instance.service, one.instance);
        if (one.kind === "drop") catalog.delete(one.service);
        if (one.kind === "time") nowMs += one.ms;
        if (one.kind === "restart") memory = initialMemory(parseChart(text), memory);
        const decision = pass([...catalog.values()], { previous: memory, nowMs });
        const { chart } = decision;
        ({ memory, text } = decision);
        expect(othersAt(chart, memory)).toEqual([]);
        const router = chart["http/routers"].get("shop");
        const service = chart["http/services"].get(String(router?.["service"]));
        const isServed = service !== undefined && serversOf(service).length > 0;
        if (router === undefined || !isServed) continue;
        expect(router["middlewares"]).toEqual(["lock"]);
        const lock = chart["http/middlewares"].get("lock");
        expect(OWN.map((range) => ({ ipAllowList: { sourceRange: [range] } }))).toContainEqual(
          JSON.parse(JSON.stringify(lock)),
        );
      }
    }),
    { numRuns: Number(process.env["RUNS"] ?? 150) },
  );
}, 60_000);
