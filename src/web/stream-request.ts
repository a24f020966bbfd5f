import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { AppError } from "../base/errors.ts";

/** Whether a request asks for a stream of what happens, and not for what has happened. */
export function asksForStream({ method, headers }: Pick<IncomingMessage, "method" | "headers">): boolean {
  const accepted = (headers.accept ?? "").split(",").map((one) => one.split(";", 1)[0]?.trim().toLowerCase());
  return method === "GET" && accepted.includes("text/event-stream");
}

/**
 * The id up to which the client was told everything: its browser's word, else the parameter `after`; undefined for one that comes
 * for the first time. Throws AppError (E_API_QUERY) for another parameter, or another value.
 */
export function resumedAfter(query: URLSearchParams, headers: IncomingHttpHeaders): number | undefined {
  const [other] = [...query.keys()].filter((name) => name !== "after");
  if (other !== undefined) {
    throw refused(
      `found the parameter ${JSON.stringify(other.slice(0, 80))}; a stream tells everything to all: after is allowed; with a filter /v1/events is asked without Accept: text/event-stream`,
    );
  }
  const [inQuery = "0", twice] = query.getAll("after");
  if (twice !== undefined) throw refused("found after twice; it is allowed once");
  const [name, text] =
    headers["last-event-id"] === undefined ? ["after", inQuery] : ["Last-Event-ID", String(headers["last-event-id"])];
  if (!/^\d{1,15}$/.test(text)) {
    throw refused(`${name}: found ${JSON.stringify(text.slice(0, 80))}; the id of the last event is allowed`);
  }
  return Number(text) === 0 ? undefined : Number(text);
}

function refused(message: string): AppError {
  return new AppError(`/v1/events: ${message}`, { code: "E_API_QUERY", retryable: false });
}
