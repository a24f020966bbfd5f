import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { fieldChanges } from "../../../src/core/chart-diff/field-changes.ts";
import { type Comparison, compareWithTraefik } from "../../../src/core/compare/compare.ts";
import { groupOf } from "../../../src/core/compare/reason.ts";
import { configObject } from "../../../src/core/traefik/chart/dynamic-config.ts";
import type { TraefikEntryPoint } from "../../../src/core/traefik-result/running-traefik.ts";
import type { TraefikResource } from "../../../src/core/traefik-result/traefik-resource.ts";
import { listed, listedByTraefik, WEB } from "../../builders/traefik-list.ts";
import { instance, NOW_MS, pass, settings, snapshot } from "../../builders/world.ts";

function tagged(service: string, ...tags: readonly string[]): ServiceInstance {
  return instance({
    service,
    id: service,
    nodeId: "n1",
    tags: ["traefik.enable=true", ...tags.map((tag) => `traefik.${tag}`)],
  });
}

interface World {
  readonly resources?: readonly TraefikResource[];
  readonly entryPoints?: readonly TraefikEntryPoint[];
  readonly settings?: Readonly<Record<string, unknown>>;
}

function compared(instances: readonly ServiceInstance[], world: World = {}): Comparison {
  const own = settings(world.settings ?? {});
  return compareWithTraefik({
    resources: world.resources ?? listedByTraefik(instances, { settings: own }),
    entryPoints: world.entryPoints ?? [WEB],
    decision: pass(instances, { settings: own }),
    snapshots: [snapshot(instances)],
    settings: own,
    nowMs: NOW_MS,
  });
}

/** `+ http/routers/web: PORT_OUTSIDE_WINDOW` for each difference. */
function told({ differences }: Comparison): readonly string[] {
  const signs = { added: "+", removed: "-", changed: "~" };
  return differences.map(({ key, diff, reasons }) => `${signs[diff.kind]} ${key}: ${reasons.map(groupOf).join(", ")}`);
}

const SHOP = tagged(
  "shop",
  "http.routers.shop.rule=Host(`shop`) && PathPrefix(`/a`)",
  "http.routers.shop.middlewares=strip,auth@file",
  "http.routers.shop.tls=true",
  "http.middlewares.strip.stripprefix.prefixes=/a",
  "http.services.shop.loadbalancer.passhostheader=true",
);

describe("what Traefik's own provider and the chart have alike", () => {
  test("defaults, computed priorities, the provider behind a name and the default entry points make no difference", () => {
    const { differences, counts } = compared([
      SHOP,
      tagged("mail", "tcp.routers.mail.rule=HostSNI(`mail`)", "tcp.routers.mail.tls=true"),
    ]);
    expect(differences).toEqual([]);
    expect(counts).toEqual({
      routers: { traefik: 2, portolan: 2, equal: 2 },
      services: { traefik: 2, portolan: 2, equal: 2 },
      middlewares: { traefik: 1, portolan: 1, equal: 1 },
    });
  });

  test("a router is listed once for each entry point that has options, with what they add", () => {
    const both = tagged(
      "shop",
      "http.routers.shop.rule=Host(`shop`)",
      "http.routers.shop.entrypoints=web,websecure,plain",
      "http.routers.shop.middlewares=auth@file",
    );
    const router = { service: "shop", rule: "Host(`shop`)" };
    const resources = [
      listed(
        "http/routers",
        "web-shop",
        configObject(Object.entries({ ...router, entryPoints: ["web"], middlewares: ["limit@file", "auth@file"] })),
      ),
      listed(
        "http/routers",
        "websecure-shop",
        configObject(
          Object.entries({
            ...router,
            entryPoints: ["websecure"],
            middlewares: ["auth@file"],
            tls: configObject([["certResolver", "le"]]),
            observability: configObject([["metrics", false]]),
          }),
        ),
      ),
      listed(
        "http/routers",
        "shop",
        configObject(Object.entries({ ...router, entryPoints: ["plain"], middlewares: ["auth@file"] })),
      ),
      ...listedByTraefik([both]).filter(({ section }) => section === "http/services"),
    ];
    const entryPoints = [
      { ...WEB, options: { middlewares: ["limit@file"] } },
      {
        ...WEB,
        name: "websecure",
        options: { tls: configObject([["certResolver", "le"]]), observability: configObject([["metrics", false]]) },
      },
      { ...WEB, name: "plain" },
    ];
    expect(told(compared([both], { resources, entryPoints }))).toEqual([]);
  });
});

