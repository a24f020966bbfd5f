import { describe, expect, test } from "vitest";
import { ALL_RUNS, SCALE_RUNS } from "../../bench/all-runs.ts";
import { createFigures } from "../../bench/figures.ts";
import { type Options, parseOptions } from "../../bench/options.ts";
import { picture } from "../../bench/picture.ts";
import { comparison, jsonLines } from "../../bench/report.ts";
import { isResult, parseResults, type Result } from "../../bench/results.ts";

function resultsOf(flags: string, peer: Result["peer"], routedMs: number): readonly Result[] {
  const figures = createFigures();
  figures.record(peer, "new", "routed", routedMs);
  const options: Options = parseOptions(flags.split(" "));
  return parseResults(jsonLines(figures.all(), options, { machine: "a machine", busyPercent: 0 }), "a file").filter(
    isResult,
  );
}

describe("a line of the results", () => {
  test("comes back as it was written, with the run that it belongs to", () => {
    expect(resultsOf("--services 1000 --scheme https", "floor", 90.5)).toMatchObject([
      { peer: "floor", change: "new", metric: "routed", p50: 90.5, services: 1_000, scheme: "https", nodes: 50 },
    ]);
  });

  test.each(["{", "[]", '{"peer":"floor"}'])("%s is refused by file and line", (line) => {
    expect(() => parseResults(`{"what":"translate"}\n${line}\n`, "x.jsonl")).toThrow("x.jsonl, line 2: found ");
  });
});

describe("the picture", () => {
  const small = resultsOf("--services 100", "portolan", 80);
  const large = resultsOf("--services 5000", "portolan", 400);

  test("is the same for the same results, in whatever order they come", () => {
    expect(picture([...large, ...small])).toBe(picture([...small, ...large]));
  });

  test("has a point for each size, higher up the more time it took", () => {
    const [first, second, ...others] = [
      ...picture([...small, ...large]).matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g),
    ];
    expect(others).toEqual([]);
    expect(Number(first?.[1])).toBeLessThan(Number(second?.[1]));
    expect(Number(first?.[2])).toBeGreaterThan(Number(second?.[2]));
  });

  test("shows by default strategy on 50 nodes only", () => {
    const others = [
      ...resultsOf("--services 100 --nodes 3", "portolan", 80),
      ...resultsOf("--services 100 --strategy sweep", "portolan", 80),
    ];
    expect(picture(others)).not.toContain("<circle");
  });

  test("can be drawn of nothing", () => {
    expect(picture([])).not.toMatch(/NaN|Infinity|undefined/);
  });
});

test("two builds stand side by side with the ratio of each figure that both have", () => {
  const figures = createFigures();
  figures.record("portolan-before", "new", "cpu", 20);
  figures.record("portolan", "new", "cpu", 15);
  figures.record("portolan-before", "new", "requests", 0);
  figures.record("portolan", "new", "requests", 0);
  figures.record("portolan", "new", "missed", 1);
  expect(comparison(figures.all(), "1a2b3c4").split("\n")).toEqual([
    "change  metric    unit   1a2b3c4  now  ratio",
    "new     cpu       ms          20   15   0.75",
    "new     requests  count        0    0   1.00",
  ]);
});

describe("all runs", () => {
  test.each([
    [ALL_RUNS, 50],
    [SCALE_RUNS, 30],
  ])("fit into 50 minutes, those of large edges into 30", (runs, minutes) => {
    expect(runs.reduce((sum, { maxSeconds }) => sum + maxSeconds, 0)).toBeLessThanOrEqual(minutes * 60);
  });

  test("have flags that are allowed, and a file each", () => {
    for (const { args } of ALL_RUNS) if (args[0] === "main.ts") parseOptions(args.slice(1));
    expect(new Set(ALL_RUNS.map(({ name }) => name)).size).toBe(ALL_RUNS.length);
  });
});
