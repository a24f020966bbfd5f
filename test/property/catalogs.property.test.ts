import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CatalogSnapshot, type ServiceInstance, serviceKey } from "../../src/core/catalog/snapshot.ts";
import type { Decision } from "../../src/core/decision.ts";
import type { DiagnosticSubject } from "../../src/core/diagnostics/diagnostics.ts";
import type { Memory } from "../../src/core/memory.ts";
import {
  type DynamicConfig,
  isRouterSection,
  ROUTER_SECTIONS,
  type RouterSection,
  resourceKey,
  routersOf,
  SECTIONS,
  type Section,
} from "../../src/core/traefik/chart/dynamic-config.ts";
import { endpointOf, serversOf } from "../../src/core/traefik/chart/servers.ts";
import { anyCatalog } from "../builders/arbitrary.ts";
import { namesLedTo } from "../builders/chart.ts";
import { instance, NOW_MS, pass, settings, snapshot } from "../builders/world.ts";

const PREFIXED = settings({ equalNames: "prefix" });
const SETTINGS = [settings(), PREFIXED, settings({ compat: "traefik" })];

type Sign = Partial<CatalogSnapshot>;

/** Everything that a catalog may show of its own state. */
const anySign: fc.Arbitrary<Sign> = fc.constantFrom<Sign>(
  {},
  { freshness: "stored" },
  { indexResetAtMs: NOW_MS },
  { blind: { sinceMs: NOW_MS, reason: "an empty list" } },
  { confirmedAtMs: NOW_MS },
);

function named(catalogName: string, instances: readonly ServiceInstance[], sign: Sign = {}): CatalogSnapshot {
  return snapshot(instances, { catalogName, ...sign });
}

const anySnapshots = fc
  .array(fc.tuple(anyCatalog, anySign), { minLength: 1, maxLength: 3 })
  .map((all) => all.map(([instances, sign], position) => named(`dc${position}`, instances, sign)));

function chartOf(snapshots: readonly CatalogSnapshot[], previous?: Memory): DynamicConfig {
  return pass([], { snapshots, settings: PREFIXED, ...(previous === undefined ? {} : { previous }) }).chart;
}

/** Whether a router was left out because the host that it asks for is another service's: names have nothing to do with it. */
function isOtherHost({ diagnostics, chart }: Pick<Decision, "diagnostics" | "chart">, section: Section, name: string) {
  // The message alone would be about `a b` for `a` as well.
  if (chart[section].has(name)) return false;
  return diagnostics.some(
    ({ code, message }) =>
      /^(?:HOST_TAKEN|SHADOWS_OWNED_HOST)$/.test(code) && message.startsWith(`${section}/${name} `),
  );
}

function withoutRouters(
  chart: DynamicConfig,
  isLeftOut: (section: RouterSection, name: string) => boolean,
): DynamicConfig {
  const left = ROUTER_SECTIONS.map((section) => {
    const routers = [...chart[section]].filter(([name]) => !isLeftOut(section, name));
    return [section, new Map(routers)] as const;
  });
  return { ...chart, ...Object.fromEntries(left) };
}

function urlsBehind(chart: DynamicConfig, service: string): readonly string[] {
  const object = chart["http/services"].get(service);
  return object === undefined ? [] : serversOf(object).map(endpointOf);
}

test("what comes of several catalogs does not depend on their order", () => {
  fc.assert(
    fc.property(anySnapshots, anySnapshots, fc.constantFrom(...SETTINGS), (before, after, core) => {
      const first = pass([], { snapshots: before, settings: core });
      const [one, other] = [after, after.toReversed()].map((snapshots) =>
        pass([], { snapshots, settings: core, previous: first.memory }),
      );
      expect(other?.text).toBe(one?.text);
      expect(other?.diagnostics).toEqual(one?.diagnostics);
      expect(other?.memory.removals.holds).toEqual(one?.memory.removals.holds);
      expect(pass([], { snapshots: before.toReversed(), settings: core }).text).toBe(first.text);
    }),
  );
});

test("one catalog with a name is charted as one without", () => {
  fc.assert(
    fc.property(anyCatalog, anyCatalog, anySign, (before, after, sign) => {
      const single = pass(after, { snapshot: sign, previous: pass(before).memory });
      const listed = pass([], {
        snapshots: [named("dc1", after, sign)],
        previous: pass([], { snapshots: [named("dc1", before)] }).memory,
      });
      expect(listed.text).toBe(single.text);
      expect(listed.diagnostics.map(({ code, subject }) => [code, subject.service, subject.tag])).toEqual(
        single.diagnostics.map(({ code, subject }) => [code, subject.service, subject.tag]),
      );
      expect(listed.memory.removals.holds.map(({ kind, routers }) => [kind, routers])).toEqual(
        single.memory.removals.holds.map(({ kind, routers }) => [kind, routers]),
      );
    }),
  );
});

