import { inCatalogNameOrder, instancesOf } from "./catalog/by-catalog-name.ts";
import { catalogFinder } from "./catalog/catalog-finder.ts";
import type { CatalogSnapshot } from "./catalog/snapshot.ts";
import { diffInSteps } from "./changes.ts";
import { reconcileLikeTraefik } from "./compat/reconcile.ts";
import { damp } from "./damping/damping.ts";
import type { Decision, ReconcileInput } from "./decision.ts";
import type { Diagnostic } from "./diagnostics/diagnostics.ts";
import { diagnose, type Finding } from "./diagnostics/finding.ts";
import { judgeClaims } from "./hosts/judge-hosts.ts";
import { memoize } from "./incremental/memoize.ts";
import { finish, type Steps } from "./incremental/steps.ts";
import type { Translated } from "./instances/instance.ts";
import { translateServices, translateTogether } from "./instances/translated-services.ts";
import type { Memory } from "./memory.ts";
import { mergeInSteps } from "./merge/merge.ts";
import type { Owner } from "./merge/owner.ts";
import { OWNER_KEPT_MS, ownersOfPublished } from "./merge/ownership.ts";
import { aboutFile } from "./operator-config/assemble.ts";
import { NO_OPERATOR_CONFIG } from "./operator-config/operator-config.ts";
import { isCovered, overlay } from "./operator-config/overlay.ts";
import { ledgerDiagnostics } from "./ports/ledger-diagnostics.ts";
import { planRemovals } from "./removals/planned-removals.ts";
import { provenanceNow } from "./removals/provenance.ts";
import { recentlyDeregisteredNow } from "./removals/recently-deregistered.ts";
import { changedRouters } from "./traefik/chart/changed-names.ts";
import { dropDangling } from "./traefik/chart/dangling-references.ts";
import { type ResourceKey, resourceKey, type Section, splitKey } from "./traefik/chart/dynamic-config.ts";
import type { NamedReference } from "./traefik/chart/references.ts";
import { renderAgain } from "./traefik/chart/render.ts";
import { warmCaches } from "./warm-caches.ts";

/**
 * The whole flow: let wait what must, translate each instance by its own tags, merge what they ask for, leave out what
 * dangles or is somebody else's, and keep for a while what disappears. Same input, same output.
 */
export function reconcile(input: ReconcileInput): Decision {
  return finish(reconcileInSteps(input));
}

