/** How far one file must lie behind the other, so that Traefik has taken the first and has time to answer requests. */
export interface FileDistance {
  /** A file with so many routers lies where Traefik reads it. */
  published(routers: number, nowMs: number): void;
  /** Traefik has been asked for the last file: it has it, or not yet; undefined where that could not be told. */
  told(isTaken: boolean | undefined, nowMs: number): void;
  /** From when on the next file may follow. */
  nextFileAtMs(): number;
  /** From when on it is worth asking Traefik whether it has the last file; infinite where nothing depends on it any more. */
  askAtMs(): number;
}

/**
 * How long Traefik is busy with a file of so many routers, in milliseconds, where it has not been seen. Measured with 3.6.12 on
 * two processors: some 50 ms for the certificate that it makes for hosts without one (5 ms where it has one), 0.03 ms for each
 * router, and much more for many of them, since it sorts all that it has whenever it adds one.
 */
export function usualBusyMs(routers: number): number {
  return 50 + 0.03 * routers * (1 + routers / 2_500);
}

/** A machine may be that much faster or slower than the one of the figures above. More is not believed of an API. */
const FASTEST = 0.5;
const SLOWEST = 4;
/** Traefik's throttle makes some files late, on a machine of any speed: the fastest of these files counts. */
const FILES_REMEMBERED = 8;
/** Of its time that Traefik may spend on files while they never end. */
const BUSY_SHARE = 2 / 3;

/**
 * The next file may follow when Traefik has taken the last one:
 *
 * | what its API says | the last file counts as taken |
 * |---|---|
 * | nothing: it is not named, away, refuses, or names nothing that has changed | after the time that Traefik is expected to take |
 * | it has the file | at once |
 * | not yet | when it has, and at the latest after `SLOWEST` times the usual time |
 *
 * The first files of a burst follow each other like that. After a few Traefik rests besides, so that a burst that never ends takes
 * `BUSY_SHARE` of its time, of one processor. What is expected is the usual time, times how this Traefik compares with
 * that, where it has been seen to take files.
 */
export function createFileDistance(): FileDistance {
  let publishedAtMs = Number.NEGATIVE_INFINITY;
  let usualMs = 0;
  let expectedMs = 0;
  let takenAtMs = Number.NEGATIVE_INFINITY;
  /** When the work of all files so far would be done by a Traefik that spends `BUSY_SHARE` of its time on them. */
  let workedOffAtMs = Number.NEGATIVE_INFINITY;
  let askAtMs = Number.POSITIVE_INFINITY;
  let wasUntaken = false;
  /** Of the last files whose taking was seen: how many times the usual time each took. */
  const seen: number[] = [];

  return {
    published(routers, nowMs) {
      publishedAtMs = nowMs;
      usualMs = usualBusyMs(routers);
      expectedMs = usualMs * (seen.length === 0 ? 1 : Math.min(...seen));
      takenAtMs = nowMs + expectedMs;
      workedOffAtMs = Math.max(workedOffAtMs, nowMs) + expectedMs / BUSY_SHARE;
      askAtMs = nowMs + expectedMs / 2;
      wasUntaken = false;
    },
    told(isTaken, nowMs) {
      askAtMs = Number.POSITIVE_INFINITY;
      if (isTaken === undefined) {
        takenAtMs = publishedAtMs + expectedMs;
      } else if (isTaken) {
        takenAtMs = nowMs;
        // Where the first answer is this one, it says nothing of the time.
        if (wasUntaken) seen.push(Math.min(Math.max((nowMs - publishedAtMs) / usualMs, FASTEST), SLOWEST));
        if (seen.length > FILES_REMEMBERED) seen.shift();
      } else {
        wasUntaken = true;
        takenAtMs = publishedAtMs + SLOWEST * usualMs;
        askAtMs = nowMs + pauseMs(usualMs);
      }
    },
    nextFileAtMs: () => Math.max(takenAtMs, workedOffAtMs - expectedMs / BUSY_SHARE),
    askAtMs: () => askAtMs,
  };
}

/** Between two questions: a small part of the time that is waited for, and no more than fifty a second. */
function pauseMs(usualMs: number): number {
  return Math.max(20, usualMs / 16);
}
