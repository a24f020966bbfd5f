import type { EventRow } from "../../api/resources/events.ts";
import { count } from "../../base/count.ts";
import { addressOf } from "../addresses.ts";
import { ExplainLink } from "../parts/explain-link.tsx";
import { Moment } from "../parts/moment.tsx";
import { Name } from "../parts/name.tsx";
import { WholeText } from "../parts/whole-text.tsx";
import { KIND_SIGNS, kindOf, toneOf } from "./event-kinds.ts";
import type { EventGroup, Minute } from "./grouped-events.ts";

/** What happened, the newest first: by minute, and within it by publication. */
export function EventList({
  minutes,
  nowMs,
  hasCharts,
}: {
  readonly minutes: readonly Minute[];
  readonly nowMs: number;
  /** There are several charts, so that each is named. */
  readonly hasCharts: boolean;
}) {
  return (
    <>
      {minutes.map(({ startMs, groups }) => (
        <section key={startMs} class="minute">
          <h3>
            <MinuteTime startMs={startMs} nowMs={nowMs} />
          </h3>
          {groups.map((group) => (
            <Group key={group.key} group={group} nowMs={nowMs} hasCharts={hasCharts} />
          ))}
        </section>
      ))}
    </>
  );
}

/** The minute where the browser is, with the date where it is another day's. */
function MinuteTime({ startMs, nowMs }: { readonly startMs: number; readonly nowMs: number }) {
  const at = new Date(startMs);
  const isToday = at.toDateString() === new Date(nowMs).toDateString();
  const iso = at.toISOString();
  const clock = `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
  const date = `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}-${String(at.getDate()).padStart(2, "0")}`;
  return (
    <time dateTime={iso} title={`${iso.slice(0, 16)}Z (UTC)`}>
      {isToday ? clock : `${date} ${clock}`}
    </time>
  );
}

function Group({
  group,
  nowMs,
  hasCharts,
}: {
  readonly group: EventGroup;
  readonly nowMs: number;
  readonly hasCharts: boolean;
}) {
  const { chart, publication, version, events } = group;
  const routers = events.filter(({ router }) => router !== null).length;
  return (
    <div class={publication === null ? "event-group" : "event-group published"}>
      {publication === null ? null : (
        <p class="publication">
          <a href={addressOf("timeline", { filter: `publication:${publication.generation} chart:${chart}` })}>
            Publication {publication.generation}
          </a>
          {hasCharts ? (
            <>
              {" "}
              of <Name text={chart} />
            </>
          ) : null}
          <span class="quiet">
            {" "}
            {publication.hash}
            {routers > 1 ? `, ${count(routers, "router")}` : ""}
          </span>
          {version === undefined ? null : (
            <>
              {", kept as "}
              <a href={addressOf("timeline", { part: "versions" })}>version {version}</a>
            </>
          )}
        </p>
      )}
      <ol>
        {events.map((event) => (
          <Event key={event.id} event={event} nowMs={nowMs} hasChart={hasCharts && publication === null} />
        ))}
      </ol>
    </div>
  );
}

function Event({
  event,
  nowMs,
  hasChart,
}: {
  readonly event: EventRow;
  readonly nowMs: number;
  readonly hasChart: boolean;
}) {
  const { at, message, router, service, chart } = event;
  const { sign, means } = KIND_SIGNS[kindOf(event)];
  return (
    <li class={`event tone-${toneOf(event)}`}>
      <span class="event-time quiet">
        <Moment at={at} nowMs={nowMs} />
      </span>
      <span class="event-sign" title={`${event.event}: ${means}`}>
        <span aria-hidden="true">{sign}</span>
        <span class="visually-hidden">{kindOf(event)}</span>
      </span>
      <span class="event-text">
        {hasChart ? (
          <span class="quiet">
            <Name text={chart} />:{" "}
          </span>
        ) : null}
        <Message text={message} />
        <span class="event-links">
          {router === null ? null : <ExplainLink name={router} />}
          {service === null || service === router ? null : <ExplainLink name={service} />}
        </span>
      </span>
    </li>
  );
}

/** A longer line is folded. */
const LONG = 300;

function Message({ text }: { readonly text: string }) {
  if (text.length <= LONG) return <Name text={text} />;
  return (
    <details>
      <summary>
        <Name text={`${text.slice(0, LONG)}…`} />
      </summary>
      <WholeText text={text.slice(LONG)} />
    </details>
  );
}
