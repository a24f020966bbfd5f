import { beforeEach, describe, expect, test } from "vitest";
import { AppError } from "../../../../src/base/errors.ts";
import { type ChartFileLog, createChartFileLog } from "../../../../src/observe/log/chart/chart-file-log.ts";
import { instance, pass } from "../../../builders/world.ts";
import { createRecordingLog, type RecordingLog } from "../../../fakes/recording-log.ts";
import { charted } from "../../charted.ts";

let log: RecordingLog;
let file: ChartFileLog;

beforeEach(() => {
  log = createRecordingLog();
  file = createChartFileLog(log, "chart.yml");
});

test("a publication has its hash, size and lag", () => {
  const published = charted(pass([instance()]));
  file.published(published);
  expect(log.events).toEqual([
    {
      event: "chart.published",
      message: "chart.yml replaced: 1 router, 12 ms after the change",
      data: { hash: published.hash, bytes: Buffer.byteLength(published.decision.text), lagMs: 12 },
    },
  ]);
  expect(published.hash).toMatch(/^[0-9a-f]{16}$/);
});

test("an empty chart is loud", () => {
  file.published(charted(pass([])));
  expect(log.names).toEqual(["chart.published", "chart.empty"]);
});

test.each([
  ["nothing is exposed", [instance({ tags: [] })], /: no service carries the tag that exposes it$/],
  [
    "nothing is healthy",
    [instance({ checks: [{ id: "c", name: "c", status: "critical" }] })],
    /: no service that asks for a route is healthy$/,
  ],
  [
    "all is quarantined",
    [instance({ tags: ["traefik.enable=true", "traefik.http.rout=1"] })],
    /is quarantined; the diagnostics say why$/,
  ],
  [
    "all is left out",
    [instance({ tags: ["traefik.enable=true", "traefik.http.routers.web.middlewares=gone"] })],
    /: every router that services ask for is left out; the diagnostics say why$/,
  ],
])("an empty chart says why: %s", (_, instances, reason) => {
  file.published(charted(pass(instances)));
  expect(log.lines.at(-1)).toMatch(reason);
});

test("a warning about the file is logged when it was written", () => {
  const warning = "the group cannot read it";
  file.published(charted(pass([instance()]), { published: { didWrite: false, warning } }));
  expect(log.lines).toEqual([]);
  file.published(charted(pass([instance()]), { published: { didWrite: true, warning } }));
  expect(log.lines.at(-1)).toBe("chart.warning: the group cannot read it");
});

describe("a file that cannot be written", () => {
  const full = new AppError("the disk is full", { code: "E_OUTPUT_NO_SPACE", retryable: true });
  const refused = new AppError("no permission", { code: "E_OUTPUT_PERMISSION", retryable: true });

  test("is logged once for each reason", () => {
    file.unwritable(full, 1_000);
    file.unwritable(full, 2_000);
    file.unwritable(refused, 2_000);
    expect(log.events).toEqual([
      {
        event: "chart.unwritable",
        message: "the disk is full; the old file stays, trying again",
        data: { code: "E_OUTPUT_NO_SPACE", retryInMs: 1_000 },
      },
      expect.objectContaining({ data: { code: "E_OUTPUT_PERMISSION", retryInMs: 2_000 } }),
    ]);
  });

  test("is logged when it can be written again, once", () => {
    file.writable();
    file.unwritable(full, 1_000);
    file.writable();
    file.writable();
    expect(log.lines.slice(1)).toEqual(["chart.writable: chart.yml can be written again"]);
  });
});

test("an external change of the file is logged when it is right again", () => {
  const decision = pass([instance()]);
  file.published(charted(decision, { published: { didWrite: true, externalChange: "deleted" } }));
  expect(log.events.at(-1)).toEqual({
    event: "chart.repaired",
    message: "chart.yml had been deleted by another process and is right again",
    data: { meddling: "deleted" },
  });
  file.published(charted(decision, { published: { didWrite: true, isUnwatched: true } }));
  expect(log.lines.at(-1)).toMatch(/^chart\.unwatched: the directory of chart\.yml was replaced.* restart Traefik/);
});
