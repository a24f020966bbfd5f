import type { EventRow, EventsAnswer } from "../../api/resources/events.ts";
import type { StatusAnswer } from "../../api/resources/status.ts";
import { createLists } from "./followed-lists.ts";
import { createRoutesReader } from "./followed-routes.ts";
import { type Listed, type ListName, type Lists, UNREAD } from "./lists.ts";
import { NO_ROUTES, type Routes, type RoutesChange } from "./route-rows.ts";
import { ReadError, type World } from "./world.ts";

/** How the page hears of the daemon. */
export type Connection =
  /** Nothing has been answered yet. */
  | { readonly kind: "connecting" }
  /** Changes come as they happen. */
  | { readonly kind: "live" }
  /** The daemon answers, and the stream of changes does not reach the page: it is asked every few seconds. */
  | { readonly kind: "polling" }
  /** The daemon does not answer since then; what is shown is as of `heardMs`, where there was anything. */
  | { readonly kind: "away"; readonly sinceMs: number; readonly heardMs: number | undefined };

/** All that the page knows of the daemon. What has not changed is the same object as before. */
export interface Known {
  readonly connection: Connection;
  readonly status: StatusAnswer | undefined;
  /** When the status was told, for its ages; milliseconds since the epoch. */
  readonly statusMs: number | undefined;
  readonly routes: Routes;
  /** The latest, the oldest first. */
  readonly events: readonly EventRow[];
  readonly lists: { readonly [Name in ListName]: Listed<Lists[Name]> };
  /** The daemon is of another version than this page, which is to be loaded anew. */
  readonly isOutdated: boolean;
}

/** Follows the daemon, and says when what is known of it has changed. */
export interface Live {
  known(): Known;
  /** Reads an answer once, by a path relative to the page. Throws ReadError. */
  read<Answer>(path: string): Promise<Answer>;
  /** Calls after each change; what is returned takes it back. */
  subscribe(hear: () => void): () => void;
  /** Has a list read, and read again when it may have changed, until what is returned is called. */
  want(name: ListName): () => void;
  start(): void;
  /** Asks for nothing and hears nothing until `start`, which goes on where it was. */
  stop(): void;
}

/** So many events are kept, as the daemon does. */
const MOST_EVENTS = 500;
/** A stream that is open and has told nothing for so long is held back by something on the way. */
const FIRST_WORD_MS = 5_000;
/** Where the stream has been silent for so long the daemon is asked whether it is there. */
const SILENCE_MS = 30_000;
const POLL_MS = 2_000;
/** Between two tries to have the stream, where the daemon answers without it. */
const STREAM_RETRY_MS = 30_000;
const SOON_MS = 300;
/** Between two tries to reach a daemon that does not answer; then the last of them again and again. */
const RETRY_MS = [SOON_MS, 1_000, 2_000, 4_000];
const LAST_RETRY_MS = 5_000;

