import { z } from "zod";
import { PLAIN } from "../core/snapshot.ts";
import type { KeptState, StoredSlice } from "../daemon/kept-state.ts";

const owner = z.object({ service: z.string(), goneAtMs: z.number().exactOptional() });

const keptState = z.object({
  owners: z.record(z.string(), owner),
  leftAtMs: z.record(z.string(), z.number()),
  hosts: z.record(z.string(), z.string()).exactOptional(),
  families: z.record(z.string(), z.array(z.string())).exactOptional(),
  statics: z.record(z.string(), z.string()).exactOptional(),
});

const storedSlice = z.object({
  source: z.string(),
  readAtMs: z.number(),
  instances: z.array(
    z.object({
      catalog: z.enum(["consul", "nomad"]),
      service: z.string(),
      id: z.string(),
      node: z.string(),
      nodeId: z.string(),
      datacenter: z.string(),
      namespace: z.string(),
      job: z.string().exactOptional(),
      nodeAddress: z.string(),
      address: z.string(),
      port: z.number(),
      tags: z.array(z.string()),
      checks: z.array(
        z.object({ id: z.string(), name: z.string(), status: z.string(), ofNode: z.literal(true).exactOptional() }),
      ),
      // Slices were stored without these once.
      meta: z.record(z.string(), z.string()).default(PLAIN.meta),
      taggedAddresses: z
        .record(z.string(), z.object({ address: z.string(), port: z.number() }))
        .default(PLAIN.taggedAddresses),
      weights: z.object({ passing: z.number(), warning: z.number() }).default(PLAIN.weights),
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

/** The operator's files as they were last good; undefined where the file holds something else. */
export function decodeSnippets(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return z.record(z.string(), z.unknown()).safeParse(value).data;
}
