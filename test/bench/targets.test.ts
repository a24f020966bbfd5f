import { describe, expect, test } from "vitest";
import { createFigures, type Figure } from "../../bench/figures.ts";
import { parseOptions } from "../../bench/options.ts";
import { judge } from "../../bench/targets.ts";

type Sample = readonly [Figure["peer"], Figure["change"], Figure["metric"], number];

/** What is said of the last sample, in a run with these flags. */
function verdictOn(flags: string, ...samples: readonly Sample[]) {
  const figures = createFigures();
  for (const sample of samples) figures.record(...sample);
  const all = figures.all();
  return judge(all.at(-1)!, all, parseOptions(flags.split(" ")));
}

describe("a figure of portolan", () => {
  test("is ok up to its limit, and short by what it is above it", () => {
    expect(verdictOn("--services 100", ["portolan", "new", "requests", 3])?.text).toBe("ok: p50 ≤ 3");
    expect(verdictOn("--services 100", ["portolan", "gone", "requests", 4])?.text).toBe("short by 1: p50 ≤ 3");
  });

  test("is judged by the floor of the same change in the same run", () => {
    const floor: Sample = ["floor", "new", "routed", 60];
    expect(verdictOn("--services 100", floor, ["portolan", "new", "routed", 85])?.text).toBe("ok: p50 ≤ 60 + 25");
    expect(verdictOn("--services 5000", floor, ["portolan", "new", "routed", 80])).toMatchObject({
      isMet: false,
      limit: 78,
      text: "short by 2: p50 ≤ 60 × 1.3",
    });
    expect(verdictOn("--services 100", ["portolan", "new", "routed", 85])).toBeUndefined();
  });

  test("has other limits over HTTP/2 than over HTTP/1.1", () => {
    const received: Sample = ["portolan", "port", "received", 50_000];
    expect(verdictOn("--services 1000", received)?.isMet).toBe(true);
    expect(verdictOn("--services 1000 --scheme https", received)?.isMet).toBe(false);
  });

  test("has none at a size that nothing was promised for, or by a strategy that was forced on it", () => {
    expect(verdictOn("--services 200", ["portolan", "new", "requests", 9])).toBeUndefined();
    expect(verdictOn("--services 100 --strategy sweep", ["portolan", "new", "requests", 9])).toBeUndefined();
    expect(verdictOn("--services 100 --only burst", ["portolan", "all", "rss", 900])).toBeUndefined();
  });

  test("by Nomad may be 60 ms above the floor, and costs five requests at any size", () => {
    const floor: Sample = ["floor", "port", "routed", 20];
    const nomad = "--catalog nomad --services";
    expect(verdictOn(`${nomad} 300`, floor, ["portolan", "port", "routed", 79])?.text).toBe("ok: p50 ≤ 20 + 60");
    expect(verdictOn(`${nomad} 2000`, ["portolan", "port", "requests", 6])?.text).toBe("short by 1: p50 ≤ 5");
    expect(verdictOn(`${nomad} 2000`, ["portolan", "new", "renamed", 151])?.text).toBe("short by 1: p50 ≤ 150");
  });

  test("holds so much memory after a thousand changes, by Consul as by Nomad", () => {
    const memory: Sample = ["portolan", "all", "rssRest", 111];
    for (const flags of ["--services 1000", "--services 1000 --scheme https", "--services 1000 --catalog nomad"]) {
      expect(verdictOn(flags, memory)?.text, flags).toBe("short by 1: max ≤ 110");
    }
  });

  test("is routed soon after another change within 1.15 times the floor of the same kind", () => {
    const floor: Sample = ["floor", "soon", "routed", 1_000];
    const verdict = verdictOn("--only soon --services 5000", floor, ["portolan", "soon", "routed", 1_151]);
    expect(verdict?.text).toBe("short by 1: p50 ≤ 1000 × 1.15");
  });

  test("at rest costs what its polls cost over HTTP/2 and a little more, where these were measured", () => {
    const share: Sample = ["portolan", "all", "cpuShare", 0.7];
    const polls: Sample = ["portolan", "all", "pollsShare", 0.5];
    expect(verdictOn("--only idle --services 1000", share)?.text).toBe("short by 0.5: max ≤ 0.2");
    expect(verdictOn("--only idle --services 1000 --scheme https", polls, share)?.text).toBe(
      "short by 0.1: max ≤ 0.5 of its polls + 0.1",
    );
    expect(verdictOn("--only idle --services 1000 --scheme https", share)).toBeUndefined();
  });

  test("never has more connections than the budget, at any size", () => {
    expect(verdictOn("--services 123", ["portolan", "all", "connections", 65])?.text).toBe("short by 1: max ≤ 64");
  });
});

test("others are not judged", () => {
  expect(verdictOn("--services 100", ["traefik", "new", "requests", 206])).toBeUndefined();
});
