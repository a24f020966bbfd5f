import { expect, test } from "vitest";
import { coreSettings } from "../../../src/config/resolve/core-settings.ts";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { scrapeTargets } from "../../../src/core/targets/scrape-targets.ts";
import { ledger } from "../../builders/ledger.ts";
import { allSettings, instance, snapshot } from "../../builders/world.ts";

const by = coreSettings({
  ...allSettings(),
  loadedLedger: ledger({
    nodes: { "lb-1": "192.168.11.1", "lb-2": "2001:db8::2" },
    ports: [
      { ports: 9100, owner: "traefik", exposure: "internal", nodes: ["lb-1"], metrics: true, purpose: "edge" },
      {
        ports: 19999,
        owner: "netdata",
        namespace: "ops",
        exposure: "internal",
        metrics: { path: "/api/v1/allmetrics", scheme: "https" },
        purpose: "nodes",
      },
      { ports: 9153, owner: "coredns", exposure: "internal", nodes: ["node-1"], metrics: true, purpose: "dns" },
      { ports: 53, owner: "coredns", exposure: "internal", purpose: "dns" },
    ].map((entry) => (entry.nodes?.includes("node-1") ? { ...entry, nodes: ["lb-1"] } : entry)),
  }),
});

test("of an entry with metrics there is a target on each of its nodes, on all nodes where it names none", () => {
  const targets = scrapeTargets([snapshot([])], by);
  expect(
    targets.map(({ address, path, scheme, of }) => [address, scheme, path, of.service, of.namespace, of.node]),
  ).toEqual([
    ["192.168.11.1:19999", "https", "/api/v1/allmetrics", "netdata", "ops", "lb-1"],
    ["192.168.11.1:9100", "http", "/metrics", "traefik", undefined, "lb-1"],
    ["192.168.11.1:9153", "http", "/metrics", "coredns", undefined, "lb-1"],
    ["[2001:db8::2]:19999", "https", "/api/v1/allmetrics", "netdata", "ops", "lb-2"],
  ]);
});

test("what registers and is declared, too, is one target, by the catalog's word", () => {
  const registered = instance({
    service: "coredns",
    id: "dns-1",
    node: "lb-1",
    nodeAddress: "192.168.11.1",
    port: 9153,
    tags: ["portolan.metrics=true"],
  });
  const there = scrapeTargets([snapshot([registered])], by).filter(({ address }) => address === "192.168.11.1:9153");
  expect(there).toMatchObject([{ source: "catalog", of: { service: "coredns", datacenter: "dc1" } }]);
});

test("what another service registers at the place of an entry does not take its target away", () => {
  const declared = coreSettings({
    ...allSettings(),
    loadedLedger: ledger({
      nodes: { a: "10.0.0.1", b: "10.0.0.2" },
      ports: [
        { ports: 8080, owner: "evil", exposure: "internal", nodes: ["a"], purpose: "own" },
        { ports: 8080, owner: "vault", exposure: "internal", nodes: ["b"], metrics: true, purpose: "secrets" },
        { ports: 24_500, owner: "stats", exposure: "internal", nodes: ["b"], metrics: true, purpose: "stats" },
      ],
    }),
  });
  const registered = (service: string, port: number, more: Partial<ServiceInstance> = {}) =>
    instance({
      ...{ service, id: `${service}-${port}`, node: "a", nodeAddress: "10.0.0.1", address: "10.0.0.2", port },
      tags: ["portolan.metrics=true"],
      ...more,
    });
  const evil = [registered("evil", 8080), registered("evil", 24_500)];
  const owner = registered("vault", 8080, { node: "b", nodeAddress: "10.0.0.2" });
  const told = (...instances: readonly ServiceInstance[]) =>
    scrapeTargets([snapshot(instances)], declared).map(({ source, address, of }) => [source, address, of.service]);
  const stats = ["ledger", "10.0.0.2:24500", "stats"];
  expect(told(...evil)).toEqual([stats, ["ledger", "10.0.0.2:8080", "vault"]]);
  expect(told(...evil, owner)).toEqual([stats, ["catalog", "10.0.0.2:8080", "vault"]]);
  expect(told(owner, ...evil)).toEqual(told(...evil, owner));
});

test("the order of catalogs and registrations changes nothing", () => {
  const instances = ["c", "a", "b"].map((service) =>
    instance({ service, id: service, tags: ["portolan.metrics=true"] }),
  );
  const forwards = scrapeTargets([snapshot(instances)], by);
  expect(scrapeTargets([snapshot(instances.toReversed())], by)).toEqual(forwards);
  expect(forwards.filter(({ source }) => source === "catalog").map(({ of }) => of.service)).toEqual(["a", "b", "c"]);
});
