import { memoize } from "../../incremental/memoize.ts";
import type { StaticPortOnNode } from "../static-port.ts";
import { type PortSurvey, portPlaceKey, portStateAt } from "../survey.ts";

/**
 * The ports that the operator's files send requests to and at which no service is registered: something answers there, as the
 * operator says. Once a service registers there, the port is the service's.
 */
export const unregisteredStatics = memoize((survey: PortSurvey): readonly StaticPortOnNode[] => {
  // What stands outside of all nodes is registered by the agent of one of them.
  const all = [...survey.registrations.values()].flat();
  const addresses = new Set(all.map(({ port, address }) => `${port} ${address.toLowerCase()}`));
  return [...Map.groupBy(survey.statics, portPlaceKey).values()].flatMap((own) => {
    const [place] = own;
    if (place === undefined) return [];
    const { registrations, inside } = portStateAt(survey, place);
    const isRegistered = own.some(({ port, host }) => addresses.has(`${port} ${host.toLowerCase()}`));
    return registrations.length + inside.length > 0 || isRegistered ? [] : own;
  });
});
