import { describe, expect, test } from "vitest";
import { coloursFor, PLAIN_TEXT } from "../../../src/cli/text/colour.ts";
import { diffSummary, diffText } from "../../../src/cli/text/diff-text.ts";
import { diffCharts } from "../../../src/core/chart-diff/chart-diff.ts";
import { newConfig } from "../../../src/core/traefik/chart/dynamic-config.ts";
import { chart, router, served } from "../../builders/chart.ts";

const before = chart({
  routers: { old: router("old"), shop: router("shop", ["limit"]), site: router("site", ["limit"]) },
  services: { old: served(), shop: served("http://10.0.0.1:24001"), site: served() },
  middlewares: { limit: { rateLimit: { average: 10 } } },
});
const after = chart({
  routers: { new: router("new"), shop: router("shop", ["limit"]), site: router("site", ["limit"]) },
  services: { new: served("http://10.0.0.9:24009"), shop: served("http://10.0.0.2:24002"), site: served() },
  middlewares: { limit: { rateLimit: { average: 20 } } },
});

describe("a diff as text", () => {
  test("tells routers with what they lead to, and what they share once", () => {
    const diff = diffCharts(before, after);
    const note = (key: string) => (key === "http/routers/new" ? "service new: registered" : undefined);
    expect(diffText(diff, { colours: PLAIN_TEXT, note })).toBe(
      [
        "+ router new  (service new: registered)",
        "    + rule: Host(`new`)",
        "    + service: new",
        "    + service new",
        "        + loadBalancer.servers: http://10.0.0.9:24009",
        "- router old  Host(`old`)",
        "    - service old",
        "~ router shop",
        "    ~ service shop",
        "        - loadBalancer.servers: http://10.0.0.1:24001",
        "        + loadBalancer.servers: http://10.0.0.2:24002",
        "    ~ middleware limit  (and for 1 more router)",
        "        ~ rateLimit.average: 10 -> 20",
        "",
      ].join("\n"),
    );
    expect(diffSummary(diff)).toBe("1 to add, 2 to change, 1 to remove");
  });

  test("is empty where nothing differs", () => {
    const diff = diffCharts(before, before);
    expect(diffText(diff, { colours: PLAIN_TEXT })).toBe("");
    expect(diffSummary(diff)).toBe("no changes");
  });

  test("tells what no router names apart", () => {
    const options = { ...before, "tls/options": new Map([["default", { minVersion: "VersionTLS13" }]]) };
    const diff = diffCharts(before, options);
    expect(diffText(diff, { colours: PLAIN_TEXT })).toBe(
      "+ TLS options default  (no router names it)\n    + minVersion: VersionTLS13\n",
    );
    expect(diffSummary(diff)).toBe("0 to add, 0 to change, 0 to remove; 1 more that no router names");
  });

  test("makes hostile names harmless before it adds colours", () => {
    const hostile = chart({ routers: { "a\u001b[2Jb\u202ec": router("x") }, services: { x: served() } });
    const text = diffText(diffCharts(newConfig(), hostile), { colours: coloursFor({ isTTY: true }, {}) });
    expect(text).toContain("a\\u001b[2Jb\\u202ec");
    expect(text.replaceAll("\u001b[32m", "").replaceAll("\u001b[39m", "")).not.toContain("\u001b");
  });
});

describe("colours", () => {
  test.each([
    ["a terminal", { isTTY: true }, {}, true],
    ["a pipe", {}, {}, false],
    ["NO_COLOR", { isTTY: true }, { NO_COLOR: "1" }, false],
    ["an empty NO_COLOR, which does not count", { isTTY: true }, { NO_COLOR: "" }, true],
    ["a terminal without colours", { isTTY: true }, { TERM: "dumb" }, false],
  ])("%s", (_, stream, environment, isColoured) => {
    expect(coloursFor(stream, environment).added("x") !== "x").toBe(isColoured);
  });
});
