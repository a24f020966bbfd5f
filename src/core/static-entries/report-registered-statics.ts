import { type ServiceInstance, serviceKey } from "../catalog/snapshot.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import type { Steps } from "../incremental/steps.ts";
import { aboutFile } from "../operator-config/assemble.ts";
import { type Pass, type StageResult, stageResult } from "../stage.ts";
import { registeredAtPlaces } from "./registered-places.ts";
import { type StaticPlace, staticPlacesOf } from "./static-places.ts";

export interface StaticsCarry {
  /** The `HOST:PORT` of the operator's fixed addresses: who is registered there is read beside the watch. */
  readonly places: readonly string[];
}

export const NO_STATICS: StaticsCarry = { places: [] };

/**
 * The stage that reports fixed addresses of the operator's files at which a service is registered by now: the catalog could
 * keep them up to date, and a service that moves leaves the file behind. It changes nothing.
 */
export function* reportRegisteredStatics(
  { settings, operatorConfig, staticHostRegistrations = [] }: Pass,
  reported: readonly ServiceInstance[],
  _: StaticsCarry,
): Steps<StageResult<undefined, StaticsCarry>> {
  const places = staticPlacesOf(operatorConfig);
  if (places.length === 0) return stageResult(undefined, NO_STATICS);
  const registered = registeredAtPlaces(places, [...reported, ...staticHostRegistrations], settings);
  yield;
  const diagnostics = places.flatMap((place) => {
    const services = [...new Set(registered(place).map(serviceKey))];
    return services.length === 0 ? [] : [registeredStatic(place, services)];
  });
  const hostPorts = [...new Set(places.map(({ hostPort }) => hostPort))];
  return { value: undefined, carry: { places: hostPorts }, diagnostics, dueAtMs: [] };
}

/** Without instances: which of a service's they are may change with every deploy, and the remedy does not. */
function registeredStatic({ key, origin, hostPort }: StaticPlace, services: readonly string[]): Diagnostic {
  const who = services.map((one) => JSON.stringify(one)).join(", ");
  return aboutFile(origin, {
    code: "STATIC_REGISTERED",
    message: `${key} points at ${hostPort}, where ${services.length === 1 ? "the service" : "the services"} ${who} ${services.length === 1 ? "is" : "are"} registered by now`,
    remedy: "let the catalog keep the address; what is left to do, step by step: portolan explain --legacy",
  });
}
