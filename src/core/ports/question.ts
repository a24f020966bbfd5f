import { compareBytes } from "../traefik/byte-order.ts";
import type { LedgerEntry, PortGroup, Protocol } from "./ledger.ts";
import { type NextFree, nextFree } from "./next-free.ts";
import { type PortClass, portClass } from "./port-class.ts";
import { isWithin } from "./port-range.ts";
import type { Registration } from "./registration.ts";
import { type KnownPlace, type PortSurvey, registrationsAt, type Standing, standingAt } from "./survey.ts";

/** What somebody should know who wants a certain port on a certain node. */
export interface Answer {
  readonly place: KnownPlace;
  /** `free`, also for what is declared for the very service that asks. */
  readonly verdict: "free" | "declared" | "taken";
  readonly standing: Standing;
  readonly class: PortClass;
  /** Who holds the port there by the other protocol alone: catalogs do not tell protocols, so this may be a mistake. */
  readonly byOtherProtocol: readonly Registration[];
  /** Other known nodes where the port is free. */
  readonly freeNodes: readonly string[];
  /** Groups that the port belongs to, with a proposal for each. */
  readonly groups: readonly { readonly group: PortGroup; readonly next: NextFree }[];
  /** Entries that forbid any route to the port. */
  readonly never: readonly LedgerEntry[];
}

/**
 * Is the port free on the node? Where nobody holds it and nobody has declared it, yes; where it is declared for the
 * service that asks, it is that service's to take.
 *
 * @param asking the service that wants it, where known
 */
export function answerQuestion(survey: PortSurvey, place: KnownPlace, asking?: string): Answer {
  const standing = standingAt(survey, place);
  const { ledger, dynamic, nodes } = survey;
  const other: Protocol = place.protocol === "tcp" ? "udp" : "tcp";
  const others = [...nodes.keys()].filter((node) => node !== place.node);
  return {
    place,
    verdict: verdictOf(standing, asking),
    standing,
    class: portClass(place.port, dynamic),
    byOtherProtocol: registrationsAt(survey, { ...place, protocol: other }).filter(
      ({ instance }) => !standing.registrations.some((here) => here.instance === instance),
    ),
    freeNodes: others.filter((node) => standingAt(survey, { ...place, node }).status === "Free").toSorted(compareBytes),
    groups: ledger.groups
      .filter(({ ports }) => isWithin(place.port, ports))
      .map((group) => ({ group, next: nextFree(group, survey) })),
    never: standing.entries.filter(({ exposure }) => exposure === "never"),
  };
}

function verdictOf({ entries, registrations }: Standing, asking: string | undefined): Answer["verdict"] {
  if (registrations.some(({ instance }) => instance.service !== asking)) return "taken";
  if (entries.some(({ owner }) => owner !== asking)) return "declared";
  return "free";
}
