import { describe, expect, test } from "vitest";
import { asChart, canonical, describeDifference, differences } from "./compare.ts";

describe("comparing configurations", () => {
  test("what is equal has no differences, whatever the order of fields", () => {
    expect(differences({ a: { x: 1, y: [1, "2"] } }, { a: { y: [1, "2"], x: 1 } })).toEqual([]);
  });

  test("a field that only one has is a difference, also where it is empty", () => {
    expect(differences({ a: {} }, {})).toEqual([{ path: "a", builtin: {}, chart: undefined }]);
    expect(differences({}, { a: [] })).toEqual([{ path: "a", builtin: undefined, chart: [] }]);
  });

  test("the place is named down to the value, with names as they are", () => {
    const [difference, ...others] = differences({ http: { "a.b": { rule: "x" } } }, { http: { "a.b": { rule: "y" } } });
    expect(others).toEqual([]);
    expect(difference && describeDifference(difference)).toBe('http."a.b"."rule": Traefik has "x", portolan "y"');
  });

  test("a name that every object has from its prototype is nothing", () => {
    expect(differences(JSON.parse('{"__proto__": {"rule": "x"}}'), {})).toHaveLength(1);
    expect(differences({ constructor: "x" }, {})).toEqual([{ path: "constructor", builtin: "x", chart: undefined }]);
  });

  test("the order of a list counts", () => {
    expect(differences({ a: ["x", "y"] }, { a: ["y", "x"] })).toHaveLength(1);
  });
});

describe("the canonical form", () => {
  test("leaves out empty sections", () => {
    expect(canonical({ http: { routers: {}, services: { a: {} } }, tcp: { routers: {} } })).toEqual({
      http: { services: { a: {} } },
    });
  });

  test("has servers in one order, and no other list", () => {
    const service = (...urls: readonly string[]) => ({
      http: { services: { a: { loadBalancer: { servers: urls.map((url) => ({ url })) } } } },
    });
    expect(canonical(service("b", "a"))).toEqual(canonical(service("a", "b")));
    expect(canonical(service("a", "a"))).not.toEqual(canonical(service("a")));
    const routed = (...names: readonly string[]) => ({ http: { routers: { a: { middlewares: names } } } });
    expect(canonical(routed("b", "a"))).not.toEqual(canonical(routed("a", "b")));
  });
});

describe("a provider's configuration as a chart", () => {
  const router = (fields: Readonly<Record<string, string | boolean | readonly string[]>>) => ({
    http: { routers: { a: fields } },
  });

  test.each([
    ["x@consulcatalog", "x@file"],
    ["x@consulcatalog-team", "x@file"],
    ["x@nomad", "x@file"],
    ["x@nomad-team", "x@file"],
    ["x@docker", "x@docker"],
    ["x", "x"],
  ])("a reference %s becomes %s", (written, expected) => {
    expect(asChart(router({ service: written }))).toEqual(router({ service: expected }));
    expect(asChart(router({ middlewares: ["m", written] }))).toEqual(router({ middlewares: ["m", expected] }));
  });

  test("what is no reference stays", () => {
    expect(asChart(router({ rule: "Host(`x@nomad`)" }))).toEqual(router({ rule: "Host(`x@nomad`)" }));
  });

  test("the mark of a default rule goes, and a router of that name stays", () => {
    expect(asChart(router({ rule: "x", defaultRule: true }))).toEqual(router({ rule: "x" }));
    const named = { http: { routers: { defaultRule: { rule: "x" } } } };
    expect(asChart(named)).toEqual(named);
  });
});