describe("with names of their own", () => {
  test("the chart of several catalogs is that of each, put together", () => {
    fc.assert(
      fc.property(anyCatalog, anyCatalog, (one, other) => {
        const together = pass([], { snapshots: [named("a", one), named("b", other)], settings: PREFIXED });
        const apart = [named("a", one), named("b", other)].map((own) =>
          pass([], { snapshots: [own], settings: PREFIXED }),
        );
        // A host that the other catalog's service owns may cost a router, and so save one that this router had cost alone.
        const isAboutHosts = (section: Section, name: string) =>
          isRouterSection(section) && [together, ...apart].some((decision) => isOtherHost(decision, section, name));
        const ledTo = namesLedTo(withoutRouters(together.chart, isAboutHosts));
        for (const section of SECTIONS) {
          if (section.startsWith("tls/")) continue;
          const isCompared = ([name]: readonly [string, unknown]) =>
            isRouterSection(section) ? !isAboutHosts(section, name) : ledTo.has(resourceKey(section, name));
          const expected = apart.flatMap(({ chart }) => [...chart[section]]).filter(isCompared);
          expect(new Map([...together.chart[section]].filter(isCompared))).toEqual(new Map(expected));
        }
      }),
    );
  });

  test("whatever happens to one catalog, all that another asks for is routed", () => {
    fc.assert(
      fc.property(anySnapshots, anyCatalog, anyCatalog, anySign, (before, one, other, sign) => {
        const own = before.filter(({ catalogName }) => catalogName === "dc1");
        const charted = pass([], { snapshots: before, settings: PREFIXED });
        const past = charted.memory;
        const ownPast = pass([], { snapshots: own, settings: PREFIXED }).memory;
        const news = named("dc1", other);
        const alone = pass([], { snapshots: [news], settings: PREFIXED, previous: ownPast });
        const decision = pass([], {
          snapshots: [named("dc0", one, sign), news],
          settings: PREFIXED,
          previous: past,
        });
        const { chart } = decision;
        const { holds, leftAtMs } = alone.memory.removals;
        const leaving = new Set([...holds.flatMap(({ routers }) => routers), ...leftAtMs.keys()]);
        for (const [router, object] of alone.chart["http/routers"]) {
          if (leaving.has(`http/routers/${router}`)) continue;
          // Who did not get it then, for its host, has no chart to show that a successor means the same.
          if ([charted, decision].some((one) => isOtherHost(one, "http/routers", router))) continue;
          const service = String(object["service"]);
          // Nor has what only a router led to that did not get its host then: nothing unused is charted.
          const isInChart = (memory: Memory) => memory.chart.published?.["http/services"].has(service) === true;
          if (isInChart(ownPast) && !isInChart(past)) continue;
          expect(chart["http/routers"].get(router)).toEqual(object);
          expect(urlsBehind(chart, service)).toEqual(urlsBehind(alone.chart, service));
        }
      }),
    );
  });

  test("a catalog of which nothing is known keeps what it had, unless another has its rules or ports now", () => {
    fc.assert(
      fc.property(anyCatalog, anyCatalog, anyCatalog, (one, other, news) => {
        const past = pass([], { snapshots: [named("a", one), named("b", other)], settings: PREFIXED });
        const after = chartOf([named("a", [], { freshness: "unread" }), named("b", news)], past.memory);
        const rules = new Set([...routersOf(after)].filter(({ name }) => name.startsWith("b_")).map(ruleOf));
        for (const { key, section, name, router } of routersOf(past.chart)) {
          if (!name.startsWith("a_") || rules.has(ruleOf({ router }))) continue;
          expect(after[section].get(name), key).toEqual(router);
          if (section !== "http/routers") continue;
          const service = String(router["service"]);
          const [before, now] = [urlsBehind(past.chart, service), urlsBehind(after, service)];
          expect(before).toEqual(expect.arrayContaining([...now]));
          expect(now).toEqual(expect.arrayContaining(before.filter((url) => !news.some((one) => isAt(url, one)))));
        }
      }),
    );
  });
});

function isAt(url: string, { address, nodeAddress, port }: ServiceInstance): boolean {
  const { hostname, port: found } = new URL(url);
  return hostname.replace(/^\[|\]$/g, "") === (address || nodeAddress) && found === String(port);
}

