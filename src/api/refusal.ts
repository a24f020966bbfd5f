import { z } from "zod";

/** How a request is refused: the code is stable, the message names what was found, what is allowed and the remedy. */
export const refusal = z.object({ code: z.string(), message: z.string() });

/** The codes, and the HTTP status that goes with each; what has another code is a 500. */
export const REFUSALS: Readonly<Record<string, number>> = {
  /** A parameter that is not known, or with a value that is not allowed. */
  E_API_QUERY: 400,
  /** What was asked for by name is not there. */
  E_API_NOT_FOUND: 404,
  /** It cannot be told now; later it can. */
  E_API_BUSY: 503,
};

/** By this header an answer shows that it is portolan's, whatever else listens at an address that was mistaken for its own. */
export const SERVER_HEADER = "portolan";
