import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import axios from "axios";
import type { BlockingAnswer } from "../blocking-query.ts";
import type { CatalogClient, CatalogRead } from "../catalog-client.ts";
import { CatalogError } from "../catalog-error.ts";
import type { ConnectionBudget } from "../connection-budget.ts";
import { deadlineMs, withDeadline } from "../deadline.ts";
import { requireJson } from "../decode-answer.ts";
import type { CatalogEndpoint } from "../endpoint.ts";
import { hideToken, statusError, toCatalogError } from "../error-boundary.ts";
import { guardRequest } from "../guard-request.ts";
import { NOMAD } from "../product.ts";
import type { TokenReader } from "../token.ts";
import { decodeInstances, decodeServiceList } from "./decode.ts";
import { splitServiceKey } from "./service-key.ts";

export interface NomadClientOptions {
  readonly endpoint: CatalogEndpoint;
  readonly readToken: TokenReader;
  readonly budget: ConnectionBudget;
  /** Default: the agent's own. */
  readonly region?: string;
  /** `*` for all that the token may read. Default: Nomad's, which is called `default`. */
  readonly namespace?: string;
  readonly waitMs: number;
  readonly maxAnswerBytes: number;
  requested(endpoint: string): void;
}

interface NomadQuery<T> {
  /** The path without names, for reports. */
  readonly endpoint: string;
  readonly path: string;
  readonly namespace: string | undefined;
  decode(body: unknown): T;
}

/** Nomad's native services over HTTP. */
export function createNomadClient(options: NomadClientOptions): CatalogClient {
  const { endpoint, readToken, budget, waitMs } = options;
  const http = createHttpClient(endpoint);
  const send = endpoint.baseUrl.startsWith("https:") ? requestHttps : requestHttp;

  /** What axios sends a request with. */
  function transport(failed: (error: unknown) => void) {
    return {
      request: (...call: Parameters<typeof requestHttps>) =>
        guardRequest(send(...call), options.maxAnswerBytes).on("error", failed),
    };
  }

  async function read<T>(
    query: NomadQuery<T>,
    { index, consistency, signal }: CatalogRead,
  ): Promise<BlockingAnswer<T>> {
    const blocks = index > 0n;
    const params = {
      ...(query.namespace === undefined ? {} : { namespace: query.namespace }),
      ...(options.region === undefined ? {} : { region: options.region }),
      ...(blocks ? { index: index.toString(), wait: `${waitMs}ms` } : {}),
      // Whatever is not stale comes from the leader; Nomad has nothing stronger.
      ...(consistency === "stale" ? { stale: "" } : {}),
    };
    const endsAfterMs = deadlineMs(blocks ? waitMs : 0);
    return await budget.spend(async () => {
      options.requested(query.endpoint);
      const token = readToken();
      // Of an answer that is cut or too large axios says no more than that it is bad; the guard knows which.
      let guarded: unknown;
      const noteFailure = (error: unknown): void => {
        guarded ??= error;
      };
      try {
        const headers = token === "" ? {} : { "X-Nomad-Token": token };
        const answer = await withDeadline(endsAfterMs, signal, (ending) =>
          http.get<string>(query.path, { params, headers, signal: ending, transport: transport(noteFailure) }),
        );
        const header = (name: string) => textOf(answer.headers[name]);
        if (answer.status < 200 || answer.status > 299) {
          throw statusError(answer.status, answer.data, header("retry-after"), NOMAD);
        }
        requireJson(header("content-type"), NOMAD);
        const found = header("x-nomad-index");
        if (found === "0") throw blind();
        return {
          index: found === undefined ? undefined : hideToken(found, token),
          value: query.decode(JSON.parse(answer.data)),
        };
      } catch (error) {
        throw toCatalogError(error instanceof CatalogError ? error : (guarded ?? error), query.endpoint, token, NOMAD);
      }
    });
  }

  return {
    services: (how) =>
      read(
        { endpoint: "/v1/services", path: "/services", namespace: options.namespace, decode: decodeServiceList },
        how,
      ),
    instances(service, how) {
      const { namespace, name } = splitServiceKey(service);
      const path = `/service/${encodeURIComponent(name)}`;
      return read({ endpoint: "/v1/service", path, namespace, decode: decodeInstances }, how);
    },
    target(service) {
      if (service === undefined) return "/v1/services";
      const { namespace, name } = splitServiceKey(service);
      return `/v1/service/${name}?namespace=${namespace}`;
    },
    close: () => endpoint.agent.destroy(),
  };
}

/** An HTTP client that judges nothing and follows nothing: what came is handed over as text. */
function createHttpClient({ baseUrl, socketPath, agent }: CatalogEndpoint) {
  return axios.create({
    baseURL: baseUrl,
    ...(socketPath === undefined ? {} : { socketPath }),
    ...(baseUrl.startsWith("https:") ? { httpsAgent: agent } : { httpAgent: agent }),
    // A proxy from the environment is for the world outside, and an answer that unpacks to gigabytes for nobody.
    proxy: false,
    maxRedirects: 0,
    decompress: false,
    headers: { Accept: "application/json", "Accept-Encoding": "identity" },
    responseType: "text",
    transformResponse: (body: unknown) => body,
    validateStatus: () => true,
  });
}

/** A token that may read no namespace gets status 200, an empty list and index 0: Nomad's own are never below 1. */
function blind(): CatalogError {
  return new CatalogError(
    "E_CATALOG_DENIED",
    `answered with index 0, as Nomad does where a token may read no namespace; ${NOMAD.rights}`,
  );
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