describe("why they differ, by what decided it", () => {
  const rule = (name: string, host: string) => `http.routers.${name}.rule=Host(\`${host}\`)`;

  test.each<[string, readonly ServiceInstance[], readonly string[], World?]>([
    [
      "a port outside the window costs router and service",
      [{ ...SHOP, port: 80 }],
      [
        "- http/routers/shop: PORT_OUTSIDE_WINDOW",
        "- http/services/shop: PORT_OUTSIDE_WINDOW",
        "- http/middlewares/strip: unused",
      ],
    ],
    [
      "a host of another service",
      [tagged("a", rule("a", "x")), { ...tagged("b", rule("b", "x")), createIndex: 11 }],
      ["- http/routers/b: HOST_TAKEN", "- http/services/b: unused"],
    ],
    [
      "Traefik's own services",
      [tagged("a", rule("a", "x"), "http.routers.a.service=api@internal")],
      ["- http/routers/a: OPERATOR_ONLY", "- http/services/a: unused"],
    ],
    [
      "a name that two services define stays with its first owner",
      [
        tagged("a", rule("r", "x"), "http.routers.r.service=a", "http.services.a.loadbalancer.passhostheader=true"),
        {
          ...tagged(
            "b",
            rule("r", "y"),
            "http.routers.r.service=b",
            "http.services.b.loadbalancer.passhostheader=true",
          ),
          createIndex: 11,
        },
      ],
      ["+ http/routers/r: deleted-in-traefik", "- http/services/b: unused"],
    ],
    [
      "instances that disagree during a deploy",
      [tagged("a", rule("a", "x")), { ...tagged("a", rule("a", "y")), id: "a2", port: 24_002, createIndex: 11 }],
      ["+ http/routers/a: deleted-in-traefik"],
    ],
    [
      "one mistake in part of an instance",
      [
        tagged(
          "a",
          rule("a", "x"),
          "http.routers.a.service=a",
          "http.services.a.loadbalancer.passhostheader=true",
          "http.services.b.loadbalancer.server.url=http://127.0.0.1:24001",
          "http.services.b.loadbalancer.server.port=24001",
        ),
      ],
      ["+ http/routers/a: refused-in-traefik", "+ http/services/a: refused-in-traefik"],
    ],
    [
      "the tag of a sibling hides the instance in Traefik",
      [
        tagged("a", rule("a", "x")),
        { ...instance({ service: "a", id: "a2", nodeId: "n1", port: 24_002 }), tags: ["traefik.enable=yes"] },
      ],
      ["+ http/routers/a: hidden-in-traefik", "+ http/services/a: hidden-in-traefik"],
    ],
    [
      "health checks follow no redirect",
      [tagged("a", rule("a", "x"), "http.services.a.loadbalancer.healthcheck.path=/up")],
      ["~ http/services/a: health-check"],
    ],
    [
      "a health check that is left out",
      [
        tagged(
          "a",
          rule("a", "x"),
          "http.services.a.loadbalancer.healthcheck.path=/up",
          "http.services.a.loadbalancer.healthcheck.method=POST",
        ),
      ],
      ["~ http/services/a: HEALTH_CHECK_REFUSED"],
    ],
    [
      "a weight by a tag of portolan's",
      [{ ...tagged("a", rule("a", "x")), tags: ["traefik.enable=true", "portolan.weight=5"] }],
      ["~ http/services/a: own-tags"],
    ],
  ])("%s", (_, instances, expected, world = {}) => {
    expect(told(compared(instances, world))).toEqual(expected);
  });

  test("the name of a sticky cookie that Traefik makes of the service's", () => {
    const sticky = tagged("web", rule("web", "x"), "http.services.web.loadbalancer.sticky.cookie=true");
    // Measured: Traefik 3.6.12 calls the cookie of web@consulcatalog so.
    const resources = listedByTraefik([sticky]).map((one) => ({
      ...one,
      definition: JSON.parse(JSON.stringify(one.definition).replace('"name":""', '"name":"_79351"')),
    }));
    const comparison = compared([sticky], { resources });
    expect(told(comparison)).toEqual(["~ http/services/web: cookie-name"]);
    expect(comparison.differences.map(({ diff }) => fieldChanges(diff))).toEqual([
      [{ path: ["loadBalancer", "sticky", "cookie", "name"], before: "_79351", after: "_7052b" }],
    ]);
  });

  test("a Traefik that has read nothing yet", () => {
    expect(told(compared([SHOP], { resources: [] }))).toEqual([
      "+ http/routers/shop: other-view",
      "+ http/services/shop: other-view",
      "+ http/middlewares/strip: other-view",
    ]);
  });

  test("what Traefik has and its provider would not make of this catalog by these settings is said to be that", () => {
    const resources = [
      ...listedByTraefik([SHOP]),
      listed(
        "http/routers",
        "gone",
        configObject([
          ["rule", "Host(`gone`)"],
          ["service", "gone"],
        ]),
      ),
    ];
    expect(told(compared([SHOP], { resources }))).toEqual(["- http/routers/gone: other-view"]);
    expect(
      told(compared([SHOP], { resources: listedByTraefik([SHOP]), settings: { traefik: { prefix: "other" } } })),
    ).toEqual([
      "- http/routers/shop: other-view",
      "- http/services/shop: other-view",
      "- http/middlewares/strip: other-view",
    ]);
  });
});
