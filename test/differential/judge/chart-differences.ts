import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { canonicalJson } from "../../../src/core/traefik/chart/canonical-json.ts";
import { withoutDefaults } from "../../../src/core/traefik/chart/defaults.ts";
import {
  type ConfigObject,
  kindOf,
  type ResourceKey,
  resourceKey,
  SECTIONS,
  type Section,
} from "../../../src/core/traefik/chart/dynamic-config.ts";
import { renameReferences } from "../../../src/core/traefik/chart/references.ts";
import { serversOf, withServers } from "../../../src/core/traefik/chart/servers.ts";
import type { Plain } from "../../support/oracle.ts";
import type { Chart } from "./chart.ts";
import { describeDifference, differences } from "./compare.ts";
import { DEFAULT_DEVIATIONS } from "./default-deviations.ts";
import { createEvidence } from "./evidence.ts";

type Drawn = Extract<Chart, { kind: "drawn" }>;

/** What differs between the two charts of one catalog: the deviations that explain it, and what none explains. */
export function explainDifferences(
  instances: readonly ServiceInstance[],
  compat: Drawn,
  byDefault: Drawn,
): { readonly ids: readonly string[]; readonly unexplained: readonly string[] } {
  const evidence = createEvidence(instances, compat, byDefault);
  const ids = new Set<string>();
  const unexplained: string[] = [];
  for (const section of SECTIONS) {
    const [a, b] = [compat.decision.chart[section], byDefault.decision.chart[section]];
    for (const name of new Set([...a.keys(), ...b.keys()])) {
      const key = resourceKey(section, name);
      const found = differences(comparable(section, a.get(name)), comparable(section, b.get(name)), key);
      if (found.length === 0) continue;
      const claim = evidence.of(
        key,
        found.map(({ path }) => path),
      );
      const reasons = DEFAULT_DEVIATIONS.filter(({ explains }) => explains(claim));
      for (const { id } of reasons) ids.add(id);
      if (reasons.length === 0 && !claim.isUnused)
        unexplained.push(...found.map((one) => unexplainedLine(key, describeDifference(one))));
    }
  }
  return { ids: [...ids], unexplained };
}

function unexplainedLine(key: ResourceKey, difference: string): string {
  return `no deviation explains ${key}: ${difference.replace("Traefik has", "compat has")}`;
}

/**
 * With servers in one order, which has no meaning, and without options that are set to their default; `x@file` and `x` are
 * the same within the file.
 */
function comparable(section: Section, object: ConfigObject | undefined): Plain | undefined {
  if (object === undefined) return undefined;
  const named = renameReferences(section, object, ({ name }) => name.replace(/@file$/, ""));
  const sorted = kindOf(section) === "services" ? withServers(named, serversOf(named)) : named;
  return JSON.parse(canonicalJson(withoutDefaults(section, sorted))) as Plain;
}
