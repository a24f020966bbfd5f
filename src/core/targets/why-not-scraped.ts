import { isSameAllocation } from "../catalog/same-allocation.ts";
import { type ServiceInstance, serviceKey } from "../catalog/snapshot.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { ANYWHERE, whyRefused } from "../policy/backends/backend-address.ts";
import { backendNetworks } from "../policy/backends/backend-networks.ts";
import { ruleFor } from "../policy/policy.ts";
import { coversAnywhere, type LedgerEntry } from "../ports/ledger/ledger.ts";
import { addressBytes, isLoopback } from "../ports/ledger/network.ts";
import { isOwner, ownerName } from "../ports/ledger/owner.ts";
import { isSurelyOn, mayBeOn, whereabouts } from "../ports/ledger/whereabouts.ts";
import { formatRange, isWithin } from "../ports/port-range.ts";
import type { CoreSettings } from "../settings.ts";
import { plainHost } from "../traefik/backend-url.ts";

/** Where an instance says that its metrics are: always at its own address. */
export interface WantedTarget {
  readonly instance: ServiceInstance;
  /** Of the instance, without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Who is registered at a port of an address, of what has been read. */
export type HoldersOf = (host: string, port: number) => readonly ServiceInstance[];

/** Why Prometheus must not be sent somewhere. */
export type NotScraped = Pick<Finding, "message" | "remedy">;

/**
 * Why Prometheus must not be sent there, by the words of a tenant, who may register any address and name any port; undefined
 * where it may. It need not be a port that may be routed: internal ones are just what is scraped. The first line that holds counts:
 *
 * | the place | scraped |
 * |---|---|
 * | no rule of the policy is about the service | no |
 * | an address that is none, a name, link-local, or outside the networks where its backends may be | no |
 * | loopback, unless the node's own address is, or its rule names it | no: that is Prometheus's own machine |
 * | the ledger says `never` of the port there, or on any node where it is not known which one it is | no |
 * | the ledger declares the port for this service, there and on the node that it is registered on | yes, whatever the exposure |
 * | the ledger declares it for others there, or on any node where it is not known which one it is | no |
 * | a dynamic port | yes, but for `whyAnothers` |
 * | any other | no |
 */
export function whyNotScraped(wanted: WantedTarget, settings: CoreSettings): NotScraped | undefined {
  return whyNoAddress(wanted, settings) ?? whyNoPort(wanted, settings);
}

const TO_ANOTHER_ADDRESS = "register the service with the address at which it listens in the service network";

function whyNoAddress({ instance, host }: WantedTarget, settings: CoreSettings): NotScraped | undefined {
  const { policy } = settings;
  if (policy !== undefined && ruleFor(policy, instance) === undefined) {
    return {
      message: "no rule of the policy is about this service, so that it may have nothing",
      remedy:
        "add a rule to the policy; one without service, job, namespace, node and datacenter, as the last, is about all",
    };
  }
  const { declared, named } = backendNetworks(instance, settings);
  const why =
    whyRefused(host, ANYWHERE, []) ??
    (addressBytes(host) === undefined ? "a name, and which address it will have is not known" : undefined) ??
    (declared === ANYWHERE && isLoopback(host) ? whyLoopback(instance) : whyRefused(host, declared, named));
  return why === undefined
    ? undefined
    : { message: `its address is ${JSON.stringify(host)}, ${why}`, remedy: TO_ANOTHER_ADDRESS };
}

/** A node that is registered at loopback is a trial on one machine, Prometheus's among them. */
function whyLoopback({ nodeAddress }: ServiceInstance): string | undefined {
  return isLoopback(plainHost(nodeAddress)) ? undefined : "a loopback address, which is Prometheus's own machine";
}

function whyNoPort(
  { instance, host, port }: WantedTarget,
  { ports: { ledger, dynamic } }: CoreSettings,
): NotScraped | undefined {
  if (port < 1)
    return { message: "it is registered without a port", remedy: "name the port: portolan.metrics.port=PORT" };
  const spoken = ledger.entries.filter((entry) => coversAnywhere(entry, { port, protocol: "tcp" }));
  const at = whereabouts(host, instance, ledger);
  // An address of no node that is known may be any one's. A pod that has it, and is refused here, keeps its route.
  const farthest = at.isUnlisted ? { ...at, isAnywhere: true } : at;
  const there = spoken.filter((entry) => mayBeOn(entry, farthest));
  const never = there.find((entry) => entry.exposure === "never");
  if (never !== undefined) {
    return {
      message: `port ${port} is declared never to be exposed (${described(never)})`,
      remedy: `remove the tag, or change the exposure to internal in ${never.origin}`,
    };
  }
  if (there.some((entry) => isOwner(entry, instance) && isSurelyOn(entry, at))) return undefined;
  const others = there.find((entry) => !isOwner(entry, instance));
  if (others !== undefined) {
    return {
      message: `port ${port} is declared for ${ownerName(others)} (${described(others)})`,
      remedy: `name a port of this service, or correct the owner in ${others.origin}`,
    };
  }
  if (isWithin(port, dynamic)) return undefined;
  const { service, namespace } = instance;
  const of = `owner: ${JSON.stringify(service)}${namespace === "" ? "" : `, namespace: ${JSON.stringify(namespace)}`}`;
  return {
    message: `port ${port} is outside the dynamic range ${formatRange(dynamic)}, and not declared for this service`,
    remedy: `let the scheduler choose the port, or declare it in ${ledger.file ?? "a ledger (the setting ports.ledger)"}: ports: [{ ports: ${port}, ${of}, exposure: internal, purpose: "…" }]`,
  };
}

function described({ origin, ports, purpose }: LedgerEntry): string {
  return `${origin}, ${formatRange(ports)}: ${purpose}`;
}

/** Nor there where a tag names the port and another service is registered at it. */
export function whyAnothers({ instance, host, port }: WantedTarget, holdersOf: HoldersOf): NotScraped | undefined {
  if (port === instance.port) return undefined;
  const holders = holdersOf(host, port);
  const isOwn = (holder: ServiceInstance) =>
    serviceKey(holder) === serviceKey(instance) || isSameAllocation(holder, instance);
  if (holders.length === 0 || holders.some(isOwn)) return undefined;
  return {
    message: `port ${port} is registered by another service there: ${JSON.stringify(holders[0]?.service)}`,
    remedy: "name a port of this service; where that one is, register it with a service of the same allocation",
  };
}
