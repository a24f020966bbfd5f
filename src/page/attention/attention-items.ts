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
const NOTHING = { toCopy: [], explains: [], more: 0, says: [] } as const;

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
  if (ready) return [];
  return [{ ...NOTHING, key: "not ready", severity: "error", title: "Not ready", says: reasons }];
}

function chartItems(name: string, chart: ChartSummary, hasSeveral: boolean): readonly AttentionItem[] {
  const { output, writeError, directoryError, stateError, standbyFor, rollback, traefik } = chart;
  const of = hasSeveral ? ` (chart ${name})` : "";
  const key = (what: string) => `${what} ${name}`;
  return [
    ...(writeError === null
      ? []
      : [
          {
            ...({
              ...NOTHING,
              key: key("write"),
              severity: "error",
              title: `The chart cannot be written${of}`,
            } as const),
            says: [writeError.message, "The old file stays, and it is tried again."],
          },
        ]),
    ...(directoryError === null
      ? []
      : [
          {
            ...({ ...NOTHING, key: key("directory"), severity: "error" } as const),
            title: `Traefik refuses the chart's directory${of}`,
            says: [directoryError.message, "Traefik goes on with what it loaded last; news does not reach it."],
          },
        ]),
    ...(traefik?.chart === "behind" || traefik?.chart === "nothing"
      ? [
          {
            ...({ ...NOTHING, key: key("taken"), severity: "error" } as const),
            title:
              traefik.chart === "nothing"
                ? `Traefik has nothing of the chart${of}`
                : `Traefik has an earlier chart${of}`,
            says: [
              `The Traefik at ${traefik.api} has had its time to load ${output}: news does not reach visitors.`,
              "The diagnostics below name the likeliest cause (TRAEFIK_NOT_TAKEN).",
            ],
          },
        ]
      : []),
    ...(traefik === null || traefik.error === null
      ? []
      : [
          {
            ...({ ...NOTHING, key: key("unread"), severity: "warning" } as const),
            title: `Traefik's API cannot be read${of}`,
            says: [traefik.error.message, "Routes go on; what Traefik makes of them is not known."],
            since: traefik.error.since,
          },
        ]),
    ...(stateError === null
      ? []
      : [
          {
            ...({
              ...NOTHING,
              key: key("state"),
              severity: "error",
              title: `The state cannot be stored${of}`,
            } as const),
            says: [stateError.message, "Routes go on; after a restart portolan would know less."],
          },
        ]),
    ...(standbyFor === null
      ? []
      : [
          {
            ...({ ...NOTHING, key: key("standby"), severity: "warning", title: `Standing by${of}` } as const),
            says: [
              `Another portolan, ${standbyFor}, keeps ${output} up to date; this one takes over when that one ends.`,
            ],
          },
        ]),
    ...(rollback === null ? [] : [rollbackItem(rollback, of, name)]),
  ];
}

function rollbackItem(
  { version, since, withheldChanges }: NonNullable<ChartSummary["rollback"]>,
  of: string,
  name: string,
): AttentionItem {
  const waits = withheldChanges === 1 ? "waits" : "wait";
  return {
    ...({ ...NOTHING, key: `rollback ${name}`, severity: "warning", since, ends: null } as const),
    title: `Rolled back to version ${version}${of}`,
    says: [`${count(withheldChanges, "change")} ${waits} for the release.`, ENDS_HOLDS_TOO],
    toCopy: [RELEASE_ALL],
    view: { name: "timeline", query: { part: "versions" }, says: "Versions and what each changed" },
  };
}

/** Moments without an answer are not worth a look, as for readiness. */
const NEWS_AFTER_SECONDS = 5;

function sourceItems(source: SourceSummary): readonly AttentionItem[] {
  const {
    name,
    source: title,
    lastError,
    failingSince,
    failingSeconds,
    ageSeconds,
    signsInWords: signs,
    shortage,
  } = source;
  const called = name ?? title;
  const away: AttentionItem = {
    ...({
      ...NOTHING,
      key: `source ${called}`,
      severity: "warning",
      title: `${called} does not answer as it should`,
    } as const),
    says: [
      ...(lastError === null ? [] : [lastError.message]),
      ageSeconds === null ? "It has not been read since the start." : "What was last good of it is served.",
      ...(name === null ? [] : [title]),
    ],
    ...(failingSince === null ? {} : { since: failingSince }),
  };
  const isAway = lastError !== null && (failingSeconds ?? 0) >= NEWS_AFTER_SECONDS;
  return [
    ...(isAway || ageSeconds === null ? [away] : []),
    ...(signs.length === 0
      ? []
      : [
          {
            ...({ ...NOTHING, key: `signs ${called}`, severity: "warning" } as const),
            title: `${called} may not show all it has`,
            says: [...signs, "What disappears from it is held meanwhile."],
          },
        ]),
    ...(shortage === null
      ? []
      : [
          {
            ...({ ...NOTHING, key: `shortage ${called}`, severity: "warning", since: shortage.since } as const),
            title: `${called}: connections are short`,
            says: [
              `It refuses more than ${shortage.allowed} by its limit ${shortage.limit}; so many are used for now.`,
            ],
          },
        ]),
  ];
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
  const undeclaredPorts = [...new Set(undeclared.map(({ first }) => String(first)))];
  return [
    ...contested.slice(0, MOST_PORTS).map((row): AttentionItem => {
      const { key, ports, protocol, status, owner, first } = row;
      return {
        ...({
          ...NOTHING,
          key: `port ${key}`,
          severity: "warning",
          title: `Port ${ports}/${protocol} is ${status}`,
        } as const),
        says: [`${portWords(row)}.`, owner === "" ? "" : CONTESTED_REMEDY].filter((text) => text !== ""),
        toCopy: [{ what: "the question to portolan", text: `portolan ports ask ${first}` }],
        explains: [String(first)],
      };
    }),
    ...(contested.length > MOST_PORTS
      ? [
          {
            ...({ ...NOTHING, key: "more ports", severity: "warning" } as const),
            title: `${count(contested.length - MOST_PORTS, "more port")} Squatted or in Conflict`,
            view: { name: "ports", query: {}, says: "All ports" } as const,
          },
        ]
      : []),
    ...(undeclared.length === 0
      ? []
      : [
          {
            ...({ ...NOTHING, key: "undeclared", severity: "info" } as const),
            title: `${count(undeclared.length, "port")} Undeclared`,
            says: ["Services hold them, and no ledger declares them; a line for each declares it."],
            toCopy: [{ what: "the command that prints the lines", text: "portolan ledger" }],
            explains: undeclaredPorts.slice(0, MOST_NAMED),
            more: Math.max(0, undeclaredPorts.length - MOST_NAMED),
            view: { name: "ports", query: { filter: "status:Undeclared" }, says: "These ports" } as const,
          },
        ]),
  ];
}

const MOST_PORTS = 20;
const CONTESTED_REMEDY =
  "Which is wrong, the service or the ledger, only people know: move the service, or correct the entry.";
