import fc from "fast-check";
import { expect, test } from "vitest";
import type { ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import { initialMemory } from "../../src/core/memory.ts";
import type { CoreSettings } from "../../src/core/settings.ts";
import { policyOf } from "../builders/printed-policy.ts";
import { instance, NOW_MS, pass, settings } from "../builders/world.ts";

const POLICY = policyOf({
  rules: [{ service: "guarded", middlewares: { require: ["jwt@file"] }, tcpEntryPoints: ["mqtt"] }, {}],
});
const SETTINGS: CoreSettings = {
  ...settings({ allow: [{ service: "opened", uses: ["*"] }] }),
  policy: POLICY,
};

/** So that there is what others may lead to. */
const SOUND = [
  "traefik.http.services.guarded.loadbalancer.passhostheader=true",
  "traefik.http.routers.guarded.middlewares=jwt@file",
  "traefik.http.routers.guarded.service=guarded",
];

/** What a tenant may write who wants the guarded service, or one like it, to be reached past the operator's middleware. */
const anyTag = fc.constantFrom(
  ...["web", "other", ""].map((at) => `traefik.http.routers.r.entrypoints=${at}`),
  ...[
    "jwt",
    "jwt@file",
    "jwt@consulcatalog",
    "own",
    "own,jwt@file",
    "jwt@file,own",
    "pages,jwt",
    "jwt,pages",
    "chain",
  ].map((names) => `traefik.http.routers.r.middlewares=${names}`),
  ...["guarded", "all", "r"].map((name) => `traefik.http.routers.r.service=${name}`),
  "traefik.http.routers.second.rule=Host(`second`)",
  "traefik.http.routers.second.service=guarded",
  ...["192.168.11.11", "[::ffff:192.168.11.11]", "localhost", "guarded.service.consul"].map(
    (host) => `traefik.http.services.all.loadbalancer.server.url=http://${host}:24000`,
  ),
  "traefik.http.middlewares.jwt.compress=true",
  "traefik.http.middlewares.own.compress=true",
  "traefik.http.middlewares.chain.chain.middlewares=jwt@file",
  "traefik.http.middlewares.pages.errors.status=401",
  ...["guarded", "all"].map((name) => `traefik.http.middlewares.pages.errors.service=${name}`),
  ...["24000", "24001"].map((port) => `traefik.http.services.all.loadbalancer.server.port=${port}`),
  ...["mqtt", "websecure", ""].map((at) => `traefik.tcp.routers.r.entrypoints=${at}`),
  "traefik.tcp.routers.r.rule=HostSNI(`one`)",
  "traefik.tcp.routers.r.tls.passthrough=true",
  "portolan.keep=true",
);

const anyState = fc.record({
  services: fc.array(
    fc.record({
      service: fc.constantFrom("guarded", "guarded", "tenant", "opened"),
      tags: fc.uniqueArray(anyTag, { maxLength: 8 }),
      isHealthy: fc.boolean(),
    }),
    { maxLength: 4 },
  ),
  isRestarted: fc.boolean(),
  isReset: fc.boolean(),
});

/** All of one namespace, so that they are kin. */
function made(
  { service, tags, isHealthy }: { service: string; tags: readonly string[]; isHealthy: boolean },
  at: number,
): ServiceInstance {
  const status = isHealthy ? "passing" : "critical";
  return instance({
    ...{
      service,
      id: `${service}-${at}`,
      namespace: "",
      job: "one",
      port: (service === "guarded" ? 24_000 : 25_000) + at,
      createIndex: 10 + at,
    },
    tags: ["traefik.enable=true", ...(service === "guarded" ? SOUND : []), ...tags],
    checks: [{ id: "own", name: "own", status }],
  });
}

test("no router in the chart that leads to a service under a demand is without what is demanded, whatever happened before", () => {
  let judged = 0;
  fc.assert(
    fc.property(
      fc.constantFrom("consul", "nomad"),
      fc.array(anyState, { minLength: 1, maxLength: 5 }),
      (catalog, states) => {
        let previous = pass([], { settings: SETTINGS }).memory;
        states.forEach(({ services, isRestarted, isReset }, step) => {
          const instances = services.map((one, at) => ({ ...made(one, at), catalog }) as const);
          const nowMs = NOW_MS + step * 1_000;
          const decision = pass(instances, {
            previous: isRestarted ? initialMemory(previous.chart.published, previous) : previous,
            settings: SETTINGS,
            nowMs,
            snapshot: isReset ? { indexResetAtMs: nowMs } : {},
          });
          previous = decision.memory;
          const { chart } = decision;
          expect(chart["http/middlewares"].has("jwt")).toBe(false);
          const guarded = new Set(
            instances.filter(({ service }) => service === "guarded").map(({ port }) => String(port)),
          );
          const isGuarded = (service: unknown) =>
            JSON.stringify(chart["http/services"].get(String(service)) ?? {})
              .match(/(?<=http:\/\/[^"]+:)[0-9]+(?=")/g)
              ?.some((port) => guarded.has(port)) === true;
          for (const router of chart["http/routers"].values()) {
            const names = [router["middlewares"] ?? []].flat().map((name) => String(name).replace(/@file$/, ""));
            const at = names.indexOf("jwt");
            if (isGuarded(router["service"])) {
              judged += 1;
              expect(at).toBeGreaterThanOrEqual(0);
            }
            for (const [position, name] of names.entries()) {
              const pages = chart["http/middlewares"].get(name)?.["errors"] as { service?: string } | undefined;
              if (pages === undefined || !isGuarded(pages.service)) continue;
              judged += 1;
              expect(at >= 0 && at < position).toBe(true);
            }
          }
          for (const [name, router] of chart["tcp/routers"]) {
            if (decision.memory.owners.get(`tcp/routers/${name}`)?.service === "guarded")
              expect(router["entryPoints"]).toEqual(["mqtt"]);
          }
        });
      },
    ),
  );
  expect(judged).toBeGreaterThan(50);
});
