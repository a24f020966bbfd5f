import { DEFAULT_NAMESPACE, type ServiceInstance, serviceKey } from "../../catalog/snapshot.ts";
import type { Diagnostic } from "../../diagnostics/diagnostics.ts";
import { diagnose } from "../../diagnostics/finding.ts";
import { foundAmong } from "../../incremental/found-among.ts";
import { memoize } from "../../incremental/memoize.ts";
import type { SurveySettings } from "../port-settings.ts";
import { areRivals, isSameService, type Registration, registrationsOf } from "../registration.ts";
import { portPlaceKey } from "../survey.ts";
import { coversAnywhere, entryCovers, type LedgerEntry, type PortScope } from "./ledger.ts";
import { isOwner, mayBeOwner, ownerName } from "./owner.ts";
import { scopeAt } from "./scope.ts";

interface DeclaredPort {
  readonly registration: Registration;
  readonly scope: PortScope;
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
  const declared = declaredPortsBy(settings)(instances).flat();
  const places = new Map([...Map.groupBy(declared, placeKey)].map(([key, there]) => [key, byService(there)]));
  return declared.flatMap((port) => {
    const { registration, scope, entries } = port;
    const [first, ...more] = entries;
    if (registration.isInside || [first, ...more].some((entry) => isOwner(entry, registration.instance))) return [];
    const rival = rivalOf(registration, scope, places.get(placeKey(port)) ?? []);
    return [rival === undefined ? squatted(registration, first) : conflict(registration, rival, first)];
  });
}

/** The ports of each instance that has such ports. One memory for each settings object: a reload makes a new one. */
const declaredPortsBy = memoize(({ ports, traefik: { prefix } }: SurveySettings) => {
  const declaredPortsOf = memoize((instance: ServiceInstance): readonly DeclaredPort[] | undefined => {
    const { ledger } = ports;
    const declared = registrationsOf(instance, { ledger, prefix }).flatMap((registration) => {
      const scope = scopeAt(registration, ledger, ports.dynamic);
      const speaks = scope === "cluster" ? coversAnywhere : entryCovers;
      const [first, ...more] = ledger.entries.filter((entry) => speaks(entry, registration));
      return first === undefined ? [] : [{ registration, scope, entries: [first, ...more] as const }];
    });
    return declared.length === 0 ? undefined : declared;
  });
  return foundAmong(declaredPortsOf);
});

/** Ports of which not more than one service may be the holder have one key. */
function placeKey({ registration, scope }: DeclaredPort): string {
  const { port, protocol } = registration;
  return scope === "cluster" ? `${port}/${protocol}` : portPlaceKey(registration);
}

function byService(ports: readonly DeclaredPort[]): readonly (readonly Registration[])[] {
  const registrations = ports.map(({ registration }) => registration);
  return [...Map.groupBy(registrations, ({ instance }) => `${instance.namespace}\n${instance.service}`).values()];
}

/** One service is no rival of itself, and may be registered thousands of times: its registrations are not compared with each other. */
function rivalOf(
  registration: Registration,
  scope: PortScope,
  services: readonly (readonly Registration[])[],
): Registration | undefined {
  for (const own of services) {
    const isOther = own[0] !== undefined && !isSameService(own[0].instance, registration.instance);
    const rival = isOther ? own.find((other) => areRivals(registration, other, scope)) : undefined;
    if (rival !== undefined) return rival;
  }
  return undefined;
}

function conflict({ instance, port, protocol, address, node }: Registration, rival: Registration, entry: LedgerEntry) {
  const by = `${serviceKey(rival.instance)} (${rival.instance.id})`;
  const found =
    rival.node === node
      ? `port ${port}/${protocol} of ${address} is also registered by ${by}, and one of them cannot answer`
      : `port ${port}/${protocol} is also registered by ${by} on ${rival.node}, and it is one owner's on all nodes (scope: cluster)`;
  return diagnose(instance, {
    code: "PORT_CONFLICT",
    message: `${found}; ${entry.origin} declares it for ${ownerName(entry)}`,
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
