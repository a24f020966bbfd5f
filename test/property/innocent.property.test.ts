import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import { initialMemory } from "../../src/core/memory.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  type ResourceKey,
  resourceKey,
  splitKey,
} from "../../src/core/traefik/chart/dynamic-config.ts";
import { parseChart } from "../../src/core/traefik/chart/parse-chart.ts";
import { referencesOf } from "../../src/core/traefik/chart/references.ts";
import { referredKey } from "../../src/core/traefik/chart/referred-key.ts";
import { reachOfRouter } from "../../src/core/traefik/rule-reach/reach.ts";
import { has } from "../../src/core/traefik/rule-reach/text-set.ts";
import { instance, NOW_MS, pass, settings } from "../builders/world.ts";

/*
 * An innocent service is registered and stays. Others come, change their tags and their health, go and come back, and portolan
 * is restarted in between: whatever they ask for, a request to the innocent service's hosts gets what it got before.
 */

const HOST = "innocent.test";
const DATABASE = "db.innocent.test";
const INNOCENT = instance({
  service: "innocent",
  id: "innocent",
  node: "node-1",
  createIndex: 5,
  tags: [
    "traefik.enable=true",
    `traefik.http.routers.innocent.rule=Host(\`${HOST}\`)`,
    "traefik.http.routers.innocent.entrypoints=web",
    "traefik.http.routers.innocent.middlewares=innocent-headers",
    "traefik.http.middlewares.innocent-headers.headers.framedeny=true",
    `traefik.http.routers.innocent-tls.rule=Host(\`${HOST}\`) && PathPrefix(\`/\`)`,
    "traefik.http.routers.innocent-tls.entrypoints=websecure",
    "traefik.http.routers.innocent-tls.tls.options=mtls@file",
    "traefik.http.services.innocent.loadbalancer.passhostheader=true",
    `traefik.tcp.routers.innocent-db.rule=HostSNI(\`${DATABASE}\`)`,
    "traefik.tcp.routers.innocent-db.entrypoints=postgres",
    "traefik.tcp.routers.innocent-db.tls=true",
    "traefik.tcp.services.innocent-db.loadbalancer.terminationdelay=100",
    "traefik.udp.routers.innocent-udp.entrypoints=dns",
  ],
});

const BY = settings({ allow: [{ service: "innocent", uses: ["mtls@file"] }] });

const PARTS = ["innocent", "innocent-tls", "innocent-db", "innocent-udp", "innocent-headers", "mtls", "own"];
const part = fc
  .constantFrom(...PARTS)
  .chain((name) => fc.constantFrom(name, name, `${name}@file`, `${name}@consulcatalog`));
const hostile = fc.constantFrom(
  `Host(\`${HOST}\`)`,
  `Host(\`${HOST.toUpperCase()}\`)`,
  `Host(\`own.test\`) || Host(\`${HOST}\`)`,
  `Host(\`own.test\`) && !Host(\`${HOST}\`)`,
  `Host(\`own.test\`, \`${HOST}\`)`,
  "HostRegexp(`^.+$`)",
  "PathPrefix(`/`)",
  "!Host(`elsewhere.test`)",
  "Host(`own.test`)",
);
const hostileSni = fc.constantFrom(
  `HostSNI(\`${HOST}\`)`,
  `HostSNI(\`${DATABASE}\`)`,
  "HostSNI(`*`)",
  "HostSNIRegexp(`^.+$`)",
  "ClientIP(`0.0.0.0/0`)",
  `HostSNI(\`own.test\`) && !HostSNI(\`${HOST}\`)`,
);
const entryPoint = fc.constantFrom("web", "websecure", "postgres", "dns", "web,websecure", "traefik");

