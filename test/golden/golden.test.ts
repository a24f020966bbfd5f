import { expect, test } from "vitest";
import { readCases, rewriteOutcome } from "./case-file.ts";
import { dumpOutcome, outcomeOf, withExpectedPieces } from "./outcome.ts";
import { playCase } from "./play.ts";

const cases = readCases();

test("there are cases, and none is a half-finished one", () => {
  expect(cases.length).toBeGreaterThanOrEqual(35);
  for (const { name, description, services } of cases) {
    expect(name).toMatch(/^\d{3}-[a-z0-9-]+(\.bad)?$/);
    expect(description.length, name).toBeGreaterThan(40);
    expect(services, name).toBeInstanceOf(Array);
  }
});

test.each(cases.map((golden) => [golden.name, golden] as const))("%s", (name, golden) => {
  const decision = playCase(golden);
  const actual = withExpectedPieces(outcomeOf(decision, golden.previous !== undefined), golden.outcome);
  if (process.env.UPDATE_GOLDEN === "1") rewriteOutcome(name, actual);
  else expect(dumpOutcome(actual)).toBe(dumpOutcome(golden.outcome));
});

test.each(cases.filter(({ name }) => name.endsWith(".bad")).map((golden) => [golden.name, golden] as const))(
  "%s: what is bad has no router and costs its neighbours nothing",
  (_, golden) => {
    const { chart, diagnostics } = playCase(golden);
    const bad = new Set(
      diagnostics.filter(({ severity }) => severity !== "info").map(({ subject }) => subject.service),
    );
    expect(bad.size).toBeGreaterThan(0);
    const heldHostRegistrations = golden.services.filter(({ service }) => !bad.has(service));
    expect(heldHostRegistrations.length, "a bad case needs a neighbour").toBeGreaterThan(0);
    const alone = playCase({ ...golden, services: heldHostRegistrations }).chart;
    expect(JSON.stringify([...chart["http/routers"]])).toBe(JSON.stringify([...alone["http/routers"]]));
    for (const section of ["http/services", "http/middlewares"] as const) {
      for (const [name, object] of alone[section]) {
        expect(JSON.stringify(chart[section].get(name)), name).toBe(JSON.stringify(object));
      }
    }
  },
);
