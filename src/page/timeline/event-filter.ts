import type { EventRow } from "../../api/resources/events.ts";
import { type RowFields, rowFilter } from "../parts/row-filter.ts";
import { kindOf } from "./event-kinds.ts";

const FIELDS: RowFields<EventRow> = {
  fields: {
    router: ({ router }) => [router ?? ""],
    service: ({ service }) => [service ?? ""],
    host: ({ hosts }) => hosts,
    kind: (event) => [kindOf(event)],
    event: ({ event }) => [event],
    chart: ({ chart }) => [chart],
    publication: ({ publication }) => (publication === null ? [] : [String(publication.generation)]),
    message: ({ message }) => [message],
  },
  whole: ["kind", "event", "chart", "publication"],
  plain: ["router", "service", "host", "message", "event"],
};

export const EVENT_FILTER_FIELDS = Object.keys(FIELDS.fields);

export function filterEvents(text: string): ((event: EventRow) => boolean) | undefined {
  return rowFilter(text, FIELDS);
}
