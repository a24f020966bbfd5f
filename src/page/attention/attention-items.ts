import type { HoldRow } from "../../api/resources/holds.ts";
import type { ChartSummary, SourceSummary, StatusAnswer } from "../../api/resources/status.ts";
import type { Severity } from "../../api/resources/words.ts";
import { count } from "../../base/count.ts";
import { portWords } from "../ports/mark-words.ts";
import type { PortRow } from "../ports/port-row.ts";
import { ENDS_HOLDS_TOO, RELEASE_ALL, releaseOf, type ToCopy } from "./release-commands.ts";

/** One thing that a person must look at. */
export interface AttentionItem {
  readonly key: string;
  readonly severity: Severity;
  readonly title: string;
  /** What is known of it, each a sentence. */
  readonly says: readonly string[];
  /** ISO 8601; since when it is so. */
  readonly since?: string;
  /** ISO 8601; when it ends by itself, null where only a person or the catalog ends it. */
  readonly ends?: string | null;
  readonly toCopy: readonly ToCopy[];
  /** What can be explained: names for `#/explain`, the first ones. */
  readonly explains: readonly string[];
  /** How many more there are than those. */
  readonly more: number;
  /** A view of the page that has more: its name and query. */
  readonly view?: {
    readonly name: "ports" | "timeline" | "chart";
    readonly query: Readonly<Record<string, string>>;
    readonly says: string;
  };
}

export interface AttentionInput {
  readonly status: StatusAnswer;
  readonly holds: readonly HoldRow[];
  readonly ports: readonly PortRow[];
}

const MOST_NAMED = 12;

/** What is not given of it is nothing. */
function item(
  severity: Severity,
  key: string,
  title: string,
  rest: Partial<Omit<AttentionItem, "severity" | "key" | "title">>,
): AttentionItem {
  return { key, severity, title, says: [], toCopy: [], explains: [], more: 0, ...rest };
}

/** All but the diagnostics, the gravest first: what keeps news from visitors, then what is held, then what may be wrong. */
export function attentionItems({ status, holds, ports }: AttentionInput): readonly AttentionItem[] {
  const charts = chartsOf(status);
  const items = [
    ...notReady(status),
    ...charts.flatMap(({ name, chart }) => chartItems(name, chart, charts.length > 1)),
    ...status.sources.flatMap(sourceItems),
    ...holds.map((hold) => holdItem(hold, charts.length > 1)),
    ...portItems(ports),
  ];
  const rank: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };
  // The order within a severity is that above.
  return items.toSorted((one, other) => rank[one.severity] - rank[other.severity]);
}

export function chartsOf(status: StatusAnswer): readonly { readonly name: string; readonly chart: ChartSummary }[] {
  return [{ name: "main", chart: status.chart }, ...status.edges];
}

function notReady({ ready, reasons }: StatusAnswer): readonly AttentionItem[] {
  return ready ? [] : [item("error", "not ready", "Not ready", { says: reasons })];
}

function chartItems(name: string, chart: ChartSummary, hasSeveral: boolean): readonly AttentionItem[] {
  const { output, writeError, directoryError, stateError, standbyFor, rollback, traefik } = chart;
  const of = hasSeveral ? ` (chart ${name})` : "";
  const items: AttentionItem[] = [];
  if (writeError !== null) {
    const says = [writeError.message, "The old file stays, and it is tried again."];
    items.push(item("error", `write ${name}`, `The chart cannot be written${of}`, { says }));
  }
  if (directoryError !== null) {
    const says = [directoryError.message, "Traefik goes on with what it loaded last; news does not reach it."];
    items.push(item("error", `directory ${name}`, `Traefik refuses the chart's directory${of}`, { says }));
  }
  if (traefik?.chart === "behind" || traefik?.chart === "nothing") {
    const title = traefik.chart === "nothing" ? "Traefik has nothing of the chart" : "Traefik has an earlier chart";
    const says = [
      `The Traefik at ${traefik.api} has had its time to load ${output}: news does not reach visitors.`,
      "The diagnostics below name the likeliest cause (TRAEFIK_NOT_TAKEN).",
    ];
    items.push(item("error", `taken ${name}`, `${title}${of}`, { says }));
  }
  if (traefik !== null && traefik.error !== null) {
    const { message, since } = traefik.error;
    const says = [message, "Routes go on; what Traefik makes of them is not known."];
    items.push(item("warning", `unread ${name}`, `Traefik's API cannot be read${of}`, { says, since }));
  }
  if (stateError !== null) {
    const says = [stateError.message, "Routes go on; after a restart portolan would know less."];
    items.push(item("error", `state ${name}`, `The state cannot be stored${of}`, { says }));
  }
  if (standbyFor !== null) {
    const says = [
      `Another portolan, ${standbyFor}, keeps ${output} up to date; this one takes over when that one ends.`,
    ];
    items.push(item("warning", `standby ${name}`, `Standing by${of}`, { says }));
  }
  if (rollback !== null) items.push(rollbackItem(rollback, of, name));
  return items;
}

