import { EventEmitter } from "node:events";
import type { ClientRequest, IncomingMessage } from "node:http";
import Consul from "consul";
import type { BlockingAnswer } from "../blocking-query.ts";
import type { CatalogClient, CatalogRead } from "../catalog-client.ts";
import type { ConnectionBudget } from "../connection-budget.ts";
import { deadlineMs } from "../deadline.ts";
import { requireJson } from "../decode-answer.ts";
import type { CatalogEndpoint } from "../endpoint.ts";
import { hideToken, toCatalogError } from "../error-boundary.ts";
import { guardRequest } from "../guard-request.ts";
import { CONSUL } from "../product.ts";
import { type TokenReader, withToken } from "../token.ts";
import {
  decodeInstances,
  decodeNodeList,
  decodeNodeServices,
  decodeServiceList,
  decodeUnhealthyChecks,
  type NodeRegistration,
  type UnhealthyCheck,
} from "./decode.ts";

/** Checks in one state, or, by a filter that Consul applies, in any but `passing`. */
export type HealthState = "critical" | "warning" | "unhealthy";

/** Consul's catalog: beside the services its checks and nodes, which explain changes without reading every service. */
export interface ConsulClient extends CatalogClient {
  checks(state: HealthState, read: CatalogRead): Promise<BlockingAnswer<readonly UnhealthyCheck[]>>;
  nodes(read: CatalogRead): Promise<BlockingAnswer<ReadonlyMap<string, string>>>;
  nodeServices(node: string, read: CatalogRead): Promise<BlockingAnswer<ReadonlyMap<string, NodeRegistration>>>;
}

export interface ConsulClientOptions {
  readonly endpoint: CatalogEndpoint;
  readonly readToken: TokenReader;
  readonly budget: ConnectionBudget;
  readonly datacenter?: string;
  readonly namespace?: string;
  readonly partition?: string;
  readonly waitMs: number;
  readonly maxAnswerBytes: number;
  requested(endpoint: string): void;
}

type RequestOptions = Record<string, unknown>;

/** The part of node-consul and of the client below it that we use; its own types lack index, wait, ctx and the hooks. */
interface NodeConsul {
  readonly catalog: {
    readonly service: { list(options: RequestOptions): Promise<unknown> };
    readonly node: {
      list(options: RequestOptions): Promise<unknown>;
      services(options: RequestOptions): Promise<unknown>;
    };
  };
  readonly health: {
    service(options: RequestOptions): Promise<unknown>;
    state(options: RequestOptions): Promise<unknown>;
  };
  destroy(): void;
  _ext(event: "onCreate" | "onRequest", hook: (call: PapiCall, proceed: () => void) => void): void;
}

interface PapiCall {
  readonly ctx: CallContext;
  readonly opts: { headers: Record<string, string>; query: Record<string, string> };
  readonly req: { signal?: AbortSignal };
  transport: { request(options: unknown): ClientRequest };
}

/** node-consul hands the raw answer out only through an emitter with this flag; one per call, or listeners pile up. */
class CallContext extends EventEmitter {
  readonly includeResponse = true;
  readonly signal: AbortSignal;
  readonly token: string;

  constructor(signal: AbortSignal, token: string) {
    super();
    this.signal = signal;
    this.token = token;
  }
}

export function createConsulClient(options: ConsulClientOptions): ConsulClient {
  const { endpoint, readToken, budget, waitMs } = options;
  const scope: Record<string, string> = {};
  if (options.namespace !== undefined) scope["ns"] = options.namespace;
  if (options.partition !== undefined) scope["partition"] = options.partition;

  const consul = new Consul({ ...endpoint }) as unknown as NodeConsul;
  consul._ext("onCreate", (call, proceed) => {
    if (call.ctx.token !== "") call.opts.headers["x-consul-token"] = call.ctx.token;
    // node-consul drops `ns` and `partition` silently in some methods; here they always reach the wire.
    Object.assign(call.opts.query, scope);
    proceed();
  });
  consul._ext("onRequest", (call, proceed) => {
    const { transport } = call;
    call.req.signal = call.ctx.signal;
    call.transport = { request: (request) => guardRequest(transport.request(request), options.maxAnswerBytes) };
    proceed();
  });

  async function read<T>(
    name: string,
    call: (request: RequestOptions) => Promise<unknown>,
    decode: (body: unknown) => T,
    { index, consistency, signal }: CatalogRead,
  ): Promise<BlockingAnswer<T>> {
    const blocks = index > 0n;
    const request: RequestOptions = {
      timeout: deadlineMs(blocks ? waitMs : 0),
      ...(blocks ? { index: index.toString(), wait: `${waitMs}ms` } : {}),
      ...(options.datacenter === undefined ? {} : { dc: options.datacenter }),
      ...(consistency === "default" ? {} : { [consistency]: true }),
    };
    const ask = async (token: string): Promise<BlockingAnswer<T>> => {
      options.requested(name);
      try {
        const ctx = new CallContext(signal, token);
        const [answer, body] = (await call({ ...request, ctx })) as [IncomingMessage, unknown];
        const index = header(answer, "x-consul-index");
        requireJson(header(answer, "content-type"), CONSUL);
        return { index: index === undefined ? undefined : hideToken(index, token), value: decode(body) };
      } catch (error) {
        throw toCatalogError(error, name, token, CONSUL);
      }
    };
    return await budget.spend(() => withToken(readToken, signal, ask));
  }

  return {
    services: (how) => read("/v1/catalog/services", (r) => consul.catalog.service.list(r), decodeServiceList, how),
    instances: (service, how) =>
      read("/v1/health/service", (r) => consul.health.service({ ...r, service }), decodeInstances, how),
    checks: (state, how) => {
      const asked = state === "unhealthy" ? { state: "any", filter: 'Status != "passing"' } : { state };
      return read("/v1/health/state", (r) => consul.health.state({ ...r, ...asked }), decodeUnhealthyChecks, how);
    },
    nodes: (how) => read("/v1/catalog/nodes", (r) => consul.catalog.node.list(r), decodeNodeList, how),
    nodeServices: (node, how) =>
      read("/v1/catalog/node", (r) => consul.catalog.node.services({ ...r, node }), decodeNodeServices, how),
    target: (service) => (service === undefined ? "/v1/catalog/services" : `/v1/health/service/${service}`),
    close: () => consul.destroy(),
  };
}

function header(answer: IncomingMessage, name: string): string | undefined {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
