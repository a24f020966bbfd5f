import fc from "fast-check";
import { expect, test } from "vitest";
import type { ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import type { Decision } from "../../src/core/decision.ts";
import { initialMemory } from "../../src/core/memory.ts";
import {
  type ConfigObject,
  kindOf,
  type ResourceKey,
  ROUTER_SECTIONS,
  resourceKey,
  splitKey,
} from "../../src/core/traefik/chart/dynamic-config.ts";
import { parseChart } from "../../src/core/traefik/chart/parse-chart.ts";
import { referencesOf } from "../../src/core/traefik/chart/references.ts";
import { referredKey } from "../../src/core/traefik/chart/referred-key.ts";
import { withServers } from "../../src/core/traefik/chart/servers.ts";
import { instance, NOW_MS, pass, settings } from "../builders/world.ts";

/*
 * Innocent services turn critical, leave and come back within the time that names are kept. Beside them strangers copy their
 * tags, use and define their names, ask for their hosts, and go again; portolan is restarted in between. What is charted
 * under the names of the innocent services is what it would be without the strangers, and no router of a stranger asks for
 * their hosts.
 */

const EXPOSED = "traefik.enable=true";

function errorPages(name: string, service: string): readonly string[] {
  const start = `traefik.http.middlewares.${name}.errors`;
  return [`${start}.service=${service}`, `${start}.status=500`, `${start}.query=/x`];
}

function innocent(service: string, port: number, tags: readonly string[]): ServiceInstance {
  return instance({ service, id: service, port, createIndex: 5, tags: [EXPOSED, ...tags] });
}

const SSO = innocent("sso", 24101, [
  "traefik.http.routers.sso.rule=Host(`sso.test`)",
  "traefik.http.middlewares.lock.headers.framedeny=true",
  ...errorPages("pages", "sso"),
  "traefik.http.services.sso.loadbalancer.passhostheader=true",
]);
const SHOP = innocent("shop", 24102, [
  "traefik.http.routers.shop.rule=Host(`shop.test`)",
  "traefik.http.routers.shop.middlewares=lock,own-pages",
  "traefik.http.routers.shop-tls.rule=Host(`shop.test`) && PathPrefix(`/`)",
  "traefik.http.routers.shop-tls.entrypoints=websecure",
  "traefik.http.routers.shop-tls.middlewares=pages",
  ...["shop", "shop-tls"].map((name) => `traefik.http.routers.${name}.service=shop`),
  ...errorPages("own-pages", "shop"),
  "traefik.http.services.shop.loadbalancer.passhostheader=true",
]);
const DATA = innocent("data", 24103, [
  "traefik.tcp.routers.data.rule=HostSNI(`data.test`)",
  "traefik.tcp.routers.data.entrypoints=postgres",
  "traefik.udp.routers.data.entrypoints=dns",
]);
const BYSTANDER = innocent("bystander", 24104, []);
const OWN: readonly ResourceKey[] = [
  ...["sso", "shop", "shop-tls"].map((name) => resourceKey("http/routers", name)),
  resourceKey("tcp/routers", "data"),
  resourceKey("udp/routers", "data"),
];
const OWN_HOSTS = /shop\.test|sso\.test|data\.test/i;

const name = fc.constantFrom("sso", "shop", "shop-tls", "data", "lock", "pages", "own-pages", "mine");
const rule = fc.constantFrom(
  "Host(`shop.test`)",
  "Host(`SHOP.test.`)",
  "Host(`mine.test`) || Host(`sso.test`)",
  "Host(`shop.test`) && PathPrefix(`/`)",
  "Host(`mine.test`)",
);
const tag = fc.oneof(
  fc.tuple(name, rule).map(([own, text]) => `traefik.http.routers.${own}.rule=${text}`),
  fc.tuple(name, name).map(([own, to]) => `traefik.http.routers.${own}.service=${to}`),
  fc.tuple(name, name).map(([own, to]) => `traefik.http.routers.${own}.middlewares=${to}`),
  fc.tuple(name, name).map(([own, to]) => `traefik.http.middlewares.${own}.chain.middlewares=${to}`),
  fc.tuple(name, name).map(([own, to]) => `traefik.http.middlewares.${own}.errors.service=${to}`),
  fc.tuple(name, fc.boolean()).map(([own, is]) => `traefik.http.middlewares.${own}.headers.framedeny=${is}`),
  fc.constantFrom("HostSNI(`data.test`)", "HostSNI(`mine.test`)").map((sni) => `traefik.tcp.routers.data.rule=${sni}`),
);
const stranger = fc
  .record({
    service: fc.constantFrom("stranger", "another"),
    node: fc.constantFrom("node-2", "node-3"),
    createIndex: fc.constantFrom(1, 50),
    copied: fc.constantFrom<readonly string[]>([], [], SSO.tags, SHOP.tags, DATA.tags),
    tags: fc.array(tag, { maxLength: 5 }),
  })
  .map(({ copied, tags, service, node, ...rest }) =>
    instance({ ...rest, service, node, id: `${service}-${node}`, port: 24001, tags: [EXPOSED, ...copied, ...tags] }),
  );
const being = fc.constantFrom("there", "there", "critical", "away", "registered anew");
const history = fc.array(
  fc.record({
    strangers: fc.uniqueArray(stranger, { maxLength: 3, selector: ({ id }) => id }),
    afterMs: fc.constantFrom(200, 3_000),
    beings: fc.tuple(being, being, being),
    isRestarted: fc.constantFrom(false, false, true),
  }),
  { minLength: 2, maxLength: 6 },
);

/** What is charted under the innocent services' names, with all that their routers lead to. Servers count where none is away. */
function charted({ chart }: Decision, isComplete: boolean): Readonly<Record<string, ConfigObject | undefined>> {
  const found: Record<string, ConfigObject | undefined> = {};
  const waiting: ResourceKey[] = [...OWN];
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    if (key in found) continue;
    const target = splitKey(key);
    const object = chart[target.section].get(target.name);
    const hasServers = object !== undefined && kindOf(target.section) === "services" && "loadBalancer" in object;
    found[key] = hasServers && !isComplete ? withServers(object, []) : object;
    for (const reference of object === undefined ? [] : referencesOf(target.section, object)) {
      const referred = referredKey(target.section, reference);
      if (referred !== "") waiting.push(referred);
    }
  }
  return found;
}