/** What a tenant may write into its tags, about its own names and the innocent service's. */
const tag = fc.oneof(
  fc.tuple(part, hostile).map(([name, rule]) => `traefik.http.routers.${name}.rule=${rule}`),
  fc.tuple(part, hostileSni).map(([name, rule]) => `traefik.tcp.routers.${name}.rule=${rule}`),
  fc
    .tuple(fc.constantFrom("http", "tcp", "udp"), part, entryPoint)
    .map(([protocol, name, points]) => `traefik.${protocol}.routers.${name}.entrypoints=${points}`),
  fc
    .tuple(fc.constantFrom("http", "tcp", "udp"), part, part)
    .map(([p, name, to]) => `traefik.${p}.routers.${name}.service=${to}`),
  fc.tuple(part, part).map(([name, to]) => `traefik.http.routers.${name}.middlewares=${to}`),
  fc.tuple(part, fc.constantFrom("0", "1", "100000")).map(([name, n]) => `traefik.http.routers.${name}.priority=${n}`),
  fc.tuple(fc.constantFrom("http", "tcp"), part).map(([p, name]) => `traefik.${p}.routers.${name}.tls=true`),
  fc
    .tuple(fc.constantFrom("http", "tcp"), part, part)
    .map(([p, name, to]) => `traefik.${p}.routers.${name}.tls.options=${to}`),
  part.map((name) => `traefik.http.routers.${name}.tls.domains[0].main=${HOST}`),
  part.map((name) => `traefik.http.routers.${name}.tls.certresolver=mine`),
  part.map((name) => `traefik.tls.options.${name}.minversion=VersionTLS10`),
  part.map((name) => `traefik.http.middlewares.${name}.headers.framedeny=false`),
  fc.tuple(part, part).map(([name, to]) => `traefik.http.middlewares.${name}.chain.middlewares=${to}`),
  fc.tuple(part, part).map(([name, to]) => `traefik.http.middlewares.${name}.errors.service=${to}`),
  fc
    .tuple(fc.constantFrom("http", "tcp", "udp"), part)
    .map(([p, name]) => `traefik.${p}.services.${name}.loadbalancer.server.port=24999`),
  part.map((name) => `traefik.http.services.${name}.loadbalancer.server.url=http://10.0.0.66:24066`),
  fc.constantFrom(
    "traefik.enable=true",
    "traefik.enable=false",
    "traefik.consulcatalog.canary=true",
    "traefik.nonsense",
  ),
);

const tenant = fc
  .record({
    service: fc.constantFrom("tenant-a", "tenant-b", "innocent-db", "a-before-innocent"),
    id: fc.constantFrom("one", "two", "innocent"),
    node: fc.constantFrom("node-1", "node-2"),
    address: fc.constantFrom("", "192.168.11.11", "10.0.0.66"),
    port: fc.constantFrom(24001, 24002, 80, 31999),
    createIndex: fc.constantFrom(1, 9, 50),
    tags: fc.array(tag, { minLength: 1, maxLength: 7 }),
    status: fc.constantFrom("passing", "passing", "passing", "critical"),
  })
  .map(
    ({ status, tags, id, service, ...rest }): ServiceInstance =>
      instance({
        ...{ ...rest, service, id: `${service}-${id}`, tags: ["traefik.enable=true", ...tags] },
        checks: [{ id: "c", name: "c", status }],
      }),
  );

const step = fc.record({
  tenants: fc.uniqueArray(tenant, { maxLength: 4, selector: ({ id, node }) => `${node} ${id}` }),
  afterMs: fc.constantFrom(200, 5_000, 90_000, 700_000),
  isRestarted: fc.constantFrom(false, false, true),
});
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

const history = fc.array(step, { minLength: 1, maxLength: 6 });

const OWN_ROUTERS = [
  resourceKey("http/routers", "innocent"),
  resourceKey("http/routers", "innocent-tls"),
  resourceKey("tcp/routers", "innocent-db"),
  resourceKey("udp/routers", "innocent-udp"),
];

/** The innocent service's routers with all that they lead to, by name. */
function definitionsOf(chart: DynamicConfig): Readonly<Record<string, ConfigObject | undefined>> {
  const found: Record<string, ConfigObject | undefined> = {};
  const waiting: ResourceKey[] = [...OWN_ROUTERS];
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    if (key in found) continue;
    const { section, name } = splitKey(key);
    const object = chart[section].get(name);
    found[key] = object;
    if (object === undefined) continue;
    for (const reference of referencesOf(section, object)) {
      const referred = referredKey(section, reference);
      if (referred !== "") waiting.push(referred);
    }
  }
  return found;
}

