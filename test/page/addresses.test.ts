import fc from "fast-check";
import { expect, test } from "vitest";
import { addressOf, explainAddress, parseAddress } from "../../src/page/addresses.ts";

test("the page begins with the chart", () => {
  expect(parseAddress("")).toEqual({ view: "chart", query: {} });
  expect(parseAddress("#/")).toEqual({ view: "chart", query: {} });
});

test("what is no view is the chart", () => {
  expect(parseAddress("#/__proto__?filter=wiki")).toEqual({ view: "chart", query: { filter: "wiki" } });
});

test("a filter stands in the address", () => {
  expect(addressOf("chart", { filter: "state:held node-1" })).toBe("#/chart?filter=state%3Aheld+node-1");
  expect(addressOf("chart", { filter: "" })).toBe("#/chart");
});

test("a URL is explained whatever is in it", () => {
  const about = "https://wiki.example.org/a?b=c&d=e#f";
  expect(parseAddress(explainAddress(about))).toEqual({ view: "explain", query: { about } });
});

test("whatever a filter is, the address that has it gives it back", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 500 }), (filter) => {
      expect(parseAddress(addressOf("chart", { filter })).query).toEqual({ filter });
    }),
  );
});

test("a huge value is cut", () => {
  expect(parseAddress(`#/chart?filter=${"a".repeat(1_000_000)}`).query["filter"]).toHaveLength(2_000);
  expect(addressOf("chart", { filter: "a".repeat(1_000_000) }).length).toBeLessThan(2_100);
});
