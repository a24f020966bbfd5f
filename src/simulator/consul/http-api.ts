import type { Clock } from "../../base/clock.ts";
import { AppError } from "../../base/errors.ts";
import { type Answer, textAnswer } from "../api/answer.ts";
import type { Found } from "../api/body.ts";
import type { CatalogRequest } from "../api/listener.ts";
import { ACL_DISABLED } from "./acl-disabled.ts";
import { FACTS } from "./facts.ts";
import { READS } from "./reads.ts";
import type { Agent, Route, RouteRequest } from "./route.ts";
import { WRITES } from "./writes.ts";

const ROUTES: readonly Route[] = [...READS, ...WRITES, ...FACTS];

/** What the API answers to an error: the status of each code that a route throws. Any other is a bug of ours. */
const STATUS: Readonly<Record<string, number>> = {
  E_SIMULATOR_BODY: 400,
  E_SIMULATOR_TOKEN: 403,
  E_SIMULATOR_DENIED: 403,
  E_SIMULATOR_REFUSED: 500,
};

/** One request to the API → its answer, after the wait that it asks for. Rejects on a bug of ours only. */
export async function answerRequest(
  agent: Agent,
  request: CatalogRequest,
  waiting: { readonly clock: Clock; readonly gone: AbortSignal },
): Promise<Answer> {
  const { pathname: path, searchParams: params } = new URL(request.url ?? "/", "http://catalog.invalid");
  const routes = routesFor([...ROUTES, ...(agent.acl?.routes ?? ACL_DISABLED)], path);
  const route = routes.find(({ method }) => method === request.method);
  if (routes.length === 0) return textAnswer(404, "");
  if (route === undefined) {
    const Allow = ["OPTIONS", ...routes.map(({ method }) => method)].join(",");
    return textAnswer(405, `method ${request.method} not allowed`, { Allow });
  }
  const secret = secretOf(request, params);
  const name = decodeURIComponent(path.slice(route.path.length));
  const asked: RouteRequest = { agent, secret, path, name, params, body: () => readBody(request), ...waiting };
  try {
    return await route.answer(asked);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const status = STATUS[error.code];
    if (status === undefined) throw error;
    return textAnswer(status, error.message);
  }
}

/** Those of a path as it stands before those that take a name: "token/self" names no token. */
function routesFor(all: readonly Route[], path: string): readonly Route[] {
  const exact = all.filter((route) => route.path === path);
  return exact.length > 0 ? exact : all.filter((route) => route.path.endsWith("/") && path.startsWith(route.path));
}

/** Where Consul looks for a token, in its order. */
function secretOf({ headers }: CatalogRequest, params: URLSearchParams): string {
  const bearer = /^Bearer (.*)$/.exec(headers.authorization ?? "")?.[1];
  return [params.get("token"), String(headers["x-consul-token"] ?? ""), bearer].find((secret) => secret) ?? "";
}

async function readBody(request: CatalogRequest): Promise<Found> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const body = Buffer.concat(chunks).toString("utf8");
  try {
    return { value: JSON.parse(body), at: "body" };
  } catch {
    throw new AppError("Request decode failed: the body is not JSON", { code: "E_SIMULATOR_BODY", retryable: false });
  }
}
