import { isSameAllocation } from "../catalog/same-allocation.ts";
import { type ServiceInstance, serviceKey } from "../catalog/snapshot.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { diagnose } from "../diagnostics/finding.ts";
import type { Steps } from "../incremental/steps.ts";
import type { TranslatedServices } from "../instances/instance-state.ts";
import type { Origin, Owner } from "../merge/owner.ts";
import { leftOut } from "../policy/health-check.ts";
import { registrationsOf } from "../ports/registration.ts";
import type { Pass, StageResult } from "../stage.ts";
import { joinHostPort, parseBackendUrl, parseEndpoint } from "../traefik/backend-url.ts";
import { patchConfig } from "../traefik/chart/config-patch.ts";
import { type DynamicConfig, type ResourceKey, resourceKey, splitKey } from "../traefik/chart/dynamic-config.ts";
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

/** A health check that asks a port which the instance behind the server is not registered with. */
interface AskedPort {
  readonly key: ResourceKey;
  /** `HOST:PORT`, in lower case. */
  readonly place: string;
  /** The instance behind the server; undefined where the server is only held. */
  readonly instance: ServiceInstance | undefined;
  /** The service whose check it is, by its key. */
  readonly owner: string;
}

/**
 * The stage that leaves out health checks which ask another service. A check may ask, at the address of the instance:
 *
 * | the port | asked |
 * |---|---|
 * | is registered by the same service, or in the same allocation | yes |
 * | is registered by another service | no: no server of the service is checked, since a service has one check for all |
 * | is registered by none | yes: many a program has a port for its health that no service is registered with |
 *
 * Which node a service is on the catalog tells, while its address is what its registration claims: by a claim alone a service
 * on another node ends no check, and a check of such a service is sent to nobody who is registered there.
 *
 * It comes after what is retained, since a port may find another holder while its service is away.
 */
export function* leaveOutForeignChecks(
  pass: Pass,
  input: ForeignChecksInput,
  _before: ForeignChecks,
): Steps<StageResult<DynamicConfig, ForeignChecks>> {
  const asked = askedPorts(input, pass);
  if (asked.length === 0) {
    return { value: input.config, carry: NO_FOREIGN_CHECKS, diagnostics: [], dueAtMs: [] };
  }
  yield;
  const holders = holdersAt(new Set(asked.map(({ place }) => place)), input.services, pass);
  const patch = patchConfig(input.config);
  const told = new Map<ResourceKey, Diagnostic>();
  const places = new Set<string>();
  for (const { key, place, instance, owner } of asked) {
    const there = holders.get(place) ?? [];
    const isOwn = (holder: ServiceInstance) =>
      serviceKey(holder) === owner || (instance !== undefined && isSameAllocation(holder, instance));
    if (there.some(isOwn)) continue;
    places.add(place);
    const stranger = there.find((holder) => isAtPlace(holder, place, instance));
    if (stranger === undefined) continue;
    const { section, name } = splitKey(key);
    const service = input.config[section].get(name);
    if (service !== undefined) patch.put(section, name, withoutHealthCheck(service));
    if (instance !== undefined && !told.has(key)) {
      told.set(key, diagnose(instance, asksStranger(key, place, stranger)));
    }
  }
  return {
    value: patch.result(),
    carry: { places: [...places] },
    diagnostics: [...told.values()],
    dueAtMs: [],
  };
}

/** Is it there by the catalog's account, or is the instance that is checked not there by that account either? */
function isAtPlace(holder: ServiceInstance, place: string, instance: ServiceInstance | undefined): boolean {
  const isOnNode = ({ nodeAddress }: ServiceInstance) => placeOf(nodeAddress, holder.port) === place;
  if (instance === undefined) return isOnNode(holder);
  return holder.node === instance.node || isOnNode(holder) || !isOnNode(instance);
}

function asksStranger(key: ResourceKey, place: string, { service }: ServiceInstance) {
  return leftOut(
    `the health check of ${key} asks ${place}, where another service is registered: ${JSON.stringify(service)}`,
    "remove healthcheck.port, or server.port, so that the registered port is checked; or register the port that is checked with a service of the same allocation",
  );
}

/** Nearly all checks ask the registered port of their instance, and are none of these. */
function askedPorts({ config, origin, owners }: ForeignChecksInput, { operatorConfig }: Pass): readonly AskedPort[] {
  const asked: AskedPort[] = [];
  for (const section of ["http/services", "tcp/services"] as const) {
    for (const [name, service] of config[section]) {
      const check = healthCheckOf(service);
      const key = resourceKey(section, name);
      if (check === undefined || operatorConfig.origins.has(key)) continue;
      const port = checkPortOf(check);
      for (const endpoint of serversOf(service).map(endpointOf)) {
        const instance = origin(key, endpoint);
        const owner = instance === undefined ? owners.get(key)?.service : serviceKey(instance);
        const server = parseBackendUrl(endpoint) ?? parseEndpoint(endpoint);
        if (owner === undefined || server === undefined) continue;
        const askedPort = port === 0 ? server.port : port;
        if (askedPort !== instance?.port) asked.push({ key, place: placeOf(server.host, askedPort), instance, owner });
      }
    }
  }
  return asked;
}

function placeOf(host: string, port: number): string {
  return joinHostPort(host.replace(/^\[|\]$/g, ""), String(port)).toLowerCase();
}

/** Who is registered at these places, as far as the catalog has been read: services without routes are read beside the watch. */
function holdersAt(
  places: ReadonlySet<string>,
  services: TranslatedServices,
  { settings, checkedHostRegistrations = [] }: Pass,
): ReadonlyMap<string, readonly ServiceInstance[]> {
  const rules = { ledger: settings.ports.ledger, prefix: settings.traefik.prefix };
  const holders = new Map<string, ServiceInstance[]>();
  const note = (instance: ServiceInstance) => {
    const place = placeOf(instance.address || instance.nodeAddress, instance.port);
    if (!places.has(place)) return;
    // Traefik checks by TCP: who listens at the same number by UDP is not asked.
    if (!registrationsOf(instance, rules).some(({ protocol }) => protocol === "tcp")) return;
    const there = holders.get(place);
    if (there === undefined) holders.set(place, [instance]);
    else there.push(instance);
  };
  for (const own of services.values()) for (const { instance } of own) note(instance);
  for (const instance of checkedHostRegistrations) note(instance);
  return holders;
}