function rollbackItem(
  { version, since, withheldChanges }: NonNullable<ChartSummary["rollback"]>,
  of: string,
  name: string,
): AttentionItem {
  const waits = withheldChanges === 1 ? "waits" : "wait";
  return item("warning", `rollback ${name}`, `Rolled back to version ${version}${of}`, {
    ...{ since, ends: null },
    says: [`${count(withheldChanges, "change")} ${waits} for the release.`, ENDS_HOLDS_TOO],
    toCopy: [RELEASE_ALL],
    view: { name: "timeline", query: { part: "versions" }, says: "Versions and what each changed" },
  });
}

/** Moments without an answer are not worth a look, as for readiness. */
const NEWS_AFTER_SECONDS = 5;

function sourceItems(source: SourceSummary): readonly AttentionItem[] {
  const { name, lastError, failingSince, failingSeconds, ageSeconds, signsInWords: signs, shortage } = source;
  const called = name ?? source.source;
  const items: AttentionItem[] = [];
  const isAway = lastError !== null && (failingSeconds ?? 0) >= NEWS_AFTER_SECONDS;
  if (isAway || ageSeconds === null) {
    const says = [
      ...(lastError === null ? [] : [lastError.message]),
      ageSeconds === null ? "It has not been read since the start." : "What was last good of it is served.",
      ...(name === null ? [] : [source.source]),
    ];
    const since = failingSince === null ? {} : { since: failingSince };
    items.push(item("warning", `source ${called}`, `${called} does not answer as it should`, { says, ...since }));
  }
  if (signs.length > 0) {
    const says = [...signs, "What disappears from it is held meanwhile."];
    items.push(item("warning", `signs ${called}`, `${called} may not show all it has`, { says }));
  }
  if (shortage !== null) {
    const { allowed, limit, since } = shortage;
    const says = [`It refuses more than ${allowed} by its limit ${limit}; so many are used for now.`];
    items.push(item("warning", `shortage ${called}`, `${called}: connections are short`, { says, since }));
  }
  return items;
}

function holdItem(
  { chart, catalog, kind, why, since, ends, isReleasable, routers }: HoldRow,
  hasSeveral: boolean,
): AttentionItem {
  const whose = [...(hasSeveral ? [`chart ${chart}`] : []), ...(catalog === null ? [] : [catalog])].join(", ");
  const [one] = routers;
  return {
    key: `hold ${chart} ${catalog} ${kind}`,
    severity: "warning",
    title: `${count(routers.length, "router")} held: ${kind}${whose === "" ? "" : ` (${whose})`}`,
    says: [why],
    ...{ since, ends },
    toCopy: isReleasable
      ? [
          // The one that does the least is the first.
          ...(one === undefined ? [] : [releaseOf(one)]),
          RELEASE_ALL,
        ]
      : [],
    explains: routers.slice(0, MOST_NAMED),
    more: Math.max(0, routers.length - MOST_NAMED),
    view: { name: "chart", query: { filter: "state:held" }, says: "The routers that are held" },
  };
}

/** Squatted and in Conflict one by one, since each has its parties; undeclared ones together. */
function portItems(rows: readonly PortRow[]): readonly AttentionItem[] {
  const contested = rows.filter(({ status }) => status === "Conflict" || status === "Squatted");
  const undeclared = rows.filter(({ status }) => status === "Undeclared");
  const items = contested.slice(0, MOST_PORTS).map(contestedItem);
  if (contested.length > MOST_PORTS) {
    const title = `${count(contested.length - MOST_PORTS, "more port")} Squatted or in Conflict`;
    items.push(item("warning", "more ports", title, { view: { name: "ports", query: {}, says: "All ports" } }));
  }
  if (undeclared.length > 0) items.push(undeclaredItem(undeclared));
  return items;
}

function contestedItem(row: PortRow): AttentionItem {
  const { key, ports, protocol, status, owner, first } = row;
  return item("warning", `port ${key}`, `Port ${ports}/${protocol} is ${status}`, {
    says: [`${portWords(row)}.`, ...(owner === "" ? [] : [CONTESTED_REMEDY])],
    toCopy: [{ what: "the question to portolan", text: `portolan ports ask ${first}` }],
    explains: [String(first)],
  });
}

function undeclaredItem(rows: readonly PortRow[]): AttentionItem {
  const ports = [...new Set(rows.map(({ first }) => String(first)))];
  return item("info", "undeclared", `${count(rows.length, "port")} Undeclared`, {
    says: ["Services hold them, and no ledger declares them; a line for each declares it."],
    toCopy: [{ what: "the command that prints the lines", text: "portolan ledger" }],
    explains: ports.slice(0, MOST_NAMED),
    more: Math.max(0, ports.length - MOST_NAMED),
    view: { name: "ports", query: { filter: "status:Undeclared" }, says: "These ports" },
  });
}

const MOST_PORTS = 20;
const CONTESTED_REMEDY =
  "Which is wrong, the service or the ledger, only people know: move the service, or correct the entry.";
