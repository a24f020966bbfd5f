import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { type Answer, jsonAnswer, jsonTextAnswer, serverError, textAnswer } from "./answer.ts";
import { parseIndex, parseWaitMs, watchQuery } from "./blocking.ts";
import type { Catalog } from "./catalog.ts";
import { decodeDeregistration, decodeRegistration } from "./decode.ts";
import { parseFilter } from "./filter.ts";
import type { CatalogRequest } from "./listener.ts";
import {
  listChecksIn,
  listChecksOn,
  listNodes,
  listServices,
  type Query,
  readNode,
  readServiceHealth,
  readServiceInstances,
} from "./queries.ts";

/** A GET that may block. The name is the rest of the path; where one is needed, `missing` is Consul's complaint. */
interface ReadRoute {
  readonly prefix: string;
  readonly missing?: string;
  readonly query: (name: string, params: URLSearchParams) => Query;
}

const READS: readonly ReadRoute[] = [
  { prefix: "/v1/catalog/services", query: () => listServices },
  { prefix: "/v1/catalog/nodes", query: () => listNodes },
  { prefix: "/v1/catalog/node/", missing: "Missing node name", query: readNode },
  {
    prefix: "/v1/catalog/service/",
    missing: "Missing service name",
    query: (name, params) => readServiceInstances(name, params.getAll("tag")),
  },
  {
    prefix: "/v1/health/service/",
    missing: "Missing service name",
    query: (name, params) => readServiceHealth(name, params.getAll("tag"), isSet(params, "passing")),
  },
  {
    prefix: "/v1/health/state/",
    missing: "Missing check state",
    query: (state, params) => listChecksIn(state, parseFilter(params.get("filter") ?? "")),
  },
  { prefix: "/v1/health/node/", missing: "Missing node name", query: listChecksOn },
];

const WRITES: Readonly<Record<string, (catalog: Catalog, body: unknown) => void>> = {
  "/v1/catalog/register": (catalog, body) => catalog.register(decodeRegistration(body)),
  "/v1/catalog/deregister": (catalog, body) => catalog.deregister(decodeDeregistration(body)),
};

const FACTS: Readonly<Record<string, (catalog: Catalog) => unknown>> = {
  "/v1/status/leader": () => "127.0.0.1:8300",
  "/v1/agent/self": ({ datacenter, server }) => ({
    Config: { Datacenter: datacenter, NodeName: server, Revision: "", Server: true, Version: "1.8.7" },
    DebugConfig: {},
    Member: { Name: server, Addr: "127.0.0.1", Port: 8301, Status: 1 },
    Meta: { "consul-network-segment": "" },
  }),
};

/** One request to the API → its answer, after the wait that it asks for. Rejects on a bug of ours only. */
export async function answerRequest(
  catalog: Catalog,
  request: CatalogRequest,
  { clock, gone }: { readonly clock: Clock; readonly gone: AbortSignal },
): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://catalog.invalid");
  const write = WRITES[pathname];
  const fact = FACTS[pathname];
  const read = READS.find(({ prefix }) => (prefix.endsWith("/") ? pathname.startsWith(prefix) : pathname === prefix));
  const method = write === undefined ? "GET" : "PUT";

  if (write === undefined && fact === undefined && read === undefined) return textAnswer(404, "");
  if (request.method !== method) {
    return textAnswer(405, `method ${request.method} not allowed`, { Allow: `OPTIONS,${method}` });
  }
  if (write !== undefined) return answerWrite(catalog, write, await readBody(request));
  if (fact !== undefined) return jsonAnswer(fact(catalog));
  if (read === undefined) return textAnswer(404, "");

  const name = decodeURIComponent(pathname.slice(read.prefix.length));
  if (name === "" && read.missing !== undefined) return textAnswer(400, read.missing);
  try {
    return await answerRead(catalog, read.query(name, searchParams), searchParams, { clock, gone });
  } catch (error) {
    if (error instanceof AppError && error.code === "E_SIMULATOR_FILTER") return serverError(500, error.message);
    throw error;
  }
}

function answerWrite(catalog: Catalog, write: (catalog: Catalog, body: unknown) => void, body: string): Answer {
  try {
    write(catalog, parseJson(body));
    return jsonAnswer(true);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return textAnswer(error.code === "E_SIMULATOR_BODY" ? 400 : 500, error.message);
  }
}

async function answerRead(
  catalog: Catalog,
  query: Query,
  params: URLSearchParams,
  { clock, gone }: { readonly clock: Clock; readonly gone: AbortSignal },
): Promise<Answer> {
  const minIndex = parseIndex(params.get("index") ?? "");
  const waitMs = parseWaitMs(params.get("wait") ?? "");
  if (waitMs === undefined) return textAnswer(400, "Invalid wait time");
  if (minIndex === undefined) return textAnswer(400, "Invalid index");
  if (params.has("stale") && params.has("consistent")) {
    return textAnswer(400, "Cannot specify ?stale with ?consistent, conflicting semantics.");
  }
  const datacenter = params.get("dc") ?? "";
  if (datacenter !== "" && datacenter !== catalog.datacenter) return serverError(500, "No path to datacenter");

  const view = await watchQuery(catalog, (state) => query(state), { minIndex, waitMs, clock, gone });
  return jsonTextAnswer(view.json, {
    "X-Consul-Effective-Consistency": consistencyOf(params),
    "X-Consul-Index": String(view.index),
    "X-Consul-Knownleader": "true",
    "X-Consul-Lastcontact": "0",
  });
}

function consistencyOf(params: URLSearchParams): string {
  if (params.has("stale")) return "stale";
  return params.has("consistent") ? "consistent" : "leader";
}

/** A parameter without a value is set; "false" and its short forms unset it. */
function isSet(params: URLSearchParams, name: string): boolean {
  return params.has(name) && !/^(0|f|false)$/i.test(params.get(name) ?? "");
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new AppError("Request decode failed: the body is not JSON", { code: "E_SIMULATOR_BODY", retryable: false });
  }
}

async function readBody(request: CatalogRequest): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
