import type { Clock } from "../../../base/clock.ts";
import { CatalogError } from "../../catalog/catalog-error.ts";
import type { EventStreamState } from "../../catalog/source.ts";
import type { LinesListener } from "../../http/follow-lines.ts";
import { fullJitterMs } from "../../polling/backoff.ts";
import { decodeEventLine, type NomadEvent } from "./decode-line.ts";

export interface SupervisedStreamOptions {
  /** Follows the stream once, until it ends; rejects with a CatalogError. */
  follow(listener: LinesListener, signal: AbortSignal): Promise<void>;
  /** The token that would be asked with now. */
  currentToken(): string | Promise<string>;
  /** Whether there are connections enough for one that is held for ever. */
  mayHold(): boolean;
  readonly clock: Clock;
  /** A number in [0, 1). */
  random(): number;
  /** The state, and what brought it where that is a trouble. */
  became(state: EventStreamState["state"], error?: CatalogError): void;
  told(events: readonly NomadEvent[]): void;
  /** Events may have been lost: the stream was opened again, or a line could not be read. */
  doubted(): void;
}

/** Nomad says `{}` at once where it lets listen, … */
const FIRST_LINE_MS = 2_000;
/** … and then every 30 s. */
const NEXT_LINE_MS = 45_000;
const ANSWER_MS = 10_000;
/** How often time, token and connections are looked at. */
const TICK_MS = 1_000;
/** The pause after an end: full jitter below a ceiling that doubles, up to this; where it has never been heard, up to the later one. */
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;
const LONGEST_NEVER_HEARD_MS = 60_000;
/** The pause after silence, by half at most shorter: rights are given by people. */
const FIRST_SILENCE_MS = 5_000;
const LONGEST_SILENCE_MS = 300_000;

/** Why a stream has ended: by us, or by the catalog. */
type End = "silent" | "token" | "short" | CatalogError;

/**
 * Keeps one event stream open until aborted. Its end, an error, silence and a token that is another by now lead to the next
 * attempt. Nothing that it says is believed: `told` says where to look, and `doubted` that everything is to be looked at.
 */
export async function superviseStream(options: SupervisedStreamOptions, signal: AbortSignal): Promise<void> {
  const { clock, random, became } = options;
  let wasHeard = false;
  let failures = 0;
  let silences = 0;

  function heard(): void {
    failures = 0;
    silences = 0;
    became("heard");
    // Whatever happened between two streams was told to neither of them.
    if (wasHeard) options.doubted();
    wasHeard = true;
  }

  async function followOnce(): Promise<End> {
    const ending = new AbortController();
    const over = AbortSignal.any([signal, ending.signal]);
    let end: End | undefined;
    let dueAtMs = clock.nowMs() + ANSWER_MS;
    let usedToken: string | undefined;
    let isHeard = false;

    /** Whether the stream is to be given up now, and why. */
    async function judge(): Promise<End | undefined> {
      if (clock.nowMs() >= dueAtMs) return usedToken !== undefined && !isHeard ? "silent" : tooLate();
      if (!options.mayHold()) return "short";
      if (usedToken !== undefined && (await tokenNow(usedToken)) !== usedToken) return "token";
      return undefined;
    }

    async function watch(): Promise<void> {
      while (!over.aborted) {
        await clock.sleep(TICK_MS, over);
        if (over.aborted) return;
        end = await judge();
        if (end !== undefined) ending.abort();
      }
    }

    const listener: LinesListener = {
      opened(token) {
        usedToken = token;
        dueAtMs = clock.nowMs() + FIRST_LINE_MS;
      },
      line(text) {
        if (over.aborted) return;
        const line = text === undefined ? "garbage" : decodeEventLine(text);
        if (line === "garbage") {
          options.doubted();
          return;
        }
        dueAtMs = clock.nowMs() + NEXT_LINE_MS;
        if (!isHeard) heard();
        isHeard = true;
        if (line !== "heartbeat") options.told(line);
      },
    };

    const watching = watch();
    try {
      await options.follow(listener, over);
      return end ?? new CatalogError("E_CATALOG_CUT", "the event stream has ended");
    } catch (error) {
      if (!(error instanceof CatalogError)) throw error;
      return end ?? error;
    } finally {
      ending.abort();
      await watching;
    }
  }

  /** A login that fails at the moment says nothing against the token that is in use. */
  async function tokenNow(known: string | undefined): Promise<string | undefined> {
    try {
      return await options.currentToken();
    } catch (error) {
      if (!(error instanceof CatalogError)) throw error;
      return known;
    }
  }

  async function pauseAfterSilence(): Promise<void> {
    silences += 1;
    const longestMs = Math.min(LONGEST_SILENCE_MS, FIRST_SILENCE_MS * 2 ** Math.min(silences - 1, 10));
    const untilMs = clock.nowMs() + longestMs * (0.5 + 0.5 * random());
    const before = await tokenNow(undefined);
    while (!signal.aborted && clock.nowMs() < untilMs) {
      await clock.sleep(Math.min(TICK_MS, untilMs - clock.nowMs()), signal);
      if ((await tokenNow(before)) !== before) return;
    }
  }

  async function pauseAfterFailure(): Promise<void> {
    failures += 1;
    const capMs = wasHeard ? LONGEST_PAUSE_MS : LONGEST_NEVER_HEARD_MS;
    await clock.sleep(fullJitterMs({ firstMs: FIRST_PAUSE_MS, capMs }, failures, random()), signal);
  }

  while (!signal.aborted) {
    const end = options.mayHold() ? await followOnce() : "short";
    if (signal.aborted) return;
    if (end === "token") {
      became(wasHeard ? "lost" : "opening");
    } else if (end === "short") {
      became("waiting");
      await clock.sleep(TICK_MS, signal);
    } else if (end === "silent" || end.catalogCode === "E_CATALOG_DENIED") {
      became("silent", end === "silent" ? undefined : end);
      await pauseAfterSilence();
    } else {
      became(wasHeard ? "lost" : "opening", end);
      await pauseAfterFailure();
    }
  }
}

function tooLate(): CatalogError {
  return new CatalogError("E_CATALOG_TIMEOUT", "the event stream has said nothing for too long");
}
