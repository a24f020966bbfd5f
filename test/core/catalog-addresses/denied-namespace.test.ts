import { expect, test } from "vitest";
import type { CatalogSnapshot } from "../../../src/core/catalog/snapshot.ts";
import { assembleOperatorConfig } from "../../../src/core/operator-config/assemble.ts";
import { newConfig } from "../../../src/core/traefik/chart/dynamic-config.ts";
import { instance, pass, snapshot } from "../../builders/world.ts";

const judgedBy = {
  version: "3.7",
  entryPoints: ["web"],
  ruleSyntax: "v3",
  defaultEntryPoints: ["web"],
} as const;

function asking(address: string) {
  const http = {
    middlewares: { jwt: { forwardAuth: { address } } },
    routers: { direct: { rule: "Host(`direct`)", service: "direct", middlewares: ["jwt"] } },
    services: { direct: { loadBalancer: { servers: [{ url: "http://192.0.2.7:80" }] } } },
  };
  return assembleOperatorConfig(
    {
      settings: { origin: "define", config: newConfig() },
      files: [{ name: "guards.yml", content: { http } }],
      lastGood: new Map(),
    },
    judgedBy,
  ).operatorConfig;
}

/** What the middleware asks once its service is in Nomad's list no more, while this of the list is denied. */
function askedAfterwards(address: string, namespace: string, blind: CatalogSnapshot["blind"]): string {
  const operatorConfig = asking(address);
  const jwt = instance({
    catalog: "nomad",
    service: "jwt",
    id: "jwt-1",
    namespace,
    port: 24_100,
    tags: [],
    checks: [],
  });
  const first = pass([jwt], { operatorConfig });
  const { chart } = pass([], {
    operatorConfig,
    previous: first.memory,
    snapshots: [snapshot([], blind === undefined ? {} : { blind })],
  });
  return JSON.stringify(chart["http/middlewares"].get("jwt"));
}

const DENIED = { sinceMs: 0, reason: "denied", namespaces: ["team"] };

test("a namespace that is denied hides its own services, whose last address stays, and no others", () => {
  expect(askedAfterwards("catalog://jwt@team/", "team", DENIED)).toContain("http://192.168.11.11:24100/");
  expect(askedAfterwards("catalog://jwt/", "default", DENIED)).toContain("http://127.0.0.1:0/");
  expect(askedAfterwards("catalog://jwt/", "default", { ...DENIED, namespaces: ["default"] })).toContain(":24100/");
});
