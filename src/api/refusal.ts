import { CONTRACT } from "./contract.ts";

/** How a request is refused: the code is stable, the message names what was found, what is allowed and the remedy. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

export function isRefusal(found: unknown): found is Refusal {
  return (
    typeof found === "object" &&
    found !== null &&
    typeof Reflect.get(found, "code") === "string" &&
    typeof Reflect.get(found, "message") === "string"
  );
}

/** The codes, and the HTTP status that goes with each; what has another code is a 500. */
export const REFUSALS: Readonly<Record<string, number>> = {
  /** A parameter that is not known, or with a value that is not allowed. */
  E_API_QUERY: 400,
  /** What was asked for by name is not there. */
  E_API_NOT_FOUND: 404,
  /** It cannot be told now; later it can. */
  E_API_BUSY: 503,
};

/**
 * By this header an answer shows that it is portolan's, whatever else listens at an address that was mistaken for its own, and
 * what form its answers have.
 */
export const SERVER_HEADER = `portolan/${CONTRACT}`;

/** Whose answer it is by that header. */
export function answererOf(header: string | string[] | undefined): "same" | "other-version" | "other-program" {
  if (header === SERVER_HEADER) return "same";
  return String(header).split("/", 1)[0] === "portolan" ? "other-version" : "other-program";
}
