import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { routersOf } from "../../../src/core/traefik/chart/dynamic-config.ts";
import { instance, pass, settings } from "../../builders/world.ts";

const EXPOSED = "traefik.enable=true";

const SHOP = instance({
  service: "shop",
  id: "shop",
  createIndex: 1,
  tags: [
    EXPOSED,
    "traefik.http.services.metrics.loadbalancer.server.port=24002",
    "traefik.http.routers.shop.service=metrics",
    "traefik.http.routers.shop.entrypoints=web",
  ],
});
const DATABASE = instance({
  service: "database",
  id: "database",
  port: 24003,
  createIndex: 2,
  tags: [EXPOSED, "traefik.tcp.routers.database.rule=HostSNI(`*`)", "traefik.tcp.routers.database.entrypoints=db"],
});

/** The router `gateway` of another service, with what it uses. */
const USES: Readonly<Record<string, readonly string[]>> = {
  "a service of another one": ["traefik.http.routers.gateway.service=metrics"],
  "the same by the file provider": ["traefik.http.routers.gateway.service=metrics@file"],
  "the same by the catalog's provider": ["traefik.http.routers.gateway.service=metrics@consulcatalog"],
  "a service of another provider": ["traefik.http.routers.gateway.service=whoami@docker"],
  "a load balancer of a database": [
    "traefik.tcp.routers.gateway.rule=HostSNI(`*`)",
    "traefik.tcp.routers.gateway.entrypoints=open",
    "traefik.tcp.routers.gateway.service=database",
  ],
  "a transport in a file": ["traefik.http.services.gateway.loadbalancer.serverstransport=plain@file"],
  "TLS options in a file": ["traefik.http.routers.gateway.tls.options=modern@file"],
  "two things at once": [
    "traefik.http.routers.gateway.service=whoami@docker",
    "traefik.http.routers.gateway.tls.options=modern@file",
  ],
  "error pages of another service": [
    "traefik.http.routers.gateway.middlewares=pages",
    "traefik.http.middlewares.pages.errors.status=500",
    "traefik.http.middlewares.pages.errors.service=metrics",
    "traefik.http.middlewares.pages.errors.query=/",
  ],
};

/** Entry points of TCP alone: no HTTP router, which could be asked there as well, is to decide. */
const OF_TCP = [
  { service: "database", entryPoints: ["db"] },
  { service: "gateway", entryPoints: ["open"] },
];

function played(tags: readonly string[], opened: unknown[] = []) {
  const allow = [...OF_TCP, ...opened];
  const gateway = instance({ service: "gateway", id: "gateway", port: 24001, tags: [EXPOSED, ...tags] });
  const decision = pass([SHOP, DATABASE, gateway], { settings: settings({ allow }) });
  return { decision, isRouted: [...routersOf(decision.chart)].some(({ name }) => name === "gateway") };
}

describe.each(Object.entries(USES))("a router that uses %s", (_, tags) => {
  const refused = played(tags);
  const remedies = refused.decision.diagnostics
    .filter(({ code }) => code === "USE_REFUSED")
    .map(({ remedy }) => remedy);

  test("is left out, and the neighbours stay", () => {
    expect(refused.isRouted).toBe(false);
    expect([...routersOf(refused.decision.chart)].map(({ name }) => name)).toEqual(["shop", "database"]);
  });

  test("is routed with the lines that its diagnostic prints", () => {
    expect(remedies).toHaveLength(1);
    const [, lines = ""] = (remedies[0] ?? "").split("the settings: ");
    const { allow } = load(lines) as { allow: unknown[] };
    const { decision, isRouted } = played(tags, allow);
    expect(decision.diagnostics).toEqual([]);
    expect(isRouted).toBe(true);
  });
});

test("no line is printed that would open more than was asked for", () => {
  const { decision } = played(["traefik.http.routers.gateway.service=*@docker"]);
  expect(decision.diagnostics.map(({ remedy }) => remedy)).toEqual([
    "use what the service itself or one of its Nomad job, its allocation or its namespace defines",
  ]);
});
