import { z } from "zod";
import type { CheckResult } from "../../core/catalog/allocation-health.ts";
import { PRODUCTS } from "../catalog/product.ts";
import { decodeAnswer } from "../http/decode-answer.ts";

/** By the id of the check, which is of no use: it is a hash that changes with the job. */
const checks = z
  .record(z.string(), z.object({ Service: z.string(), Check: z.string(), Status: z.string() }))
  .nullable();

/**
 * `/v1/client/allocation/ID/checks`: the latest result of each check; none where the allocation has no checks, or does not run
 * any more. Throws E_CATALOG_SHAPE for anything else.
 */
export function decodeChecks(body: unknown): readonly CheckResult[] {
  const found = decodeAnswer(checks, body, "/v1/client/allocation/checks", PRODUCTS.nomad);
  return Object.values(found ?? {}).map(({ Service, Check, Status }) => ({
    service: Service,
    name: Check,
    status: Status,
  }));
}
