import type { Catalog } from "../../src/core/catalog/snapshot.ts";
import type { Plain } from "../support/oracle.ts";
import type { CatalogCase } from "./generators/catalogs.ts";
import { LABEL_FIELDS } from "./generators/label-fields.ts";
import { ODDITIES } from "./generators/oddities.ts";
import { DEFAULT_DEVIATIONS } from "./judge/default-deviations.ts";

/** How often each field, branch and deviation has occurred. */
export interface Coverage {
  /** Counts a case, with what Traefik made of it, and the deviations of the default mode that it has shown. */
  add(candidate: CatalogCase, config: Plain | undefined, shown: readonly string[]): void;
  /** All counts, rarest first, and the share of compared cases with routes. */
  describe(): readonly string[];
  /** What has occurred less often than it must for the run to mean anything; nothing in a good run. */
  shortcomings(minimum: number): readonly string[];
}

const MINIMUM_SHARE_WITH_ROUTES = 0.6;

/** Counts from zero, over all fields that a tag can name, all branches of the grammar and all deviations. */
export function createCoverage(catalog: Catalog): Coverage {
  const counts = new Map<string, number>();
  for (const { path } of LABEL_FIELDS) counts.set(`field ${path}`, 0);
  for (const { branch } of ODDITIES) counts.set(branch, 0);
  for (const { id, only = catalog } of DEFAULT_DEVIATIONS) if (only === catalog) counts.set(`deviation ${id}`, 0);
  let compared = 0;
  let withRoutes = 0;

  const share = () => (compared === 0 ? 0 : withRoutes / compared);
  const rarestFirst = () => [...counts].sort(([, a], [, b]) => a - b);
  return {
    add({ marks }, config, shown) {
      if (config !== undefined) compared += 1;
      if (config !== undefined && hasRoutes(config)) withRoutes += 1;
      for (const mark of [...marks, ...shown]) {
        counts.set(mark, (counts.get(mark) ?? 0) + 1);
      }
    },
    describe() {
      const lines = rarestFirst().map(([what, count]) => `${String(count).padStart(7)}  ${what}`);
      return [
        ...lines,
        `${String(withRoutes).padStart(7)}  of ${compared} compared cases with routes (${percent(share())})`,
      ];
    },
    shortcomings(minimum) {
      // A gap need not occur: the fewer, the better.
      const rare = rarestFirst().filter(([what, count]) => count < minimum && !what.startsWith("gap "));
      const missing = rare.map(([what, count]) => `${what} occurs in ${count} cases, wanted ${minimum}`);
      if (share() >= MINIMUM_SHARE_WITH_ROUTES) return missing;
      return [
        `${percent(share())} of the compared cases have routes, wanted ${percent(MINIMUM_SHARE_WITH_ROUTES)}`,
        ...missing,
      ];
    },
  };
}

/** The catalog's own service `consul` has a route whenever services are exposed by default. */
function hasRoutes(config: Plain): boolean {
  const protocols = Object.values(config as Readonly<Record<string, { readonly routers?: object }>>);
  return protocols.some(({ routers = {} }) => Object.keys(routers).some((name) => name !== "consul"));
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
