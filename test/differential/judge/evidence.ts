import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { translatorLikeTraefik } from "../../../src/core/compat/translator.ts";
import type { Diagnostic } from "../../../src/core/diagnostics/diagnostics.ts";
import type { CoreSettings } from "../../../src/core/settings.ts";
import {
  type ConfigObject,
  isRouterSection,
  type ResourceKey,
  splitKey,
} from "../../../src/core/traefik/chart/dynamic-config.ts";
import type { Fragment } from "../../../src/core/translate/draft.ts";
import { namesLedTo } from "../../builders/chart.ts";
import type { Chart } from "./chart.ts";

/** What is known about one name of a chart. */
export interface Evidence {
  readonly key: ResourceKey;
  /** Where the two charts differ about it: `http/services/web."loadBalancer"."healthCheck"`. */
  readonly differing: readonly string[];
  /** The instances whose own tags ask for it, healthy or not. */
  readonly claims: readonly Claim[];
  /** What the default mode had to say about the claiming instances; `compat` for the other mode. */
  readonly diagnostics: readonly Diagnostic[];
  readonly compatDiagnostics: readonly Diagnostic[];
  /** It is a service or middleware that the default mode's chart neither holds nor has a router for. */
  readonly isUnused: boolean;
  /** Some instance's own tags define a router that leads to it: what became of that router is the router's matter. */
  readonly isAskedFor: boolean;
  /** All instances of the catalog. */
  readonly instances: readonly ServiceInstance[];
  readonly settings: CoreSettings;
}

/** One instance's own definition, as `compat: traefik` reads it. */
export interface Claim {
  readonly instance: ServiceInstance;
  readonly object: ConfigObject;
  readonly isByDefaultRule: boolean;
}

type Drawn = Extract<Chart, { kind: "drawn" }>;

/** Finds the evidence for any name of two charts of one catalog. */
export function createEvidence(
  instances: readonly ServiceInstance[],
  compat: Drawn,
  byDefault: Drawn,
): { of(key: ResourceKey, differing: readonly string[]): Evidence } {
  const ledTo = namesLedTo(byDefault.decision.chart);
  const isUnused = (key: ResourceKey) => {
    const { section, name } = splitKey(key);
    return !isRouterSection(section) && !ledTo.has(key) && !byDefault.decision.chart[section].has(name);
  };
  let fragments: ReadonlyMap<ServiceInstance, Fragment> | undefined;
  return {
    of(key, differing) {
      fragments ??= fragmentsOf(instances, compat.settings);
      const claims = [...fragments].flatMap(([instance, fragment]) => claimOf(instance, fragment, key));
      const isAboutClaimant = ({ subject }: Diagnostic) => claims.some(({ instance }) => isSubject(subject, instance));
      return {
        key,
        differing,
        claims,
        diagnostics: byDefault.decision.diagnostics.filter(isAboutClaimant),
        compatDiagnostics: compat.decision.diagnostics.filter(isAboutClaimant),
        isUnused: isUnused(key),
        isAskedFor: [...fragments.values()].some(({ config }) => namesLedTo(config).has(key)),
        instances,
        settings: compat.settings,
      };
    },
  };
}

function fragmentsOf(
  instances: readonly ServiceInstance[],
  settings: CoreSettings,
): ReadonlyMap<ServiceInstance, Fragment> {
  const fragments = new Map<ServiceInstance, Fragment>();
  for (const instance of instances) {
    const { state } = translatorLikeTraefik(settings)({ ...instance, checks: [] });
    if (state.kind === "routed") fragments.set(instance, state.fragment);
  }
  return fragments;
}

function claimOf(instance: ServiceInstance, { config, byDefaultRule }: Fragment, key: ResourceKey): readonly Claim[] {
  const { section, name } = splitKey(key);
  const object = config[section].get(name);
  if (object === undefined) return [];
  return [{ instance, object, isByDefaultRule: section === "http/routers" && byDefaultRule.has(name) }];
}

function isSubject({ service, instance, node }: Diagnostic["subject"], candidate: ServiceInstance): boolean {
  return service === candidate.service && instance === candidate.id && node === candidate.node;
}
