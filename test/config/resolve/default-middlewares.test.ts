import { expect, test } from "vitest";
import { edgeCore } from "../../../src/app/edges/edge-core.ts";
import { resolveSettings } from "../../../src/config/resolve/resolve.ts";
import { settings } from "../../builders/world.ts";

function resolve(content: Readonly<Record<string, unknown>>) {
  const complete = { output: { file: "chart.yml" }, stateDir: "state", ...content };
  return resolveSettings({ file: { name: "portolan.yml", content: complete }, environment: {}, flags: {} });
}

const EDGE = { name: "public", prefix: "public", file: "public/chart.yml" };

test.each<[Readonly<Record<string, unknown>>, string]>([
  [
    { traefik: { defaultMiddlewares: { "*": ["auth"] } } },
    'traefik.defaultMiddlewares: found "auth", and there are no snippets that could define it; "auth@file" is allowed for one in a file beside the chart, or set snippets',
  ],
  [
    { edges: [{ ...EDGE, defaultMiddlewares: { "*": ["auth"] } }] },
    'edges.0.defaultMiddlewares: found "auth", and there are no snippets that could define it; "auth@file" is allowed for one in a file beside the chart, or set snippets',
  ],
  [
    { traefik: { entryPoints: ["web", "websecure"], defaultMiddlewares: { websecur: ["auth@file"] } } },
    'traefik.defaultMiddlewares: found the entry point "websecur"; allowed: *, web, websecure',
  ],
  [
    { compat: "traefik", traefik: { defaultMiddlewares: { "*": ["auth@file"] } } },
    "traefik.defaultMiddlewares: found beside compat: traefik, which charts what Traefik's own provider would; compat: none is allowed, or entryPoints.NAME.http.middlewares in Traefik's static configuration",
  ],
  [
    { traefik: { defaultMiddlewares: { "*": ["auth@consulcatalog"] } } },
    'traefik.defaultMiddlewares.*.0: found "auth@consulcatalog"; a middleware of yours is allowed: `auth` of a snippet, or `auth@file`; services define those of a catalog',
  ],
  [
    { traefik: { defaultMiddlewares: ["auth@file"] } },
    "traefik.defaultMiddlewares: found a list; a mapping is allowed",
  ],
])("%j is refused with what is allowed", (content, expected) => {
  expect(resolve(content)).toEqual({ kind: "refused", errors: [`${expected} (portolan.yml)`] });
});

test("they are part of what routes depend on: what they take away is held", () => {
  const [none, some] = [resolve({}), resolve({ traefik: { defaultMiddlewares: { "*": ["auth@file"] } } })];
  expect([none.kind, some.kind]).toEqual(["resolved", "resolved"]);
  expect(none).not.toMatchObject({ forRoutes: "forRoutes" in some ? some.forRoutes : [] });
});

test("an edge has those of all charts, unless it has its own, be it none", () => {
  const core = settings({ traefik: { defaultMiddlewares: { "*": ["auth@file"] } } });
  const of = (plan: Parameters<typeof edgeCore>[0]) => edgeCore(plan, () => core)().traefik.defaultMiddlewares;
  expect(of(EDGE)).toEqual({ "*": ["auth@file"] });
  expect(of({ ...EDGE, defaultMiddlewares: {} })).toEqual({});
  expect(of({ ...EDGE, defaultMiddlewares: { "*": ["waf@file"] } })).toEqual({ "*": ["waf@file"] });
});
