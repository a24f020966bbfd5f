import type { Clock } from "../../base/clock.ts";
import type { Answer } from "../api/answer.ts";
import type { Found } from "../api/body.ts";
import type { Catalog } from "../state/catalog.ts";
import type { Access } from "./access.ts";

/** Which Consul's headers are sent; the data are those of 1.8 always. */
export type ConsulVersion = "1.8" | "1.13";

/** Tokens and their rights, as the catalog's API asks for them. */
export interface AccessControl {
  /** What a token may do about which its policies say nothing. */
  readonly defaultPolicy: "allow" | "deny";
  /** The rights of a secret, "" the anonymous one. Throws E_SIMULATOR_TOKEN where there is no such token (any more). */
  access(secret: string): Access;
  /** Its own part of the API. */
  readonly routes: readonly Route[];
}

/** One agent: a catalog, the rights of its tokens, and what is remembered for `?cached`. */
export interface Agent {
  readonly catalog: Catalog;
  /** Undefined where every request may do everything. */
  readonly acl: AccessControl | undefined;
  readonly version: ConsulVersion;
  /** The cached queries that have been asked before. */
  readonly cached: Set<string>;
}

/** One request to a route. */
export interface RouteRequest {
  readonly agent: Agent;
  /** The secret of the request's token; "" without one. */
  readonly secret: string;
  readonly path: string;
  /** What follows the path of a route that ends with a slash. */
  readonly name: string;
  readonly params: URLSearchParams;
  /** Parsed; rejects with E_SIMULATOR_BODY where it is no JSON. */
  body(): Promise<Found>;
  readonly clock: Clock;
  /** Aborted when the client has gone or the server closes. */
  readonly gone: AbortSignal;
}

export interface Route {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  /** One that ends with a slash takes a name. */
  readonly path: string;
  readonly answer: (request: RouteRequest) => Promise<Answer>;
}
