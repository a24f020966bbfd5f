import { send, textAnswer } from "../api/answer.ts";
import type { Fault } from "../api/exchange.ts";
import { EVENT_STREAM } from "./events/event-stream.ts";

/** Where the server itself or the client on the same agent answers, whether there is a leader or not. */
const OF_THE_AGENT = /^\/v1\/(?:client\/|agent\/|regions$)/;

/**
 * Servers that have never heard of a leader, as after a restart without a quorum: stale reads say that the last contact
 * was Go's longest duration ago, all else is refused. Streams and queries that are open already are left to themselves.
 */
export function losesNomadLeader(): Fault {
  return async ({ request, response, answer }) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://catalog.invalid");
    if (pathname === EVENT_STREAM || OF_THE_AGENT.test(pathname)) return send(response, await answer());
    if (!searchParams.has("stale")) return send(response, textAnswer(500, "No cluster leader"));
    const { headers, ...truth } = await answer();
    const contact = { "X-Nomad-Knownleader": "false", "X-Nomad-Lastcontact": "9223372036854" };
    return send(response, { ...truth, headers: { ...headers, ...contact } });
  };
}
