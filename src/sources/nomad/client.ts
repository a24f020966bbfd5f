import type { BlockingAnswer } from "../blocking-query.ts";
import type { CatalogClient, CatalogRead } from "../catalog-client.ts";
import { CatalogError } from "../catalog-error.ts";
import type { ConnectionBudget } from "../connection-budget.ts";
import { deadlineMs, withDeadline } from "../deadline.ts";
import { requireJson } from "../decode-answer.ts";
import type { CatalogEndpoint } from "../endpoint.ts";
import { hideToken, statusError, toCatalogError } from "../error-boundary.ts";
import { createHttpClient } from "../http-client.ts";
import { NOMAD } from "../product.ts";
import { type TokenReader, withToken } from "../token.ts";
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
  const http = createHttpClient(endpoint, options);

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
    const ask = async (token: string): Promise<BlockingAnswer<T>> => {
      options.requested(query.endpoint);
      try {
        const headers = token === "" ? {} : { "X-Nomad-Token": token };
        const answer = await withDeadline(endsAfterMs, signal, (ending) =>
          http({ url: query.path, params, headers, signal: ending }),
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
        throw toCatalogError(error, query.endpoint, token, NOMAD);
      }
    };
    return await budget.spend(() => withToken(readToken, signal, ask));
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
