import { z } from "zod";
import type { KeptState, StoredSlice } from "../daemon/kept-state.ts";

const owner = z.object({ service: z.string(), goneAtMs: z.number().exactOptional() });

const keptState = z.object({
  owners: z.record(z.string(), owner),
  leftAtMs: z.record(z.string(), z.number()),
});

const storedSlice = z.object({
  source: z.string(),
  readAtMs: z.number(),
  instances: z.array(
    z.object({
      service: z.string(),
      id: z.string(),
      node: z.string(),
      datacenter: z.string(),
      namespace: z.string(),
      nodeAddress: z.string(),
      address: z.string(),
      port: z.number(),
      tags: z.array(z.string()),
      checks: z.array(z.object({ id: z.string(), name: z.string(), status: z.string() })),
      createIndex: z.number(),
    }),
  ),
});

/** What an earlier run kept beside the chart; undefined where the file holds something else. */
export function decodeKeptState(value: unknown): KeptState | undefined {
  return keptState.safeParse(value).data;
}

/** The last good slice of an earlier run; undefined where the file holds something else. */
export function decodeStoredSlice(value: unknown): StoredSlice | undefined {
  return storedSlice.safeParse(value).data;
}
