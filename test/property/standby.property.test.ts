import fc from "fast-check";
import { expect, test } from "vitest";
import type { ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import { type DynamicConfig, SECTIONS } from "../../src/core/traefik/chart/dynamic-config.ts";
import { endpointOf, serversOf } from "../../src/core/traefik/chart/servers.ts";
import { instance, NOW_MS, pass, settings, snapshot } from "../builders/world.ts";

const INNOCENT = instance({ service: "innocent", id: "innocent", port: 24_900 });

/** One of a few instances of a service, active or on standby, healthy or not. */
const anyInstance = fc.record({
  number: fc.nat(5),
  isStandby: fc.boolean(),
  isHealthy: fc.boolean(),
  protocol: fc.constantFrom("http", "tcp", "udp"),
});
type Shown = typeof anyInstance extends fc.Arbitrary<infer T> ? T : never;

const anyState = fc.uniqueArray(anyInstance, { maxLength: 6, selector: ({ number }) => number });

const TAGS = {
  http: [],
  tcp: ["traefik.tcp.routers.db.rule=HostSNI(`db`)", "traefik.tcp.routers.db.tls=true"],
  udp: ["traefik.udp.routers.db.entrypoints=syslog"],
} as const;

function made({ number, isStandby, isHealthy }: Shown, protocol: keyof typeof TAGS): ServiceInstance {
  const id = `db-${number}`;
  const status = isHealthy ? "passing" : "critical";
  return instance({
    ...{ service: "db", id, port: 24_000 + number, createIndex: 20 + number },
    tags: ["traefik.enable=true", ...TAGS[protocol], ...(isStandby ? ["portolan.standby=true"] : [])],
    checks: [{ id, name: id, status }],
  });
}

function portsOf(chart: DynamicConfig, name: string): readonly number[] {
  return SECTIONS.flatMap((section) => {
    const service = section.endsWith("/services") ? chart[section].get(name) : undefined;
    return service === undefined ? [] : serversOf(service).map((one) => Number(endpointOf(one).split(":").at(-1)));
  });
}

test("an instance on standby gets traffic in just those passes in which no active one of its service is healthy", () => {
  fc.assert(
    fc.property(fc.array(anyState, { minLength: 1, maxLength: 6 }), anyInstance, (states, { protocol }) => {
      let previous = pass([INNOCENT]).memory;
      states.forEach((state, step) => {
        const own = state.map((one) => made(one, protocol as keyof typeof TAGS));
        // Nothing flaps: what is asked here is whose turn it is, not when.
        const decision = pass([INNOCENT, ...own], { previous, nowMs: NOW_MS + (step + 1) * 120_000 });
        previous = decision.memory;
        const healthy = state.filter(({ isHealthy }) => isHealthy);
        const active = healthy.filter(({ isStandby }) => !isStandby);
        const serving = active.length > 0 ? active : healthy;
        expect([...portsOf(decision.chart, "db")].sort()).toEqual(serving.map(({ number }) => 24_000 + number).sort());
        expect(portsOf(decision.chart, "innocent")).toEqual([24_900]);
      });
    }),
  );
});

test("of catalogs in an order, only the first in which a service has a healthy instance serves it", () => {
  const names = ["c", "a", "b"];
  const core = settings({ equalNames: "failover", catalogs: names.map((name) => ({ name, consul: {} })) });
  const anyWorld = fc.array(fc.array(fc.boolean(), { maxLength: 2 }), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(fc.array(anyWorld, { minLength: 1, maxLength: 5 }), (worlds) => {
      let previous: ReturnType<typeof pass>["memory"] | undefined;
      worlds.forEach((world, step) => {
        const snapshots = names.map((catalogName, rank) => {
          const own = (world[rank] ?? []).map((isHealthy, number) =>
            made({ number: rank * 2 + number, isStandby: false, isHealthy, protocol: "http" }, "http"),
          );
          // A service of its own, so that no catalog loses its last route, which would be held.
          const keeper = instance({ service: `keeper-${rank}`, id: "keeper", port: 24_800 + rank });
          return snapshot([...own, keeper, { ...INNOCENT, port: 24_900 + rank }], { catalogName });
        });
        const decision = pass([], {
          ...{ snapshots, settings: core, nowMs: NOW_MS + step * 120_000 },
          ...(previous && { previous }),
        });
        previous = decision.memory;
        const first = world.findIndex((own) => own.includes(true));
        const expected = (world[first] ?? []).flatMap((isHealthy, n) => (isHealthy ? [24_000 + first * 2 + n] : []));
        expect([...portsOf(decision.chart, "db")].sort()).toEqual(expected);
        expect(portsOf(decision.chart, "innocent")).toEqual([24_900]);
      });
    }),
  );
});
