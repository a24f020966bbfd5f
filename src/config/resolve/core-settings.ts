import { DEFAULT_DYNAMIC } from "../../core/ports/dynamic-range.ts";
import { type Ledger, NO_LEDGER, PROTOCOLS } from "../../core/ports/ledger/ledger.ts";
import type { PortRange } from "../../core/ports/port-range.ts";
import { type CoreSettings, MAIN_EDGE } from "../../core/settings.ts";
import { ALL_NAMESPACES } from "../files/namespaces.ts";
import type { Settings } from "../files/schema.ts";

/**
 * The part of the settings that the core decides by, under the core's names.
 *
 * @param dynamic the ports that the scheduler hands out: what the settings say, or what Nomad reported
 * @param nodeNames of Nomad's clients by their ids, as far as a Nomad told them
 */
export function coreSettings(
  settings: Settings,
  dynamic: PortRange = settings.ports.dynamic ?? DEFAULT_DYNAMIC,
  nodeNames?: ReadonlyMap<string, string>,
): CoreSettings {
  const { compat, equalNames, traefik, backends, routes, claims, allow, guard, loadedPolicy } = settings;
  const { criticalGrace, ...backendSettings } = backends;
  // What the API tells decides nothing; where it is, and its password, are no business of the core.
  const { api: _, ...charting } = traefik;
  return {
    ...(settings.id === undefined ? {} : { id: settings.id }),
    edge: MAIN_EDGE,
    compat,
    equalNames,
    catalogOrder: (settings.catalogs ?? []).map(({ name }) => name),
    hasManyNamespaces: namespaceLists(settings).some((names) => names.length > 1 || names.includes(ALL_NAMESPACES)),
    traefik: charting,
    ports: { dynamic, ledger: { ...wholeLedger(settings), ...(nodeNames && { nodeNames }) } },
    authEndpoints: settings.ports.authEndpoints,
    backends: { ...backendSettings, criticalGraceMs: criticalGrace },
    routes: {
      zeroInstanceGraceMs: routes.zeroInstanceGrace,
      keep: routes.keep,
      ...(routes.sleeping === undefined ? {} : { sleeping: routes.sleeping }),
      flapping: { perMinute: routes.flapping.perMinute, everyMs: routes.flapping.every },
    },
    claims: { keptMs: claims.keep },
    allow,
    ...(loadedPolicy === undefined ? {} : { policy: loadedPolicy }),
    guard: {
      removalCount: guard.removalCount,
      removalShare: guard.removalShare,
      confirmAfterMs: guard.confirmAfter,
      resetHoldMs: guard.resetHold,
    },
  };
}

/** The namespaces that each catalog is read for, as the settings name them. */
function namespaceLists({ consul, nomad, catalogs = [] }: Settings): readonly (readonly string[])[] {
  return [{ consul, nomad }, ...catalogs].flatMap((one) => [[one.consul?.namespace ?? ""], one.nomad?.namespace ?? []]);
}

/** The entries of the ledger's file, and the exceptions of the settings as entries beside them. */
function wholeLedger({ ports: { exceptions }, loadedLedger = NO_LEDGER }: Settings): Ledger {
  if (exceptions.length === 0) return loadedLedger;
  const inline = exceptions.map(({ service, ...entry }, position) => ({
    ...entry,
    origin: `ports.exceptions.${position}`,
    protocols: PROTOCOLS,
    owners: [service],
    exposure: "ingress" as const,
  }));
  return { ...loadedLedger, entries: [...loadedLedger.entries, ...inline] };
}
