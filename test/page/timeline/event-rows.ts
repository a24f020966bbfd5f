import type { EventRow } from "../../../src/api/resources/events.ts";
import type { VersionRow } from "../../../src/api/resources/history.ts";

let last = 0;

/** An event, other than stated; each comes after those before. */
export function event(overrides: Partial<EventRow> = {}): EventRow {
  last += 1;
  return {
    ...{ id: last, at: "2026-11-30T12:00:10.000Z", chart: "main", event: "route.added", message: "route wiki came" },
    ...{
      router: "wiki",
      service: "wiki",
      hosts: ["wiki.lab.local"],
      publication: { generation: 1, hash: "0123456789abcdef" },
    },
    ...overrides,
  };
}

export function version(overrides: Partial<VersionRow> = {}): VersionRow {
  return {
    ...{ chart: "main", number: 4, publishedAt: "2026-11-30T12:00:10.000Z", hash: "0123456789abcdef" },
    ...{ changes: "+ wiki", isRolledBackTo: false },
    ...overrides,
  };
}
