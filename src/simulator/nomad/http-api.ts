import type { Clock } from "../../base/clock.ts";
import { AppError } from "../../base/errors.ts";
import { type Answer, jsonAnswer, textAnswer } from "../api/answer.ts";
import { parseIndex, parseWaitMs, watchQuery } from "../api/blocking.ts";
import type { CatalogRequest } from "../api/listener.ts";
import type { NomadCatalog } from "./catalog.ts";
import { parseFilter } from "./filter.ts";
import {
  ALL_NAMESPACES,
  listAllocations,
  listNamespaces,
  listNodes,
  listServices,
  type NomadQuery,
  readService,
} from "./queries.ts";
import { mayReadJobs, mayReadSomeJobs, type Rights, rightsOf } from "./rights.ts";

/** Nomad's longest wait, and the one that it takes where none is asked for. */
const WAIT_MAX_MS = 5 * 60_000;

const SERVICE_PREFIX = "/v1/service/";

/** A list, and whether a token with these rights gets an answer to a request for this namespace. */
interface ListRoute {
  query(params: URLSearchParams, rights: Rights): NomadQuery;
  isAllowed(namespace: string, rights: Rights): boolean;
}

const LISTS: Readonly<Record<string, ListRoute>> = {
  "/v1/services": {
    query: (params, rights) => listServices(namespaceIn(params), rights),
    isAllowed: (namespace, rights) => namespace === ALL_NAMESPACES || mayReadJobs(rights, namespace),
  },
  "/v1/namespaces": { query: (_, rights) => listNamespaces(rights), isAllowed: () => true },
  "/v1/allocations": {
    query: (params, rights) =>
      listAllocations(
        {
          namespace: namespaceIn(params),
          prefix: params.get("prefix") ?? "",
          hasResources: params.get("resources") === "true",
          hasTaskStates: params.get("task_states") !== "false",
        },
        rights,
      ),
    isAllowed: (namespace, rights) =>
      namespace === ALL_NAMESPACES ? mayReadSomeJobs(rights) : mayReadJobs(rights, namespace),
  },
  "/v1/nodes": {
    query: (params) => listNodes(params.get("resources") === "true"),
    isAllowed: (_, { readNodes = false }) => readNodes,
  },
};

function namespaceIn(params: URLSearchParams): string {
  return params.get("namespace") ?? "default";
}

const FACTS: Readonly<Record<string, (catalog: NomadCatalog) => unknown>> = {
  "/v1/status/leader": () => "127.0.0.1:4647",
  "/v1/regions": ({ region }) => [region],
  "/v1/agent/self": ({ region }) => ({
    config: { Datacenter: "dc1", Region: region, NodeName: "embedded", Version: { Version: "2.0.0" } },
    member: { Name: `embedded.${region}`, Addr: "127.0.0.1", Port: 4648, Status: "alive", Tags: { region } },
    stats: {},
  }),
};

/** One request to the API → its answer, after the wait that it asks for. Rejects on a bug of ours only. */
export async function answerNomadRequest(
  catalog: NomadCatalog,
  request: CatalogRequest,
  waiting: { readonly clock: Clock; readonly gone: AbortSignal },
): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://catalog.invalid");
  const fact = FACTS[pathname];
  const isRead = LISTS[pathname] !== undefined || pathname.startsWith(SERVICE_PREFIX);
  if (fact === undefined && !isRead) return textAnswer(404, "");
  if (request.method !== "GET") return textAnswer(405, "Invalid method");
  if (fact !== undefined) return jsonAnswer(fact(catalog));
  const region = searchParams.get("region") ?? catalog.region;
  if (region !== catalog.region) return textAnswer(500, "No path to region");
  const rights = rightsOf(catalog.tokens, String(request.headers["x-nomad-token"] ?? ""));
  if (rights === undefined || !isAllowed(pathname, searchParams, rights)) return textAnswer(403, "Permission denied");
  try {
    return await answerRead(catalog, queryOf(pathname, searchParams, rights), searchParams, waiting);
  } catch (error) {
    if (error instanceof AppError && error.code === "E_SIMULATOR_FILTER") return textAnswer(400, error.message);
    throw error;
  }
}

function isAllowed(pathname: string, params: URLSearchParams, rights: Rights): boolean {
  const namespace = namespaceIn(params);
  return LISTS[pathname]?.isAllowed(namespace, rights) ?? mayReadJobs(rights, namespace);
}

/** Undefined where the service has no name. */
function queryOf(pathname: string, params: URLSearchParams, rights: Rights): NomadQuery | undefined {
  const list = LISTS[pathname];
  if (list !== undefined) return list.query(params, rights);
  const namespace = namespaceIn(params);
  const name = decodeURIComponent(pathname.slice(SERVICE_PREFIX.length));
  return name === "" ? undefined : readService(namespace, name, parseFilter(params.get("filter") ?? ""));
}

async function answerRead(
  catalog: NomadCatalog,
  query: NomadQuery | undefined,
  params: URLSearchParams,
  waiting: { readonly clock: Clock; readonly gone: AbortSignal },
): Promise<Answer> {
  if (query === undefined) return textAnswer(400, "missing service name");
  const minIndex = parseIndex(params.get("index") ?? "");
  const waitMs = parseWaitMs(params.get("wait") ?? "");
  if (waitMs === undefined) return textAnswer(400, "Invalid wait time");
  if (minIndex === undefined) return textAnswer(400, "Invalid index");
  const view = await watchQuery(catalog, query, { minIndex, waitMs: Math.min(waitMs, WAIT_MAX_MS), ...waiting });
  return jsonAnswer(view.body, {
    "X-Nomad-Index": String(view.index),
    "X-Nomad-Knownleader": "true",
    "X-Nomad-Lastcontact": "0",
  });
}
