import { AppError } from "../../base/errors.ts";
import { type Answer, jsonAnswer, textAnswer } from "../api/answer.ts";
import { parseIndex, parseWaitMs, watchQuery } from "../api/blocking.ts";
import type { CatalogRequest } from "../api/listener.ts";
import type { NomadCatalog } from "./catalog.ts";
import { denied, endpointOf } from "./endpoints.ts";
import { answerEventStream, EVENT_STREAM } from "./events/event-stream.ts";
import { answerParse, PARSE } from "./parse-job.ts";
import type { NomadQuery } from "./queries/query.ts";
import { rightsOf } from "./rights.ts";
import type { Waiting } from "./waiting.ts";

/** Nomad's longest wait, and the one that it takes where none is asked for. */
const WAIT_MAX_MS = 5 * 60_000;

/** Told to any client, whatever its token. */
const FACTS: Readonly<Record<string, (catalog: NomadCatalog) => unknown>> = {
  "/v1/status/leader": () => "127.0.0.1:4647",
  "/v1/regions": ({ region }) => [region],
  "/v1/agent/health": () => ({ client: { message: "ok", ok: true }, server: { message: "ok", ok: true } }),
};

/** One request to the API → its answer, after the wait that it asks for. Rejects on a bug of ours only. */
export async function answerNomadRequest(
  catalog: NomadCatalog,
  request: CatalogRequest,
  waiting: Waiting,
): Promise<Answer> {
  const { pathname, searchParams: params } = new URL(request.url ?? "/", "http://catalog.invalid");
  const fact = FACTS[pathname];
  const found = endpointOf(pathname);
  if (fact === undefined && found === undefined && pathname !== EVENT_STREAM && pathname !== PARSE)
    return textAnswer(404, "");
  if (pathname === PARSE && request.method === "POST") return answerParse(catalog, request);
  if (request.method !== "GET") return textAnswer(405, "Invalid method");
  if (fact !== undefined) return jsonAnswer(fact(catalog));
  const region = params.get("region") ?? catalog.region;
  if (region !== catalog.region) return textAnswer(500, "No path to region");
  const secret = String(request.headers["x-nomad-token"] ?? "");
  if (found === undefined) return answerEventStream(catalog, { params, secret }, waiting);
  const rights = rightsOf(catalog.tokens, secret);
  if (rights === undefined) return denied();
  try {
    const asked = { catalog, name: found.name, params, namespace: params.get("namespace") ?? "default", rights };
    const answer = found.endpoint(asked);
    return typeof answer === "function" ? await answerQuery(catalog, answer, params, waiting) : answer;
  } catch (error) {
    if (error instanceof AppError && error.code === "E_SIMULATOR_FILTER") return textAnswer(400, error.message);
    throw error;
  }
}

async function answerQuery(
  catalog: NomadCatalog,
  query: NomadQuery,
  params: URLSearchParams,
  { clock, gone }: Waiting,
): Promise<Answer> {
  const minIndex = parseIndex(params.get("index") ?? "");
  const waitMs = parseWaitMs(params.get("wait") ?? "");
  if (waitMs === undefined) return textAnswer(400, "Invalid wait time");
  if (minIndex === undefined) return textAnswer(400, "Invalid index");
  const view = await watchQuery(catalog, query, { minIndex, waitMs: Math.min(waitMs, WAIT_MAX_MS), clock, gone });
  const headers = {
    "X-Nomad-Index": String(view.index),
    "X-Nomad-Knownleader": "true",
    "X-Nomad-Lastcontact": "0",
  };
  return view.missing === undefined ? jsonAnswer(view.body, headers) : textAnswer(404, view.missing, headers);
}
