import { describe, expect, test } from "vitest";
import type { ChartTaking } from "../../../src/core/traefik-result/traefik-result.ts";
import { createStatusKeeper } from "../../../src/observe/status/chart-status.ts";
import { chartSummary } from "../../../src/observe/status/chart-summary.ts";
import { judgeReadiness } from "../../../src/observe/status/readiness.ts";
import { standingsIn } from "../../../src/observe/status/route-state.ts";
import { instance, NOW_MS, pass } from "../../builders/world.ts";
import { BROKEN, CLOCK, charted } from "../charted.ts";
import { DISABLED, diagnosticAbout, traefikReport } from "../traefik-reports.ts";
import { STATUS, watched } from "./statuses.ts";

const UNREAD = { code: "E_TRAEFIK_API_DENIED", message: "traefik.api: asks for a password", sinceMs: NOW_MS - 5_000 };

describe("readiness", () => {
  const judge = (report: Parameters<typeof traefikReport>[0]) =>
    judgeReadiness({ ...STATUS, traefik: traefikReport(report) }, [watched({})], NOW_MS);

  test.each<[string, ChartTaking, boolean]>([
    ["has the chart", { kind: "taken" }, true],
    ["has time to load it", { kind: "waiting" }, true],
    ["goes on with an earlier one", { kind: "behind", sinceMs: NOW_MS }, false],
    ["has nothing of it", { kind: "nothing", sinceMs: NOW_MS }, false],
  ])("a Traefik that %s", (_what, taking, isReady) => {
    const readiness = judge({ taking });
    expect(readiness.isReady).toBe(isReady);
    expect(readiness.reasons.length).toBe(isReady ? 0 : 1);
  });

  test("what Traefik has disabled is told and takes no readiness: one service must not take the edge out of service", () => {
    const flaws = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`http/routers/${at}`, DISABLED]));
    expect(judge({ flaws })).toEqual({
      isReady: true,
      reasons: ["Traefik has disabled 300 routers, services and middlewares of the chart; the diagnostics say why"],
    });
  });

  test("an API that cannot be read is told, and takes no readiness, whatever it said before", () => {
    expect(judge({ unread: UNREAD, taking: { kind: "nothing", sinceMs: 0 } })).toMatchObject({
      isReady: true,
      reasons: expect.arrayContaining([expect.stringContaining("traefik.api: asks for a password")]),
    });
  });
});

test("diagnostics of Traefik come to those of the pass, and outlast the next pass", () => {
  const keeper = createStatusKeeper({ clock: CLOCK, version: "1", output: "/srv/portolan.yml" });
  const codes = () => keeper.current().diagnostics.map(({ code }) => code);
  keeper.charted(charted(pass([instance(), BROKEN])));
  keeper.traefikRead(traefikReport({ diagnostics: [diagnosticAbout("web")] }));
  expect(codes()).toEqual(["TAG_UNKNOWN_KEY", "TRAEFIK_DISABLED"]);
  keeper.charted(charted(pass([instance()])));
  expect(codes()).toEqual(["TRAEFIK_DISABLED"]);
  keeper.traefikRead(traefikReport());
  expect(codes()).toEqual([]);
});

describe("the view", () => {
  test("of a chart whose Traefik is not asked says so", () => {
    expect(chartSummary(STATUS).traefik).toBeNull();
  });

  test("has what Traefik is and has, and each route's state, the worst first", () => {
    const keeper = createStatusKeeper({ clock: CLOCK, version: "1", output: "/srv/portolan.yml" });
    keeper.traefikRead(
      traefikReport({
        flaws: {
          "http/routers/web": DISABLED,
          "http/routers/api": { kind: "missing" },
          "http/routers/old": { kind: "refused", status: "warning", errors: [] },
        },
        unread: UNREAD,
      }),
    );
    const { traefik, flawSinceMs } = keeper.current();
    const status = { ...STATUS, leftAtMs: new Map([["http/routers/web", 0]] as const), traefik, flawSinceMs };
    const view = chartSummary(status);
    expect(view.traefik).toEqual({
      api: "http://127.0.0.1:8080",
      error: { code: UNREAD.code, message: UNREAD.message, since: new Date(UNREAD.sinceMs).toISOString() },
      version: "3.6.12",
      readAt: new Date(NOW_MS).toISOString(),
      chart: "taken",
      entryPoints: ["traefik", "web", "websecure"],
      entryPointAddresses: { traefik: ":8080", web: ":80", websecure: ":443" },
      certResolvers: ["le"],
      flaws: 3,
    });
    expect(view.states).toMatchObject({ disabled: 1, untaken: 1, live: 1, emptied: 0 });
    expect(standingsIn(status)("http/routers/web")).toEqual({
      state: "disabled",
      sinceMs: NOW_MS,
      isSinceStart: false,
    });
  });
});
