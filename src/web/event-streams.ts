import type { ServerResponse } from "node:http";
import { AppError } from "../base/errors.ts";
import { KEEP_ALIVE } from "../observe/live/frame.ts";
import type { LiveFeed } from "../observe/live/live-feed.ts";
import { clientOf } from "./client-of.ts";
import { createShares } from "./shares.ts";

/** How much of the listener streams may take up. */
export interface StreamLimits {
  /** Of all clients together. */
  readonly streams: number;
  readonly keepAliveMs: number;
  /** A stream whose client takes nothing of what waits for it is cut off after this time. */
  readonly stalledMs: number;
}

/** The streams that are open: server-sent events, the same for each. */
export interface EventStreams {
  /** Whether one more stream may be opened for a client at this address; one of a greedier client gives way. */
  admit(address: string | undefined): boolean;
  /** Why no more are admitted. */
  full(): AppError;
  /**
   * Answers the request with a stream.
   *
   * @param after the id up to which the client was told everything; undefined for one that comes for the first time
   */
  open(response: ServerResponse, headers: Readonly<Record<string, string>>, after: number | undefined): void;
  /** There are new frames. */
  told(): void;
  close(): void;
}

interface Stream {
  readonly response: ServerResponse;
  position: number;
  /** Since when its client has taken nothing. */
  stalledSinceMs: number | undefined;
  hasWritten: boolean;
}

export function createEventStreams(feed: LiveFeed, limits: StreamLimits): EventStreams {
  const streams = createShares<Stream>();
  const timer = setInterval(tick, limits.keepAliveMs);
  timer.unref();

  /** What the client has not taken stays among the frames, and is dropped there; a stream that has come to that point ends. */
  function pump(stream: Stream): void {
    while (stream.stalledSinceMs === undefined) {
      if (feed.frames.isDropped(stream.position)) return void stream.response.destroy();
      const frame = feed.frames.at(stream.position);
      if (frame === undefined) return;
      stream.position += 1;
      write(stream, frame.bytes);
    }
    if (feed.frames.isDropped(stream.position)) stream.response.destroy();
  }

  function write(stream: Stream, bytes: Buffer): void {
    stream.hasWritten = true;
    if (!stream.response.write(bytes)) stream.stalledSinceMs = performance.now();
  }

  function tick(): void {
    for (const stream of streams) {
      const { stalledSinceMs, hasWritten, response } = stream;
      stream.hasWritten = false;
      if (stalledSinceMs === undefined) {
        if (!hasWritten) write(stream, KEEP_ALIVE);
      } else if (performance.now() - stalledSinceMs > limits.stalledMs) response.destroy();
    }
  }

  return {
    full: () =>
      new AppError(
        `${limits.streams} streams are open, as many as are allowed; ask /v1/events?after=ID every few seconds in place of one`,
        { code: "E_API_BUSY", retryable: true },
      ),
    admit(address) {
      if (streams.size < limits.streams) return true;
      const other = streams.takeOldestOfGreedierThan(clientOf(address));
      other?.response.destroy();
      return other !== undefined;
    },
    open(response, headers, after) {
      const { socket } = response;
      const client = clientOf(socket?.remoteAddress);
      socket?.setTimeout(0);
      socket?.setNoDelay(true);
      // A client whose machine has gone is found out by the system.
      socket?.setKeepAlive(true, limits.keepAliveMs);
      // It ends with the connection: chunks would cost each frame some bytes more for each stream.
      response.removeHeader("transfer-encoding");
      const { first, position } = feed.join(after);
      response.writeHead(200, headers);
      const stream: Stream = { response, position, stalledSinceMs: undefined, hasWritten: true };
      streams.add(client, stream);
      // It ends with the connection, whatever the reason.
      response.on("error", () => {});
      response.on("drain", () => {
        stream.stalledSinceMs = undefined;
        pump(stream);
      });
      response.once("close", () => {
        streams.delete(client, stream);
        feed.leave();
      });
      for (const bytes of first) write(stream, bytes);
      pump(stream);
    },
    told() {
      for (const stream of streams) pump(stream);
    },
    close() {
      clearInterval(timer);
      for (const { response } of streams) response.destroy();
    },
  };
}
