import { describe, expect, test } from "vitest";
import { decodeMetricsTags, mayHaveMetrics } from "../../../src/core/targets/metrics-tags.ts";

const USUAL = { kind: "asked", path: "/metrics", scheme: "http" };

describe("tags say where metrics are", () => {
  test.each<[string, readonly string[], unknown]>([
    ["nothing", ["metrics", "traefik.enable=true", "portolan.keep=true", "portolan.metricsx=true"], { kind: "none" }],
    ["at the registered port", ["portolan.metrics=true"], USUAL],
    ["in any case", ["portolan.METRICS=True"], USUAL],
    ["by a part alone", ["portolan.metrics.path=/stats"], { ...USUAL, path: "/stats" }],
    ["at another port", ["portolan.metrics.port=27899"], { ...USUAL, port: 27_899 }],
    [
      "by HTTPS",
      ["portolan.metrics=true", "portolan.metrics.scheme=https", "portolan.metrics.path=/a/b"],
      { ...USUAL, scheme: "https", path: "/a/b" },
    ],
    ["off", ["portolan.metrics=false", "portolan.metrics.port=27899"], { kind: "none" }],
    ["empty parts, which count as unset", ["portolan.metrics=true", "portolan.metrics.path="], USUAL],
  ])("%s", (_, tags, expected) => {
    expect(decodeMetricsTags(tags, "consul")).toEqual(expected);
    expect(decodeMetricsTags(tags, "nomad")).toEqual(expected);
    if (decodeMetricsTags(tags, "consul").kind !== "none") expect(mayHaveMetrics(tags)).toBe(true);
  });
});

describe("what cannot be meant is refused, with what is allowed", () => {
  test.each([
    ["portolan.metrics=yes", "true or false"],
    ["portolan.metrics.port=0", "a port from 1 to 65535"],
    ["portolan.metrics.port=65536", "a port from 1 to 65535"],
    ["portolan.metrics.path=metrics", "a path such as /metrics"],
    ["portolan.metrics.path=/x?module=y", "without parameters"],
    ["portolan.metrics.path=/a b", "a path"],
    [`portolan.metrics.path=/${"x".repeat(500)}`, "up to 500 characters"],
    ["portolan.metrics.scheme=file", "http or https"],
  ])("%s", (tag, allowed) => {
    const decoded = decodeMetricsTags([tag], "consul");
    if (decoded.kind !== "refused") throw new Error(decoded.kind);
    expect(decoded.problems).toHaveLength(1);
    expect(decoded.problems[0]?.message).toContain(allowed);
  });

  test("by the grammar of all tags: what is misspelt, and what is no number", () => {
    for (const tag of ["portolan.metrics.prot=1", "portolan.metrics.port=many", "portolan.metrics.path.x=/"]) {
      expect(decodeMetricsTags([tag], "consul").kind).toBe("refused");
    }
  });
});
