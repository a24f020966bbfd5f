import { printable } from "../../base/printable.ts";

/** What a stream is told at once, as it goes over the wire: https://html.spec.whatwg.org/multipage/server-sent-events.html */
export interface Frame {
  /** Up to which everything has been told with it: a stream is resumed behind it. */
  readonly id: number;
  readonly bytes: Buffer;
}

/** What happens in a stream of /v1/events: docs/api.md says what each has for its data. */
export const FRAME_EVENTS = ["change", "routes", "status", "missed"] as const;

export type FrameEvent = (typeof FRAME_EVENTS)[number];

/**
 * @param data of JSON, which is one line; what would be no harmless text in a terminal is escaped
 * @param id left out of what does not move the place at which a stream is resumed
 */
export function frameBytes(event: FrameEvent, data: string, id?: number): Buffer {
  const place = id === undefined ? "" : `id: ${id}\n`;
  return Buffer.from(`event: ${event}\n${place}data: ${printable(data)}\n\n`);
}

/** The place at which the stream is resumed; a browser waits two seconds before it does. */
export function placeBytes(id: number): Buffer {
  return Buffer.from(`retry: 2000\nid: ${id}\n\n`);
}

/** Something happened that the stream was not told. */
export const MISSED = frameBytes("missed", "{}");

/** By it both ends see that the stream is alive. */
export const KEEP_ALIVE = Buffer.from(": alive\n\n");
