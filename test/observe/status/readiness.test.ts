import { describe, expect, test } from "vitest";
import type { ChartStatus } from "../../../src/observe/status/chart-status.ts";
import { judgeReadiness } from "../../../src/observe/status/readiness.ts";
import type { SourceStatus, WatchedCatalog } from "../../../src/observe/status/source-status.ts";
import { NOW_MS } from "../../builders/world.ts";
import { STALE_AFTER_MS, STARTED, STATUS, STORED, watched } from "./statuses.ts";

describe("readiness", () => {
  test.each<[string, Partial<ChartStatus>, Partial<SourceStatus>, readonly string[]]>([
    ["all is well", {}, {}, []],
    ["nothing was ever read", { snapshots: [], chart: undefined }, STARTED, ["nothing is published"]],
    ["a stored snapshot is used", { snapshots: STORED }, STARTED, ["the last good chart is served"]],
    ["silence as long as a long poll", {}, { lastSuccessAtMs: NOW_MS - STALE_AFTER_MS }, []],
    ["silence for longer", {}, { lastSuccessAtMs: NOW_MS - STALE_AFTER_MS - 1 }, ["has not answered for 90 s"]],
    [
      "the file cannot be written",
      { writeError: { code: "E", message: "disk full" } },
      {},
      ["cannot be written: disk full"],
    ],
    [
      "a file beside the chart keeps Traefik from loading any",
      { refusedFor: { file: "/srv/static.yml", message: "/srv/static.yml: found invalid YAML" } },
      {},
      [
        "traefik refuses the chart's directory and goes on with what it loaded last: /srv/static.yml: found invalid YAML",
      ],
    ],
    [
      "another portolan writes the file, whatever else",
      { standbyFor: "pid 7 on edge-1", snapshots: [] },
      STARTED,
      ["standing by: another portolan, pid 7 on edge-1"],
    ],
    [
      "several at once, the file first",
      { writeError: { code: "E", message: "disk full" }, snapshots: STORED },
      STARTED,
      ["disk full", "not been read completely yet"],
    ],
  ])("%s", (_, status, source, reasons) => {
    const readiness = judgeReadiness({ ...STATUS, ...status }, [watched(source)], NOW_MS);
    expect(readiness.isReady).toBe(reasons.length === 0);
    expect(readiness.reasons).toEqual(reasons.map((reason) => expect.stringContaining(reason)));
  });

  test("a catalog that refuses its requests is told, and no reason while the silence is short", () => {
    const lastError = { code: "E_CATALOG_DENIED", message: "/v1/services: status 403: Permission denied" };
    const failing = (forMs: number) =>
      judgeReadiness(STATUS, [watched({ consecutiveFailures: 9, lastError, failingSinceMs: NOW_MS - forMs })], NOW_MS);
    expect(failing(4_000)).toEqual({ isReady: true, reasons: [] });
    expect(failing(68_000)).toEqual({
      isReady: true,
      reasons: [
        "the catalog has not answered every request for 68 s (/v1/services: status 403: Permission denied); the last good chart is served",
      ],
    });
  });

  test("a catalog that has been silent for too long is named with its last error", () => {
    const lastError = { code: "E_CATALOG_DENIED", message: "status 403" };
    const source = { lastError, consecutiveFailures: 9, failingSinceMs: NOW_MS, lastSuccessAtMs: NOW_MS - 137_000 };
    expect(judgeReadiness(STATUS, [watched(source)], NOW_MS)).toEqual({
      isReady: false,
      reasons: ["the catalog has not answered for 137 s (status 403); the last good chart is served"],
    });
  });
});

describe("readiness of several catalogs", () => {
  const LIVE = { catalogName: "dc1", freshness: "live" } as const;
  const one: WatchedCatalog = { ...watched(), name: "dc1" };
  const SILENT = { lastSuccessAtMs: NOW_MS - STALE_AFTER_MS - 1 };

  function readiness(other: ChartStatus["snapshots"][number]["freshness"], source: Partial<SourceStatus>, first = one) {
    const status = { ...STATUS, snapshots: [LIVE, { catalogName: "dc2", freshness: other }] };
    return judgeReadiness(status, [first, { ...watched(source), name: "dc2" }], NOW_MS);
  }

  test("is not lost with one of them: it is named beside it", () => {
    expect(readiness("live", {})).toEqual({ isReady: true, reasons: [] });
    expect(readiness("live", SILENT)).toEqual({
      isReady: true,
      reasons: ["catalog dc2 has not answered for 90 s; what was last good of it is served"],
    });
    expect(readiness("stored", STARTED)).toEqual({
      isReady: true,
      reasons: ["catalog dc2 has not been read completely yet; what was last good of it is served"],
    });
  });

  test("is lost with all of them", () => {
    const { isReady, reasons } = readiness("live", SILENT, { ...watched(SILENT), name: "dc1" });
    expect(isReady).toBe(false);
    expect(reasons).toHaveLength(2);
  });

  test("waits for one of which nothing was ever read: the chart lacks it", () => {
    expect(readiness("unread", STARTED)).toEqual({
      isReady: false,
      reasons: ["catalog dc2 has not been read completely yet; what the last chart had of it is held"],
    });
  });

  test("needs a file that can be written", () => {
    const status = { ...STATUS, snapshots: [LIVE], writeError: { code: "E", message: "disk full" } };
    expect(judgeReadiness(status, [one], NOW_MS)).toMatchObject({ isReady: false });
  });
});
