import { expect, test } from "vitest";
import { createDeferred } from "../../../src/base/deferred.ts";
import { createPollGroup, type PollGroup } from "../../../src/sources/polling/poll-group.ts";

interface Followed {
  readonly group: PollGroup;
  readonly started: readonly string[];
  readonly stopped: readonly string[];
  readonly left: readonly string[];
}

/** A group whose polls last until they are aborted. */
function follow(signal: AbortSignal): Followed {
  const started: string[] = [];
  const stopped: string[] = [];
  const left: string[] = [];
  const group = createPollGroup(
    {
      async poll(name, ending) {
        started.push(name);
        const ended = createDeferred();
        ending.addEventListener("abort", () => ended.resolve());
        await ended.promise;
        stopped.push(name);
      },
      left: (name) => left.push(name),
    },
    signal,
  );
  return { group, started, stopped, left };
}

test("a poll runs for each name as long as the name is listed", async () => {
  const stop = new AbortController();
  const { group, started, stopped, left } = follow(stop.signal);
  group.follow(["a", "b"]);
  group.follow(["b", "c"]);
  group.follow(["c", "b"]);
  expect(started).toEqual(["a", "b", "c"]);
  expect(left).toEqual(["a"]);
  stop.abort();
  await group.settled();
  expect(stopped).toEqual(["a", "b", "c"]);
  expect(left).toEqual(["a"]);
});

test("a name that comes back is polled again", async () => {
  const stop = new AbortController();
  const { group, started, left } = follow(stop.signal);
  group.follow(["a"]);
  group.follow([]);
  group.follow(["a"]);
  expect(started).toEqual(["a", "a"]);
  expect(left).toEqual(["a"]);
  stop.abort();
  await group.settled();
});

test("a poll that breaks breaks the group, even before a caller awaits it", async () => {
  const group = createPollGroup(
    {
      async poll() {
        throw new TypeError("bug");
      },
      left() {},
    },
    new AbortController().signal,
  );
  group.follow(["a"]);
  await group.settled();
  await expect(group.broken).rejects.toThrow("bug");
});
