import { ClientRequest } from "node:http";
import { systemCode } from "../../../base/system-code.ts";
import { isAxiosError, isCancel } from "./axios.ts";
import { ABORTED, CLOSED_UNANSWERED, failure } from "./failure.ts";

/**
 * What went wrong, as an error that holds a code, or a message where there is no code, and nothing else: axios's own errors
 * hold the request with its token, and the answer, which may echo it.
 *
 * @param socketPath the socket that was asked, where it was one
 */
export function withoutRequest(error: unknown, socketPath?: string): Error {
  if (isCancel(error)) return failure(ABORTED);
  if (isAxiosError(error)) {
    if (error.code === "ECONNRESET" && wasNew(error.request)) return failure(CLOSED_UNANSWERED);
  }
  const code = systemCode(error);
  return code === undefined
    ? new Error(error instanceof Error ? error.message : "unknown failure")
    : failure(code, socketPath);
}

/** Was the request's connection opened for it? One that was kept may have died at rest. */
export function wasNew(request: unknown): boolean {
  return request instanceof ClientRequest && !request.reusedSocket;
}
