import { compileGlob } from "../../catalog/glob.ts";
import { DEFAULT_NAMESPACE, namespaceOf, type ServiceInstance } from "../../catalog/snapshot.ts";
import { memoize } from "../../incremental/memoize.ts";
import type { LedgerClient, LedgerEntry } from "./ledger.ts";

/** What tells whose a port is. */
export type NamedService = Pick<ServiceInstance, "service" | "namespace">;

/**
 * Is this service one that the ledger names? An entry without a namespace means the default one, as everywhere in Nomad and
 * Consul and as in the settings' `allow`: in each namespace another team may have a service of that name. A catalog without
 * namespaces cannot contradict the ledger's. A pattern is about every service that it matches, also one that comes later.
 */
export function isOwner(entry: LedgerEntry, service: NamedService): boolean {
  return mayBeOwner(entry, service) && (entry.namespace !== undefined || namespaceOf(service) === DEFAULT_NAMESPACE);
}

/** The same where the entry withholds something: without a namespace it is about the services of that name in all of them. */
export function mayBeOwner(entry: LedgerEntry, service: NamedService): boolean {
  const { namespace } = entry;
  if (!ownersGlob(entry)(service.service)) return false;
  return namespace === undefined || service.namespace === "" || namespace === service.namespace;
}

/** May this service connect to the entry's ports, as one of its `clients`? Without a namespace those of the default one are meant. */
export function isClient({ clients = [] }: LedgerEntry, service: NamedService): boolean {
  return clients.some((client) => {
    if (!clientGlob(client)(service.service)) return false;
    return service.namespace === "" || (client.namespace ?? DEFAULT_NAMESPACE) === service.namespace;
  });
}

/**
 * Do both entries speak of one owner? They do where an owner of one is among those of the other, by its name or by a pattern
 * that it fits; an entry without a namespace does not contradict one that has it.
 */
export function isSameOwner(one: LedgerEntry, other: LedgerEntry): boolean {
  const isShared = one.owners.some(ownersGlob(other)) || other.owners.some(ownersGlob(one));
  if (!isShared) return false;
  return one.namespace === undefined || other.namespace === undefined || one.namespace === other.namespace;
}

/** `powerdns`, `nomad, nomad-client`, or `core/api` where the ledger names the namespace. */
export function ownerName({ owners, namespace }: LedgerEntry): string {
  return owners.map((owner) => inNamespace(owner, namespace)).join(", ");
}

/** `web`, or `core/web` where the ledger names the namespace: as its file has it. */
export function clientName({ service, namespace }: LedgerClient): string {
  return inNamespace(service, namespace);
}

function inNamespace(name: string, namespace: string | undefined): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** Each entry is asked about every instance. */
const ownersGlob = memoize(({ owners }: LedgerEntry) => {
  const globs = owners.map(compileGlob);
  return (name: string) => globs.some((matches) => matches(name));
});

const clientGlob = memoize(({ service }: LedgerClient) => compileGlob(service));
