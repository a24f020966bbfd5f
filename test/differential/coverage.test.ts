import { describe, expect, test } from "vitest";
import { createCoverage } from "./coverage.ts";
import type { CatalogCase } from "./generators/catalogs.ts";
import { LABEL_FIELDS } from "./generators/label-fields.ts";
import { ODDITIES } from "./generators/oddities.ts";

const WITH_ROUTE = { http: { routers: { web: {} } } };
const WITHOUT_ROUTE = { http: { routers: { consul: {} } } };

function marked(...marks: readonly string[]): CatalogCase {
  return { options: {}, nodes: [], instances: [], marks: new Set(marks) };
}

/** Shows everything that a run over Consul's catalogs is to show. */
const COMPLETE = createCoverage("consul")
  .describe()
  .map((line) => line.replace(/^ *0 {2}/, ""))
  .slice(0, -1);

describe("coverage", () => {
  test("of nothing lacks every field, every branch and every deviation", () => {
    const lacking = createCoverage("consul").shortcomings(1).join("\n");
    for (const { path } of LABEL_FIELDS) expect(lacking).toContain(`field ${path} occurs in 0 cases, wanted 1`);
    for (const { branch } of ODDITIES) expect(lacking).toContain(`${branch} occurs in 0 cases, wanted 1`);
    expect(lacking).toContain("deviation port-window occurs in 0 cases, wanted 1");
  });

  test("asks for a deviation only where it can show", () => {
    expect(createCoverage("consul").describe().join("\n")).toContain("deviation shared-status");
    expect(createCoverage("nomad").describe().join("\n")).not.toContain("deviation shared-status");
  });

  test("is sufficient once everything has occurred often enough", () => {
    const coverage = createCoverage("consul");
    coverage.add(marked(...COMPLETE), WITH_ROUTE, []);
    expect(coverage.shortcomings(1)).toEqual([]);
    expect(coverage.shortcomings(2)).toHaveLength(COMPLETE.length);
    coverage.add(marked(...COMPLETE.slice(1)), WITH_ROUTE, COMPLETE.slice(0, 1));
    expect(coverage.shortcomings(2)).toEqual([]);
  });

  test("lacks something while too few of the compared cases have routes; the catalog's own service is none", () => {
    const coverage = createCoverage("consul");
    coverage.add(marked(...COMPLETE), WITH_ROUTE, []);
    coverage.add(marked(), WITHOUT_ROUTE, []);
    coverage.add(marked(), undefined, []);
    expect(coverage.shortcomings(1)).toEqual([expect.stringMatching(/^50\.0 % of the compared cases have routes/)]);
    coverage.add(marked(), WITH_ROUTE, []);
    expect(coverage.shortcomings(1)).toEqual([]);
  });

  test("counts gaps and does not ask for them", () => {
    const coverage = createCoverage("consul");
    coverage.add(marked(...COMPLETE), WITH_ROUTE, ["gap some"]);
    expect(coverage.describe()).toContain("      1  gap some");
    expect(coverage.shortcomings(1)).toEqual([]);
    coverage.add(marked(...COMPLETE), WITH_ROUTE, []);
    expect(coverage.shortcomings(2)).toEqual([]);
  });
});
