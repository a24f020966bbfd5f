import type { PortsAnswer } from "../../api/resources/ports.ts";
import type { StatusAnswer } from "../../api/resources/status.ts";
import { chartsOf } from "./attention-items.ts";

/** What was read, and why the rest was not. */
export interface ReadLists {
  readonly ports: Pick<PortsAnswer, "ledger" | "surveyedAt" | "covers"> | undefined;
  /** The name of a list that could not be read, and why. */
  readonly errors: readonly { readonly list: string; readonly error: string }[];
}

/** What this view cannot know, each with what would show it: that nothing is told of it does not mean that all is well. */
export function blindSpots(status: StatusAnswer, { ports, errors }: ReadLists): readonly string[] {
  const charts = chartsOf(status);
  const unasked = charts.filter(({ chart }) => chart.traefik === null).map(({ name }) => name);
  const whose = charts.length === 1 ? "the chart" : `chart ${unasked.join(", ")}`;
  return [
    ...errors.map(({ list, error }) => `The ${list} could not be read: ${error}.`),
    ...(unasked.length === 0
      ? []
      : [
          `What Traefik makes of ${whose} is not known: its API is not asked. The setting traefik.api names it (docs/traefik-api.md).`,
        ]),
    ...portSpots(ports),
    ...charts
      .filter(({ chart }) => chart.stateError !== null)
      .map(
        ({ name }) => `Versions of chart ${name} since the state could not be stored may be missing from the history.`,
      ),
  ];
}

function portSpots(ports: ReadLists["ports"]): readonly string[] {
  if (ports === undefined) return [];
  if (ports.ledger === null) {
    return [
      "Ports are held against no ledger, so that none is Squatted, and only what asks for routes is known. The setting ports.ledger names one (docs/ports.md).",
    ];
  }
  if (ports.covers === "watched") {
    return [
      "All registrations have not been read since the start, so that the ports are those of services that ask for routes. That is done every few minutes.",
    ];
  }
  return [];
}
