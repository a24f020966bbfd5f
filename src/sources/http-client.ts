import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import axios, { type AxiosRequestConfig, type AxiosResponse } from "axios";
import type { CatalogEndpoint } from "./endpoint.ts";
import { guardRequest } from "./guard-request.ts";

/** Asks below an endpoint's base URL. An answer of any status is an answer, with its body as text. */
export type HttpClient = (request: AxiosRequestConfig) => Promise<AxiosResponse<string>>;

/**
 * An HTTP client that judges nothing and follows nothing. It rejects with the library's own error, which holds the request
 * with its token: convert it at once (toCatalogError).
 */
export function createHttpClient(
  { baseUrl, socketPath, agent }: CatalogEndpoint,
  { maxAnswerBytes }: { readonly maxAnswerBytes: number },
): HttpClient {
  const isHttps = baseUrl.startsWith("https:");
  const send = isHttps ? requestHttps : requestHttp;
  const http = axios.create({
    baseURL: baseUrl,
    ...(socketPath === undefined ? {} : { socketPath }),
    ...(isHttps ? { httpsAgent: agent } : { httpAgent: agent }),
    // A proxy from the environment is for the world outside, and an answer that unpacks to gigabytes for nobody.
    proxy: false,
    maxRedirects: 0,
    decompress: false,
    headers: { Accept: "application/json", "Accept-Encoding": "identity" },
    responseType: "text",
    transformResponse: (body: unknown) => body,
    validateStatus: () => true,
  });
  return async (request) => {
    // Of an answer that is cut or too large axios says no more than that it is bad; the guard knows which.
    let guarded: unknown;
    const noteFailure = (error: unknown): void => {
      guarded ??= error;
    };
    const transport = {
      request: (...call: Parameters<typeof requestHttps>) =>
        guardRequest(send(...call), maxAnswerBytes).on("error", noteFailure),
    };
    try {
      return await http.request<string>({ ...request, transport });
    } catch (error) {
      throw guarded ?? error;
    }
  };
}
