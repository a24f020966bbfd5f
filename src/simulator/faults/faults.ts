import { once } from "node:events";
import { type Clock, systemClock } from "../../base/clock.ts";
import { breakOff, encode, jsonAnswer, send, serverError, textAnswer } from "../api/answer.ts";
import type { Fault } from "../api/exchange.ts";

export type { Exchange, Fault } from "../api/exchange.ts";
export {
  answersBytes,
  answersEmpty,
  answersWrongType,
  indexGoesBack,
  indexZero,
  noIndexHeader,
} from "./altered.ts";

/** As during an election. */
export function answers500(message = "No cluster leader"): Fault {
  return async ({ response }) => send(response, serverError(500, message));
}

/**
 * A cluster without a leader from now on. Only stale answers come through, with the time since the leader was heard, and
 * what the agent holds for `?cached`; everything else is refused, by Consul itself after some seconds in which it hopes
 * for an election. Queries that are open already are left to their wait; Consul breaks those that wait for the leader.
 */
export function losesLeader(clock: Clock = systemClock): Fault {
  const lostAtMs = clock.nowMs();
  return async ({ request, response, answer }) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://catalog.invalid");
    if (pathname === "/v1/status/leader") return send(response, jsonAnswer(""));
    if (pathname === "/v1/agent/self") return send(response, await answer());
    const lastContactMs = clock.nowMs() - lostAtMs;
    if (searchParams.has("stale") || searchParams.has("cached")) {
      const { headers, ...truth } = await answer();
      if (headers["X-Cache"] === "HIT") return send(response, { headers, ...truth });
      const contact = { "X-Consul-Knownleader": "false", "X-Consul-Lastcontact": String(lastContactMs) };
      if (searchParams.has("stale")) return send(response, { ...truth, headers: { ...headers, ...contact } });
    }
    const message = "No cluster leader";
    return send(response, request.method === "GET" ? serverError(500, message) : textAnswer(500, message));
  };
}

/** As at a rate limit or a limit of connections. */
export function answers429(retryAfterSeconds: number): Fault {
  const answer = textAnswer(429, "Too Many Requests", { "Retry-After": String(retryAfterSeconds) });
  return async ({ response }) => send(response, answer);
}

/** As for a token that was deleted. */
export function answers403(message = "ACL not found"): Fault {
  return async ({ response }) => send(response, serverError(403, message));
}

/** As a login page or a proxy on the way does: success, and not the catalog. */
export function answersHtml(): Fault {
  const headers = { "Content-Type": "text/html; charset=utf-8" };
  return async ({ response }) => send(response, { status: 200, headers, body: "<html><body>Sign in</body></html>" });
}

/** Announces the whole length, sends half and breaks the connection. */
export function cutsMidBody(): Fault {
  return async ({ response, answer }) => {
    const { status, headers, bytes } = await encode(response, await answer());
    response.writeHead(status, headers);
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => breakOff(response));
  };
}

/** Takes the request and never answers. */
export function hangs(): Fault {
  return async ({ gone }) => {
    if (!gone.aborted) await once(gone, "abort");
  };
}

/** Sends the true answer in small pieces: a deadline between bytes does not see it, one for the whole does. */
export function drips({ pieceBytes, everyMs }: { readonly pieceBytes: number; readonly everyMs: number }): Fault {
  return async ({ response, answer, clock, gone }) => {
    const { status, headers, bytes } = await encode(response, await answer());
    response.writeHead(status, headers);
    for (let sent = 0; sent < bytes.length && !gone.aborted; sent += pieceBytes) {
      response.write(bytes.subarray(sent, sent + pieceBytes));
      await clock.sleep(everyMs, gone);
    }
    response.end();
  };
}
