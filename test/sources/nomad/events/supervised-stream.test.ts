import { expect, test } from "vitest";
import { CatalogError } from "../../../../src/sources/catalog/catalog-error.ts";
import type { LinesListener } from "../../../../src/sources/http/follow-lines.ts";
import { superviseStream } from "../../../../src/sources/nomad/events/supervised-stream.ts";
import { createFakeClock, settle } from "../../../fakes/fake-clock.ts";

const WRITE = '{"Index":7,"Events":[{"Key":"a1","Namespace":"default","Topic":"Allocation"}]}';

/** One stream under supervision, in the hands of the test. */
function supervised(more: { readonly random?: () => number } = {}) {
  const clock = createFakeClock();
  const stop = new AbortController();
  const attempts: {
    readonly listener: LinesListener;
    readonly signal: AbortSignal;
    end(error?: CatalogError): void;
  }[] = [];
  const seen: string[] = [];
  const world = { token: "first", mayHold: true };
  const running = superviseStream(
    {
      follow: (listener, signal) =>
        new Promise((resolve, reject) => {
          const end = (error?: CatalogError) => (error === undefined ? resolve() : reject(error));
          signal.addEventListener("abort", () => end(new CatalogError("E_CATALOG_ABORTED", "stopped")), { once: true });
          attempts.push({ listener, signal, end });
        }),
      currentToken: () => world.token,
      mayHold: () => world.mayHold,
      clock,
      random: more.random ?? (() => 0.5),
      became: (state, error) => seen.push(error === undefined ? state : `${state} ${error.code}`),
      told: (events) => seen.push(`told ${events.length}`),
      doubted: () => seen.push("doubted"),
    },
    stop.signal,
  );
  return {
    clock,
    attempts,
    seen,
    world,
    current() {
      const latest = attempts.at(-1);
      if (latest === undefined) throw new Error("nothing was asked");
      return latest;
    },
    async hear() {
      this.current().listener.opened(world.token);
      this.current().listener.line("{}");
      await settle();
    },
    async stop() {
      stop.abort();
      await running;
    },
  };
}

test("a stream is heard with its first sign of life, and what it tells is passed on", async () => {
  const stream = supervised();
  await stream.hear();
  stream.current().listener.line(WRITE);
  stream.current().listener.line("{}");
  expect(stream.seen).toEqual(["heard", "told 1"]);
  await stream.stop();
});

test("a stream that says nothing within 2 s is silent, and is asked again by and by", async () => {
  const stream = supervised();
  await settle();
  stream.current().listener.opened("first");
  await stream.clock.advance(1_000);
  expect(stream.seen).toEqual([]);
  await stream.clock.advance(1_000);
  expect(stream.seen).toEqual(["silent"]);
  expect(stream.attempts).toHaveLength(1);
  await stream.clock.advance(4_000);
  expect(stream.attempts).toHaveLength(2);
  await stream.hear();
  expect(stream.seen).toEqual(["silent", "heard"]);
  await stream.stop();
});

test("the pauses after silence grow, and do not exceed five minutes", async () => {
  const stream = supervised({ random: () => 1 });
  await settle();
  let asked = 0;
  for (let minute = 0; minute < 120; minute += 1) {
    for (let second = 0; second < 60; second += 1) {
      if (stream.attempts.length > asked) {
        asked = stream.attempts.length;
        stream.current().listener.opened("first");
      }
      await stream.clock.advance(1_000);
    }
  }
  expect(asked).toBeGreaterThan(24);
  expect(asked).toBeLessThan(36);
  await stream.stop();
});

test("another token ends the pause after silence", async () => {
  const stream = supervised();
  await settle();
  stream.current().end(new CatalogError("E_CATALOG_DENIED", "403"));
  await settle();
  expect(stream.seen).toEqual(["silent E_CATALOG_DENIED"]);
  stream.world.token = "second";
  await stream.clock.advance(1_000);
  expect(stream.attempts).toHaveLength(2);
  await stream.stop();
});

