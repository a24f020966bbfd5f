import type { LedgerEntry, PortGroup, Protocol } from "../ledger.ts";
import { isOwner } from "../owner.ts";
import { type PortClass, portClass } from "../port-class.ts";
import { isWithin } from "../port-range.ts";
import type { Registration } from "../registration.ts";
import { type KnownPortPlace, type PortState, type PortSurvey, portStateAt, registrationsAt } from "../survey.ts";
import { type NextFree, nextFree } from "./next-free.ts";

/** What an operator should know who wants a certain port on a certain node. */
export interface Answer {
  readonly place: KnownPortPlace;
  /** `free`, also for what is declared for the very service that asks; `unsure` where a holder's protocol is not known. */
  readonly verdict: "free" | "declared" | "taken" | "unsure";
  readonly portState: PortState;
  readonly class: PortClass;
  /** Who holds the port there, by a guess not by this protocol. */
  readonly doubtful: readonly Registration[];
  /** Other known nodes where the port is free. */
  readonly freeNodes: readonly string[];
  /** Groups that the port belongs to, with a proposal for each. */
  readonly groups: readonly { readonly group: PortGroup; readonly next: NextFree }[];
  /** Entries that forbid any route to the port. */
  readonly never: readonly LedgerEntry[];
}

/**
 * Is the port free on the node? Where no service holds it and no entry declares it, yes; where it is declared for the
 * service that asks, it is that service's to take.
 *
 * @param asking the service that wants it, where known
 */
export function answerQuestion(survey: PortSurvey, place: KnownPortPlace, asking?: string): Answer {
  const portState = portStateAt(survey, place);
  const doubtful = doubtfulAt(survey, place);
  const { ledger, dynamic, nodes } = survey;
  return {
    place,
    verdict: verdictOf(portState, doubtful, asking),
    portState,
    class: portClass(place.port, dynamic),
    doubtful,
    freeNodes: [...nodes.keys()].filter((node) => node !== place.node && isFree(survey, { ...place, node })),
    groups: ledger.groups
      .filter(({ ports }) => isWithin(place.port, ports))
      .map((group) => ({ group, next: nextFree(group, survey) })),
    never: portState.entries.filter(({ exposure }) => exposure === "never"),
  };
}

function isFree(survey: PortSurvey, place: KnownPortPlace): boolean {
  return portStateAt(survey, place).status === "Free" && doubtfulAt(survey, place).length === 0;
}

function doubtfulAt(survey: PortSurvey, place: KnownPortPlace): readonly Registration[] {
  const other: Protocol = place.protocol === "tcp" ? "udp" : "tcp";
  return registrationsAt(survey, { ...place, protocol: other }).filter(({ isGuess, isInside }) => isGuess && !isInside);
}

function verdictOf(
  { entries, registrations }: PortState,
  doubtful: readonly Registration[],
  asking: string | undefined,
): Answer["verdict"] {
  const isOther = ({ instance }: Registration) => instance.service !== asking;
  if (registrations.some(isOther)) return "taken";
  if (entries.some((entry) => asking === undefined || !isOwner(entry, { service: asking, namespace: "" })))
    return "declared";
  return doubtful.some(isOther) ? "unsure" : "free";
}
