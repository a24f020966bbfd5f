import type { GroupRow, PortRow, Ports } from "./port-row.ts";
import { type PortStatus, STATUSES_BY_GRAVITY } from "./status-words.ts";

/* Where everything of the picture lies, in pixels; what draws it is port-picture.tsx. */

/** A mark takes so much of a line of ports, and as much of its height. */
export const COLUMN_PX = 14;
const BAR_PX = 8;
const LEAST_TICK_PX = 62;

/** Some ports of a line that stand alike and lie side by side. */
export interface Mark {
  readonly key: string;
  readonly status: PortStatus;
  /** Its middle. */
  readonly x: number;
  /** Its middle, counted upwards from the line of ports. */
  readonly up: number;
  readonly rows: readonly PortRow[];
  readonly first: number;
  readonly last: number;
}

/** Declared ports, or a group of the ledger, below the line. */
export interface Bar {
  readonly key: string;
  readonly kind: "group" | "entry";
  readonly name: string;
  readonly x: number;
  readonly width: number;
  /** Which line of bars it lies in, from 0. */
  readonly lane: number;
  readonly ports: Ports;
  readonly row: PortRow | undefined;
}

export interface Tick {
  readonly port: number;
  readonly x: number;
  readonly anchor: "start" | "middle" | "end";
}

/** A line of ports with what stands on it. */
export interface Band {
  readonly key: string;
  readonly kind: "class" | "group" | "asked";
  /** `dynamic`, or the group's name. */
  readonly name: string;
  readonly ports: Ports;
  readonly note: string;
  readonly marks: readonly Mark[];
  readonly bars: readonly Bar[];
  readonly ticks: readonly Tick[];
  /** The next free port of a group. */
  readonly nextFree: { readonly port: number; readonly x: number } | undefined;
  /** What the marks take above the line, what the bars take below. */
  readonly above: number;
  readonly below: number;
  readonly counts: readonly { readonly status: PortStatus; readonly ports: number }[];
}

/** A line of the picture before it is drawn. */
export interface Line {
  readonly kind: Band["kind"];
  readonly name: string;
  readonly ports: Ports;
  readonly note: string;
  readonly nextFree: number | undefined;
}

const LAST_PORT = 65_535;

/**
 * The lines of the picture: the ports that are asked for alone, else each class of ports, and each group of the ledger once
 * more, where its gaps can be seen.
 */
export function pictureLines(
  { dynamic, groups }: { readonly dynamic: Ports & { readonly origin: string }; readonly groups: readonly GroupRow[] },
  asked: Ports | undefined,
): readonly Line[] {
  if (asked !== undefined) {
    const own = groups.filter(({ first, last }) => first >= asked.first && last <= asked.last);
    const [group] = own.length === 1 ? own : [];
    const isGroup = group !== undefined && group.first === asked.first && group.last === asked.last;
    return [
      isGroup ? groupLine(group) : { kind: "asked", name: "asked for", ports: asked, note: "", nextFree: undefined },
    ];
  }
  return [...classLines(dynamic), ...groups.map(groupLine)];
}

function groupLine({ name, first, last, purpose, nextFree }: GroupRow): Line {
  return { kind: "group", name, ports: { first, last }, note: purpose, nextFree: nextFree ?? undefined };
}

/** The dynamic range wins wherever it lies, and what it leaves of a class may be two pieces. */
function classLines({ first, last, origin }: Ports & { readonly origin: string }): readonly Line[] {
  const starts = [...new Set([1, 1_024, first, last + 1])]
    .filter((start) => start <= LAST_PORT)
    .toSorted((a, b) => a - b);
  const lines: Line[] = [];
  for (const [position, start] of starts.entries()) {
    const end = (starts[position + 1] ?? LAST_PORT + 1) - 1;
    const name = classOf(start, { first, last });
    const before = lines.at(-1);
    if (before?.name === name) lines[lines.length - 1] = { ...before, ports: { first: before.ports.first, last: end } };
    else {
      const note = name === "dynamic" ? origin : "";
      lines.push({ kind: "class", name, ports: { first: start, last: end }, note, nextFree: undefined });
    }
  }
  return lines;
}

function classOf(port: number, dynamic: Ports): PortRow["class"] {
  if (port >= dynamic.first && port <= dynamic.last) return "dynamic";
  if (port < 1_024) return "system";
  return port < dynamic.first ? "infrastructure" : "high";
}

/** @param widthPx of the picture */
export function bandOf(
  line: Line,
  {
    rows,
    groups,
    widthPx,
  }: { readonly rows: readonly PortRow[]; readonly groups: readonly GroupRow[]; readonly widthPx: number },
): Band {
  const { ports } = line;
  const own = rows.filter(({ first, last }) => first <= ports.last && last >= ports.first);
  const xOf = scale(ports, widthPx);
  const [wide, narrow] = parted(own, (row) => isWide(row, ports, widthPx));
  const marks = marksOf(narrow, ports, widthPx);
  const bars = barsOf(line, { wide, groups, xOf, widthPx });
  const highest = Math.max(0, ...marks.map(({ up }) => up));
  const lanes = Math.max(0, ...bars.map(({ lane }) => lane + 1));
  return {
    key: `${line.kind} ${line.name} ${ports.first}`,
    ...{ kind: line.kind, name: line.name, note: line.note, ports, marks, bars },
    ticks: ticksOf(ports, widthPx, xOf),
    nextFree: line.nextFree === undefined ? undefined : { port: line.nextFree, x: xOf(line.nextFree) },
    above: Math.max(COLUMN_PX, highest + COLUMN_PX / 2),
    below: lanes * (BAR_PX + 3),
    counts: countsOf(own, ports),
  };
}

