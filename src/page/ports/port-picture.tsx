import type { TargetedKeyboardEvent } from "preact";
import { useMemo, useState } from "preact/hooks";
import { type Address, addressOf } from "../addresses.ts";
import { CopyButton } from "../parts/copy-button.tsx";
import { Name } from "../parts/name.tsx";
import { withFieldWord } from "../parts/row-filter.ts";
import { shown } from "../parts/shown.ts";
import { useWidth } from "../parts/use-width.ts";
import { bandWords, markWords, portWords } from "./mark-words.ts";
import { nextEntry } from "./next-entry.ts";
import { type Band, type Bar, bandOf, type Mark, markRadius, pictureLines } from "./picture-layout.ts";
import { portsInFilter } from "./port-filter.ts";
import type { GroupRow, PortRow, Ports } from "./port-row.ts";
import { StatusShape } from "./status-shape.tsx";

/** Below the marks: the line of ports, its figures. In pixels. */
const TICKS_PX = 16;
const GAP_PX = 4;
const BAR_PX = 8;

/**
 * The ranges of ports, a line each, with a mark for what runs, is declared, or stands in conflict. It is one stop of the Tab
 * key: arrow keys go from mark to mark. Each mark is a link: to the explanation of its port, or to the ports that it stands for.
 */
export function PortPicture({
  rows,
  groups,
  dynamic,
  filter,
}: {
  readonly rows: readonly PortRow[];
  readonly groups: readonly GroupRow[];
  readonly dynamic: Ports & { readonly origin: string };
  readonly filter: string;
}) {
  const [place, widthPx] = useWidth<HTMLDivElement>();
  const [current, setCurrent] = useState<string>();
  const [said, setSaid] = useState<string>();
  const asked = portsInFilter(filter);
  const bands = useMemo(() => {
    if (widthPx === 0) return [];
    return pictureLines({ dynamic, groups }, asked).map((line) => bandOf(line, { rows, groups, widthPx }));
  }, [rows, groups, dynamic, asked?.first, asked?.last, widthPx]);
  const items = bands.flatMap((band) => itemsOf(band, filter));
  const stop = items.some(({ key }) => key === current) ? current : items[0]?.key;

  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>) => {
    const at = items.findIndex(({ key }) => key === stop);
    const next = itemBeside(items, at, event.key);
    if (next === undefined || !(event.target instanceof Element) || event.target.closest("[data-item]") === null)
      return;
    event.preventDefault();
    setCurrent(next.key);
    place.current?.querySelector<SVGElement>(`[data-item="${CSS.escape(next.key)}"]`)?.focus();
  };
  const tell = (event: Event) => {
    const target = event.target instanceof Element ? event.target.closest("[data-item]") : null;
    setSaid(target?.getAttribute("aria-label") ?? undefined);
  };
  return (
    <div
      ref={place}
      class="port-picture"
      role="group"
      aria-label="Ranges of ports"
      onKeyDown={onKeyDown}
      onFocusIn={(event) => {
        const target = event.target instanceof Element ? event.target.closest("[data-item]") : null;
        if (target !== null) setCurrent(target.getAttribute("data-item") ?? undefined);
        tell(event);
      }}
      onPointerOver={tell}
    >
      {asked === undefined ? null : (
        <p>
          <a href={addressOf("ports", { filter: withFieldWord(filter, "port", undefined) })}>Show all ports</a>
        </p>
      )}
      {bands.map((band) => (
        <BandPicture
          key={band.key}
          band={band}
          group={band.kind === "group" ? groups.find(({ name }) => name === band.name) : undefined}
          items={items.filter((item) => item.band === band.key)}
          stop={stop}
          filter={filter}
          widthPx={widthPx}
        />
      ))}
      <p class="port-said" aria-hidden="true">
        {said === undefined ? "A mark is a port, or some that lie side by side." : <bdi>{said}</bdi>}
      </p>
    </div>
  );
}

/** What of the picture can have the focus. */
interface Item {
  readonly key: string;
  readonly band: string;
  readonly x: number;
  readonly label: string;
  readonly to: Address;
  readonly mark?: Mark;
  readonly bar?: Bar;
}

function itemsOf(band: Band, filter: string): readonly Item[] {
  const marks = band.marks.map((mark): Item => {
    const key = `${band.key} ${mark.key}`;
    return { key, band: band.key, x: mark.x, label: shown(markWords(mark)), to: addressOfPorts(mark, filter), mark };
  });
  const bars = band.bars.map((bar): Item => {
    const { row, name, ports } = bar;
    const label = row === undefined ? `group ${name}, ports ${ports.first} to ${ports.last}` : portWords(row);
    return {
      ...{ key: `${band.key} ${bar.key}`, band: band.key, x: bar.x, label: shown(label), bar },
      to: addressOfPorts(ports, filter),
    };
  });
  return [...marks, ...bars].toSorted((one, other) => one.x - other.x || (other.mark?.up ?? 0) - (one.mark?.up ?? 0));
}

