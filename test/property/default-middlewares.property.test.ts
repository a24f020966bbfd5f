import fc from "fast-check";
import { expect, test } from "vitest";
import type { ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import { defaultsAt } from "../../src/core/default-middlewares/defaults-at.ts";
import { newConfig } from "../../src/core/traefik/chart/dynamic-config.ts";
import { instance, NOW_MS, pass, settings } from "../builders/world.ts";

const DEFAULTS = { "*": ["headers@file"], web: ["auth"], lan: ["auth", "office@file"] };
const SETTINGS = settings({
  snippets: "snippets",
  traefik: { defaultMiddlewares: DEFAULTS },
  allow: [{ service: "open", withoutDefaultMiddlewares: true }],
});

const AUTH = { basicAuth: { usersFile: "/etc/traefik/users" } };
const config = newConfig();
config["http/middlewares"].set("auth", AUTH);
const operatorConfig = { config, origins: new Map([["http/middlewares/auth", "auth.yml"] as const]), diagnostics: [] };

/** What a tenant may write who wants to be reached past the operator's authentication. */
const anyTag = fc.constantFrom(
  ...["web", "lan", "other", "web,other", "", "WEB", " web", "__proto__"].map(
    (at) => `traefik.http.routers.r.entrypoints=${at}`,
  ),
  ...["web", "lan", "other", ""].map((at) => `traefik.tcp.routers.r.entrypoints=${at}`),
  ...["false", "true", "0", "no"].map((told) => `portolan.defaultMiddlewares=${told}`),
  ...["false", "true"].map((told) => `portolan.http.routers.r.defaultMiddlewares=${told}`),
  "traefik.tcp.routers.r.rule=HostSNI(`one`)",
  "traefik.tcp.routers.r.tls.passthrough=true",
  "traefik.http.routers.r.rule=Host(`one`)",
  "traefik.http.routers.r.middlewares=auth",
  "traefik.http.routers.r.middlewares=own@file",
  "traefik.http.routers.second.rule=Host(`two`)",
  "traefik.http.routers.second.entrypoints=other",
  "traefik.http.middlewares.auth.compress=true",
  "traefik.http.middlewares.headers.compress=true",
  "traefik.http.middlewares.own.compress=true",
  "portolan.keep=true",
);

const anyState = fc.array(
  fc.record({
    service: fc.constantFrom("tenant", "other", "open"),
    tags: fc.uniqueArray(anyTag, { maxLength: 8 }),
    isHealthy: fc.boolean(),
  }),
  { maxLength: 3 },
);

function made(
  { service, tags, isHealthy }: { service: string; tags: readonly string[]; isHealthy: boolean },
  at: number,
): ServiceInstance {
  const status = isHealthy ? "passing" : "critical";
  return instance({
    ...{ service, id: `${service}-${at}`, port: 24_001 + at, createIndex: 10 + at },
    tags: ["traefik.enable=true", ...tags],
    checks: [{ id: "own", name: "own", status }],
  });
}

test("no tag of a service that the settings do not open leads past the default middlewares, whatever happened before", () => {
  fc.assert(
    fc.property(fc.array(anyState, { minLength: 1, maxLength: 4 }), (states) => {
      let previous = pass([], { settings: SETTINGS, operatorConfig }).memory;
      states.forEach((state, step) => {
        const decision = pass(state.map(made), {
          previous,
          settings: SETTINGS,
          operatorConfig,
          nowMs: NOW_MS + step * 1_000,
        });
        previous = decision.memory;
        const { chart, memory } = decision;
        expect(chart["http/middlewares"].get("auth") ?? AUTH).toBe(AUTH);
        expect(chart["http/middlewares"].has("headers")).toBe(false);
        for (const [name, router] of chart["http/routers"]) {
          // Nothing is behind a router that is closed.
          if (memory.owners.get(`http/routers/${name}`)?.service === "open" || router["service"] === `${name}.closed`)
            continue;
          const expected = defaultsAt(DEFAULTS, [router["entryPoints"] ?? []].flat().map(String));
          expect([router["middlewares"] ?? []].flat().slice(0, expected.length)).toEqual(expected);
        }
        for (const [name, router] of chart["tcp/routers"]) {
          if (memory.owners.get(`tcp/routers/${name}`)?.service === "open") continue;
          expect(router["entryPoints"]).toEqual(["other"]);
        }
      });
    }),
  );
});
