import { expect, test } from "vitest";
import { decidedChart, explainCharts, explainLegacyCharts } from "../../../src/app/explain/explain-charts.ts";
import { readCatalogs, watchedCatalogs } from "../../../src/app/explain/read-catalogs.ts";
import { operatorConfigSettings } from "../../../src/config/resolve/defined.ts";
import { initialMemory } from "../../../src/core/memory.ts";
import { assembleOperatorConfig } from "../../../src/core/operator-config/assemble.ts";
import { newConfig } from "../../../src/core/traefik/chart/dynamic-config.ts";
import { createStatusKeeper } from "../../../src/observe/status/chart-status.ts";
import { allSettings, instance, NOW_MS, pass, snapshot } from "../../builders/world.ts";
import { charted } from "../../observe/charted.ts";

const CATALOGS = readCatalogs(allSettings());
const keeper = () => createStatusKeeper({ clock: { nowMs: () => NOW_MS }, version: "1", output: "portolan.yml" });

test("before the first pass there is nothing to explain by, and the answer says so", () => {
  const chart = decidedChart({ name: "main", status: keeper().current });
  expect(() => explainCharts("web", [chart], CATALOGS, NOW_MS)).toThrow(
    expect.objectContaining({ code: "E_API_BUSY", message: expect.stringContaining("portolan status") }),
  );
});

test("while an earlier chart is published, also after a restart, a service is told by it, and by what the news are", () => {
  const [web, shop] = [instance(), instance({ service: "shop", id: "shop", port: 24_002 })];
  const before = pass([web]);
  const snapshots = [snapshot([shop])];
  // After a restart only the chart is known.
  const restarted = { ...before, memory: initialMemory(before.chart) };
  const status = keeper();
  const news = pass([shop], { previous: restarted.memory });
  const rollback = { number: 7, sinceMs: NOW_MS, withheldChanges: 2 };
  status.charted(charted(restarted, { snapshots, news, rollback }));
  const chart = decidedChart({ name: "main", status: status.current });
  const [answer] = explainCharts("shop", [chart], CATALOGS, NOW_MS).charts[0]?.answers ?? [];
  expect(answer?.verdict.state).toBe("not-routed");
  expect(answer).toMatchObject({
    reason: { code: "ROLLED_BACK", remedy: expect.stringContaining("portolan release") },
  });
  const [gone] = explainCharts("web", [chart], CATALOGS, NOW_MS).charts[0]?.answers ?? [];
  expect(gone?.verdict.state).not.toBe("not-routed");
});

test("a catalog that does not answer is told with its reason, of several by its name", () => {
  const catalogs = readCatalogs(
    allSettings({
      catalogs: [
        { name: "one", consul: {} },
        { name: "two", nomad: { address: "http://127.0.0.1:4646" } },
      ],
    }),
  );
  const lastError = { code: "E_X", message: "connection refused" };
  const told = watchedCatalogs(catalogs, [
    { name: "two", title: "", staleAfterMs: 1, status: { lastError, lastSuccessAtMs: 5 } as never },
  ]);
  expect(told).toMatchObject([
    { name: "one", product: "consul", section: "catalogs (one).consul" },
    { name: "two", product: "nomad", failure: "connection refused", answeredAtMs: 5, namespaces: ["default"] },
  ]);
});

test("what the chart of one edge uses is in no chart said to be ready for deletion", () => {
  const address = "http://192.168.11.11:24100/verify";
  const content = { http: { middlewares: { jwt: { forwardAuth: { address } } } } };
  const files = [{ name: "guards.yml", content }];
  const settings = { origin: "the settings (define)", config: newConfig() };
  const { operatorConfig } = assembleOperatorConfig(
    { settings, files, lastGood: new Map() },
    operatorConfigSettings(allSettings()),
  );
  const tags = ["traefik.enable=true", "traefik.http.routers.web.middlewares=jwt@file"];
  const charts = [
    ["main", []],
    ["public", [instance({ tags })]],
  ] as const;
  const decided = charts.map(([chart, instances]) => ({
    ...{ chart, output: `${chart}.yml`, snapshots: [snapshot([...instances])] },
    decision: pass(instances, { operatorConfig }),
  }));
  const answers = explainLegacyCharts(decided, CATALOGS, NOW_MS).charts;
  expect(answers.map(({ chart, entries }) => [chart, entries[0]?.state, entries[0]?.usedBy])).toEqual([
    ["main", "not-begun", ["web in the chart public"]],
    ["public", "not-begun", ["web"]],
  ]);
});
