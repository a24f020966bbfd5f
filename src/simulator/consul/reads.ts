import { AppError } from "../../base/errors.ts";
import { type Answer, jsonTextAnswer, serverError, textAnswer } from "../api/answer.ts";
import { parseIndex, parseWaitMs, watchQuery } from "../api/blocking.ts";
import { FULL_ACCESS } from "./access.ts";
import { listChecksIn, listChecksOn } from "./check-queries.ts";
import { parseFilter } from "./filter.ts";
import { listNodes, listServices, readNode, readServiceHealth, readServiceInstances } from "./queries.ts";
import type { Route, RouteRequest } from "./route.ts";
import type { CatalogView, Query } from "./view.ts";

/** A GET that may block. */
interface Read {
  readonly path: string;
  /** Consul's complaint where the name is left out. */
  readonly missing?: string;
  /** The agent keeps the answer for requests with `?cached`; elsewhere the word is ignored. */
  readonly isCacheable?: boolean;
  /** Newer versions answer it from their stream of events when it blocks. */
  readonly isStreamed?: boolean;
  readonly query: (name: string, params: URLSearchParams) => Query;
}

const TABLE: readonly Read[] = [
  { path: "/v1/catalog/services", isCacheable: true, query: () => listServices },
  { path: "/v1/catalog/nodes", query: () => listNodes },
  { path: "/v1/catalog/node/", missing: "Missing node name", query: readNode },
  {
    path: "/v1/catalog/service/",
    missing: "Missing service name",
    isCacheable: true,
    query: (name, params) => readServiceInstances(name, params.getAll("tag")),
  },
  {
    path: "/v1/health/service/",
    missing: "Missing service name",
    isCacheable: true,
    isStreamed: true,
    query: (name, params) => readServiceHealth(name, params.getAll("tag"), isSet(params, "passing")),
  },
  {
    path: "/v1/health/state/",
    missing: "Missing check state",
    query: (state, params) => listChecksIn(state, parseFilter(params.get("filter") ?? "")),
  },
  { path: "/v1/health/node/", missing: "Missing node name", query: listChecksOn },
];

/** What shows the catalog, as it is or after a change. */
export const READS: readonly Route[] = TABLE.map((read) => ({
  method: "GET",
  path: read.path,
  answer: (request) => answerRead(read, request),
}));

async function answerRead(read: Read, request: RouteRequest): Promise<Answer> {
  const { agent, secret, name, params, clock, gone } = request;
  const { catalog, acl } = agent;
  if (name === "" && read.missing !== undefined) return textAnswer(400, read.missing);
  const minIndex = parseIndex(params.get("index") ?? "");
  const waitMs = parseWaitMs(params.get("wait") ?? "");
  if (waitMs === undefined) return textAnswer(400, "Invalid wait time");
  if (minIndex === undefined) return textAnswer(400, "Invalid index");
  for (const mode of ["stale", "cached"]) {
    if (params.has(mode) && params.has("consistent")) {
      return textAnswer(400, `Cannot specify ?${mode} with ?consistent, conflicting semantics.`);
    }
  }
  const datacenter = params.get("dc") ?? "";
  if (datacenter !== "" && datacenter !== catalog.datacenter) return serverError(500, "No path to datacenter");

  const isHit = read.isCacheable === true && params.has("cached") && isKnown(request);
  try {
    const query = read.query(name, params);
    const look = (state: typeof catalog.state) => query(state, acl?.access(secret) ?? FULL_ACCESS);
    const isHeld = isHit && look(catalog.state).index > minIndex;
    const view = await watchQuery(catalog, look, { minIndex, waitMs, clock, gone });
    return jsonTextAnswer(view.json, {
      ...headersFor(read, request, view),
      ...cacheHeaders(read, params, isHeld),
    });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === "E_SIMULATOR_FILTER") return serverError(500, error.message);
    if (error.code === "E_SIMULATOR_TOKEN") return serverError(403, error.message);
    throw error;
  }
}

function headersFor(read: Read, { agent, secret, params }: RouteRequest, view: CatalogView): Record<string, string> {
  const headers = {
    "X-Consul-Effective-Consistency": consistencyOf(params),
    "X-Consul-Index": String(view.index),
  };
  const leader = { "X-Consul-Knownleader": "true", "X-Consul-Lastcontact": "0" };
  if (agent.version === "1.8") return { ...headers, ...leader };
  const isStreaming = read.isStreamed === true && (params.has("index") || params.has("cached"));
  return {
    ...headers,
    // The stream knows neither; absent means unknown.
    ...(isStreaming ? {} : leader),
    "X-Consul-Query-Backend": isStreaming ? "streaming" : "blocking-query",
    ...(agent.acl === undefined ? {} : { "X-Consul-Default-Acl-Policy": agent.acl.defaultPolicy }),
    // The anonymous token does not learn that there is more.
    ...(view.isFiltered && secret !== "" ? { "X-Consul-Results-Filtered-By-Acls": "true" } : {}),
  };
}

/** Has the same been asked before, whatever its index and consistency? Remembers that it has now. */
function isKnown({ agent, secret, path, params }: RouteRequest): boolean {
  const asked = new URLSearchParams(params);
  for (const name of ["index", "wait", "stale", "cached", "token"]) asked.delete(name);
  const key = JSON.stringify([secret, path, asked.toString()]);
  const isBefore = agent.cached.has(key);
  agent.cached.add(key);
  return isBefore;
}

/** A hit has an age; the embedded agent never loses its servers by itself, so it is 0. */
function cacheHeaders(read: Read, params: URLSearchParams, isHit: boolean): Record<string, string> {
  if (read.isCacheable !== true || !params.has("cached")) return {};
  return isHit ? { "X-Cache": "HIT", Age: "0" } : { "X-Cache": "MISS" };
}

function consistencyOf(params: URLSearchParams): string {
  if (params.has("stale")) return "stale";
  return params.has("consistent") ? "consistent" : "leader";
}

/** A parameter without a value is set; "false" and its short forms unset it. */
function isSet(params: URLSearchParams, name: string): boolean {
  return params.has(name) && !/^(0|f|false)$/i.test(params.get(name) ?? "");
}
