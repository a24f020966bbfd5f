import { expect, test } from "vitest";
import { compareCounts } from "../../bench/counts/compare.ts";
import type { CountResult } from "../../bench/results.ts";

function count(what: string, value: number, node = "v24.1.0"): CountResult {
  return { count: what, services: 100, instances: 3, value, node };
}

test("a count that grew is told as worse, before one that fell", () => {
  const expected = [count("fsyncs", 4), count("bytes of modules", 1_000)];
  expect(compareCounts([count("fsyncs", 3), count("bytes of modules", 1_031)], expected)).toEqual([
    "worse: bytes of modules, at 100 × 3: 1000 → 1031 (× 1.03)",
    "better: fsyncs, at 100 × 3: 4 → 3 (× 0.75)",
  ]);
});

test("a large count may differ a little, a small one not at all", () => {
  expect(compareCounts([count("bytes of modules", 1_030)], [count("bytes of modules", 1_000)])).toEqual([]);
  expect(compareCounts([count("fsyncs", 3)], [count("fsyncs", 2)])).toHaveLength(1);
});

test("two requests that come by the clock are no change, a third is", () => {
  expect(compareCounts([count("requests", 4)], [count("requests", 2)])).toEqual([]);
  expect(compareCounts([count("requests", 5)], [count("requests", 2)])).toHaveLength(1);
});

test("what another Node allocates is not compared", () => {
  const [now, was] = [count("bytes allocated by a pass", 2, "v26.0.0"), count("bytes allocated by a pass", 1)];
  expect(compareCounts([now], [was])).toEqual([]);
});

test("a count that is not expected is told", () => {
  expect(compareCounts([count("fsyncs", 1)], [])).toEqual(["new: fsyncs: 1, none is expected"]);
});
