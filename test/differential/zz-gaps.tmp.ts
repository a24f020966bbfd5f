import fc from "/work/main/node_modules/fast-check/lib/fast-check.js";
import { catalogCase } from "/work/main/test/differential/catalogs.ts";
import { drawChart } from "/work/main/test/differential/chart.ts";
import { describeFlaws } from "/work/main/test/differential/flaws.ts";
import { WORLDS } from "/work/main/test/differential/worlds.ts";
import { startOracle } from "/work/main/test/support/oracle.ts";
import { findTool } from "/work/main/test/support/real-binaries.ts";
import { explainDifferences } from "/work/main/test/differential/chart-differences.ts";
const oracle = startOracle((await findTool("oracle"))!);
const counts = new Map<string, [number, string]>();
for (const [name, start] of WORLDS) {
  const world = await start();
  for (const c of fc.sample(catalogCase, { seed: 99, numRuns: 2500 })) {
    world.fill(c);
    const instances = world.readInstances();
    const chart = drawChart(instances, c.options, { compat: "none", dynamicPorts: "1-65535" });
    const compat = drawChart(instances, c.options, { compat: "traefik", dynamicPorts: "1-65535" });
    if (chart.kind !== "drawn" || compat.kind !== "drawn") continue;
    for (const line of explainDifferences(instances, compat, chart).unexplained) {
      const k = "UNEXPLAINED " + name; const n = counts.get(k)?.[0] ?? 0; counts.set(k, [n + 1, line]);
    }
    for (const line of await describeFlaws(chart.decision, oracle)) {
      if (line.includes("index out")||line.includes('"@file"')) { console.log(line, chart.decision.text); }
      const m = line.replace(/^(\S+?\/\S+?)\/.* is (\w+) in Traefik: /, "$2: ").replace(/"[^"]*"/g, '"…"').replace(/\d+/g, "N").slice(0, 90);
      counts.set(m, [(counts.get(m)?.[0] ?? 0) + 1, line.slice(0, 250)]);
    }
  }
  await world.stop();
}
await oracle.stop();
for (const [m, [n, ex]] of [...counts].sort((a, b) => b[1][0] - a[1][0])) console.log(n, m, "\n      ", ex);
