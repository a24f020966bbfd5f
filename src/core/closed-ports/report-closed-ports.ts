import { compareBytes } from "../../go/byte-order.ts";
import { instanceKey, type ServiceInstance } from "../catalog/snapshot.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { diagnose } from "../diagnostics/finding.ts";
import { memoize } from "../incremental/memoize.ts";
import type { Steps } from "../incremental/steps.ts";
import type { Translated, TranslatedServices } from "../instances/instance-state.ts";
import { ingressLeftOut, letInRemedy } from "../ports/firewall/closed-to-ingress.ts";
import { strictestEntries } from "../ports/firewall/overlapping-entries.ts";
import { coversAnywhere, type Ledger, type LedgerEntry, type Protocol } from "../ports/ledger/ledger.ts";
import { isSurelyOn, whereabouts } from "../ports/ledger/whereabouts.ts";
import type { Pass, StageResult } from "../stage.ts";
import { hostPortAt, parseBackendUrl, parseEndpoint } from "../traefik/backend-url.ts";
import type { ConfigObject, DynamicConfig } from "../traefik/chart/dynamic-config.ts";
import { endpointOf, serversOf } from "../traefik/chart/servers.ts";

export interface ClosedPortsInput {
  /** The chart as it is published. */
  readonly config: DynamicConfig;
  readonly services: TranslatedServices;
}

/**
 * The stage that reports routes to ports which the ledger keeps the load balancer away from: `from` of their entry stands in
 * place of what its exposure means, and has not all of the `ingress` nodes' addresses. A firewall by this ledger drops what Traefik
 * sends there, and nothing in the chart would say why. It refuses nothing: who loads the firewall is not known.
 */
export function* reportClosedPorts(
  { settings }: Pass,
  { config, services }: ClosedPortsInput,
  _: undefined,
): Steps<StageResult<undefined, undefined>> {
  yield;
  const { ledger } = settings.ports;
  const diagnostics = hasClosedPorts(ledger) ? closedPorts(ledger, config, services) : [];
  return { value: undefined, carry: undefined, diagnostics, dueAtMs: [] };
}

/** Nearly every ledger has none, and each pass asks. */
const hasClosedPorts = memoize((ledger: Ledger) => ledger.entries.some((entry) => isClosed(entry, ledger)));

function isClosed(entry: LedgerEntry, ledger: Ledger): boolean {
  return ingressLeftOut([entry], ledger).length > 0;
}

function closedPorts(ledger: Ledger, config: DynamicConfig, services: TranslatedServices): readonly Diagnostic[] {
  const closed = [...services.values()].flatMap(closedPortsBy(ledger));
  if (closed.length === 0) return [];
  const charted = new Set(SECTIONS.flatMap(({ section, places }) => [...config[section].values()].flatMap(places)));
  // In an order of their own, whichever was registered first.
  return closed
    .filter(({ place }) => charted.has(place))
    .toSorted((one, other) => compareBytes(one.instance, other.instance))
    .map(({ diagnostic }) => diagnostic);
}

interface ClosedPort {
  /** By its key. */
  readonly instance: string;
  readonly place: string;
  /** Where the chart has the place. */
  readonly diagnostic: Diagnostic;
}

/** The closed ports of one service; remembered for the very list of its instances, since few of thousands have any. */
const closedPortsBy = memoize((ledger: Ledger) =>
  memoize((own: readonly Translated[]): readonly ClosedPort[] => {
    const closed = own.flatMap(({ instance, state }) => {
      if (state.kind !== "routed") return [];
      const places = new Map([...backendsOf(state.fragment.config)].map((backend) => [placeOf(backend), backend]));
      return [...places].flatMap(([place, backend]) =>
        closedPort(instance, backend, ledger).map((diagnostic) => ({
          ...{ place, diagnostic },
          instance: instanceKey(instance),
        })),
      );
    });
    return closed.length === 0 ? NONE : closed;
  }),
);

const NONE: readonly ClosedPort[] = [];

interface Backend {
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
}

const SECTIONS = [
  { section: "http/services", protocol: "tcp", places: placesBy("tcp") },
  { section: "tcp/services", protocol: "tcp", places: placesBy("tcp") },
  { section: "udp/services", protocol: "udp", places: placesBy("udp") },
] as const;

/** The places of one service of Traefik's; remembered for each. */
function placesBy(protocol: Protocol): (service: ConfigObject) => readonly string[] {
  return memoize((service) => [...backendsIn(service, protocol)].map(placeOf));
}

function* backendsOf(config: DynamicConfig): Generator<Backend> {
  for (const { section, protocol } of SECTIONS) {
    for (const service of config[section].values()) yield* backendsIn(service, protocol);
  }
}

function* backendsIn(service: ConfigObject, protocol: Protocol): Generator<Backend> {
  for (const server of serversOf(service)) {
    const endpoint = endpointOf(server);
    const target = parseBackendUrl(endpoint) ?? parseEndpoint(endpoint);
    if (target !== undefined) yield { protocol, host: target.host, port: target.port };
  }
}

function placeOf({ protocol, host, port }: Backend): string {
  return `${hostPortAt(host, port)}/${protocol}`;
}

function closedPort(instance: ServiceInstance, backend: Backend, ledger: Ledger): readonly Diagnostic[] {
  const { protocol, host, port } = backend;
  const address = instance.address === "" ? instance.nodeAddress : instance.address;
  const isOwn = hostPortAt(host, port) === hostPortAt(address, port);
  const at = isOwn ? whereabouts(host, instance, ledger) : { node: undefined };
  const entries = ledger.entries.filter((entry) => coversAnywhere(entry, { port, protocol }) && isSurelyOn(entry, at));
  const [first] = strictestEntries(entries);
  if (first === undefined) return [];
  const left = ingressLeftOut(entries, ledger, at.node);
  if (left.length === 0) return [];
  return [
    diagnose(instance, {
      code: "PORT_CLOSED_TO_INGRESS",
      message: `port ${port}/${protocol} is declared ${first.exposure} (${first.origin}), and its from leaves out the load balancer's ${left.join(", ")}: a firewall by this ledger drops the requests of its routes`,
      remedy: letInRemedy(first, ledger, left),
    }),
  ];
}
