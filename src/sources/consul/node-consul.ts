import Consul from "consul";
import type { HttpAnswer } from "../http/client/connections.ts";

/**
 * What a request carries through node-consul: it passes by untouched, so that neither token nor signal is known there.
 */
export interface CallContext {
  /** Parameters that node-consul drops. */
  readonly query: Readonly<Record<string, string>>;
  /** Sends the request that node-consul has put together: with the token, to its end by signal, deadline or size. */
  get(path: string): Promise<HttpAnswer>;
}

/** What node-consul makes parameters of. An option that is undefined must be absent, but for the first four. */
export interface CallOptions {
  readonly dc: string | undefined;
  readonly partition: string | undefined;
  readonly stale: boolean;
  readonly consistent: boolean;
  readonly index?: string;
  readonly wait?: string;
  readonly filter?: string;
  readonly ctx: CallContext;
}

/** The methods of node-consul that are used, each resolving with the answer as it came. */
export interface NodeConsul {
  readonly catalog: {
    readonly service: { list(options: CallOptions): Promise<HttpAnswer> };
    readonly node: {
      list(options: CallOptions): Promise<HttpAnswer>;
      services(options: CallOptions & { readonly node: string }): Promise<HttpAnswer>;
    };
  };
  readonly health: {
    node(options: CallOptions & { readonly node: string }): Promise<HttpAnswer>;
    service(options: CallOptions & { readonly service: string }): Promise<HttpAnswer>;
    state(options: CallOptions & { readonly state: string }): Promise<HttpAnswer>;
  };
}

/** The two hooks of papi, on which node-consul is built: before the URL is made, and before the request is sent. */
interface Papi {
  _ext(hook: "onCreate" | "onRequest", extension: (call: Call, next: Next) => void): void;
}

interface Call {
  readonly opts: { readonly ctx: CallContext; readonly query: Record<string, string> };
  /** From `onRequest` on. */
  readonly req: { readonly path: string };
}

/** Goes on; or ends papi's part: with an error, which must be an `Error`, else it would pass as an answer; or an answer. */
type Next = (goesOn?: false, error?: Error, answer?: HttpAnswer) => void;

/** Never asked: requests are sent by our HTTP client. So that nothing precedes the paths of the API. */
const NOWHERE = "http://consul.invalid";

/**
 * node-consul, which knows Consul's API: it puts a request together, from the method's name to the path and its
 * parameters, and opens no socket. Its own types know neither `ctx` nor that an answer comes as it is, hence the one cast.
 */
export function createNodeConsul(): NodeConsul {
  const consul = new Consul({ baseUrl: NOWHERE } as object) as unknown as NodeConsul & Papi;
  consul._ext("onCreate", ({ opts }, next) => {
    Object.assign(opts.query, opts.ctx.query);
    next();
  });
  consul._ext("onRequest", ({ opts, req }, next) => {
    opts.ctx.get(req.path).then(
      (answer) => next(false, undefined, answer),
      (error: unknown) => next(false, error instanceof Error ? error : new Error("the request failed")),
    );
  });
  return consul;
}
