import { statSync } from "node:fs";
import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Between two requests of a probe; with the request itself the resolution is about 3 ms. */
const PAUSE_MS = 2;

const agent = new Agent({ keepAlive: true });

/**
 * Asks Traefik for a host, over a kept connection, until the answer is the awaited one: the time of that answer, on
 * performance.now()'s clock. Undefined if it does not come within the time; throws when aborted.
 */
export async function probe(
  url: string,
  host: string,
  isAwaited: (answer: Answer) => boolean,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  const deadlineMs = performance.now() + timeoutMs;
  for (let nowMs = 0; nowMs < deadlineMs; await sleep(PAUSE_MS, undefined, { signal })) {
    const answer = await get(url, host);
    nowMs = performance.now();
    if (isAwaited(answer)) return nowMs;
  }
  return undefined;
}

/** One request through Traefik. */
export async function get(url: string, host: string): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const asking = request(url, { agent, headers: { Host: host } }, (response) => {
    text(response).then((body) => resolve({ status: response.statusCode ?? 0, text: body }), reject);
  });
  asking.once("error", reject).end();
  return await promise;
}

export interface RenameWatch {
  /** When each other file was first seen under the path, on performance.now()'s clock. */
  readonly renamedAtMs: readonly number[];
  stop(): void;
}

/** Looks at the inode of a path every millisecond, which is the resolution. */
export function watchRenames(path: string): RenameWatch {
  let { ino } = statSync(path);
  const renamedAtMs: number[] = [];
  const timer = setInterval(() => {
    const now = statSync(path, { throwIfNoEntry: false })?.ino ?? ino;
    if (now !== ino) renamedAtMs.push(performance.now());
    ino = now;
  }, 1);
  return { renamedAtMs, stop: () => clearInterval(timer) };
}
