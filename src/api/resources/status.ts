import { z } from "zod";
import { defineResource } from "../resource.ts";
import { HOLD_KINDS, ROUTE_STATES, SEVERITIES } from "./words.ts";

const trouble = z.object({ code: z.string(), message: z.string() });

/** What a Traefik made of a chart. */
const traefik = z.object({
  api: z.string().describe("its API's address"),
  error: trouble
    .extend({ since: z.string() })
    .nullable()
    .describe("why it cannot be read; the rest is what it told last"),
  version: z.string().nullable(),
  readAt: z.string().nullable(),
  chart: z
    .enum(["taken", "waiting", "behind", "nothing"])
    .nullable()
    .describe(
      "`waiting`: it has time to load the chart; after that it has an earlier one (`behind`), or nothing of it",
    ),
  entryPoints: z.array(z.string()),
  entryPointAddresses: z.record(z.string(), z.string()).describe("by name, as Traefik has them: `:443`"),
  certResolvers: z.array(z.string()).readonly().nullable().describe("null where the API does not show them"),
  flaws: z.number().describe("routers, services and middlewares that it has disabled, lacks or has otherwise"),
});

/** One chart, counted. */
const chart = z.object({
  output: z.string().describe("the chart's path"),
  generation: z.number().describe("publications since the start"),
  hash: z.string().nullable().describe("the first 16 digits of the SHA-256 of its text"),
  publishedAt: z.string().nullable(),
  routers: z.number(),
  services: z.number(),
  middlewares: z.number(),
  states: z.record(z.enum(ROUTE_STATES), z.number()).describe("how many routers are in each state"),
  holds: z.array(
    z.object({
      catalog: z.string().nullable(),
      kind: z.enum(HOLD_KINDS),
      routers: z.number(),
      since: z.string(),
      ends: z.string().nullable(),
    }),
  ),
  rollback: z.object({ version: z.number(), since: z.string(), withheldChanges: z.number() }).nullable(),
  standbyFor: z.string().nullable().describe("the other portolan that writes this chart"),
  writeError: trouble.nullable().describe("why it cannot be written"),
  stateError: trouble
    .nullable()
    .describe("why what it knows cannot be stored: routes go on, a restart would know less"),
  directoryError: z.object({ file: z.string(), message: z.string() }).nullable(),
  traefik: traefik
    .nullable()
    .describe("what the Traefik that reads it makes of it; null where its API is not asked (`traefik.api`)"),
  diagnostics: z.array(z.object({ code: z.string(), severity: z.enum(SEVERITIES), count: z.number() })),
});

/** A catalog that is read. */
const source = z.object({
  name: z.string().nullable().describe("as the settings call it, where they list several"),
  source: z.string().describe("product, address and what of it is read"),
  ageSeconds: z.number().nullable().describe("since its last good answer"),
  services: z.number(),
  strategy: z.string().describe("how it is watched"),
  strategyReason: z.string(),
  openRequests: z.number(),
  connectionBudget: z.number(),
  shortage: z.object({ allowed: z.number(), since: z.string(), limit: z.string() }).nullable(),
  signs: z.array(z.string()).readonly().describe("why it may not show all it has"),
  signsInWords: z.array(z.string()).readonly().describe("the same in words"),
  missedChanges: z.number(),
  indexResets: z.number(),
  answerAgeSeconds: z.number().nullable(),
  consecutiveFailures: z.number(),
  failingSeconds: z.number().nullable(),
  failingSince: z.string().nullable().describe("since when requests fail; null while none does"),
  lastError: trouble.nullable(),
  eventStream: z.object({ state: z.string(), open: z.number(), reopened: z.number() }).nullable(),
  health: z
    .object({ wanted: z.string(), used: z.string() })
    .nullable()
    .describe("by what Nomad's services count as fit: nomad.health, and what the token lets be used of it"),
});

/** How the running portolan stands. */
export const STATUS = defineResource({
  path: "/v1/status",
  summary: "whether it is ready and why not, its sources, and its charts in numbers",
  query: z.strictObject({}),
  answer: z.object({
    version: z.string(),
    uptimeSeconds: z.number(),
    ready: z.boolean(),
    reasons: z.array(z.string()).readonly(),
    stateDir: z.string().describe("where its control socket is, which takes orders"),
    sources: z.array(source),
    chart: chart,
    edges: z.array(z.object({ name: z.string(), chart: chart.describe("as `chart`") })).describe("further charts"),
    dynamicPorts: z.object({ ports: z.string(), origin: z.string() }),
    ingress: z
      .array(
        z.object({ node: z.string(), address: z.string().describe("or the node's name, where the ledger has none") }),
      )
      .describe("the load balancer's nodes by the ledger, from the first pass on"),
    serve: z.string().nullable().describe("where charts are served to other machines"),
  }),
});

export type StatusAnswer = z.infer<typeof STATUS.answer>;
export type ChartSummary = z.infer<typeof chart>;
export type TraefikSummary = z.infer<typeof traefik>;
export type SourceSummary = z.infer<typeof source>;
