import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { count } from "../../base/count.ts";
import { addressOf } from "../addresses.ts";
import { useList, useLive } from "../live/use-live.ts";
import { Badge } from "../parts/badge.tsx";
import { Empty } from "../parts/empty.tsx";
import { FilterField } from "../parts/filter-field.tsx";
import { Moment } from "../parts/moment.tsx";
import { Name } from "../parts/name.tsx";
import { PartLinks } from "../parts/part-links.tsx";
import { withFieldWord } from "../parts/row-filter.ts";
import { ViewHeading } from "../parts/view-heading.tsx";
import { replaceAddress } from "../shell/navigation.ts";
import { EVENT_FILTER_FIELDS, filterEvents } from "../timeline/event-filter.ts";
import { KIND_SIGNS } from "../timeline/event-kinds.ts";
import { EventList } from "../timeline/event-list.tsx";
import { kindCounts, minutesOf } from "../timeline/grouped-events.ts";
import { MOST_EVENTS, memoryEnd } from "../timeline/memory-end.ts";
import { VersionList } from "../timeline/version-list.tsx";
import type { ViewQuery } from "./view-query.ts";

/** What changed: routes, charts, holds and ports as it happened, and the versions that are kept. */
export function TimelineView({ query }: { readonly query: ViewQuery }) {
  const text = query["filter"] ?? "";
  const part = query["part"] === "versions" ? "versions" : "events";
  const events = useLive((known) => known.events.rows);
  const areEventsRead = useLive((known) => known.events.isRead);
  const history = useList("history");
  const versions = history.answer?.versions ?? NONE;
  const onFilter = useCallback(
    (filter: string) => replaceAddress("timeline", { filter, part: query["part"] }),
    [query["part"]],
  );
  return (
    <>
      <ViewHeading title="Timeline">
        {part === "events" ? (
          <FilterField
            value={text}
            label={`Filter what happened; fields: ${EVENT_FILTER_FIELDS.join(", ")}`}
            placeholder="Filter: router, service, host:…, kind:went …"
            onFilter={onFilter}
          />
        ) : null}
      </ViewHeading>
      <PartLinks
        label="Parts of the timeline"
        view="timeline"
        shown={part}
        parts={[
          {
            name: "events",
            title: "What happened",
            query: { filter: text },
            ...(areEventsRead ? { count: events.length } : {}),
          },
          {
            name: "versions",
            title: "Versions",
            query: { filter: text, part: "versions" },
            ...(history.answer === undefined ? {} : { count: versions.length }),
          },
        ]}
      />
      {part === "events" ? <Events text={text} /> : <Versions />}
    </>
  );
}

const NONE: readonly never[] = [];

function Events({ text }: { readonly text: string }) {
  const { rows: events, isRead, error } = useLive((known) => known.events);
  const hasCharts = useLive((known) => (known.status?.edges.length ?? 0) > 0);
  const versions = useList("history").answer?.versions ?? NONE;
  const nowMs = useToday();
  const counts = useMemo(() => kindCounts(events), [events]);
  const found = useMemo(() => {
    const filter = filterEvents(text);
    return filter === undefined ? events : events.filter(filter);
  }, [events, text]);
  const minutes = useMemo(() => minutesOf(found, versions), [found, versions]);
  const asked = /(?:^|\s)kind:(\S+)/i.exec(text)?.[1]?.toLowerCase();
  return (
    <>
      <h2 class="visually-hidden">What happened</h2>
      <div class="view-heading">
        <ul class="state-counts" aria-label="Kinds">
          {counts.map(({ kind, count: number }) => (
            <li key={kind}>
              <a
                href={addressOf("timeline", { filter: withFieldWord(text, "kind", kind === asked ? undefined : kind) })}
                title={KIND_SIGNS[kind].means}
                aria-current={kind === asked ? "true" : undefined}
              >
                <Badge tone={KIND_SIGNS[kind].tone} sign={KIND_SIGNS[kind].sign}>
                  {number} {kind}
                </Badge>
              </a>
            </li>
          ))}
        </ul>
        <p class="counts">
          {text === "" ? "" : `${found.length} of ${count(events.length, "event")}. `}Times are of{" "}
          {Intl.DateTimeFormat().resolvedOptions().timeZone}; UTC stands in their titles.
        </p>
      </div>
      {error === undefined ? null : (
        <p class="note">
          What happened could not be read: <Name text={error} />
        </p>
      )}
      {found.length > 0 ? (
        <EventList minutes={minutes} nowMs={nowMs} hasCharts={hasCharts} />
      ) : !isRead ? (
        error === undefined ? (
          <Empty title="Reading what happened …" />
        ) : null
      ) : text === "" ? (
        <Empty title="Nothing has happened that is remembered" />
      ) : (
        <Empty title="Nothing that happened fits the filter">
          <p>
            <a href={addressOf("timeline")}>Clear the filter</a>
          </p>
        </Empty>
      )}
      {isRead ? <EndOfMemory /> : null}
    </>
  );
}

/** Where the list ends, and where more is told. */
function EndOfMemory() {
  const events = useLive((known) => known.events.rows);
  const startedMs = useLive(({ status, statusMs }) =>
    status === undefined || statusMs === undefined ? undefined : statusMs - status.uptimeSeconds * 1_000,
  );
  const oldest = events[0]?.at;
  const { sinceMs, why } = memoryEnd(
    { events: events.length, oldestMs: oldest === undefined ? undefined : Date.parse(oldest) },
    startedMs,
  );
  const since = sinceMs === undefined ? null : <Moment at={new Date(sinceMs).toISOString()} />;
  return (
    <p class="memory-end">
      {why === "most" ? (
        <>
          Here ends what portolan remembers: the latest {MOST_EVENTS} events, since {since}.
        </>
      ) : why === "before-start" ? (
        <>Here ends what this page has seen, since {since}; portolan keeps no event over a restart.</>
      ) : (
        <>
          Here ends what portolan remembers: it keeps no event over a restart
          {since === null ? "" : <>, and has run since {since}</>}.
        </>
      )}{" "}
      What was before stands in its log, and in the <a href={addressOf("timeline", { part: "versions" })}>versions</a>{" "}
      that are kept.
    </p>
  );
}

function Versions() {
  const { answer, error } = useList("history");
  const hasCharts = useLive((known) => (known.status?.edges.length ?? 0) > 0);
  const nowMs = useToday();
  return (
    <>
      <h2 class="visually-hidden">Versions</h2>
      <p class="quiet">
        Kept are the last ten of each chart, the last of each hour for a day, and the last of each day for a week. This
        page gives no orders: a version is gone back to by the command.
      </p>
      {error === undefined ? null : (
        <p class="note">
          The versions could not be read: <Name text={error} />
        </p>
      )}
      {answer === undefined ? (
        error === undefined ? (
          <Empty title="Reading the versions …" />
        ) : null
      ) : answer.versions.length === 0 ? (
        <Empty title="No version is kept yet" />
      ) : (
        <VersionList versions={answer.versions} nowMs={nowMs} hasCharts={hasCharts} />
      )}
    </>
  );
}

const MINUTE_MS = 60_000;
const thisMinute = () => Math.floor(Date.now() / MINUTE_MS);

/** The present to the minute: what is of another day is shown with its date. Hundreds of events are drawn once a minute for it. */
function useToday(): number {
  const [minute, setMinute] = useState(thisMinute);
  useEffect(() => {
    const timer = setInterval(() => setMinute(thisMinute()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return minute * MINUTE_MS;
}
