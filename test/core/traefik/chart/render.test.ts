import { expect, test } from "vitest";
import { CHART_HEADER, renderChart } from "../../../../src/core/traefik/chart/render.ts";
import { chart, router, served } from "../../../builders/chart.ts";

test("a chart is JSON inside YAML, one definition a line, in the order of the names", () => {
  const config = chart({
    routers: { web: router("web"), api: router("api") },
    services: { web: served("http://10.0.0.1:24001") },
  });
  expect(renderChart(config)).toBe(
    [
      CHART_HEADER,
      '{"http": {',
      '"routers": {',
      '  "api": {"rule":"Host(`api`)","service":"api"},',
      '  "web": {"rule":"Host(`web`)","service":"web"}',
      "},",
      '"services": {',
      '  "web": {"loadBalancer":{"servers":[{"url":"http://10.0.0.1:24001"}]}}',
      "}",
      "}}",
      "",
    ].join("\n"),
  );
});

test("without any route only the header remains: an empty map would make Traefik refuse the file", () => {
  expect(renderChart(chart({}))).toBe(`${CHART_HEADER}\n`);
});

test.each([
  ["{{", "{\\u007b".replace("{\\u007b", "\\u007b\\u007b")],
  ["a{{{b", "a\\u007b\\u007b\\u007bb"],
  ["{ {", "{ {"],
  ["}}", "}}"],
  ["\u007f\u0085\u2028\u2029\ufeff\ufffe\uffff", "\\u007f\\u0085\\u2028\\u2029\\ufeff\\ufffe\\uffff"],
  ["\ud800", "\ufffd"],
  ["🚀", "🚀"],
  ["/", "/"],
])("%j is written as %s, in names and in values", (found, written) => {
  const text = renderChart(chart({ middlewares: { [found]: { value: found } } }));
  expect(text).toContain(`  "${written}": {"value":"${written}"}`);
});

test("the braces of nested objects never stand side by side", () => {
  const text = renderChart(chart({ middlewares: { m: { a: { b: { c: {} } } } } }));
  expect(text).not.toContain("{{");
});
