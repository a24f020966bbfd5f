import { expect, test } from "vitest";
import { initialMemory } from "../../../src/core/memory.ts";
import { createStatusKeeper } from "../../../src/observe/status/chart-status.ts";
import { chart, router, served } from "../../builders/chart.ts";
import { instance, pass } from "../../builders/world.ts";
import { charted } from "../charted.ts";

const other = instance({ service: "other", id: "o" });

function keeper(nowMs: () => number) {
  return createStatusKeeper({ clock: { nowMs }, version: "1", output: "chart.yml" });
}

test("a router is live since it came; one of the chart that was found at the start is not known to be", () => {
  let now = 1_000;
  const status = keeper(() => now);
  const found = initialMemory(pass([instance()]).chart);
  const first = pass([instance()], { previous: found });
  status.charted(charted(first));
  expect([...status.current().liveSinceMs]).toEqual([]);
  now = 2_000;
  const second = pass([instance(), other], { previous: first.memory });
  status.charted(charted(second));
  now = 3_000;
  status.charted(charted(pass([instance(), other], { previous: second.memory })));
  expect([...status.current().liveSinceMs]).toEqual([["http/routers/other", 2_000]]);
});

test("an earlier chart that an operator publishes again brings its routers at that time", () => {
  let now = 1_000;
  const status = keeper(() => now);
  const decision = pass([instance()]);
  status.charted(charted(decision));
  now = 2_000;
  const earlier = chart({ routers: { old: router("old") }, services: { old: served("http://10.0.0.1:24001") } });
  status.charted(charted({ ...decision, chart: earlier, changes: [] }));
  expect([...status.current().liveSinceMs]).toEqual([["http/routers/old", 2_000]]);
});
