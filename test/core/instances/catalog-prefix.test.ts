import { expect, test } from "vitest";
import { prefixerFor } from "../../../src/core/instances/catalog-prefix.ts";
import { translateInstance } from "../../../src/core/instances/instance.ts";
import { NO_OPERATOR_CONFIG } from "../../../src/core/operator-config/operator-config.ts";
import { SECTIONS } from "../../../src/core/traefik/chart/dynamic-config.ts";
import { instance, settings } from "../../builders/world.ts";

const PREFIXED = settings({ equalNames: "prefix" });

/** What an instance of the catalog `dc1` with these tags asks for, section by section. */
function asked(
  tags: readonly string[],
  core = PREFIXED,
  catalogName: { catalogName?: string } = { catalogName: "dc1" },
) {
  const one = instance({ ...catalogName, tags: ["traefik.enable=true", ...tags] });
  const { state } = prefixerFor(core, NO_OPERATOR_CONFIG)(translateInstance(one, core));
  if (state.kind !== "routed") throw new Error(`the instance is ${state.kind}`);
  const { config } = state.fragment;
  return Object.fromEntries(
    SECTIONS.filter((section) => config[section].size > 0).map((section) => [
      section,
      Object.fromEntries(config[section]),
    ]),
  );
}

test("names and references of every protocol get the catalog's name, at any depth", () => {
  const made = asked([
    "traefik.http.routers.web.rule=Host(`a`)",
    "traefik.http.routers.web.middlewares=all",
    "traefik.http.middlewares.all.chain.middlewares=strip,far@docker",
    "traefik.http.middlewares.strip.stripprefix.prefixes=/a",
    "traefik.tcp.routers.db.rule=HostSNI(`*`)",
    "traefik.tcp.routers.db.middlewares=few",
    "traefik.tcp.middlewares.few.inflightconn.amount=3",
    "traefik.udp.routers.dns.entrypoints=dns",
  ]);
  expect(made).toMatchObject({
    "http/routers": { dc1_web: { service: "dc1_web", middlewares: ["dc1_all"] } },
    "http/services": { dc1_web: {} },
    "http/middlewares": { dc1_all: { chain: { middlewares: ["dc1_strip", "far@docker"] } }, dc1_strip: {} },
    "tcp/routers": { dc1_db: { service: "dc1_web", middlewares: ["dc1_few"] } },
    "tcp/middlewares": { dc1_few: {} },
    "udp/routers": { dc1_dns: { service: "dc1_web" } },
  });
});

test("what a built-in provider's name stands for is the catalog's own", () => {
  const tags = ["traefik.http.routers.web.middlewares=a@consulcatalog,b@nomad-team,c@file"];
  expect(asked(tags)).toMatchObject({ "http/routers": { dc1_web: { middlewares: ["dc1_a", "dc1_b", "c@file"] } } });
});

test("TLS options and transports are Traefik's or the operator's, and keep their names", () => {
  const made = asked([
    "traefik.http.routers.web.tls.options=modern",
    "traefik.http.services.web.loadbalancer.serverstransport=own",
  ]);
  expect(made).toMatchObject({
    "http/routers": { dc1_web: { tls: { options: "modern" } } },
    "http/services": { dc1_web: { loadBalancer: { serversTransport: "own" } } },
  });
});

test("nothing is renamed without a name of the catalog, or where equal names are merged", () => {
  const tags = ["traefik.http.routers.web.middlewares=a@consulcatalog"];
  const plain = { "http/routers": { web: { middlewares: ["a"], service: "web" } } };
  expect(asked(tags, PREFIXED, {})).toMatchObject(plain);
  expect(asked(tags, settings())).toMatchObject(plain);
});
