import type { DiagnosticsAnswer } from "../../api/resources/diagnostics.ts";
import type { HistoryAnswer } from "../../api/resources/history.ts";
import type { HoldsAnswer } from "../../api/resources/holds.ts";
import type { PortsAnswer } from "../../api/resources/ports.ts";

/** What views read beside status, routes and events; each while a view shows it. */
export interface Lists {
  readonly diagnostics: DiagnosticsAnswer;
  readonly holds: HoldsAnswer;
  readonly history: HistoryAnswer;
  readonly ports: PortsAnswer;
}
export type ListName = keyof Lists;

/** How a list is read: where, and how long at least between two reads, in milliseconds. */
export interface ListSource {
  readonly path: string;
  readonly leastMs: number;
}

export const LISTS: Readonly<Record<ListName, ListSource>> = {
  diagnostics: { path: "v1/diagnostics?limit=5000", leastMs: 1_000 },
  holds: { path: "v1/holds", leastMs: 1_000 },
  history: { path: "v1/history", leastMs: 1_000 },
  // The daemon looks at ports now and then, not at each change.
  ports: { path: "v1/ports?limit=5000", leastMs: 5_000 },
};

/** A list as it is known. */
export interface Listed<Answer> {
  /** The last that was read; undefined before there is one. */
  readonly answer: Answer | undefined;
  /** When that was, in milliseconds since the epoch. */
  readonly readMs: number | undefined;
  /** Why the last read failed, in words; undefined where it did not. */
  readonly error: string | undefined;
}

export const UNREAD: Listed<never> = { answer: undefined, readMs: undefined, error: undefined };
