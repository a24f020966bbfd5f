import fc from "fast-check";
import { expect, test } from "vitest";
import type { ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import { initialMemory } from "../../src/core/memory.ts";
import { joinCanaries, splitCanaries } from "../../src/core/traefik/chart/canary-split.ts";
import { canonicalJson } from "../../src/core/traefik/chart/canonical-json.ts";
import { configObject, type DynamicConfig, isConfigObject } from "../../src/core/traefik/chart/dynamic-config.ts";
import { parseChart } from "../../src/core/traefik/chart/parse-chart.ts";
import { endpointOf, serversOf } from "../../src/core/traefik/chart/servers.ts";
import { instance, NOW_MS, pass } from "../builders/world.ts";

const INNOCENT = [1, 2].map((n) => instance({ service: "innocent", id: `innocent-${n}`, port: 24_900 + n }));

const anyInstance = fc.record({
  number: fc.nat(6),
  isHealthy: fc.boolean(),
  /** None for a stable one. */
  weight: fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }),
});
type Shown = typeof anyInstance extends fc.Arbitrary<infer T> ? T : never;
const anyState = fc.uniqueArray(anyInstance, { maxLength: 6, selector: ({ number }) => number });
const anyTags = fc.constantFrom(
  [],
  ["traefik.http.services.shop.loadbalancer.sticky.cookie.secure=true"],
  ["traefik.http.services.shop.loadbalancer.sticky.cookie.name=own"],
  ["traefik.http.services.shop.loadbalancer.healthcheck.path=/up"],
  ["traefik.tcp.routers.shop.rule=HostSNI(`shop`)", "traefik.tcp.routers.shop.tls=true"],
  ["traefik.udp.routers.shop.entrypoints=syslog"],
);

function made({ number, isHealthy, weight }: Shown, tags: readonly string[]): ServiceInstance {
  const id = `shop-${number}`;
  const canary = ["traefik.consulcatalog.canary=true", `portolan.canary.weight=${weight}`];
  return instance({
    ...{ service: "shop", id, port: 24_000 + number, createIndex: 20 + number },
    tags: ["traefik.enable=true", ...tags, ...(weight === undefined ? [] : canary)],
    checks: [{ id, name: id, status: isHealthy ? "passing" : "critical" }],
  });
}

/** What Traefik reads of the service: the ports and the weight of each part. */
function sharesOf(chart: DynamicConfig): readonly { readonly ports: readonly number[]; readonly weight: number }[] {
  const read = splitCanaries(chart);
  for (const section of ["http/services", "tcp/services", "udp/services"] as const) {
    const service = read[section].get("shop");
    if (service === undefined) continue;
    const { weighted } = service;
    const parts = isConfigObject(weighted) && Array.isArray(weighted["services"]) ? weighted["services"] : undefined;
    if (parts === undefined) return [{ ports: portsOf(service), weight: 100 }];
    return parts.filter(isConfigObject).map((part) => ({
      ports: portsOf(read[section].get(String(part["name"])) ?? configObject()),
      weight: Number(part["weight"]),
    }));
  }
  return [];
}

function portsOf(service: ReturnType<typeof configObject>): readonly number[] {
  return serversOf(service)
    .map((one) => Number(endpointOf(one).split(":").at(-1)))
    .sort((a, b) => a - b);
}

test("canaries have the least of their weights beside healthy stable instances, the parts come to 100, and it ends with the canary", () => {
  fc.assert(
    fc.property(fc.array(anyState, { minLength: 1, maxLength: 5 }), anyTags, (states, tags) => {
      let { memory, text } = pass(INNOCENT);
      const innocent = innocentIn(text);
      states.forEach((state, step) => {
        const own = state.map((one) => made(one, tags));
        const decision = pass([...INNOCENT, ...own], { previous: memory, nowMs: NOW_MS + (step + 1) * 120_000 });
        ({ memory, text } = decision);
        const healthy = state.filter(({ isHealthy }) => isHealthy);
        const numbers = (of: readonly Shown[]) => of.map(({ number }) => 24_000 + number).sort((a, b) => a - b);
        const stable = healthy.filter(({ weight }) => weight === undefined);
        const canaries = healthy.filter(({ weight }) => weight !== undefined);
        const least = Math.min(...canaries.map(({ weight = 100 }) => weight));
        const shares = sharesOf(decision.chart);
        if (healthy.length > 0 && stable.length > 0 && canaries.length > 0) {
          expect(shares).toEqual([
            { ports: numbers(stable), weight: 100 - least },
            { ports: numbers(canaries), weight: least },
          ]);
        } else if (healthy.length > 0) expect(shares).toEqual([{ ports: numbers(healthy), weight: 100 }]);
        expect(shares.length === 0 ? 100 : shares.reduce((sum, { weight }) => sum + weight, 0)).toBe(100);
        expect(innocentIn(text)).toBe(innocent);
        // What is read back from the file serves alike, so that a restart changes nothing.
        const again = pass([...INNOCENT, ...own], {
          previous: initialMemory(parseChart(text), memory),
          nowMs: NOW_MS + (step + 1) * 120_000,
        });
        expect(again.text).toBe(text);
      });
    }),
  );
});

function innocentIn(text: string): string {
  return text
    .split("\n")
    .filter((line) => line.includes("innocent"))
    .map((line) => line.replace(/,$/, ""))
    .join("\n");
}

test("a chart that is split and joined is the chart", () => {
  fc.assert(
    fc.property(anyState, anyTags, (state, tags) => {
      const { chart } = pass([...INNOCENT, ...state.map((one) => made({ ...one, isHealthy: true }, tags))]);
      const least = Math.min(...state.map(({ weight = 100 }) => weight));
      const joined = joinCanaries(splitCanaries(chart));
      const alike = (text: string) => text.replaceAll(/"canary":\d+/g, `"canary":${least}`);
      for (const section of ["http/services", "tcp/services", "udp/services"] as const) {
        const service = chart[section].get("shop");
        if (service === undefined || state.every(({ weight }) => weight !== undefined)) continue;
        expect(canonicalJson(joined[section].get("shop") ?? "")).toBe(alike(canonicalJson(service)));
        expect([...joined[section].keys()]).toEqual([...chart[section].keys()]);
      }
    }),
  );
});
