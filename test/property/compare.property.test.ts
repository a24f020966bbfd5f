import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import { compareWithTraefik } from "../../src/core/compare/compare.ts";
import { groupOf } from "../../src/core/compare/reason.ts";
import { anyCatalog } from "../builders/arbitrary.ts";
import { publicCatalog } from "../builders/public-services.ts";
import { listedByTraefik, WEB } from "../builders/traefik-list.ts";
import { NOW_MS, pass, settings, snapshot } from "../builders/world.ts";

/** The differences that no decision explains, where Traefik has just what its own provider makes of the catalog. */
function unexplained(instances: readonly ServiceInstance[]): readonly string[] {
  const { differences } = compareWithTraefik({
    resources: listedByTraefik(instances),
    entryPoints: [WEB],
    decision: pass(instances),
    snapshots: [snapshot(instances)],
    settings: settings(),
    nowMs: NOW_MS,
  });
  return differences.flatMap(({ key, diff, reasons }) =>
    reasons
      .map(groupOf)
      .filter((group) => group === "unknown" || group === "other-view")
      .map((group) => `${diff.kind} ${key}: ${group}`),
  );
}

describe("each difference to a Traefik that reads the same catalog has a reason", () => {
  test.each(["consul", "nomad"] as const)("in catalogs of %s as people fill them", (catalog) => {
    fc.assert(
      fc.property(publicCatalog(catalog), (instances) => {
        expect(unexplained(instances)).toEqual([]);
      }),
      { numRuns: 70 },
    );
  });

  test("in any catalog", () => {
    fc.assert(
      fc.property(anyCatalog, (instances) => {
        expect(unexplained(instances)).toEqual([]);
      }),
      { numRuns: 70 },
    );
  });
});
