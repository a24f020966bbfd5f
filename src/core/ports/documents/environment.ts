import { DEFAULT_NAMESPACE } from "../../catalog/snapshot.ts";
import type { Ledger, LedgerEntry } from "../ledger/ledger.ts";
import { clientName, isClient, isOwner, type NamedService, ownerName } from "../ledger/owner.ts";
import { formatRange } from "../port-range.ts";

/** A variable of a process, and whose port it tells. */
export interface EnvironmentVariable {
  readonly name: string;
  readonly value: string;
  /** For people: `its own port 50052`, or `nats: 4222, clients`. */
  readonly why: string;
}

/** What the ledger knows of a process that runs these services. */
export interface ProcessEnvironment {
  /** Its own ports in the order of the ledger, then what it connects to; each name once. */
  readonly variables: readonly EnvironmentVariable[];
  /** Names to which two entries give different values: they are not among the variables. */
  readonly clashes: readonly { readonly name: string; readonly values: readonly string[] }[];
  /** Services that own no entry of the ledger and are no entry's client. */
  readonly unknown: readonly NamedService[];
  /** Services of which the ledger has several, and their names in full. */
  readonly ambiguous: readonly { readonly service: NamedService; readonly among: readonly string[] }[];
}

/** Where the clients of a service find it, unless the ledger says otherwise: Consul's DNS. */
export const DEFAULT_ENDPOINT_HOST = "{owner}.service.consul";

interface Given extends EnvironmentVariable {
  readonly entry: LedgerEntry;
  /** By the ledger's `env` or `clientEnv`, so that the name is the operator's. */
  readonly isNamed: boolean;
}

/**
 * The variables that tell a process its declared ports and where the services are that it connects to. The names are those of
 * `env` and `clientEnv`; without these `OWNER_PORT` and `OWNER_ENDPOINT`, followed by the port where one owner has several.
 *
 * @param services that one process runs, usually one
 */
export function environmentOf(ledger: Ledger, services: readonly NamedService[]): ProcessEnvironment {
  const isOf = (is: (entry: LedgerEntry, service: NamedService) => boolean) =>
    ledger.entries.filter((entry) => services.some((service) => is(entry, service)));
  const own = isOf(isOwner);
  const used = isOf(isClient).filter((entry) => !own.includes(entry));
  const given = [
    ...named(own.flatMap(ownVariables)),
    ...named(used.flatMap((entry) => endpointVariables(entry, ledger))),
  ];
  const byName = Map.groupBy(given, ({ name }) => name);
  const clashes = [...byName]
    .map(([name, all]) => ({ name, values: [...new Set(all.map(({ value }) => value))] }))
    .filter(({ values }) => values.length > 1);
  return {
    variables: [...byName.values()].flatMap(([first]) =>
      first === undefined || clashes.some(({ name }) => name === first.name)
        ? []
        : [{ name: first.name, value: first.value, why: first.why }],
    ),
    clashes,
    unknown: services.filter(
      (service) => !ledger.entries.some((entry) => isOwner(entry, service) || isClient(entry, service)),
    ),
    ambiguous: services.flatMap((service) => {
      const namespaces = new Set(own.filter((entry) => isOwner(entry, service)).map(({ namespace }) => namespace));
      const among = [...namespaces].map((namespace) =>
        clientName({ ...service, namespace: namespace ?? DEFAULT_NAMESPACE }),
      );
      return among.length > 1 ? [{ service, among }] : [];
    }),
  };
}

/** Default names that several ports would have get the port behind them. */
function named(given: readonly Given[]): readonly Given[] {
  const byDefault = given.filter(({ isNamed }) => !isNamed);
  return given.map((one) => {
    const isShared = !one.isNamed && byDefault.some(({ name, entry }) => name === one.name && entry !== one.entry);
    return isShared ? { ...one, name: `${one.name}_${one.entry.ports.first}` } : one;
  });
}

/** What the process itself listens on. */
function ownVariables(entry: LedgerEntry): readonly Given[] {
  const port = String(entry.internalPort ?? entry.ports.first);
  const why = `its own port ${formatRange(entry.ports)}: ${entry.purpose}`;
  const patterns = entry.env ?? { [`${variableName(entry)}_PORT`]: "{port}" };
  return Object.entries(patterns).map(([name, pattern]) => ({
    name,
    value: filled(pattern, { port }),
    why,
    entry,
    isNamed: entry.env !== undefined,
  }));
}

/** Where its clients find it. */
function endpointVariables(entry: LedgerEntry, ledger: Ledger): readonly Given[] {
  const port = String(entry.ports.first);
  const { namespace = DEFAULT_NAMESPACE } = entry;
  const host = filled(ledger.endpointHost ?? DEFAULT_ENDPOINT_HOST, { owner: plainOwner(entry), namespace, port });
  const patterns = entry.clientEnv ?? { [`${variableName(entry)}_ENDPOINT`]: "{host}:{port}" };
  return Object.entries(patterns).map(([name, pattern]) => ({
    name,
    value: filled(pattern, { host, port, owner: plainOwner(entry), namespace }),
    why: `${ownerName(entry)}: ${formatRange(entry.ports)}, ${entry.purpose}`,
    entry,
    isNamed: entry.clientEnv !== undefined,
  }));
}

/** The first of the owners that is no pattern: only such a name can be looked up. */
function plainOwner({ owners }: LedgerEntry): string {
  return owners.find((owner) => !owner.includes("*")) ?? owners[0] ?? "";
}

/** `MESSAGING_GRPC`; a name that would begin with a digit begins with an underscore. */
function variableName(entry: LedgerEntry): string {
  const upper = plainOwner(entry)
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  return /^[0-9]|^$/.test(upper) ? `_${upper}` : upper;
}

function filled(pattern: string, values: Readonly<Record<string, string>>): string {
  return pattern.replace(/\{(\w+)\}/g, (written, key: string) => values[key] ?? written);
}
