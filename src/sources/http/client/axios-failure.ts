import { ClientRequest } from "node:http";
import { systemCode } from "../../../base/system-code.ts";
import { isAxiosError, isCancel } from "./axios.ts";
import { ABORTED, ANSWER_CUT, ANSWER_TOO_LARGE, CLOSED_UNANSWERED, failure } from "./failure.ts";

/**
 * What went wrong, as an error that holds a code, or a message where there is no code, and nothing else: axios's own errors
 * hold the request with its token, and the answer, which may echo it.
 *
 * Axios has no code for an answer that is too large, nor for one that was cut: the former is known by the words of its
 * message, the latter by the answer that the error holds. The version is pinned, and both have their tests.
 */
export function withoutRequest(error: unknown): Error {
  if (isCancel(error)) return failure(ABORTED);
  if (isAxiosError(error)) {
    if (error.message.startsWith("maxContentLength size of ")) return failure(ANSWER_TOO_LARGE);
    if (error.response !== undefined) return failure(ANSWER_CUT);
    if (error.code === "ECONNRESET" && wasNew(error.request)) return failure(CLOSED_UNANSWERED);
  }
  const code = systemCode(error);
  return code === undefined ? new Error(error instanceof Error ? error.message : "unknown failure") : failure(code);
}

/** Was the request's connection opened for it? One that was kept may have died at rest. */
export function wasNew(request: unknown): boolean {
  return request instanceof ClientRequest && !request.reusedSocket;
}
