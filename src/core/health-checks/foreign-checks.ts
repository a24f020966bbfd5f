import { isSameAllocation } from "../catalog/same-allocation.ts";
import { type ServiceInstance, serviceKey } from "../catalog/snapshot.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { diagnose, diagnoseAll } from "../diagnostics/finding.ts";
import { foundIn } from "../incremental/found-in.ts";
import { memoize } from "../incremental/memoize.ts";
import type { Steps } from "../incremental/steps.ts";
import type { TranslatedServices } from "../instances/instance-state.ts";
import type { Origin, Owner } from "../merge/owner.ts";
import { leftOut, wrongPlaces } from "../policy/backends/health-check.ts";
import { registrationsOf } from "../ports/registration.ts";
import type { Pass, StageResult } from "../stage.ts";
import { hostPortAt, joinHostPort, parseBackendUrl, parseEndpoint } from "../traefik/backend-url.ts";
import { patchConfig } from "../traefik/chart/config-patch.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  type ResourceKey,
  resourceKey,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { endpointOf, serversOf } from "../traefik/chart/servers.ts";
import { checkPortOf, healthCheckOf, withoutHealthCheck } from "../traefik/connections/health-check.ts";

interface ForeignChecksInput {
  /** All that is to be charted of what services define. */
  readonly config: DynamicConfig;
  readonly services: TranslatedServices;
  readonly origin: Origin;
  readonly owners: ReadonlyMap<ResourceKey, Owner>;
}

export interface ForeignChecks {
  /** The `HOST:PORT` that health checks ask and that their service does not register: who else does decides about them. */
  readonly places: readonly string[];
}

export const NO_FOREIGN_CHECKS: ForeignChecks = { places: [] };

/** A server that a health check asks, other than at the port that its instance is registered with. */
interface AskedPort {
  readonly key: ResourceKey;
  /** `HOST:PORT`, in lower case. */
  readonly place: string;
  /** The instance behind the server; undefined where the server is only held. */
  readonly instance: ServiceInstance | undefined;
  /** The service whose check it is, by its key. */
  readonly owner: string;
}

interface Judged {
  /** What is wrong with health checks by themselves, and with whom. */
  readonly wrong: Map<ResourceKey, Diagnostic[]>;
  /** What else is asked: it depends on who is registered there. */
  readonly asked: AskedPort[];
}

/**
 * The stage that leaves out health checks which ask another server than the instance itself, or another service. A check may
 * ask, at the address of the instance:
 *
 * | the port | asked |
 * |---|---|
 * | is registered by the same service, or in the same allocation | yes |
 * | is registered by another service | no |
 * | is registered by none | yes: many a program has a port for its health that no service is registered with |
 *
 * Which node a service is on the catalog tells, while its address is what its registration claims: by a claim alone a service
 * on another node ends no check, and a check of such a service is sent to no instance that is registered there.
 *
 * A service has one check for all of its servers: where one of them must not be asked none is. The stage comes after what is
 * retained, since a port may find another holder while its service is away.
 */
export function* leaveOutForeignChecks(
  pass: Pass,
  input: ForeignChecksInput,
  _before: ForeignChecks,
): Steps<StageResult<DynamicConfig, ForeignChecks>> {
  const { wrong, asked } = judgeServers(input, pass);
  yield;
  const holders = asked.length === 0 ? NO_HOLDERS : holdersAt(asked, input.services, pass);
  const places = new Set<string>();
  for (const { key, place, instance, owner } of asked) {
    const there = holders.get(place) ?? [];
    const isOwn = (holder: ServiceInstance) =>
      serviceKey(holder) === owner || (instance !== undefined && isSameAllocation(holder, instance));
    if (there.some(isOwn)) continue;
    places.add(place);
    const stranger = there.find((holder) => isAtPlace(holder, place, instance));
    if (stranger === undefined || wrong.has(key)) continue;
    wrong.set(key, instance === undefined ? [] : [diagnose(instance, asksStranger(key, place, stranger))]);
  }
  return {
    value: wrong.size === 0 ? input.config : withoutChecks(input.config, wrong.keys()),
    carry: places.size === 0 ? NO_FOREIGN_CHECKS : { places: [...places] },
    diagnostics: [...wrong.values()].flat(),
    dueAtMs: [],
  };
}

const NO_HOLDERS: ReadonlyMap<string, readonly ServiceInstance[]> = new Map();