test("a stream without a line for 45 s is opened again, and everything is doubted once it is heard", async () => {
  const stream = supervised();
  await stream.hear();
  await stream.clock.advance(44_000);
  stream.current().listener.line("{}");
  await stream.clock.advance(44_000);
  expect(stream.seen).toEqual(["heard"]);
  await stream.clock.advance(1_000);
  expect(stream.seen).toEqual(["heard", "lost E_CATALOG_TIMEOUT"]);
  await stream.clock.advance(5_000);
  expect(stream.attempts).toHaveLength(2);
  await stream.hear();
  expect(stream.seen.slice(2)).toEqual(["heard", "doubted"]);
  await stream.stop();
});

test.each([
  ["its end", undefined, "lost E_CATALOG_CUT"],
  ["a cut", new CatalogError("E_CATALOG_CUT", "cut"), "lost E_CATALOG_CUT"],
  ["an agent that is away", new CatalogError("E_CATALOG_UNREACHABLE", "refused"), "lost E_CATALOG_UNREACHABLE"],
])("after %s it is opened again within 5 s, however often", async (_what, error, state) => {
  const stream = supervised({ random: () => 1 });
  for (let time = 0; time < 10; time += 1) {
    await stream.hear();
    stream.current().end(error);
    await settle();
    expect(stream.seen.at(-1)).toBe(state);
    await stream.clock.advance(5_000);
  }
  expect(stream.attempts).toHaveLength(11);
  await stream.stop();
});

test("while the agent is away the pauses are drawn from a range that grows to 5 s", async () => {
  const draws = [0, 1];
  const stream = supervised({ random: () => draws[stream.attempts.length % 2] ?? 0 });
  await stream.hear();
  for (let minute = 0; minute < 60; minute += 1) {
    stream.current().end(new CatalogError("E_CATALOG_UNREACHABLE", "refused"));
    await stream.clock.advance(5_000);
  }
  expect(stream.attempts.length).toBeGreaterThan(60);
  expect(stream.seen.filter((one) => one === "doubted")).toEqual([]);
  await stream.stop();
});

test("an answer that does not begin is given up after 10 s", async () => {
  const stream = supervised();
  await stream.clock.advance(10_000);
  expect(stream.seen).toEqual(["opening E_CATALOG_TIMEOUT"]);
  await stream.stop();
});

test("a token that was replaced opens the stream anew", async () => {
  const stream = supervised();
  await stream.hear();
  stream.world.token = "second";
  await stream.clock.advance(1_000);
  expect(stream.seen).toEqual(["heard", "lost"]);
  expect(stream.attempts).toHaveLength(2);
  await stream.hear();
  expect(stream.seen).toEqual(["heard", "lost", "heard", "doubted"]);
  await stream.stop();
});

test("while connections are short none is held", async () => {
  const stream = supervised();
  await stream.hear();
  stream.world.mayHold = false;
  await stream.clock.advance(60_000);
  expect(stream.attempts).toHaveLength(1);
  expect(stream.current().signal.aborted).toBe(true);
  expect(new Set(stream.seen)).toEqual(new Set(["heard", "waiting"]));
  stream.world.mayHold = true;
  await stream.clock.advance(1_000);
  expect(stream.attempts).toHaveLength(2);
  await stream.stop();
});

test("garbage is no sign of life that counts, no end, and a reason to look at everything", async () => {
  const stream = supervised();
  await settle();
  stream.current().listener.opened("first");
  for (const line of ["<html>", '{"Index":', undefined]) stream.current().listener.line(line);
  expect(stream.seen).toEqual(["doubted", "doubted", "doubted"]);
  stream.current().listener.line(WRITE);
  expect(stream.seen.slice(3)).toEqual(["heard", "told 1"]);
  for (let second = 0; second < 45; second += 1) {
    stream.current().listener.line("<html>");
    expect(stream.attempts).toHaveLength(1);
    await stream.clock.advance(1_000);
  }
  expect(stream.seen.at(-1)).toBe("lost E_CATALOG_TIMEOUT");
  await stream.stop();
});

test("once stopped nothing is told and nothing is asked", async () => {
  const stream = supervised();
  await stream.hear();
  await stream.stop();
  stream.current().listener.line(WRITE);
  await stream.clock.advance(600_000);
  expect(stream.seen).toEqual(["heard"]);
  expect(stream.attempts).toHaveLength(1);
});