/** The same in steps: however many instances are new, nobody need wait for more than one of them. */
export function* reconcileInSteps(input: ReconcileInput): Steps<Decision> {
  const { previous, settings, nowMs, operatorConfig = NO_OPERATOR_CONFIG, heldHostRegistrations } = input;
  const snapshots = inCatalogNameOrder(input.snapshots);
  const told = instancesOf(snapshots);
  const cache = previous.cache?.settings === settings ? previous.cache : undefined;
  yield* warmCaches(told, settings, cache?.instances ?? []);
  if (settings.compat === "traefik") return reconcileLikeTraefik(input);
  const { instances, damping, ...damped } = yield* damp(told, previous, settings, nowMs);
  // Catalogs that are charted together may dispute each other's names, which is judged from all claims at once.
  const isAlone = snapshots.length === 1 && snapshots[0]?.catalogName === undefined;
  const services = isAlone
    ? translateServices(instances, settings, cache?.merge.services)
    : translateTogether(instances, settings, operatorConfig);
  const merged = yield* mergeInSteps(
    services,
    previous,
    nowMs,
    operatorConfig,
    isAlone ? previous.cache?.merge : undefined,
  );
  yield;
  const definitionOf = (section: Section, name: string) => merged.definition(resourceKey(section, name));
  const sound = dropDangling(
    overlay(merged.config, operatorConfig.config),
    (section, name, missing) => {
      const definition = definitionOf(section, name);
      return definition?.instances[0] && diagnose(definition.instances[0], unknownReference(section, name, missing));
    },
    previous.cache?.sound,
  );
  const since = isAlone ? previous.cache : undefined;
  const claims = yield* judgeClaims({
    ...{ ...input, config: sound.config, definitionOf, owners: merged.owners, services, operatorConfig },
    pass: merged.cache,
    ...(since && {
      changed: {
        since: since.merge,
        routers: new Set([...merged.judged, ...changedRouters(since.sound, sound.config)]),
      },
    }),
  });
  const desired = claims.config;
  const isWanted = (key: ResourceKey) => {
    const { section, name } = splitKey(key);
    return desired[section].has(name);
  };
  yield;
  const findCatalog = catalogFinder(snapshots);
  const settled = ownersOfPublished(merged.owners, previous.owners, isWanted, nowMs);
  const owners = snapshots.some(isMute) ? waitingFor(settled, findCatalog) : settled;

  const leaving = planRemovals({
    ...{ desired, replaced: claims.replaced, previous, services, snapshots, settings, nowMs, heldHostRegistrations },
  });
  // What the operator points at a service that is kept for a while stays with it.
  const whole = isCovered(operatorConfig.config, leaving.config)
    ? { config: leaving.config, diagnostics: [] }
    : dropDangling(overlay(operatorConfig.config, leaving.config), (section, name, missing) => {
        const origin = operatorConfig.origins.get(resourceKey(section, name));
        return origin === undefined ? undefined : aboutFile(origin, unknownReference(section, name, missing));
      });
  const chart = whole.config;
  yield;
  const rendered = renderAgain(chart, previous.cache?.rendered);
  yield;

  const { holds, leftAtMs, released, portHolders, reused, reasons } = leaving;
  const memory: Memory = {
    chart,
    owners,
    leftAtMs,
    released,
    holds,
    hosts: claims.hosts,
    sharingGroups: claims.sharingGroups,
    operatorConfig: operatorConfig.origins,
    origin: merged.origin,
    services,
    damping,
    recentlyDeregistered: recentlyDeregisteredNow(
      previous.recentlyDeregistered,
      previous.cache?.instances ?? [],
      instances,
      nowMs,
    ),
    portHolders,
    ...(heldHostRegistrations === undefined ? {} : { heldHostRegistrations }),
    provenance: provenanceNow(previous.provenance, snapshots, settings),
    cache: { settings, instances, merge: merged.cache, sound: sound.config, rendered },
  };
  const changes = yield* diffInSteps(previous.chart, chart, {
    ...{ before: previous, after: memory, removalReasons: reasons, reused },
  });
  return {
    text: rendered.text,
    chart,
    changes,
    diagnostics: [
      ...operatorConfig.diagnostics,
      ...[...services.values()].flatMap(diagnosticsOf),
      ...damped.diagnostics,
      ...ledgerDiagnostics(instances, settings),
      ...merged.diagnostics,
      ...sound.diagnostics,
      ...claims.diagnostics,
      ...whole.diagnostics,
    ],
    memory,
    lookAgainAtMs: earliestAfter(nowMs, [
      ...damped.dueAtMs,
      ...holds.map(({ endsAtMs }) => endsAtMs),
      ...[...leftAtMs.values()].map((sinceMs) => sinceMs + settings.routes.zeroInstanceGraceMs),
      ...[...owners.values()].flatMap(({ goneAtMs }) =>
        goneAtMs === undefined ? [] : [goneAtMs + OWNER_KEPT_MS, goneAtMs + settings.claims.keptMs],
      ),
    ]),
  };
}

/** Does the catalog tell nothing of services that may well be there? */
function isMute({ freshness, blind }: CatalogSnapshot): boolean {
  return freshness === "unread" || blind !== undefined;
}

/** The owners, where nobody of a mute catalog counts as gone: another service would take over the name. */
function waitingFor(
  owners: ReadonlyMap<ResourceKey, Owner>,
  findCatalog: (service: string) => CatalogSnapshot | undefined,
): ReadonlyMap<ResourceKey, Owner> {
  const isMuted = (service: string) => {
    const catalog = findCatalog(service);
    return catalog !== undefined && isMute(catalog);
  };
  const gone = [...owners].filter(([, { service, goneAtMs }]) => goneAtMs !== undefined && isMuted(service));
  if (gone.length === 0) return owners;
  return new Map([...owners, ...gone.map(([key, { service }]) => [key, { service }] as const)]);
}

const diagnosticsOf = memoize((own: readonly Translated[]): readonly Diagnostic[] =>
  own.flatMap(({ state }) => ("diagnostics" in state ? state.diagnostics : [])),
);

function unknownReference(section: Section, name: string, { kind, name: missing }: NamedReference): Finding {
  const isForFiles = kind === "serversTransport" || kind === "tlsOptions";
  return {
    code: "REFERENCE_UNKNOWN",
    message: `${resourceKey(section, name)} refers to the ${kind} ${JSON.stringify(missing)}, which ${isForFiles ? "neither the settings nor a snippet define" : "no service defines"}`,
    remedy: `define it ${isForFiles ? "there, since tags cannot" : "with tags"}, or name its provider, for example ${missing}@file for one in a file of your own`,
  };
}

/** A time that is over has been considered by this very pass; waiting for it again would be a busy loop. */
function earliestAfter(nowMs: number, times: readonly (number | undefined)[]): number | undefined {
  const coming = times.filter((time) => time !== undefined).filter((time) => time > nowMs);
  return coming.length === 0 ? undefined : Math.min(...coming);
}
