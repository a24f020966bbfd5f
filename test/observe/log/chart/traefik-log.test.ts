import { beforeEach, expect, test } from "vitest";
import type { Diagnostic } from "../../../../src/core/diagnostics/diagnostics.ts";
import type { ChartTaking } from "../../../../src/core/traefik-result/traefik-result.ts";
import { createTraefikLog } from "../../../../src/observe/log/chart/traefik-log.ts";
import type { TraefikObserver } from "../../../../src/observe/observer.ts";
import { NOW_MS } from "../../../builders/world.ts";
import { createRecordingLog, type RecordingLog } from "../../../fakes/recording-log.ts";
import { CLOCK } from "../../charted.ts";
import { diagnosticAbout, traefikReport } from "../../traefik-reports.ts";

let log: RecordingLog;
let traefik: TraefikObserver;
beforeEach(() => {
  log = createRecordingLog();
  traefik = createTraefikLog(log, CLOCK);
});

const WHOLE: Diagnostic = {
  code: "TRAEFIK_NOT_TAKEN",
  severity: "error",
  subject: { service: "", instance: "", node: "", origin: "/srv/dynamic/portolan.yml" },
  message: "Traefik 3.6.12 goes on with an earlier chart: it does not watch",
  remedy: "let it watch",
};

function takes(kind: ChartTaking["kind"], diagnostics: readonly Diagnostic[] = []): void {
  const taking = kind === "behind" || kind === "nothing" ? { kind, sinceMs: NOW_MS - 20_000 } : { kind };
  traefik.traefikRead(traefikReport({ taking, diagnostics }));
}

test("which Traefik answers is told once, when it is known what it has", () => {
  takes("waiting");
  expect(log.names).toEqual([]);
  takes("taken");
  takes("taken");
  expect(log.lines).toEqual(["traefik.read: Traefik 3.6.12 answers at http://127.0.0.1:8080, and has the chart"]);
});

test("a chart that is not taken is told once with cause and remedy, and again when it is over", () => {
  takes("taken");
  log.clear();
  takes("behind", [WHOLE]);
  takes("behind", [WHOLE]);
  takes("waiting");
  takes("taken");
  expect(log.lines).toEqual([
    `traefik.untaken: ${WHOLE.message}; ${WHOLE.remedy}`,
    "traefik.taken: Traefik 3.6.12 has the chart, 20 s after it was published",
  ]);
  expect(log.events[0]?.data).toMatchObject({ has: "behind" });
});

test("an API that cannot be read is told once for each reason, and when it answers again", () => {
  const unread = (code: string) => traefikReport({ unread: { code, message: `${code}: remedy`, sinceMs: NOW_MS } });
  traefik.traefikRead(unread("E_TRAEFIK_API_UNREACHABLE"));
  traefik.traefikRead(unread("E_TRAEFIK_API_UNREACHABLE"));
  traefik.traefikRead(unread("E_TRAEFIK_API_DENIED"));
  takes("taken");
  traefik.traefikRead(unread("E_TRAEFIK_API_DENIED"));
  expect(log.names).toEqual(["traefik.unread", "traefik.unread", "traefik.read", "traefik.unread"]);
});

test("a diagnostic is told when it is found and when it is settled, and stays while the API cannot be read", () => {
  const found = diagnosticAbout("shop");
  takes("taken", [found]);
  takes("taken", [found]);
  traefik.traefikRead(traefikReport({ diagnostics: [found], unread: { code: "E", message: "away", sinceMs: NOW_MS } }));
  takes("taken", [found]);
  takes("taken");
  expect(log.names.filter((name) => name.startsWith("diagnostic"))).toEqual(["diagnostic.found", "diagnostic.cleared"]);
  expect(log.lines.find((line) => line.startsWith("diagnostic.found"))).toContain(`${found.message}; ${found.remedy}`);
});

test("an entry point that goes with every router does not flood the log", () => {
  takes(
    "taken",
    Array.from({ length: 500 }, (_, at) => diagnosticAbout(`shop-${at}`)),
  );
  expect(log.names.filter((name) => name === "diagnostic.found")).toHaveLength(20);
  expect(log.lines.at(-1)).toBe("diagnostic.untold: 480 more diagnostics by Traefik's API; the status has them");
});
