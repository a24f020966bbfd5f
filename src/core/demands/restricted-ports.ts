import type { ServiceInstance } from "../catalog/snapshot.ts";
import { memoize } from "../incremental/memoize.ts";
import type { Demand } from "../policy/required-middlewares.ts";
import { ingressNodes } from "../ports/ledger/ingress-nodes.ts";
import { coversAnywhere, type Ledger, type LedgerEntry } from "../ports/ledger/ledger.ts";
import { mayBeOn, nodesAddressed, type Whereabouts, whereabouts } from "../ports/ledger/whereabouts.ts";
import { hostPortAt, parseBackendUrl, parseEndpoint } from "../traefik/backend-url.ts";
import { type ConfigObject, configObject } from "../traefik/chart/dynamic-config.ts";

/** A name that no tag can define: it has a dot. */
const PREFIX = "from.";

/** Is it the name of an allow-list that portolan makes? */
export function isAllowList(middleware: string): boolean {
  return /^(?:[a-z0-9-]+_)?from\./.test(middleware);
}

/** What the ledger demands of routers to a restricted port: an allow-list, which portolan makes of the entry's `from`. */
export interface AllowList extends Demand {
  readonly name: string;
  /** Of HTTP and of TCP alike. */
  readonly object: ConfigObject;
}

/** Whether any port is restricted at all. */
export const hasRestricted = memoize(({ entries }: Ledger): boolean =>
  entries.some(({ exposure }) => exposure === "restricted"),
);

/**
 * The allow-lists of the place where a server is. The port is restricted, of whatever service the server is: on the node that it is
 * registered on, on others whose address it has, and of a node that is not known any entry of the port counts, as `never` does.
 *
 * @param endpoint a URL or `HOST:PORT`
 * @param instance behind the server
 */
export function allowListsAt(
  endpoint: string,
  protocol: "tcp" | "udp",
  instance: ServiceInstance,
  ledger: Ledger,
): readonly AllowList[] {
  if (!hasRestricted(ledger)) return NONE;
  const target = parseBackendUrl(endpoint) ?? parseEndpoint(endpoint);
  if (target === undefined) return NONE;
  const { host, port } = target;
  const own = hostPortAt(instance.address || instance.nodeAddress, port);
  const at = hostPortAt(host, port) === own ? whereabouts(host, instance, ledger) : elsewhere(host, ledger);
  return ledger.entries
    .filter(
      (entry) => entry.exposure === "restricted" && coversAnywhere(entry, { port, protocol }) && mayBeOn(entry, at),
    )
    .map(allowListsOf(ledger));
}

const NONE: readonly AllowList[] = [];

/** Another address than the registered one: whose it is in the ledger says where it is. */
function elsewhere(host: string, ledger: Ledger): Whereabouts {
  const [node, ...claimed] = nodesAddressed(host, ledger);
  return { node, claimed };
}

const allowListsOf = memoize((ledger: Ledger) =>
  memoize((entry: LedgerEntry): AllowList => {
    const sourceRange = clientsOf(entry, ledger);
    const name = `${PREFIX}${sourceRange.map(nameOfNetwork).join("_")}`;
    return {
      by: `${entry.origin} (restricted)`,
      middlewares: [name],
      isAllowList: true,
      entryPoints: { tcp: undefined, udp: undefined },
      name,
      object: configObject([["ipAllowList", configObject([["sourceRange", sourceRange]])]]),
    };
  }),
);

/** `192.168.10.0-24`, `fd00--2.64`: of two networks two names, since `fd00::2:64` is one, too. */
function nameOfNetwork(network: string): string {
  return network.includes(":") ? network.replaceAll(":", "-").replace("/", ".") : network.replace("/", "-");
}

/**
 * Whose addresses Traefik may see. The firewall has to let the load balancer's nodes in, so that `from` has them; but they only
 * pass on what others ask. Where nothing else is named, nothing else comes in.
 */
function clientsOf({ from = [] }: LedgerEntry, ledger: Ledger): readonly string[] {
  const balancers = new Set(
    ingressNodes(ledger).flatMap(({ address }) => [address, `${address}/32`, `${address}/128`]),
  );
  const clients = from.filter((network) => !balancers.has(network));
  return clients.length === 0 ? from : clients;
}
