import { type Metric, tenths } from "./figures.ts";
import { type Result, select } from "./results.ts";
import { svg } from "./svg.ts";

interface Series {
  readonly label: string;
  /** By which its results are found. */
  readonly of: Partial<Result>;
  /** A colour that is read on white and on black. */
  readonly colour: string;
  readonly dash?: string;
}

const SERIES: readonly Series[] = [
  { label: "floor: a ready-made file", of: { peer: "floor", scheme: "http" }, colour: "#8b949e", dash: "2 4" },
  { label: "portolan", of: { peer: "portolan", scheme: "http" }, colour: "#2f81f7" },
  { label: "portolan over HTTP/2", of: { peer: "portolan", scheme: "https" }, colour: "#2f81f7", dash: "7 4" },
  { label: "Traefik's own provider", of: { peer: "traefik", scheme: "http" }, colour: "#d9822b" },
  { label: "consul-template", of: { peer: "consul-template", scheme: "http" }, colour: "#a371f7" },
];

interface Panel {
  readonly title: string;
  readonly metric: Metric;
  /** From the unit of the results to that of the axis. */
  format(value: number): string;
}

const PANELS: readonly Panel[] = [
  {
    title: "a new service: registered → routed, p50",
    metric: "routed",
    format: (ms) => (ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`),
  },
  {
    title: "a new service: received from Consul, p50",
    metric: "received",
    format: (bytes) => (bytes < 1e6 ? `${bytes / 1e3} KB` : `${bytes / 1e6} MB`),
  },
];

const COMPARABLE = { catalog: "real", instances: 3, nodes: 50, strategy: "auto" } as const;

const PANEL = { width: 440, height: 340, left: 64, right: 16, top: 40, bottom: 48 } as const;
const LEGEND_HEIGHT = 84;

/**
 * Time and traffic of a change against the number of services, both on logarithmic axes, as SVG. Equal results give equal
 * bytes. Only real catalogs of 50 nodes by the default strategy count; where a size was measured twice, the later line wins.
 */
export function picture(results: readonly Result[]): string {
  const comparable = select(results, { ...COMPARABLE, benchmark: "changes", change: "new" });
  const width = PANEL.width * PANELS.length;
  const height = PANEL.height + LEGEND_HEIGHT;
  return svg({ width, height, title: "Time and traffic of a change against the number of services" }, [
    ...PANELS.map((panel, position) => drawPanel(panel, position * PANEL.width, comparable)),
    ...SERIES.map(drawLegend),
  ]);
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function drawPanel({ title, metric, format }: Panel, offset: number, results: readonly Result[]): string {
  const lines = SERIES.map((series) => ({ series, points: pointsOf(select(results, { ...series.of, metric })) }));
  const all = lines.flatMap(({ points }) => points);
  const xs = [...new Set(all.map(({ x }) => x))].toSorted((a, b) => a - b);
  const decades = decadesAround(all.map(({ y }) => y));
  const placeX = scale(xs[0] ?? 1, xs.at(-1) ?? 10, PANEL.left, PANEL.width - PANEL.right);
  const placeY = scale(decades[0] ?? 1, decades.at(-1) ?? 10, PANEL.height - PANEL.bottom, PANEL.top);
  const right = PANEL.width - PANEL.right;
  return [
    `<g transform="translate(${offset} 0)">`,
    `<text class="title" x="${PANEL.left}" y="22">${title}</text>`,
    ...decades.map((y) => {
      const at = tenths(placeY(y));
      return `<path class="grid" d="M${PANEL.left} ${at}H${right}"/><text x="${PANEL.left - 8}" y="${at + 4}" text-anchor="end">${format(y)}</text>`;
    }),
    ...xs.map((x) => {
      const anchor = x === xs.at(-1) ? "end" : "middle";
      const text = x.toLocaleString("en-US");
      return `<text x="${tenths(placeX(x))}" y="${PANEL.height - PANEL.bottom + 20}" text-anchor="${anchor}">${text}</text>`;
    }),
    `<text x="${tenths((PANEL.left + right) / 2)}" y="${PANEL.height - 8}" text-anchor="middle">services</text>`,
    ...lines.map(({ series, points }) =>
      drawLine(
        series,
        points.map(({ x, y }) => ({ x: tenths(placeX(x)), y: tenths(placeY(y)) })),
      ),
    ),
    "</g>",
  ].join("\n");
}

/** By size, ascending. */
function pointsOf(results: readonly Result[]): readonly Point[] {
  const bySize = new Map(results.map(({ services, p50 }) => [services, p50]));
  return [...bySize].map(([x, y]) => ({ x, y })).toSorted((a, b) => a.x - b.x);
}

function drawLine({ colour, dash }: Series, points: readonly Point[]): string {
  const path = points.map(({ x, y }) => `${x} ${y}`).join("L");
  const dots = points.map(({ x, y }) => `<circle cx="${x}" cy="${y}" r="3.5" fill="${colour}"/>`).join("");
  return points.length === 0 ? "" : `<path ${stroke(colour, dash)} d="M${path}"/>${dots}`;
}

function drawLegend({ label, colour, dash }: Series, position: number): string {
  const x = PANEL.left + (position % 3) * 270;
  const y = PANEL.height + 24 + Math.floor(position / 3) * 28;
  return `<path ${stroke(colour, dash)} d="M${x} ${y}h36"/><text x="${x + 46}" y="${y + 4}">${label}</text>`;
}

function stroke(colour: string, dash = "none"): string {
  return `fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"`;
}

/** The powers of ten from the one below the smallest value to the one above the largest. */
function decadesAround(values: readonly number[]): readonly number[] {
  const logs = values.filter((value) => value > 0).map(Math.log10);
  if (logs.length === 0) return [1, 10];
  const first = Math.floor(Math.min(...logs));
  const last = Math.max(first + 1, Math.ceil(Math.max(...logs)));
  return Array.from({ length: last - first + 1 }, (_, step) => 10 ** (first + step));
}

/** A logarithmic scale from values to places. */
function scale(low: number, high: number, start: number, end: number): (value: number) => number {
  const span = Math.log(high / low) || 1;
  return (value) => start + ((end - start) * Math.log(value / low)) / span;
}