function withoutChecks(config: DynamicConfig, keys: Iterable<ResourceKey>): DynamicConfig {
  const patch = patchConfig(config);
  for (const key of keys) {
    const { section, name } = splitKey(key);
    const service = config[section].get(name);
    if (service !== undefined) patch.put(section, name, withoutHealthCheck(service));
  }
  return patch.result();
}

/** Is it there by the catalog's account, or is the instance that is checked not there by that account either? */
function isAtPlace(holder: ServiceInstance, place: string, instance: ServiceInstance | undefined): boolean {
  const isOnNode = ({ nodeAddress }: ServiceInstance) => hostPortAt(nodeAddress, holder.port) === place;
  if (instance === undefined) return isOnNode(holder);
  return holder.node === instance.node || isOnNode(holder) || !isOnNode(instance);
}

function whatOf(key: ResourceKey): string {
  return `the health check of ${key}`;
}

function asksStranger(key: ResourceKey, place: string, { service }: ServiceInstance) {
  return leftOut(`${whatOf(key)} asks ${place}, where another service is registered: ${JSON.stringify(service)}`, {
    remedy:
      "remove healthcheck.port, or server.port, so that the registered port is checked; or register the port that is checked with a service of the same allocation",
  });
}

function judgeServers({ config, origin, owners }: ForeignChecksInput, pass: Pass): Judged {
  const { settings, operatorConfig } = pass;
  const judged: Judged = { wrong: new Map(), asked: [] };
  for (const section of ["http/services", "tcp/services"] as const) {
    // In an order of their own, whichever was registered first.
    for (const [name, check] of [...checksIn(config[section])].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const service = config[section].get(name);
      const key = resourceKey(section, name);
      if (service === undefined || operatorConfig.origins.has(key)) continue;
      const checkPort = checkPortOf(check);
      for (const endpoint of serversOf(service).map(endpointOf)) {
        const instance = origin(key, endpoint);
        if (instance !== undefined && isPlain(instance, endpoint) && isRegistered(instance, checkPort)) continue;
        const server = parseBackendUrl(endpoint) ?? parseEndpoint(endpoint) ?? UNREADABLE;
        const found = instance && wrongPlaces(whatOf(key), { instance, settings, check, ...server });
        if (instance !== undefined && found !== undefined && found.length > 0) {
          if (!judged.wrong.has(key)) judged.wrong.set(key, [...diagnoseAll(instance, found)]);
          break;
        }
        const owner = instance === undefined ? owners.get(key)?.service : serviceKey(instance);
        const port = checkPort === 0 ? server.port : checkPort;
        if (owner === undefined || port === instance?.port) continue;
        judged.asked.push({ key, place: hostPortAt(server.host, port), instance, owner });
      }
    }
  }
  return judged;
}

const checksIn = foundIn((service: ConfigObject, _: string) => healthCheckOf(service));

/** No address is written like this. */
const UNREADABLE = { host: "", port: 0 };

/** Nearly all servers are where their instance is registered, and nearly all checks ask just there: no more to judge. */
function isPlain(instance: ServiceInstance, endpoint: string): boolean {
  const place = plainPlace(instance);
  return endpoint === place || endpoint === `http://${place}`;
}

const plainPlace = memoize(({ address, nodeAddress, port }: ServiceInstance) =>
  joinHostPort(address || nodeAddress, String(port)),
);

function isRegistered({ port }: ServiceInstance, checkPort: number): boolean {
  return checkPort === 0 || checkPort === port;
}

/** Who is registered at these places, as far as the catalog has been read: services without routes are read beside the watch. */
function holdersAt(
  asked: readonly AskedPort[],
  services: TranslatedServices,
  { settings, checkedHostRegistrations = [] }: Pass,
): ReadonlyMap<string, readonly ServiceInstance[]> {
  const places = new Set(asked.map(({ place }) => place));
  const rules = { ledger: settings.ports.ledger, prefix: settings.traefik.prefix };
  const placeOf = ({ address, nodeAddress, port }: ServiceInstance) => hostPortAt(address || nodeAddress, port);
  const registered = [
    ...[...services.values()].flatMap((own) => own.map(({ instance }) => instance)),
    ...checkedHostRegistrations,
  ];
  // Traefik checks by TCP: who listens at the same number by UDP is not asked.
  const isThere = (instance: ServiceInstance) =>
    places.has(placeOf(instance)) && registrationsOf(instance, rules).some(({ protocol }) => protocol === "tcp");
  return Map.groupBy(registered.filter(isThere), placeOf);
}