/** One port is explained; several are shown alone, and once they are, the first of them is explained. */
function addressOfPorts({ first, last }: Ports, filter: string): Address {
  const asked = portsInFilter(filter);
  const isShown = asked?.first === first && asked.last === last;
  if (first === last || isShown) return { view: "explain", query: { about: String(first) } };
  return { view: "ports", query: { filter: withFieldWord(filter, "port", `${first}-${last}`) } };
}

/** The item that an arrow key goes to; undefined for other keys, and where there is none. */
function itemBeside(items: readonly Item[], at: number, key: string): Item | undefined {
  const item = items[at];
  if (item === undefined) return undefined;
  const bands = [...new Set(items.map(({ band }) => band))];
  const nearestIn = (band: string | undefined) => {
    const own = items.filter((one) => one.band === band);
    return own.toSorted((one, other) => Math.abs(one.x - item.x) - Math.abs(other.x - item.x))[0];
  };
  const own = items.filter(({ band }) => band === item.band);
  switch (key) {
    case "ArrowRight":
      return items[at + 1];
    case "ArrowLeft":
      return items[at - 1];
    case "ArrowDown":
      return nearestIn(bands[bands.indexOf(item.band) + 1]);
    case "ArrowUp":
      return nearestIn(bands[bands.indexOf(item.band) - 1]);
    case "Home":
      return own[0];
    case "End":
      return own.at(-1);
    default:
      return undefined;
  }
}

function BandPicture({
  band,
  group,
  items,
  stop,
  filter,
  widthPx,
}: {
  readonly band: Band;
  readonly group: GroupRow | undefined;
  readonly items: readonly Item[];
  readonly stop: string | undefined;
  readonly filter: string;
  readonly widthPx: number;
}) {
  const { ports, name, kind, note, nextFree, above, below, ticks } = band;
  const line = above + GAP_PX;
  const height = line + GAP_PX + TICKS_PX + below;
  const entry = group === undefined ? undefined : nextEntry(group);
  return (
    <section class="port-band">
      <div class="port-band-head">
        <h3>
          {kind === "group" ? "group " : ""}
          {kind === "asked" ? (
            "ports"
          ) : (
            <a href={addressOf("ports", { filter: withFieldWord(filter, "port", `${ports.first}-${ports.last}`) })}>
              <Name text={name} />
            </a>
          )}{" "}
          <span class="port-range">
            {ports.first}–{ports.last}
          </span>
        </h3>
        {note === "" ? null : (
          <span class="quiet">
            <Name text={note} />
          </span>
        )}
        {nextFree === undefined ? null : (
          <span>
            next free <b>{nextFree.port}</b>
            {group?.isCrowded ? <span class="quiet"> (nearer than {group.spacing} to another)</span> : null}{" "}
            {entry === undefined ? null : <CopyButton text={entry} what="its entry" />}
          </span>
        )}
        {group !== undefined && group.nextFree === null ? <span class="quiet">full</span> : null}
      </div>
      <svg
        class="port-line"
        width={widthPx}
        height={height}
        viewBox={`0 0 ${widthPx} ${height}`}
        role="group"
        aria-label={shown(bandWords(band))}
      >
        <line class="port-axis" x1={0} x2={widthPx} y1={line} y2={line} />
        {ticks.map(({ port, x, anchor }) => (
          <g key={port}>
            <line class="port-axis" x1={inside(x, widthPx)} x2={inside(x, widthPx)} y1={line} y2={line + 4} />
            <text class="port-tick" x={x} y={line + GAP_PX + 12} text-anchor={anchor}>
              {port}
            </text>
          </g>
        ))}
        {nextFree === undefined ? null : (
          <path class="port-free" d={`M${nextFree.x - 5} ${line - 7}h10M${nextFree.x} ${line - 12}v10`} />
        )}
        {items.map((item) => (
          <a
            key={item.key}
            data-item={item.key}
            href={addressOf(item.to.view, item.to.query)}
            aria-label={item.label}
            tabIndex={item.key === stop ? 0 : -1}
            class="port-item"
          >
            {item.mark === undefined ? null : <MarkShape mark={item.mark} line={line} />}
            {item.bar === undefined ? null : <BarShape bar={item.bar} top={line + GAP_PX + TICKS_PX} />}
          </a>
        ))}
      </svg>
    </section>
  );
}

function inside(x: number, widthPx: number): number {
  return Math.min(widthPx - 0.5, Math.max(0.5, x));
}

function MarkShape({ mark: { x, up, status, rows }, line }: { readonly mark: Mark; readonly line: number }) {
  const y = line - GAP_PX / 2 - up;
  return (
    <>
      <rect class="port-target" x={x - 7} y={y - 7} width={14} height={14} rx={3} />
      <StatusShape status={status} x={x} y={y} radius={markRadius(rows.length)} />
    </>
  );
}

function BarShape({ bar: { x, width, lane, kind }, top }: { readonly bar: Bar; readonly top: number }) {
  const y = top + lane * (BAR_PX + 3);
  return <rect class={`port-bar port-bar-${kind}`} x={x} y={y} width={width} height={BAR_PX} rx={2} />;
}
