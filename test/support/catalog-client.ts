/** Consul's API as a test speaks it: nothing is hidden, nothing retried. */
export interface CatalogClient {
  /** GET; `params` are appended as they are: "index=3&wait=1s". The path may already have a query. */
  get(path: string, params?: string): Promise<CatalogAnswer>;
  /** PUT /v1/catalog/register; fails unless the answer is 200. */
  register(body: object): Promise<void>;
  /** PUT /v1/catalog/deregister; fails unless the answer is 200. */
  deregister(body: object): Promise<void>;
  /** PUT with any body, whatever the answer. */
  put(path: string, body: string): Promise<CatalogAnswer>;
  /** Any method, whatever the answer. */
  call(method: string, path: string, body?: object): Promise<CatalogAnswer>;
}

export interface CatalogAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** X-Consul-Index; NaN where there is none. */
  readonly index: number;
  /** Parsed where it is JSON, else the text. */
  readonly body: unknown;
  readonly elapsedMs: number;
}

/** A client for the catalog at a URL; with a token it is sent along. */
export function createCatalogClient(url: string, token = ""): CatalogClient {
  async function call(path: string, init: RequestInit): Promise<CatalogAnswer> {
    const startMs = performance.now();
    // A connection of its own each time: a kept one may have died with a server that came back on the same port.
    const response = await fetch(url + path, {
      ...init,
      headers: { Connection: "close", ...(token === "" ? {} : { "X-Consul-Token": token }) },
    });
    const text = await response.text();
    const { status, headers } = response;
    const isJson = headers.get("content-type") === "application/json";
    return {
      status,
      headers,
      index: Number.parseInt(headers.get("x-consul-index") ?? "", 10),
      body: isJson ? JSON.parse(text) : text,
      elapsedMs: performance.now() - startMs,
    };
  }

  async function write(path: string, body: object): Promise<void> {
    const answer = await call(path, { method: "PUT", body: JSON.stringify(body) });
    if (answer.status !== 200) throw new Error(`PUT ${path} answered ${answer.status}: ${String(answer.body)}`);
  }

  return {
    get: (path, params = "") => call(params === "" ? path : `${path}${path.includes("?") ? "&" : "?"}${params}`, {}),
    register: (body) => write("/v1/catalog/register", body),
    deregister: (body) => write("/v1/catalog/deregister", body),
    put: (path, body) => call(path, { method: "PUT", body }),
    call: (method, path, body) => call(path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }),
  };
}
