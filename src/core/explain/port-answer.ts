import { instancesOf } from "../catalog/by-catalog-name.ts";
import { labelOf } from "../catalog/instance-label.ts";
import { instanceKey, serviceKey } from "../catalog/snapshot.ts";
import { memoize } from "../incremental/memoize.ts";
import { ownerName } from "../ports/ledger/owner.ts";
import { portClass } from "../ports/port-class.ts";
import { formatRange, isWithin } from "../ports/port-range.ts";
import { portStateAt, surveyPorts } from "../ports/survey.ts";
import type { PortAnswer, PortHolder, Verdict } from "./answer.ts";
import type { Decided } from "./decided.ts";
import { judgeInstances } from "./service-answer.ts";

/** Who is registered at a port, of what class it is, what the ledger says of it, and whether a route leads there. */
export function explainPort(port: number, decided: Decided): PortAnswer {
  const { settings } = decided;
  const { ledger, dynamic } = settings.ports;
  const survey = surveyed(decided.snapshots)(settings);
  const places = [...survey.registrations.values()].filter((there) =>
    there.some(({ instance, port: held }) => held === port || instance.port === port),
  );
  const judged = new Map(
    [...Map.groupBy(places.flat(), ({ instance }) => serviceKey(instance))].flatMap(([service, own]) => [
      ...judgeInstances(service, new Set(own.map(({ instance }) => instanceKey(instance))), decided),
    ]),
  );
  const holders = places.flatMap((registrations): readonly PortHolder[] => {
    const [place] = registrations;
    if (place === undefined) return [];
    const { status, inside } = portStateAt(survey, place);
    return registrations.flatMap((registration) => {
      const { instance, protocol } = registration;
      const found = judged.get(instanceKey(instance));
      if (found === undefined) return [];
      const { verdict, reason } = found;
      return {
        ...labelOf(instance),
        ...{ service: serviceKey(instance), protocol, verdict },
        status: inside.includes(registration) ? "Inside" : status,
        ...(reason === undefined ? {} : { reason }),
      };
    });
  });
  const reason = holders.find((one) => one.reason !== undefined)?.reason;
  return {
    kind: "port",
    port,
    verdict: verdictOf(port, holders),
    ...(reason === undefined ? {} : { reason }),
    class: portClass(port, dynamic),
    ledger: ledger.entries
      .filter(({ ports }) => isWithin(port, ports))
      .map((entry) => {
        const { origin, ports, exposure, nodes = [], purpose } = entry;
        return { origin, ports: formatRange(ports), owner: ownerName(entry), exposure, nodes, purpose };
      }),
    holders,
  };
}

const surveyed = memoize((snapshots: Decided["snapshots"]) =>
  memoize((settings: Decided["settings"]) => surveyPorts(instancesOf(snapshots), settings)),
);

function verdictOf(port: number, holders: readonly PortHolder[]): Verdict {
  const services = [...new Set(holders.map(({ service }) => service))];
  const routed = holders.filter(({ verdict }) => verdict.state === "routed" || verdict.state === "partly");
  const by = services.slice(0, 3).join(", ");
  if (holders.length === 0)
    return { state: "unknown", says: `port ${port}: no service that portolan reads is registered there` };
  if (routed.length === 0) return { state: "not-routed", says: `port ${port} of ${by} is not routed` };
  return {
    state: routed.length === holders.length ? "routed" : "partly",
    says: `port ${port} is registered by ${by}, and routed`,
  };
}