function strangersAtOwnHosts({ chart }: Decision): readonly ResourceKey[] {
  return ROUTER_SECTIONS.flatMap((section) =>
    [...chart[section]]
      .filter(([own, router]) => !OWN.includes(resourceKey(section, own)) && OWN_HOSTS.test(String(router["rule"])))
      .map(([own]) => resourceKey(section, own)),
  );
}

test("a service that is away for a moment finds names, hosts and what it borrows as without the strangers", () => {
  // Without the guard against mass removals, which counts the routers of all.
  const by = settings({ guard: { removalCount: 1_000 } });
  fc.assert(
    fc.property(history, (steps) => {
      let [alone, beside] = [pass([SSO, SHOP, DATA, BYSTANDER], { settings: by }), undefined as Decision | undefined];
      let [nowMs, createIndex] = [NOW_MS, 100];
      for (const { strangers, afterMs, beings, isRestarted } of steps) {
        nowMs += afterMs;
        const present = [BYSTANDER];
        for (const [at, one] of [SSO, SHOP, DATA].entries()) {
          if (beings[at] === "away") continue;
          const checks = beings[at] === "critical" ? [{ id: "c", name: "c", status: "critical" as const }] : one.checks;
          createIndex += 1;
          present.push({ ...one, checks, ...(beings[at] === "registered anew" ? { createIndex } : {}) });
        }
        const next = (last: Decision, all: readonly ServiceInstance[]) =>
          pass(all, {
            previous: isRestarted ? initialMemory(parseChart(last.text), last.memory) : last.memory,
            nowMs,
            settings: by,
          });
        [beside, alone] = [next(beside ?? alone, [...strangers, ...present]), next(alone, present)];
        const isComplete = present.every(({ checks }) => checks[0]?.status !== "critical") && present.length === 4;
        expect(charted(beside, isComplete)).toEqual(charted(alone, isComplete));
        expect(strangersAtOwnHosts(beside)).toEqual([]);
      }
    }),
    { numRuns: 120 },
  );
});