export function createLive(world: World): Live {
  let known: Known = {
    connection: { kind: "connecting" },
    status: undefined,
    statusMs: undefined,
    routes: NO_ROUTES,
    events: [],
    lists: { diagnostics: UNREAD, holds: UNREAD, history: UNREAD, ports: UNREAD },
    isOutdated: false,
  };
  const listeners = new Set<() => void>();
  let heardMs: number | undefined;
  let failures = 0;
  let isRunning = false;
  let close = () => {};
  /** The id of what the stream told last; empty before. What is behind it is told when it is resumed there, or that it was missed. */
  let place = "";
  /** What is shown was not read whole, or has changed without a word. */
  let isBehind = true;
  /** The one timer of the connection: its next try, poll or look. */
  let cancelTimer = () => {};

  function set(change: Partial<Known>): void {
    known = { ...known, ...change };
    for (const hear of [...listeners]) hear();
  }

  const routes = createRoutesReader(world, {
    set: (all) => set({ routes: all }),
    failed: (error) => failed(error),
  });
  const lists = createLists(world, {
    set: (name, listed) => set({ lists: { ...known.lists, [name]: listed } }),
    get: (name) => known.lists[name],
  });

  function timer(waitMs: number, then: () => void): void {
    cancelTimer();
    cancelTimer = world.after(waitMs, then);
  }

  function heard(): void {
    heardMs = world.nowMs();
  }

  function takeStatus(status: StatusAnswer): void {
    heard();
    set({ status, statusMs: world.nowMs() });
    lists.touch();
  }

  function takeEvents(rows: readonly EventRow[]): void {
    const ids = new Set(known.events.map(({ id }) => id));
    const news = rows.filter(({ id }) => !ids.has(id));
    if (news.length === 0) return;
    const all = [...known.events, ...news].toSorted((one, other) => one.id - other.id);
    set({ events: all.slice(-MOST_EVENTS) });
  }

  /** Reads all that is shown. */
  function readAnew(): void {
    isBehind = false;
    routes.read();
    lists.touch();
    readEvents().catch((error: unknown) => {
      // Where the daemon is there, later ones come all the same.
      if (!(error instanceof ReadError && error.kind === "refused")) failed(error);
    });
  }

  function openStream(): void {
    let hasSpoken = false;
    close();
    close = world.listen(place === "" ? "v1/events" : `v1/events?after=${place}`, {
      opened() {
        if (isBehind) readAnew();
        timer(FIRST_WORD_MS, () => streamEnded());
      },
      told(event, data, id) {
        heard();
        place = id;
        if (!hasSpoken) {
          hasSpoken = true;
          failures = 0;
          set({ connection: { kind: "live" } });
        }
        timer(SILENCE_MS, () => void lookWhetherThere());
        take(event, data);
      },
      ended: () => streamEnded(),
    });
  }

  function take(event: string, data: string): void {
    switch (event) {
      case "status":
        takeStatus(JSON.parse(data));
        return;
      case "routes":
        takeRoutes(JSON.parse(data));
        return;
      case "change":
        takeEvents([JSON.parse(data)]);
        lists.touch();
        return;
      case "missed":
        readAnew();
        return;
    }
  }

  function takeRoutes(change: RoutesChange): void {
    if ("all" in change) routes.read();
    else routes.change(change);
    lists.touch();
  }

  async function readEvents(): Promise<void> {
    const { events } = await world.read<EventsAnswer>(`v1/events?after=${known.events.at(-1)?.id ?? 0}`);
    takeEvents(events);
  }

  /** The stream has gone: does the daemon still answer? */
  function streamEnded(): void {
    close();
    close = () => {};
    if (!isRunning) return;
    failures += 1;
    void poll();
  }

  function failed(error: unknown): void {
    if (!isRunning) return;
    if (error instanceof ReadError && error.kind === "changed") set({ isOutdated: true });
    isBehind = true;
    if (known.connection.kind !== "away") {
      set({ connection: { kind: "away", sinceMs: world.nowMs(), heardMs } });
    }
    close();
    close = () => {};
    const waitMs = RETRY_MS[failures] ?? LAST_RETRY_MS;
    failures += 1;
    // After a restart all open pages come back; not all at one moment.
    timer(waitMs * (0.75 + world.random() / 2), () => openStream());
  }

  /** Asks for what the stream would tell. */
  async function poll(): Promise<void> {
    const before = known.status;
    try {
      const status = await world.read<StatusAnswer>("v1/status");
      if (!isRunning) return;
      takeStatus(status);
      if (known.connection.kind !== "polling") {
        set({ connection: { kind: "polling" } });
        readAnew();
      } else if (publications(before) !== publications(status)) readAnew();
      else await readEvents();
      if (!isRunning) return;
    } catch (error) {
      failed(error);
      return;
    }
    // At once the first time: a stream may end, and be there again.
    const isStreamTried = failures <= 1 || world.nowMs() - streamTriedMs >= STREAM_RETRY_MS;
    timer(failures <= 1 ? SOON_MS : POLL_MS, () => {
      if (isStreamTried) tryStream();
      else void poll();
    });
  }

  let streamTriedMs = 0;
  function tryStream(): void {
    streamTriedMs = world.nowMs();
    openStream();
  }

  async function lookWhetherThere(): Promise<void> {
    try {
      takeStatus(await world.read<StatusAnswer>("v1/status"));
      if (isRunning && known.connection.kind === "live") timer(SILENCE_MS, () => void lookWhetherThere());
    } catch (error) {
      failed(error);
    }
  }

  return {
    known: () => known,
    read: (path) => world.read(path),
    subscribe(hear) {
      listeners.add(hear);
      return () => listeners.delete(hear);
    },
    want: (name) => lists.want(name),
    start() {
      if (isRunning) return;
      isRunning = true;
      lists.touch();
      tryStream();
    },
    stop() {
      isRunning = false;
      cancelTimer();
      close();
      close = () => {};
      lists.stop();
      if (routes.stop()) isBehind = true;
    },
  };
}

/** Which publication of each chart a status tells of. */
function publications(status: StatusAnswer | undefined): string {
  if (status === undefined) return "";
  const charts = [status.chart, ...status.edges.map(({ chart }) => chart)];
  return charts
    .map(({ generation, hash, states }) => `${generation} ${hash} ${Object.entries(states).join(" ")}`)
    .join("\n");
}
