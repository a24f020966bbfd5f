import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { diagnose, type Finding } from "../diagnostics/finding.ts";
import { foundIn } from "../incremental/found-in.ts";
import type { Steps } from "../incremental/steps.ts";
import type { Translated, TranslatedServices } from "../instances/instance-state.ts";
import { type KnownBefore, kinshipIn } from "../instances/kinship.ts";
import type { FindDefiners } from "../merge/merge-memory.ts";
import type { Owner } from "../merge/owner.ts";
import { type Pass, type StageResult, stageResult } from "../stage.ts";
import { patchConfig } from "../traefik/chart/config-patch.ts";
import { dropDangling } from "../traefik/chart/dangling-references.ts";
import {
  type DynamicConfig,
  isRouterKey,
  type ResourceKey,
  resourceKey,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { referredKey } from "../traefik/chart/referred-key.ts";
import { type Borrowed, borrowedUnder } from "./borrowed.ts";
import { refersToBorrower, usesWithoutLeave } from "./borrower-diagnostics.ts";
import { namesWithForeignReferences, namesWithReferences } from "./judged-references.ts";
import { type MayOutlive, outlivesOwner } from "./outlives-owner.ts";

export interface BorrowingInput {
  /** All that is asked for and may be had, apart from what it borrows. */
  readonly config: DynamicConfig;
  readonly definersOf: FindDefiners;
  /** The services that mean the same as its owner by the name of a service of Traefik's. */
  readonly sharingServices: ReadonlySet<string>;
  readonly services: TranslatedServices;
  /** What the pass before has published, and whose it was. */
  readonly previous: KnownBefore & {
    readonly chart: DynamicConfig | undefined;
    readonly owners: ReadonlyMap<ResourceKey, Owner>;
    readonly operatorNames: ReadonlyMap<ResourceKey, unknown>;
  };
}

export interface WithoutBorrowers {
  readonly config: DynamicConfig;
  /** Which published routers may stay although no instance asks for them. */
  readonly mayOutlive: MayOutlive;
}

/**
 * The stage that leaves out what uses services, transports or TLS options of others: by a name in a tag their servers would be
 * reached without the middlewares that their own routers have, or although they have none.
 *
 * | a router, service or middleware of a service uses | it stays |
 * |---|---|
 * | what the service itself or one of its sharing group defines, or `noop@internal` | always |
 * | what another service, the operator or another provider defines | where the settings open it (`allow`: `uses`) |
 * | a middleware, of whatever party | always: it stands before a service |
 *
 * What the operator defines may use anything. A name that several services define alike is its owner's: to define the same
 * opens nothing.
 */
export function* leaveOutBorrowers(
  pass: Pass,
  { config, definersOf, sharingServices, services, previous }: BorrowingInput,
): Steps<StageResult<WithoutBorrowers, undefined>> {
  const { settings, operatorConfig } = pass;
  const areKin = kinshipIn(services, previous);
  const circumstances = { settings, operatorConfig, definersOf, areKin };
  const borrowers = new Map<ResourceKey, readonly Borrowed[]>();
  const suspects = new Set([...foreignReferencesIn(services).values()].flat());
  for (const service of sharingServices)
    for (const key of namesWithReferences(services.get(service) ?? [])) suspects.add(key);
  for (const key of suspects) {
    const { section, name } = splitKey(key);
    const borrowed = config[section].has(name) ? borrowedUnder(key, circumstances) : [];
    if (borrowed.length > 0) borrowers.set(key, borrowed);
  }
  yield;
  const left = without(config, borrowers, definersOf);
  // What stands in for a service that has left has no definer in this pass, and is that service's as before.
  const ownerOf = (key: ResourceKey) =>
    definersOf(key)[0]?.service ?? (operatorConfig.origins.has(key) ? undefined : previous.owners.get(key)?.service);
  const mayOutlive = outlivesOwner({ config: left.config, ownerOf, published: previous, areKin });
  return { ...stageResult({ config: left.config, mayOutlive }, undefined), diagnostics: left.diagnostics };
}

/** By service: what of its definitions refers to something that it does not define itself. */
const foreignReferencesIn = foundIn((own: readonly Translated[]) => {
  const names = namesWithForeignReferences(own);
  return names.length === 0 ? undefined : names;
});

/** The configuration without what borrows, and without what refers to that. */
function without(
  config: DynamicConfig,
  borrowers: ReadonlyMap<ResourceKey, readonly Borrowed[]>,
  definersOf: BorrowingInput["definersOf"],
): { readonly config: DynamicConfig; readonly diagnostics: readonly Diagnostic[] } {
  if (borrowers.size === 0) return { config, diagnostics: [] };
  const patch = patchConfig(config);
  const causes = new Map<ResourceKey | "", Finding>();
  const diagnostics: Diagnostic[] = [];
  for (const [key, borrowed] of [...borrowers].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { section, name } = splitKey(key);
    patch.drop(section, name);
    const instances = definersOf(key)[0]?.instances ?? [];
    const cause = usesWithoutLeave(key, borrowed, instances[0]);
    causes.set(key, cause);
    diagnostics.push(...instances.map((instance) => diagnose(instance, { ...cause, leavesOut: key })));
  }
  // Nothing refers to a router.
  if ([...borrowers.keys()].every(isRouterKey)) {
    return { config: patch.result(), diagnostics };
  }
  const sound = dropDangling(
    patch.result(),
    (section, name, missing) => {
      const key = resourceKey(section, name);
      const cause = causes.get(referredKey(section, missing));
      if (cause === undefined) return undefined;
      causes.set(key, cause);
      const instance = definersOf(key)[0]?.instances[0];
      return instance && diagnose(instance, { ...refersToBorrower(key, missing, cause), leavesOut: key });
    },
    config,
  );
  return { config: sound.config, diagnostics: [...diagnostics, ...sound.diagnostics] };
}
