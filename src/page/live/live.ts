import type { StatusAnswer } from "../../api/resources/status.ts";
import { createEventsReader, type Events, NO_EVENTS } from "./followed-events.ts";
import { createLists, type Follower } from "./followed-lists.ts";
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
  | { readonly kind: "away"; readonly sinceMs: number; readonly heardMs: number | undefined }
  /** The daemon is of another version than this page, which asks for nothing more and is to be loaded anew. */
  | { readonly kind: "outdated" };

/** All that the page knows of the daemon. What has not changed is the same object as before. */
export interface Known {
  readonly connection: Connection;
  readonly status: StatusAnswer | undefined;
  /** When the status was told, for its ages; milliseconds since the epoch. */
  readonly statusMs: number | undefined;
  readonly routes: Routes;
  readonly events: Events;
  readonly lists: { readonly [Name in ListName]: Listed<Lists[Name]> };
}

/** Follows the daemon, and says when what is known of it has changed. */
export interface Live {
  known(): Known;
  /** Calls after each change; what is returned takes it back. */
  subscribe(hear: () => void): () => void;
  /** Has a list read, and read again when it may have changed, until what is returned is called. */
  want(name: ListName): () => void;
  /**
   * The same of one answer, by a path relative to the page.
   * @param leastMs between two reads
   */
  follow<Answer>(path: string, leastMs: number, follower: Follower<Answer>): () => void;
  start(): void;
  /** Reads no list until `start`, since nothing of them is seen; the stream goes on. */
  lookAway(): void;
  /** Asks for nothing and hears nothing until `start`, which goes on where it was. */
  stop(): void;
}

/** Within this time a stream has told its first word, or is held back by something on the way. */
const FIRST_WORD_MS = 5_000;
/** The daemon tells its status every 15 seconds: a stream that is silent for so long is dead. */
const SILENCE_MS = 30_000;
/** A stream that has lived so long has not failed; one that is cut sooner again and again has. */
const STEADY_MS = 10_000;
const POLL_MS = 2_000;
/** Where there is no stream all is read so often, since a status does not tell of every change. */
const ANEW_MS = 15_000;
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
    events: NO_EVENTS,
    lists: { diagnostics: UNREAD, holds: UNREAD, history: UNREAD, ports: UNREAD },
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
  /** When all was read, or there began to be no stream, which tells what changed since. */
  let anewMs = 0;
  /** Which try to reach the daemon counts: what comes of an earlier one does not. */
  let attempt = 0;
  /** The one timer of the connection: its next try or poll, or the silence after which its stream is dead. */
  let cancelTimer = () => {};

  function set(change: Partial<Known>): void {
    known = { ...known, ...change };
    for (const hear of [...listeners]) hear();
  }

  const routes = createRoutesReader(world, {
    set: (all) => set({ routes: all }),
    failed: (error) => failed(error),
  });
  const events = createEventsReader(world, {
    set: (all) => set({ events: all }),
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

  /** After a restart all open pages come back; not all at one moment. */
  function spread(waitMs: number): number {
    return waitMs * (0.5 + world.random());
  }

  function heard(): void {
    heardMs = world.nowMs();
  }

  function takeStatus(status: StatusAnswer): void {
    set({ status, statusMs: world.nowMs() });
    lists.touch();
  }

  /** Reads all that is shown. */
  function readAnew(): void {
    isBehind = false;
    anewMs = world.nowMs();
    routes.read();
    events.read();
    lists.touch();
  }

  function closeStream(): void {
    attempt += 1;
    close();
    close = () => {};
  }

  function openStream(): void {
    closeStream();
    // What is read anew need not be told, nor that it was missed.
    const isAnew = isBehind || place === "";
    let spokeMs: number | undefined;
    timer(FIRST_WORD_MS, () => streamEnded());
    close = world.listen(isAnew ? "v1/events" : `v1/events?after=${place}`, {
      opened() {
        if (isAnew) readAnew();
      },
      told(event, data, id) {
        heard();
        if (id !== "") place = id;
        if (spokeMs === undefined) {
          spokeMs = world.nowMs();
          set({ connection: { kind: "live" } });
        }
        if (world.nowMs() - spokeMs >= STEADY_MS) failures = 0;
        timer(SILENCE_MS, () => streamEnded());
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
        events.take(JSON.parse(data));
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

  /** The stream has gone: does the daemon still answer? */
  function streamEnded(): void {
    closeStream();
    if (!isRunning) return;
    failures += 1;
    void poll();
  }

  function failed(error: unknown): void {
    if (!isRunning) return;
    closeStream();
    if (error instanceof ReadError && error.kind === "changed") {
      stop();
      set({ connection: { kind: "outdated" } });
      return;
    }
    isBehind = true;
    if (known.connection.kind !== "away") {
      set({ connection: { kind: "away", sinceMs: world.nowMs(), heardMs } });
    }
    const waitMs = RETRY_MS[failures] ?? LAST_RETRY_MS;
    failures += 1;
    timer(spread(waitMs), () => openStream());
  }

  /** Asks for what the stream would tell. */
  async function poll(): Promise<void> {
    attempt += 1;
    const mine = attempt;
    try {
      const status = await world.read<StatusAnswer>("v1/status");
      if (mine === attempt) polled(status);
    } catch (error) {
      if (mine !== attempt) return;
      // It answers, and cannot tell it now.
      if (error instanceof ReadError && error.kind === "refused") polled(undefined);
      else failed(error);
    }
  }

  function polled(status: StatusAnswer | undefined): void {
    const before = known.status;
    heard();
    if (known.connection.kind !== "polling") {
      anewMs = world.nowMs();
      set({ connection: { kind: "polling" } });
    }
    // At once the first time: a stream may end, and be there again.
    const isStreamTried = failures <= 1 || world.nowMs() - streamTriedMs >= STREAM_RETRY_MS;
    timer(spread(failures <= 1 ? SOON_MS : POLL_MS), () => {
      if (isStreamTried) tryStream();
      else void poll();
    });
    if (status === undefined) return;
    takeStatus(status);
    const isOld = publications(before) !== publications(status) || world.nowMs() - anewMs >= ANEW_MS;
    if (isBehind || isOld) readAnew();
    else events.read();
  }

  let streamTriedMs = 0;
  function tryStream(): void {
    streamTriedMs = world.nowMs();
    openStream();
  }

  function stop(): void {
    isRunning = false;
    cancelTimer();
    closeStream();
    lists.stop();
    const isCutOff = [routes.stop(), events.stop()].includes(true);
    if (isCutOff) isBehind = true;
  }

  return {
    known: () => known,
    subscribe(hear) {
      listeners.add(hear);
      return () => listeners.delete(hear);
    },
    want: (name) => lists.want(name),
    follow: (path, leastMs, follower) => lists.follow(path, leastMs, follower),
    start() {
      if (known.connection.kind === "outdated") return;
      lists.start();
      if (isRunning) return;
      isRunning = true;
      tryStream();
    },
    lookAway: () => lists.stop(),
    stop,
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
