import { expect, test } from "vitest";
import { dropDangling } from "../../../../src/core/traefik/chart/dangling-references.ts";
import { type DynamicConfig, newConfig } from "../../../../src/core/traefik/chart/dynamic-config.ts";
import { chart, router, served } from "../../../builders/chart.ts";

function left(config: DynamicConfig): { readonly names: readonly string[]; readonly reports: readonly string[] } {
  const reports: string[] = [];
  const { config: sound } = dropDangling(config, (section, name, missing) => {
    reports.push(`${section}/${name} → ${missing.kind} ${missing.name}`);
    return undefined;
  });
  return { names: [...sound["http/routers"].keys(), ...sound["http/middlewares"].keys()], reports };
}

const services = { web: served("http://10.0.0.1:24001") };

test("what refers to something that is there stays", () => {
  const sound = chart({ routers: { web: router("web", ["m"]) }, services, middlewares: { m: { stripPrefix: {} } } });
  expect(left(sound)).toEqual({ names: ["web", "m"], reports: [] });
});

test("a router without its service or its middleware is left out", () => {
  const routers = { web: router("web"), lost: router("lost"), bare: { ...router("web", ["none"]) } };
  expect(left(chart({ routers, services }))).toEqual({
    names: ["web"],
    reports: ["http/routers/bare → middleware none", "http/routers/lost → service lost"],
  });
});

test("what hangs on something that was left out is left out too", () => {
  const middlewares = { a: { chain: { middlewares: ["b"] } }, b: { chain: { middlewares: ["none"] } } };
  expect(left(chart({ routers: { web: router("web", ["a"]) }, services, middlewares }))).toEqual({
    names: [],
    reports: [
      "http/middlewares/b → middleware none",
      "http/middlewares/a → middleware b",
      "http/routers/web → middleware a",
    ],
  });
});

test("references with a provider are believed, and Traefik's own defaults too", () => {
  const routers = {
    web: { ...router("web", ["auth@file"]), tls: { options: "default" } },
    far: { ...router("far"), service: "api@internal" },
  };
  const transport = { loadBalancer: { servers: [], serversTransport: "default" } };
  expect(left(chart({ routers, services: { web: transport } })).reports).toEqual([]);
});

test("TLS options and transports of the operator's are found, from TCP routers, too", () => {
  const tls = { options: "modern" };
  const config = newConfig(chart({ routers: { web: { ...router("web"), tls } } }));
  config["http/services"].set("web", { loadBalancer: { servers: [], serversTransport: "own" } });
  config["tcp/routers"].set("db", { rule: "HostSNI(`db`)", service: "db", tls });
  config["tcp/services"].set("db", { loadBalancer: { servers: [], serversTransport: "own" } });
  config["http/serversTransports"].set("own", { insecureSkipVerify: true });
  config["tls/options"].set("modern", { sniStrict: true });
  expect(left(config).reports).toEqual(["tcp/services/db → serversTransport own", "tcp/routers/db → service db"]);
});

test("TLS options and transports that no tag can define are missing", () => {
  const routers = { web: { ...router("web"), tls: { options: "modern" } } };
  expect(left(chart({ routers, services })).reports).toEqual(["http/routers/web → tlsOptions modern"]);
});