/** Routers of others that would take a request of this entry point for the innocent host before its own router, or beside it. */
function rivalsOf(chart: DynamicConfig, own: string, entryPoint: string): readonly string[] {
  const reaches = [...chart["http/routers"]].map(([name, router]) => ({
    ...{ name, router },
    ...reachOfRouter("http/routers", router),
  }));
  const mine = reaches.find(({ name }) => name === own);
  if (mine === undefined) return ["its own router is not there"];
  return reaches
    .filter(({ name }) => name !== "innocent" && name !== "innocent-tls")
    .filter(({ router }) => [router["entryPoints"] ?? entryPoint].flat().includes(entryPoint))
    .filter(({ areas }) => areas === undefined || areas.some(({ host }) => has(host, HOST)))
    .filter(({ priority }) => priority >= mine.priority)
    .map(({ name }) => name);
}

/** TCP routers of others that would take a connection to this host before the innocent service's router, or before HTTP. */
function tcpRivalsOf(chart: DynamicConfig, host: string, entryPoint: string): readonly string[] {
  const own = chart["tcp/routers"].get("innocent-db");
  const least = host === DATABASE && own !== undefined ? reachOfRouter("tcp/routers", own).priority : 0;
  return [...chart["tcp/routers"]]
    .filter(([name]) => name !== "innocent-db")
    .filter(([, router]) => [router["entryPoints"] ?? entryPoint].flat().includes(entryPoint))
    .map(([name, router]) => ({ name, ...reachOfRouter("tcp/routers", router) }))
    .filter(({ areas }) => areas === undefined || areas.some((area) => has(area.host, host)))
    .filter(({ priority }) => priority >= least)
    .map(({ name }) => name);
}

/** Routers of others that set TLS options or ask for a certificate for a host that the innocent service owns, negated or not. */
function meddlersIn(chart: DynamicConfig): readonly string[] {
  return (["http/routers", "tcp/routers"] as const).flatMap((section) =>
    [...chart[section]]
      .filter(([name, { tls }]) => tls !== undefined && !OWN_ROUTERS.includes(resourceKey(section, name)))
      .filter(([, router]) => JSON.stringify(router).toLowerCase().includes("innocent.test"))
      .map(([name]) => `${section}/${name}`),
  );
}

/** The chart after each step of a history, which begins with the innocent service alone. */
function* chartsOf(steps: readonly Step[]): Generator<DynamicConfig> {
  let { memory, text } = pass([INNOCENT], { settings: BY });
  let nowMs = NOW_MS;
  for (const { tenants, afterMs, isRestarted } of steps) {
    nowMs += afterMs;
    const previous = isRestarted ? initialMemory(parseChart(text), memory) : memory;
    const decision = pass([...tenants, INNOCENT], { previous, nowMs, settings: BY });
    yield decision.chart;
    ({ memory, text } = decision);
  }
}

describe("whatever others register, how they are and what their tags say, before it and after it, over restarts", () => {
  const alone = pass([INNOCENT], { settings: BY });

  test("it is routed as it asks", () => {
    expect(alone.diagnostics).toEqual([]);
    expect(OWN_ROUTERS.filter((key) => definitionsOf(alone.chart)[key] === undefined)).toEqual([]);
  });

  test("the innocent service's routers, and all that they lead to, are what they are without them", () => {
    fc.assert(
      fc.property(history, (steps) => {
        for (const chart of chartsOf(steps)) expect(definitionsOf(chart)).toEqual(definitionsOf(alone.chart));
      }),
      { numRuns: 150 },
    );
  });

  test("no request to its hosts is taken by another router, and no other sets its TLS options", () => {
    fc.assert(
      fc.property(history, (steps) => {
        for (const chart of chartsOf(steps)) {
          expect(rivalsOf(chart, "innocent", "web")).toEqual([]);
          expect(rivalsOf(chart, "innocent-tls", "websecure")).toEqual([]);
          expect(tcpRivalsOf(chart, DATABASE, "postgres")).toEqual([]);
          for (const entryPoint of ["web", "websecure"]) expect(tcpRivalsOf(chart, HOST, entryPoint)).toEqual([]);
          expect(meddlersIn(chart)).toEqual([]);
        }
      }),
      { numRuns: 150 },
    );
  });
});
