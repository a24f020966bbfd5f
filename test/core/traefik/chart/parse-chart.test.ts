import { expect, test } from "vitest";
import { parseChart } from "../../../../src/core/traefik/chart/parse-chart.ts";
import { CHART_HEADER, renderChart } from "../../../../src/core/traefik/chart/render.ts";
import { chart, router, served } from "../../../builders/chart.ts";

const config = chart({ routers: { web: router("web") }, services: { web: served("http://10.0.0.1:24001") } });

test("our own chart is read back, the empty one too", () => {
  expect(parseChart(renderChart(config))).toEqual(config);
  expect(parseChart(renderChart(chart({})))).toEqual(chart({}));
});

test.each([
  ["nothing", ""],
  ["a file of another program", "http:\n  routers: {}\n"],
  ["our words without our header", renderChart(config).split("\n").slice(1).join("\n")],
  ["a chart of a later format", renderChart(config).replace("chart 1", "chart 2")],
  ["a cut file", renderChart(config).slice(0, -4)],
  ["something else behind the header", `${CHART_HEADER}\n[]\n`],
  ["a section that no chart has", `${CHART_HEADER}\n{"grpc": {}}\n`],
  ["a section that is a list", `${CHART_HEADER}\n{"http": {"routers": []}}\n`],
  ["a router that is a text", `${CHART_HEADER}\n{"http": {"routers": {"web": "x"}}}\n`],
])("%s is not ours to understand", (_, text) => {
  expect(parseChart(text)).toBeUndefined();
});

test("a router called __proto__ is a router, and nothing is polluted by it", () => {
  const text = `${CHART_HEADER}\n{"http": {"routers": {"__proto__": {"rule": "Path(\`/\`)", "__proto__": {"x": 1}}}}}\n`;
  const router = parseChart(text)?.["http/routers"].get("__proto__");
  expect(Object.keys(router ?? {})).toEqual(["rule", "__proto__"]);
  expect(Reflect.get({}, "x")).toBeUndefined();
});
