import { expect, test } from "vitest";
import { STATUS as RESOURCE } from "../../../src/api/resources/status.ts";
import { diagnose } from "../../../src/core/diagnostics/finding.ts";
import type { ChartStatus } from "../../../src/observe/status/chart-status.ts";
import { statusView } from "../../../src/observe/status/status-view.ts";
import { instance, NOW_MS } from "../../builders/world.ts";
import { STARTED, STATUS, watched } from "./statuses.ts";

const READY = { isReady: true, reasons: [] };

function view(status: ChartStatus, catalogs = [watched()], readiness = READY) {
  return statusView(status, catalogs, readiness, NOW_MS);
}

test("the status counts routers by state, and lists none of them", () => {
  const status: ChartStatus = {
    ...STATUS,
    holds: [{ kind: "mass-removal", routers: ["http/routers/api"], sinceMs: NOW_MS - 1_000, endsAtMs: NOW_MS + 9_000 }],
    leftAtMs: new Map([["http/routers/old", NOW_MS - 2_000]]),
  };
  expect(view(status)).toMatchObject({
    version: "1.2.3",
    uptimeSeconds: 60,
    ready: true,
    chart: {
      generation: 7,
      publishedAt: "1970-01-01T00:16:35.000Z",
      routers: 3,
      states: { live: 1, held: 1, emptied: 1, sleeping: 0 },
      holds: [
        {
          catalog: null,
          kind: "mass-removal",
          routers: 1,
          since: "1970-01-01T00:16:39.000Z",
          ends: "1970-01-01T00:16:49.000Z",
        },
      ],
      writeError: null,
    },
    sources: [{ name: null, ageSeconds: 1.5, strategy: "per-service", openRequests: 4 }],
  });
  expect(JSON.stringify(view(status))).not.toContain("Host(");
});

test("of several catalogs each source and each hold has its name", () => {
  const hold = { kind: "source-away", catalogName: "dc2", routers: ["http/routers/api"], sinceMs: NOW_MS } as const;
  const catalogs = ["dc1", "dc2"].map((name) => ({ ...watched(), name }));
  expect(view({ ...STATUS, holds: [hold] }, catalogs)).toMatchObject({
    chart: { holds: [{ catalog: "dc2", kind: "source-away", routers: 1, ends: null }] },
    sources: [{ name: "dc1" }, { name: "dc2" }],
  });
});

test("what is wrong is counted by its code, errors first", () => {
  const wrong = (code: "TAG_IGNORED" | "TAG_BAD_VALUE" | "NAME_TAKEN") =>
    diagnose(instance(), { code, message: "m", remedy: "r" });
  const diagnostics = [wrong("TAG_IGNORED"), wrong("TAG_BAD_VALUE"), wrong("NAME_TAKEN"), wrong("TAG_BAD_VALUE")];
  expect(view({ ...STATUS, diagnostics }).chart.diagnostics).toEqual([
    { code: "NAME_TAKEN", severity: "error", count: 1 },
    { code: "TAG_BAD_VALUE", severity: "error", count: 2 },
    { code: "TAG_IGNORED", severity: "warning", count: 1 },
  ]);
});

test("before anything is known the status says so", () => {
  const nothing = { ...STATUS, chart: undefined, hash: undefined, publishedAtMs: undefined };
  expect(view(nothing, [watched(STARTED)], { isReady: false, reasons: [] })).toMatchObject({
    ready: false,
    chart: { hash: null, publishedAt: null, holds: [], routers: 0 },
    sources: [{ ageSeconds: null }],
  });
});

test("it has the form that the row says", () => {
  const rest = { stateDir: "/s", edges: [], dynamicPorts: { ports: "1-2", origin: "x" }, serve: null, ingress: [] };
  const whole = JSON.parse(JSON.stringify({ ...view(STATUS), ...rest }));
  expect(RESOURCE.answer.strict().parse(whole)).toEqual(whole);
});
