import { expect, test } from "vitest";
import type { Hold } from "../../../src/core/removals/hold.ts";
import { holdReason } from "../../../src/observe/log/hold-reason.ts";

test.each<[Hold["kind"], string]>([
  ["source-away", "catalog dc1 has not answered since the start"],
  ["blind", "catalog dc1 does not tell all it knows any more: no-leader"],
  ["catalog-reset", "catalog dc1's index fell back (restarted or restored)"],
  ["mass-removal", "too much, or what was hidden just now, is missing; catalog dc1 is read again, consistently"],
  ["settings-change", "the settings have changed, and they, not the catalog, would take this away"],
])("%s: %s", (kind, words) => {
  const hold: Hold = { kind, catalogName: "dc1", reason: "no-leader", routers: [], sinceMs: 0 };
  expect(holdReason(hold)).toContain(words);
});

test("a hold says when it ends, or what ends it", () => {
  const hold: Hold = { kind: "catalog-reset", routers: [], sinceMs: 0, endsAtMs: Date.UTC(2026, 10, 30, 2, 30) };
  expect(holdReason(hold)).toMatch(/; until 2026-11-30T02:30:00Z$/);
  expect(holdReason({ kind: "blind", routers: [], sinceMs: 0 })).toMatch(/; until it does again$/);
});

test("where the settings list one catalog only, it needs no name", () => {
  expect(holdReason({ kind: "source-away", routers: [], sinceMs: 0 })).toBe(
    "the catalog has not answered since the start; until it answers",
  );
});
