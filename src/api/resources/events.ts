import { z } from "zod";
import { name, numberUpTo } from "../parameters.ts";
import { defineResource } from "../resource.ts";

const event = z.object({
  id: z.number().describe("greater than that of every event before it, also over a restart"),
  at: z.string(),
  chart: z.string(),
  event: z.string().describe("as in docs/events.md"),
  message: z.string().describe("the line of the log"),
  router: z.string().nullable().describe("of a `route.…` event"),
  service: z
    .string()
    .nullable()
    .describe("the catalog's service that the router belongs to, or that a diagnostic is about"),
  hosts: z.array(z.string()).readonly().describe("that the router's rule can match, the first 50; `*` is any"),
  publication: z
    .object({
      generation: z.number().describe("as `chart.generation` of the status"),
      hash: z.string().describe("as `hash` of the chart, and of its version where one is kept"),
    })
    .nullable()
    .describe("the publication that it came with"),
});

const seconds = z.coerce
  .number({ error: "a number of seconds from 0 to 8 is allowed" })
  .min(0, "a number of seconds from 0 to 8 is allowed")
  .max(8, "a number of seconds from 0 to 8 is allowed");

/** What happens to routes and charts. */
export const EVENTS = defineResource({
  path: "/v1/events",
  summary:
    "what happened to routes, charts, holds and ports lately, and what was found wrong; and waits for what happens next",
  query: z.strictObject({
    after: z.coerce
      .number({ error: "`last` of the answer before is allowed" })
      .int()
      .min(0)
      .default(0)
      .describe("those behind this id: `last` of the answer before"),
    wait: seconds.default(0).describe("where there is none yet, wait so many seconds for one, up to 8"),
    limit: numberUpTo(500).default(500).describe("how many at most, the newest"),
    host: name.exactOptional().describe("of routers, those that can match this host"),
    service: name.exactOptional().describe("of routers and diagnostics, those of this service"),
    router: name.exactOptional().describe("of routers, those of this name"),
    chart: name.exactOptional().describe("those of this chart: `main`, or an edge's name"),
  }),
  answer: z.object({
    events: z.array(event).describe("the oldest first; what is about a whole chart whatever router is asked for"),
    last: z.number().describe("`after` of the next request"),
    isComplete: z
      .boolean()
      .describe("whether all behind `after` are here: only the latest 500 are kept, and none over a restart"),
  }),
});

export type EventRow = z.infer<typeof event>;
export type EventsQuery = z.output<typeof EVENTS.query>;
export type EventsAnswer = z.infer<typeof EVENTS.answer>;