function ruleOf({
  router,
}: {
  readonly router: DynamicConfig["http/routers"] extends ReadonlyMap<string, infer R> ? R : never;
}) {
  return JSON.stringify(router["rule"]);
}

/** Few names and few meanings, so that two catalogs often agree about one and disagree about another. */
const closeCatalog: fc.Arbitrary<readonly ServiceInstance[]> = fc.uniqueArray(
  fc
    .record({
      service: fc.constantFrom("web", "api"),
      id: fc.constantFrom("a", "b"),
      address: fc.constantFrom("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"),
      createIndex: fc.nat(5),
      tags: fc
        .subarray([
          "traefik.http.routers.one.rule=Host(`one`)",
          "traefik.http.routers.one.priority=7",
          "traefik.http.routers.two.rule=Host(`two`)",
          "traefik.http.routers.two.service=web",
          "traefik.http.middlewares.strip.stripprefix.prefixes=/a",
          "traefik.http.services.web.loadbalancer.passhostheader=false",
        ])
        .map((tags) => ["traefik.enable=true", ...tags]),
    })
    .map((fields) => instance(fields)),
  { maxLength: 4, selector: ({ service, id }) => `${service}/${id}` },
);

describe("with shared names", () => {
  test("no service has servers of two catalogs' services that disagree about a name", () => {
    let disputes = 0;
    fc.assert(
      fc.property(closeCatalog, closeCatalog, closeCatalog, (before, one, other) => {
        const past = pass([], { snapshots: [named("b", before)] });
        const snapshots = [named("a", one), named("b", other)];
        const { chart, diagnostics, memory } = pass([], { snapshots, previous: past.memory });
        const names = new Set(
          SECTIONS.flatMap((section) => [...chart[section].keys()].map((key) => `${section}/${key}`)),
        );
        for (const { code, subject, message } of diagnostics) {
          const [, name = "", owner = ""] = /^(\S+) belongs to service (".*"), which/.exec(message) ?? [];
          // A name may be kept for somebody who means nothing by it any more.
          if (code !== "NAME_TAKEN" || !names.has(name)) continue;
          const has = JSON.parse(owner) as string;
          if (has.startsWith(`${subject.catalog}:`)) continue;
          disputes += 1;
          for (const service of chart["http/services"].keys()) {
            const behind = urlsBehind(chart, service).map((url) =>
              memory.changes.origin(`http/services/${service}`, url),
            );
            const owners = new Set(behind.map((instance) => instance && serviceKey(instance)));
            const loser = behind.some((instance) => instance?.id === subject.instance && isOf(instance, subject));
            expect(loser && owners.has(has), service).toBe(false);
          }
        }
      }),
    );
    expect(disputes).toBeGreaterThan(0);
  });

  test("the one who comes first loses nothing to the others", () => {
    fc.assert(
      fc.property(closeCatalog, closeCatalog, (one, other) => {
        const alone = pass([], { snapshots: [named("a", one)] }).chart;
        const decision = pass([], { snapshots: [named("a", one), named("b", other)] });
        const { chart } = decision;
        for (const [router, object] of alone["http/routers"]) {
          if (isOtherHost(decision, "http/routers", router)) continue;
          expect(chart["http/routers"].get(router)).toEqual(object);
          const service = String(object["service"]);
          expect(urlsBehind(chart, service)).toEqual(expect.arrayContaining([...urlsBehind(alone, service)]));
        }
      }),
    );
  });

  test("whoever had names before, who has one that is routed has servers behind it", () => {
    fc.assert(
      fc.property(closeCatalog, closeCatalog, closeCatalog, (before, one, other) => {
        const previous = pass([], { snapshots: [named("b", before)] }).memory;
        const decision = pass([], { snapshots: [named("a", one), named("b", other)], previous });
        const { chart, memory } = decision;
        const held = new Set([
          ...memory.removals.holds.flatMap(({ routers }) => routers),
          ...memory.removals.leftAtMs.keys(),
          // What they refer to is not charted, and they say so.
          ...memory.references.closed.keys(),
        ]);
        for (const { key, router } of routersOf(chart)) {
          if (held.has(key)) continue;
          expect(urlsBehind(chart, String(router["service"])), key).not.toEqual([]);
        }
      }),
    );
  });
});

function isOf(instance: ServiceInstance, { catalog, service, node }: DiagnosticSubject): boolean {
  return instance.catalogName === catalog && instance.service === service && instance.node === node;
}
