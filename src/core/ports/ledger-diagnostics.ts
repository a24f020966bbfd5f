import { DEFAULT_NAMESPACE, type ServiceInstance, serviceKey } from "../catalog/snapshot.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { diagnose } from "../diagnostics/finding.ts";
import { memoize } from "../incremental/memoize.ts";
import { entryCovers, type LedgerEntry } from "./ledger.ts";
import { isOwner, mayBeOwner, ownerName } from "./owner.ts";
import type { SurveySettings } from "./port-settings.ts";
import { areRivals, type Registration, registrationsOf } from "./registration.ts";
import { portPlaceKey } from "./survey.ts";

interface DeclaredPort {
  readonly registration: Registration;
  /** All that the ledger says of the port there: at least one. */
  readonly entries: readonly [LedgerEntry, ...LedgerEntry[]];
}

/**
 * The ports that a service holds although they are declared for another, alone or beside another service at the same
 * address. Reported, never refused: whether the service or the ledger is wrong, only people know.
 *
 * Ports of which the ledger says nothing are left to `portolan ports`, since a daemon sees only services that ask for
 * routes.
 */
export function ledgerDiagnostics(
  instances: readonly ServiceInstance[],
  settings: SurveySettings,
): readonly Diagnostic[] {
  if (settings.ports.ledger.entries.length === 0) return [];
  const declared = instances.flatMap(declaredPortsBy(settings));
  const places = new Map<string, Registration[]>();
  for (const { registration } of declared) {
    const there = places.get(portPlaceKey(registration));
    if (there === undefined) places.set(portPlaceKey(registration), [registration]);
    else there.push(registration);
  }
  return declared.flatMap(({ registration, entries: [first, ...more] }) => {
    if ([first, ...more].some((entry) => isOwner(entry, registration.instance))) return [];
    const rival = places.get(portPlaceKey(registration))?.find((other) => areRivals(registration, other));
    return [rival === undefined ? squatted(registration, first) : conflict(registration, rival, first)];
  });
}

/** One memory for each settings object: a reload makes a new one. */
const declaredPortsBy = memoize(({ ports, traefik: { prefix } }: SurveySettings) =>
  memoize((instance: ServiceInstance): readonly DeclaredPort[] => {
    const { ledger } = ports;
    return registrationsOf(instance, { ledger, prefix }).flatMap((registration) => {
      const [first, ...more] = ledger.entries.filter((entry) => entryCovers(entry, registration));
      return first === undefined ? [] : [{ registration, entries: [first, ...more] }];
    });
  }),
);

function conflict({ instance, port, protocol, address }: Registration, rival: Registration, entry: LedgerEntry) {
  return diagnose(instance, {
    code: "PORT_CONFLICT",
    message: `port ${port}/${protocol} of ${address} is also registered by ${serviceKey(rival.instance)} (${rival.instance.id}), and one of them cannot answer; ${entry.origin} declares it for ${ownerName(entry)}`,
    remedy: `move one of them to another port or node; for all but ${ownerName(entry)} let the scheduler choose`,
  });
}

function squatted({ instance, port, protocol }: Registration, entry: LedgerEntry): Diagnostic {
  const { origin, purpose } = entry;
  // The owner's name alone would say that the port is declared for this very service.
  const isNamesake = mayBeOwner(entry, instance);
  const whose = isNamesake ? `${ownerName(entry)} in the namespace "${DEFAULT_NAMESPACE}"` : ownerName(entry);
  const correction = isNamesake ? `add namespace: ${JSON.stringify(instance.namespace)} to` : "correct";
  return diagnose(instance, {
    code: "PORT_SQUATTED",
    message: `port ${port}/${protocol} is declared for ${whose} (${origin}: ${purpose})`,
    remedy: `let the scheduler choose another port, and tell Nomad that this one is taken (reserved_ports: see portolan ledger); or ${correction} ${origin}`,
  });
}