/** The middle of each port: half a mark from the ends, so that none is cut. */
function scale({ first, last }: Ports, widthPx: number): (port: number) => number {
  const room = widthPx - COLUMN_PX;
  return (port) => COLUMN_PX / 2 + (last === first ? room / 2 : ((port - first) / (last - first)) * room);
}

/** Does a declared range take more than two marks' room? */
function isWide({ first, last }: PortRow, ports: Ports, widthPx: number): boolean {
  return ((last - first) / Math.max(1, ports.last - ports.first)) * widthPx > 2 * COLUMN_PX;
}

/** One mark for each status of each column, the gravest on top. */
function marksOf(rows: readonly PortRow[], ports: Ports, widthPx: number): readonly Mark[] {
  const columns = Math.max(1, Math.floor(widthPx / COLUMN_PX));
  const count = ports.last - ports.first + 1;
  // Where there is room each port has its place; else neighbours share one.
  const each = Math.max(1, Math.ceil(count / columns));
  const xOf = scale(ports, widthPx);
  const columnOf = ({ first }: PortRow) => Math.floor((Math.max(first, ports.first) - ports.first) / each);
  return [...Map.groupBy(rows, columnOf)].flatMap(([column, there]) => {
    const byStatus = Map.groupBy(there, ({ status }) => status);
    const present = STATUSES_BY_GRAVITY.filter((status) => byStatus.has(status)).toReversed();
    const start = ports.first + column * each;
    const x = xOf(Math.min(ports.last, start + (each - 1) / 2));
    return present.map((status, position): Mark => {
      const own = byStatus.get(status) ?? [];
      return {
        key: `${column} ${status}`,
        ...{ status, x, rows: own, up: COLUMN_PX / 2 + position * COLUMN_PX },
        first: Math.min(...own.map(({ first }) => first)),
        last: Math.max(...own.map(({ last }) => last)),
      };
    });
  });
}

function barsOf(
  line: Line,
  {
    wide,
    groups,
    xOf,
    widthPx,
  }: {
    readonly wide: readonly PortRow[];
    readonly groups: readonly GroupRow[];
    readonly xOf: (port: number) => number;
    readonly widthPx: number;
  },
): readonly Bar[] {
  const { ports } = line;
  const inside = groups.filter(
    ({ name, first, last }) =>
      first <= ports.last && last >= ports.first && !(line.kind === "group" && line.name === name),
  );
  const all = [
    ...inside.map(({ name, first, last }) => ({
      key: `group ${name}`,
      kind: "group" as const,
      name,
      ports: { first, last },
      row: undefined,
    })),
    ...wide.map((row) => ({
      key: `entry ${row.key}`,
      kind: "entry" as const,
      name: row.owner,
      ports: { first: row.first, last: row.last },
      row,
    })),
  ];
  const ends: number[] = [];
  return all
    .toSorted((one, other) => one.ports.first - other.ports.first)
    .map((bar) => {
      const from = xOf(Math.max(bar.ports.first, ports.first));
      const to = xOf(Math.min(bar.ports.last, ports.last));
      const width = Math.max(BAR_PX, to - from);
      const x = Math.min(from, widthPx - width);
      const free = ends.findIndex((end) => end < x);
      const lane = free < 0 ? ends.length : free;
      ends[lane] = x + width + 2;
      return { ...bar, x, width, lane };
    });
}

/** The first and the last port, and round ones between them, as many as can be read. */
function ticksOf({ first, last }: Ports, widthPx: number, xOf: (port: number) => number): readonly Tick[] {
  const most = Math.max(1, Math.floor(widthPx / LEAST_TICK_PX));
  const step = roundUp((last - first) / most);
  const ends: readonly Tick[] = [
    { port: first, x: 0, anchor: "start" },
    ...(last === first ? [] : [{ port: last, x: widthPx, anchor: "end" } as const]),
  ];
  const between: Tick[] = [];
  for (let port = Math.ceil((first + 1) / step) * step; port < last; port += step) {
    const x = xOf(port);
    if (x > LEAST_TICK_PX && x < widthPx - LEAST_TICK_PX) between.push({ port, x, anchor: "middle" });
  }
  return [...ends.slice(0, 1), ...between, ...ends.slice(1)];
}

/** 1, 2 or 5 with zeros behind it, no less than this. */
function roundUp(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return [1, 2, 5, 10].map((one) => one * power).find((one) => one >= least) ?? 10 * power;
}

function countsOf(rows: readonly PortRow[], { first, last }: Ports): Band["counts"] {
  const counts = new Map<PortStatus, number>();
  for (const row of rows) {
    const ports = Math.min(row.last, last) - Math.max(row.first, first) + 1;
    counts.set(row.status, (counts.get(row.status) ?? 0) + ports);
  }
  return STATUSES_BY_GRAVITY.flatMap((status) => {
    const ports = counts.get(status);
    return ports === undefined ? [] : [{ status, ports }];
  });
}

function parted<One>(all: readonly One[], isFirst: (one: One) => boolean): readonly [readonly One[], readonly One[]] {
  return [all.filter((one) => isFirst(one)), all.filter((one) => !isFirst(one))];
}

/** Radius of a dot in pixels: the more ports, the larger. */
export function markRadius(ports: number): number {
  return Math.min(6.5, 3.6 + Math.log2(Math.max(1, ports)) * 0.45);
}
