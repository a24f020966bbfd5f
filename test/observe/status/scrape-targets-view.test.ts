import { describe, expect, test } from "vitest";
import { SCRAPE_TARGETS } from "../../../src/api/resources/scrape-targets.ts";
import type { CatalogSnapshot } from "../../../src/core/catalog/snapshot.ts";
import { scrapeTargetsView } from "../../../src/observe/status/scrape-targets-view.ts";
import { instance, NOW_MS, pass, snapshot } from "../../builders/world.ts";

const METRICS = instance({
  service: "orders-metrics",
  id: "_nomad-task-4f1c2d3e-aaaa-bbbb-cccc-000000000001-group-orders-orders-metrics-metrics",
  port: 27_899,
  tags: ["portolan.metrics=true"],
});

function view(snapshots: readonly CatalogSnapshot[], nowMs = NOW_MS) {
  const found = scrapeTargetsView({ lastPass: { decision: pass([], { snapshots }), snapshots } }, nowMs);
  return SCRAPE_TARGETS.answer.parse(found);
}

test("a target has the labels by which Prometheus relabels", () => {
  expect(view([snapshot([METRICS])])).toEqual([
    {
      targets: ["192.168.11.11:27899"],
      labels: {
        __scheme__: "http",
        __metrics_path__: "/metrics",
        __meta_portolan_source: "catalog",
        __meta_portolan_service: "orders-metrics",
        __meta_portolan_node: "node-1",
        __meta_portolan_datacenter: "dc1",
        __meta_portolan_group: "orders",
        __meta_portolan_allocation: "4f1c2d3e",
      },
    },
  ]);
});

test("a list without targets is an empty list, and no refusal", () => {
  expect(view([snapshot([])])).toEqual([]);
});

describe("there is no list while it might lack what the catalogs have", () => {
  const other = snapshot([METRICS], { catalogName: "b" });
  test.each<[string, Partial<CatalogSnapshot>, number | undefined, string]>([
    ["one catalog of two has never been read", { freshness: "unread" }, NOW_MS, "the catalog a has not been read yet"],
    [
      "one hides what it had",
      { blind: { sinceMs: 0, reason: "filtered by ACLs" } },
      NOW_MS,
      "the catalog a may hide what it has: filtered by ACLs",
    ],
    ["one has lost its data", { indexResetAtMs: NOW_MS - 1 }, NOW_MS, "services register again"],
  ])("%s", (_, overrides, nowMs, why) => {
    const snapshots = [snapshot([], { catalogName: "a", ...overrides }), other];
    expect(() => view(snapshots, nowMs)).toThrow(
      expect.objectContaining({ code: "E_API_BUSY", message: expect.stringContaining(why) }),
    );
  });

  test("nothing has been read since the start", () => {
    expect(() => scrapeTargetsView({}, NOW_MS)).toThrow(expect.objectContaining({ code: "E_API_BUSY" }));
  });

  test("once the hold after a reset is over it counts", () => {
    expect(view([snapshot([METRICS], { indexResetAtMs: NOW_MS })], NOW_MS + 301_000)).toHaveLength(1);
  });

  test("while a catalog is away its last good answer counts", () => {
    expect(view([snapshot([METRICS], { freshness: "stored" })])).toHaveLength(1);
  });
});

test("names become labels that are short and steer nothing", () => {
  const [group] = view([snapshot([{ ...METRICS, service: `a\u202e\n${"x".repeat(500)}`, id: "i" }])]);
  const label = group?.labels["__meta_portolan_service"] ?? "";
  expect(label.startsWith("a\ufffd\ufffdxx")).toBe(true);
  expect(label).toHaveLength(200);
});
