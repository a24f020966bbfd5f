import type { RouteRow } from "../../src/api/resources/routes.ts";
import { type Hears, ReadError, type World } from "../../src/page/live/world.ts";

/** A daemon, a clock and timers for the store of the page, all of which a test moves. */
export interface FakeWorld extends World {
  /** What a path is answered with, query and all or by the part before `?`; what is thrown is thrown. */
  readonly answers: Map<string, (query: URLSearchParams) => unknown>;
  /** Every path that was read, in order. */
  readonly reads: string[];
  /** The streams that are open, the latest last. */
  readonly streams: OpenStream[];
  /** Lets time pass, and all that is due happen. */
  pass(ms: number): Promise<void>;
}

/** A stream as a browser has it. */
export interface OpenStream extends Hears {
  readonly path: string;
  /** The last id that was told on this very stream; what is told without one is heard with it. Empty before. */
  lastEventId: string;
}

/** Lets answers that are under way come. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}

export function createFakeWorld(): FakeWorld {
  let nowMs = Date.parse("2026-11-30T12:00:00Z");
  let timers: { readonly dueMs: number; readonly then: () => void }[] = [];
  const answers: FakeWorld["answers"] = new Map();
  const reads: string[] = [];
  const streams: OpenStream[] = [];
  return {
    answers,
    reads,
    streams,
    async read(path) {
      reads.push(path);
      const [name = "", query] = path.split("?");
      const answer = answers.get(name);
      await Promise.resolve();
      if (answer === undefined) throw new ReadError("away", "the daemon does not answer");
      return answer(new URLSearchParams(query)) as never;
    },
    listen(path, hears) {
      const stream = { path, lastEventId: "", ...hears };
      streams.push(stream);
      return () => {
        const place = streams.indexOf(stream);
        if (place >= 0) streams.splice(place, 1);
      };
    },
    nowMs: () => nowMs,
    after(waitMs, then) {
      const timer = { dueMs: nowMs + waitMs, then };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    random: () => 0.5,
    async pass(ms) {
      const endMs = nowMs + ms;
      for (;;) {
        await settled();
        const next = timers.toSorted((one, other) => one.dueMs - other.dueMs)[0];
        if (next === undefined || next.dueMs > endMs) break;
        timers = timers.filter((one) => one !== next);
        nowMs = Math.max(nowMs, next.dueMs);
        next.then();
      }
      nowMs = endMs;
    },
  };
}

/** Answers /v1/routes in pages, as the daemon does. @param rows asked for at each page */
export function pagesOf(rows: () => readonly RouteRow[]): (query: URLSearchParams) => unknown {
  return (query) => {
    const all = rows();
    const after = query.get("after");
    const start = after === null ? 0 : all.findIndex(({ id }) => id > after);
    const rest = start < 0 ? [] : all.slice(start);
    const page = rest.slice(0, Number(query.get("limit")));
    return {
      routes: page,
      total: all.length,
      next: page.length === rest.length ? null : (page.at(-1)?.id ?? null),
    };
  };
}
