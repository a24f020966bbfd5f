import fc from "fast-check";
import { expect, test } from "vitest";
import type { ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import { translatorLikeTraefik } from "../../src/core/compat/translator.ts";
import { translateInstance } from "../../src/core/instances/instance.ts";
import type { CoreSettings } from "../../src/core/settings.ts";
import { anyInstance } from "../builders/arbitrary.ts";
import { instance, settings } from "../builders/world.ts";

/*
 * What an instance's tags define is taken from the instance before it, where that has the same tags. It must be what becomes of
 * the instance alone.
 */

const RUNS = Number(process.env["RUNS"] ?? 300);

const SETTINGS: readonly CoreSettings[] = [
  settings(),
  settings({ backends: { weights: "consul" } }),
  settings({ traefik: { defaultRule: "Host(`{{ .Node }}.{{ normalize .Name }}.test`) && Path(`/{{ .Address }}`)" } }),
  settings({ traefik: { defaultMiddlewares: { http: ["auth@file"] } } }),
  settings({ equalNames: "prefix" }),
  { ...settings(), hasManyNamespaces: true },
];

const tag = fc.constantFrom(
  "traefik.http.routers.web.rule=Host(`web.test`)",
  "traefik.http.routers.web.rule=Host(`web.test`",
  "traefik.http.routers.web.middlewares=strip,ask",
  "traefik.http.routers.bare.priority=1",
  "traefik.http.routers.api.rule=PathPrefix(`/api`)",
  "traefik.http.routers.api.service=api@consulcatalog",
  "traefik.http.middlewares.strip.stripprefix.prefixes=/a",
  "traefik.http.middlewares.strip.stripprefix.prefixes=",
  "traefik.http.middlewares.ask.forwardauth.address=http://192.168.11.11:24001/",
  "traefik.http.middlewares.ask.forwardauth.address=http://192.168.11.12:24002/",
  "traefik.http.services.web.loadbalancer.server.scheme=h2c",
  "traefik.http.services.web.loadbalancer.server.port=24005",
  "traefik.http.services.api.loadbalancer.server.port=80",
  "traefik.http.services.api.loadbalancer.server.url=http://192.168.11.11:24001",
  "traefik.http.services.api.loadbalancer.healthcheck.path=/ok",
  "traefik.http.services.a@b.loadbalancer.passhostheader=true",
  "traefik.tcp.routers.db.rule=HostSNI(`db.test`)",
  "traefik.tcp.services.db.loadbalancer.server.port=24007",
  "traefik.tcp.services.db.loadbalancer.proxyprotocol.version=3",
  "traefik.udp.routers.dns.entrypoints=dns",
  "traefik.udp.services.dns.loadbalancer.server.port=24006",
  "traefik.consulcatalog.canary=true",
  "portolan.canary.weight=5",
  "portolan.weight=3",
  "portolan.address=lan",
  "portolan.standby=true",
);

/** Instances with one list of tags, which differ in all that translating may look at; some next to them have other tags. */
const siblings: fc.Arbitrary<readonly ServiceInstance[]> = fc.uniqueArray(tag, { maxLength: 6 }).chain((tags) =>
  fc.array(
    fc
      .record({
        tags: fc.constantFrom(tags, tags, tags, tags.slice(1)).map((own) => ["traefik.enable=true", ...own]),
        id: fc.constantFrom("a", "b", "_nomad-task-1f0b3f4c-0a54-7d5a-9d1e-000000000000-group-web-web-http"),
        node: fc.constantFrom("node-1", "node-2"),
        address: fc.constantFrom("", "192.168.11.12", "10.1.0.5", "169.254.169.254", "fd00::1"),
        nodeAddress: fc.constantFrom("192.168.11.11", "192.168.11.12", ""),
        port: fc.constantFrom(24_001, 24_002, 80, 0),
        service: fc.constantFrom("web", "web", "web", "Web_2"),
        namespace: fc.constantFrom("", "", "team"),
        catalog: fc.constantFrom("consul", "consul", "nomad"),
        weights: fc.constantFrom({ passing: 1, warning: 1 }, { passing: 7, warning: 2 }),
        checks: fc
          .constantFrom("passing", "passing", "warning", "critical")
          .map((status) => [{ id: "c", name: "c", status }]),
        taggedAddresses: fc.constantFrom({}, { lan: { address: "192.168.11.30", port: 24_010 } }),
      })
      .map((fields) => instance(fields as Partial<ServiceInstance>)),
    { minLength: 1, maxLength: 5 },
  ),
);

for (const [mode, translate] of [
  ["by default", translateInstance],
  ["like Traefik", (one: ServiceInstance, by: CoreSettings) => translatorLikeTraefik(by)(one)],
] as const) {
  test(`an instance beside others with its tags is translated as one alone, ${mode}`, () => {
    fc.assert(
      fc.property(
        fc.oneof({ weight: 4, arbitrary: siblings }, fc.array(anyInstance, { maxLength: 4 })),
        fc.constantFrom(...SETTINGS),
        (instances, by) => {
          const beside = { ...by };
          for (const one of instances) {
            const alone = translate({ ...one, tags: [...one.tags] }, { ...by });
            expect(translate(one, beside).state).toEqual(alone.state);
          }
        },
      ),
      { numRuns: RUNS },
    );
  });
}

test("instances with the same tags share what these define, and nothing that an instance differs in", () => {
  const by = settings();
  const tags = ["traefik.enable=true", "traefik.http.routers.web.rule=Host(`web.test`)"];
  const states = ["192.168.11.11", "192.168.11.12"].map(
    (address) => translateInstance(instance({ id: address, address, tags: [...tags] }), by).state,
  );
  const [one, other] = states.map((state) => (state.kind === "routed" ? state.fragment.config : undefined));
  expect(one?.["http/routers"].get("web")).toBe(other?.["http/routers"].get("web"));
  const urls = [one, other].map((config) => JSON.stringify(config?.["http/services"].get("web")));
  expect(urls[0]).toContain("192.168.11.11:24001");
  expect(urls[1]).toContain("192.168.11.12:24001");
});
