import { beforeEach, expect, test } from "vitest";
import { AppError } from "../../../src/base/errors.ts";
import { createStatusKeeper, type StatusKeeper } from "../../../src/observe/status/chart-status.ts";
import { instance, NOW_MS, pass, snapshot } from "../../builders/world.ts";
import { BROKEN, CLOCK, charted, UNWRITTEN } from "../charted.ts";

let status: StatusKeeper;

beforeEach(() => {
  status = createStatusKeeper({ clock: CLOCK, version: "1.2.3", output: "chart.yml" });
});

test("a pass is a generation where it wrote the file", () => {
  const first = charted(pass([instance(), BROKEN]));
  status.charted(first);
  expect(status.current()).toMatchObject({
    version: "1.2.3",
    startedAtMs: NOW_MS,
    output: "chart.yml",
    generation: 1,
    hash: first.hash,
    publishedAtMs: NOW_MS,
    chart: first.decision.chart,
    snapshots: [{ catalogName: undefined, freshness: "live" }],
    diagnostics: [{ code: "TAG_UNKNOWN_KEY" }],
  });
  status.charted(charted(pass([instance()], { previous: first.decision.memory }), UNWRITTEN));
  expect(status.current()).toMatchObject({ generation: 1, publishedAtMs: NOW_MS, diagnostics: [] });
});

test("holds and emptied routers are those of the last pass", () => {
  const before = pass([instance()]);
  const away = snapshot([], { freshness: "stored" });
  const decision = pass([], { snapshots: [away], previous: before.memory });
  status.charted(charted(decision, { snapshots: [away] }));
  expect(status.current()).toMatchObject({
    holds: [{ kind: "source-away", routers: ["http/routers/web"] }],
    snapshots: [{ catalogName: undefined, freshness: "stored" }],
  });
  expect(status.current().leftAtMs).toBe(decision.memory.removals.leftAtMs);
});

test("a rollback is in the status as long as passes report it", () => {
  const rollback = { number: 3, sinceMs: NOW_MS, withheldChanges: 2 };
  status.charted(charted(pass([instance()]), { rollback }));
  expect(status.current().rollback).toEqual(rollback);
  status.charted(charted(pass([instance()])));
  expect(status.current().rollback).toBeUndefined();
});

test("a file that cannot be written is in the status until a pass ends", () => {
  status.unwritable(new AppError("the disk is full", { code: "E_OUTPUT_NO_SPACE", retryable: true }), 1_000);
  expect(status.current().writeError).toEqual({ code: "E_OUTPUT_NO_SPACE", message: "the disk is full" });
  status.charted(charted(pass([instance()])));
  expect(status.current().writeError).toBeUndefined();
});

test("a state that cannot be stored is in the status until a pass stores it", () => {
  const full = new AppError("the disk is full", { code: "E_STATE_NO_SPACE", retryable: true });
  const passes = charted(pass([instance()]));
  status.stateUnsaved(full);
  expect(status.current().stateError).toEqual({ code: "E_STATE_NO_SPACE", message: "the disk is full" });
  status.charted(passes);
  expect(status.current().stateError?.code).toBe("E_STATE_NO_SPACE");
  status.charted(passes);
  expect(status.current().stateError).toBeUndefined();
});

test("a portolan that stands by names the one that writes", () => {
  status.writesAlone();
  status.standingBy("pid 7 on edge-1");
  expect(status.current().standbyFor).toBe("pid 7 on edge-1");
  status.writesAlone();
  expect(status.current().standbyFor).toBeUndefined();
});

test("a chart that is confirmed at the start has its hash before the first pass, and is no publication", () => {
  const { decision, hash } = charted(pass([instance()]));
  status.confirmed(decision.text);
  expect(status.current()).toMatchObject({ hash, generation: 0, publishedAtMs: undefined, chart: undefined });
});
