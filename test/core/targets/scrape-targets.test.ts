import { expect, test } from "vitest";
import { coreSettings } from "../../../src/config/resolve/core-settings.ts";
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

test("the order of catalogs and registrations changes nothing", () => {
  const instances = ["c", "a", "b"].map((service) =>
    instance({ service, id: service, tags: ["portolan.metrics=true"] }),
  );
  const forwards = scrapeTargets([snapshot(instances)], by);
  expect(scrapeTargets([snapshot(instances.toReversed())], by)).toEqual(forwards);
  expect(forwards.filter(({ source }) => source === "catalog").map(({ of }) => of.service)).toEqual(["a", "b", "c"]);
});
