import { z } from "zod";
import { PRODUCTS } from "../catalog/product.ts";
import { decodeAnswer } from "../http/decode-answer.ts";

/** `/v1/job/ID`: whether it was stopped, which one that is scaled to zero was not. Throws E_CATALOG_SHAPE for anything else. */
export function decodeJobStop(body: unknown): boolean {
  return decodeAnswer(z.object({ Stop: z.boolean() }), body, "/v1/job", PRODUCTS.nomad).Stop;
}
