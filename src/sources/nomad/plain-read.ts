import type { Consistency } from "../catalog/catalog-client.ts";
import type { CatalogHttp, CatalogQuery } from "../http/catalog-http.ts";
import { pathWithParameters } from "./path-with-parameters.ts";

/** A question that is answered at once, whatever the index. */
export interface PlainQuestion<T> extends Omit<CatalogQuery<T>, "ask"> {
  /** Below `/v1`, with names. */
  readonly path: string;
  /** Without the region. What is undefined is left out. */
  readonly parameters?: Readonly<Record<string, string | undefined>>;
  /** Default: `default`, by the leader. */
  readonly consistency?: Consistency;
}

/** Rejects with a CatalogError only. */
export type PlainRead = <T>(question: PlainQuestion<T>, signal: AbortSignal) => Promise<T>;

/** Reads a Nomad of this region without waiting for news. */
export function createPlainRead(read: CatalogHttp["read"], region: string | undefined): PlainRead {
  return async <T>(question: PlainQuestion<T>, signal: AbortSignal): Promise<T> => {
    const { path, parameters, consistency = "default", ...query } = question;
    const asked: CatalogQuery<T> = {
      ...query,
      ask: (request) => request.get(pathWithParameters(path, { ...parameters, region }, request)),
    };
    return (await read(asked, { index: 0n, consistency, signal })).value;
  };
}
