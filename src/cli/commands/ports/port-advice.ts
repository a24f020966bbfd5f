import { printable } from "../../../base/printable.ts";
import { serviceKey } from "../../../core/catalog/snapshot.ts";
import type { Answer } from "../../../core/ports/inventory/question.ts";
import { ownerName } from "../../../core/ports/owner.ts";
import { formatRange } from "../../../core/ports/port-range.ts";
import type { PortSurvey } from "../../../core/ports/survey.ts";

/** What the owner of a service that wants this port should know and do: what holds it, where else it is free, what to declare. */
export function adviceOn(answer: Answer, survey: PortSurvey, service: string | undefined): readonly string[] {
  const lines = [
    ...found(answer, survey),
    ...(answer.verdict === "free" ? taking(answer, survey, service) : elsewhere(answer, survey)),
  ];
  return lines.map(printable);
}

function found({ place, portState, doubtful, groups, never }: Answer, { nodes }: PortSurvey): readonly string[] {
  const { registrations, entries } = portState;
  return [
    ...(nodes.has(place.node)
      ? []
      : [`no service is registered on ${place.node}, nor does the ledger name it: check the spelling`]),
    ...registrations.map(
      ({ instance, address }) => `registered by ${serviceKey(instance)} (${instance.id}) at ${address}`,
    ),
    ...entries.map(
      (entry) => `declared for ${ownerName(entry)}: ${entry.purpose} (${entry.origin}, ${entry.exposure})`,
    ),
    ...doubtful.map(
      ({ instance }) =>
        `${serviceKey(instance)} (${instance.id}) is registered there, and neither the catalog nor the ledger says by which protocol: find out, and declare it`,
    ),
    ...groups.map(({ group, next }) => {
      const proposal =
        next.kind === "full"
          ? "full"
          : `next free ${next.port}${next.kind === "crowded" ? `, nearer than ${group.spacing} to others` : ""}`;
      return `belongs to the group ${group.name} (${formatRange(group.ports)}: ${group.purpose}): ${proposal}`;
    }),
    ...(never.length === 0 ? [] : ["never a route: the ledger says so"]),
  ];
}

/** For a port that is not free here. */
function elsewhere({ place, freeNodes }: Answer, { dynamic }: PortSurvey): readonly string[] {
  return [
    freeNodes.length === 0 ? "free on no other node that is known" : `free on ${freeNodes.join(", ")}`,
    `or let the scheduler choose: a dynamic port (${formatRange(dynamic)}) needs no planning, and clients find it by the load balancer or by DNS`,
    ...(place.port === 80 || place.port === 443
      ? ["users reach it through the load balancer, which owns 80 and 443"]
      : []),
  ];
}

/** For a port that is free: what to do depends on its class. */
function taking(
  { place, portState, class: portClass }: Answer,
  { ledger, dynamic }: PortSurvey,
  service: string | undefined,
) {
  const { port, protocol, node } = place;
  const udp = protocol === "udp" ? "protocol: udp, " : "";
  const declare = `- { ports: ${port}, ${udp}owner: ${service ?? "NAME"}, exposure: internal, nodes: [${node}], purpose: … }`;
  return [
    ...(portClass === "dynamic"
      ? [
          `the scheduler hands out ${formatRange(dynamic)} to any job: best let it choose`,
          `if it must be this one, tell Nomad on ${node} (reserved_ports, see portolan ledger) and declare it`,
        ]
      : [`only if clients insist on it: a dynamic port (${formatRange(dynamic)}) needs no planning`]),
    ...(portClass === "high" ? ["outgoing connections may hold it for a while when the service starts"] : []),
    ...(portState.entries.length > 0
      ? []
      : [`declare it in ${ledger.file ?? "a ledger (the setting ports.ledger)"}, under ports:`, `  ${declare}`]),
    "and open it in the firewall: see portolan firewall",
  ];
}
