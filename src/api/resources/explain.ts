import { z } from "zod";
import { defineResource } from "../resource.ts";
import { INSTANCE_LABEL } from "./instance-label.ts";

/* The answers of core/explain/answer.ts, field by field: what answers a request, and what prints an answer, would not compile
with another form. */

/** How long a question may be: more is no name that anything has, and no URL that a server takes. */
const MOST_ASKED = 2_000;

const STATES = ["routed", "partly", "kept", "answers-503", "refused-by-traefik", "not-routed", "unknown"] as const;

const STAGES = [
  ...(["catalog", "damping", "exposure", "health", "tags", "port", "policy", "turn"] as const),
  ...(["name", "references", "budget", "host", "borrowing", "chart", "traefik"] as const),
] as const;

const verdict = z.object({ state: z.enum(STATES), says: z.string() });

export const REASON = z.object({
  stage: z.enum(STAGES).describe("at which stage of a pass it was decided"),
  code: z.string().describe("a code of docs/diagnostics.md, or one of docs/explain.md"),
  message: z.string(),
  remedy: z.string(),
  tag: z.string().exactOptional(),
  spot: z
    .object({ in: z.enum(["key", "value"]), text: z.string().exactOptional(), offset: z.number().exactOptional() })
    .exactOptional(),
  instance: z.object(INSTANCE_LABEL).exactOptional(),
});

const instance = z.object({
  ...INSTANCE_LABEL,
  datacenter: z.string(),
  address: z.string(),
  port: z.number(),
  health: z.string(),
  checks: z.array(z.object({ name: z.string(), status: z.string(), isNodes: z.boolean() })).readonly(),
  tags: z.array(z.object({ tag: z.string(), means: z.string() })).readonly(),
  otherTags: z.number(),
  way: z
    .array(z.object({ stage: z.enum(STAGES), outcome: z.enum(["yes", "no", "waits", "open"]), says: z.string() }))
    .readonly(),
  reasons: z.array(REASON).readonly(),
  isServing: z.boolean(),
});

const router = z.object({
  name: z.string(),
  protocol: z.string(),
  rule: z.string(),
  priority: z.number(),
  entryPoints: z.array(z.string()).readonly(),
  hasTls: z.boolean(),
  owner: z.string(),
  state: z.enum(["live", "held", "kept", "empty", "closed", "asleep", "left-out"]),
  because: z.string().exactOptional(),
  endsAtMs: z.number().exactOptional(),
  servers: z
    .array(z.object({ server: z.string(), id: z.string().exactOptional(), node: z.string().exactOptional() }))
    .readonly(),
  lines: z.array(z.object({ section: z.string(), line: z.string() })).readonly(),
  reasons: z.array(REASON).readonly(),
  rivals: z
    .array(
      z.object({
        router: z.string(),
        owner: z.string(),
        outcome: z.enum(["refused", "preferred", "shares", "shadows"]),
        says: z.string(),
      }),
    )
    .readonly(),
  traefik: z.string(),
  isServedByTraefik: z.boolean(),
});

const askedFor = z.object({ router: z.string(), service: z.string(), reason: REASON });

const service = z.object({
  kind: z.literal("service"),
  service: z.string(),
  verdict,
  reason: REASON.exactOptional(),
  besides: z.array(REASON).readonly(),
  instances: z.array(instance).readonly(),
  routers: z.array(router).readonly(),
});

const answer = z.discriminatedUnion("kind", [
  service,
  z.object({
    kind: z.literal("router"),
    verdict,
    reason: REASON.exactOptional(),
    router,
    services: z.array(service).readonly(),
  }),
  z.object({
    kind: z.literal("host"),
    host: z.string(),
    verdict,
    reason: REASON.exactOptional(),
    owner: z.string().exactOptional(),
    routers: z.array(router).readonly(),
    refused: z.array(askedFor).readonly(),
  }),
  z.object({
    kind: z.literal("url"),
    url: z.string(),
    verdict,
    reason: REASON.exactOptional(),
    routers: z
      .array(z.object({ router, outcome: z.enum(["takes", "may", "loses"]), condition: z.string().exactOptional() }))
      .readonly(),
    refused: z.array(askedFor).readonly(),
    besides: z.array(z.string()).readonly(),
  }),
  z.object({
    kind: z.literal("port"),
    port: z.number(),
    verdict,
    reason: REASON.exactOptional(),
    class: z.string(),
    ledger: z
      .array(
        z.object({
          origin: z.string(),
          ports: z.string(),
          owner: z.string(),
          exposure: z.string(),
          nodes: z.array(z.string()).readonly(),
          purpose: z.string(),
        }),
      )
      .readonly(),
    holders: z
      .array(
        z.object({
          ...INSTANCE_LABEL,
          service: z.string(),
          protocol: z.string(),
          status: z.string(),
          verdict,
          reason: REASON.exactOptional(),
        }),
      )
      .readonly(),
  }),
  z.object({
    kind: z.literal("allocation"),
    allocation: z.string(),
    verdict,
    reason: REASON.exactOptional(),
    services: z.array(service).readonly(),
  }),
  z.object({
    kind: z.literal("unknown"),
    about: z.string(),
    verdict,
    didYouMean: z.array(z.string()).readonly(),
    reasons: z.array(REASON).readonly(),
  }),
]);

/** Why something is routed, or why it is not. */
export const EXPLAIN = defineResource({
  path: "/v1/explain",
  summary: "why a service, a host, a URL, a router, a port or an allocation is routed, or why it is not",
  query: z.strictObject({
    about: z
      .string()
      .min(1, "name a service, a host, a URL, a router, a port or an allocation")
      .max(MOST_ASKED, `at most ${MOST_ASKED} characters are allowed`)
      .describe("what is asked about, such as `wiki` or `https://wiki.example.org/docs`"),
  }),
  answer: z.object({
    about: z.string(),
    charts: z
      .array(
        z.object({
          chart: z.string().describe("`main`, or the edge's name"),
          answers: z.array(answer).describe("several where several things have the name; at most 20"),
        }),
      )
      .readonly(),
  }),
});

export type Explained = z.output<typeof EXPLAIN.answer>;
