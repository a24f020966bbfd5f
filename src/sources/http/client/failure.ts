/** Codes of errors that are ours, so that the boundary to the rest can tell them from the network's. */
export const CONNECT_TIMEOUT = "PORTOLAN_CONNECT_TIMEOUT";
export const ANSWER_TOO_LARGE = "PORTOLAN_ANSWER_TOO_LARGE";
/** There is no memory for it beside the other answers that are being read. */
export const ANSWERS_TOO_LARGE = "PORTOLAN_ANSWERS_TOO_LARGE";
export const ANSWER_CUT = "PORTOLAN_ANSWER_CUT";
export const CONNECTION_LOST = "PORTOLAN_CONNECTION_LOST";
/** A connection that was new was closed before a byte of an answer. */
export const CLOSED_UNANSWERED = "PORTOLAN_CLOSED_UNANSWERED";
/** Node's own code for what was given up by its signal. */
export const ABORTED = "ABORT_ERR";

/** An error that says nothing but its code, and the path of the socket that was asked, where it was one. */
export function failure(code: string, socketPath?: string): Error {
  return Object.assign(new Error(code), { code, ...(socketPath === undefined ? {} : { socketPath }) });
}
