import { z } from "zod";
import { name, numberUpTo } from "../parameters.ts";
import { defineResource } from "../resource.ts";

const version = z.object({
  chart: z.string(),
  number: z.number(),
  publishedAt: z.string(),
  hash: z.string(),
  changes: z.string().describe("what changed with it, in words"),
  isRolledBackTo: z.boolean().describe("it is in force since a rollback"),
});

/** The versions of charts that are kept. */
export const HISTORY = defineResource({
  path: "/v1/history",
  summary: "the versions of the charts that are kept, the newest first",
  query: z.strictObject({
    chart: name.exactOptional().describe("those of this chart: `main`, or an edge's name"),
  }),
  answer: z.object({ versions: z.array(version) }),
});

const kind = z.enum(["added", "removed", "changed"]);

const resource = z.object({
  key: z.string().describe("section and name: `http/middlewares/gate`"),
  label: z.string(),
  kind,
  rule: z.string().exactOptional().describe("of a router that goes"),
  fields: z.array(
    z.object({
      name: z.string(),
      kind,
      before: z.string().exactOptional(),
      after: z.string().exactOptional(),
      isSecret: z.literal(true).exactOptional().describe("it is another secret, which is not shown"),
    }),
  ),
});

const MOST_VERSION = 9_999_999_999;

/** What differs between two versions of a chart. */
export const DIFF = defineResource({
  path: "/v1/diff",
  summary: "what differs between two versions of a chart, by router",
  query: z.strictObject({
    to: numberUpTo(MOST_VERSION).describe("the version"),
    from: z
      .literal("current")
      .or(numberUpTo(MOST_VERSION))
      .exactOptional()
      .describe("the version to compare it with, or `current`: the chart in force; default: the version before it"),
    chart: name.default("main").describe("the chart: `main`, or an edge's name"),
  }),
  answer: z.object({
    chart: z.string(),
    from: z.literal("current").or(z.number()),
    to: z.number(),
    counts: z.object({ added: z.number(), removed: z.number(), changed: z.number() }).describe("of routers"),
    routers: z.array(
      z.object({
        key: z.string(),
        label: z.string(),
        kind,
        resources: z.array(z.string()).describe("the keys of what differs: the router itself first, where it does"),
      }),
    ),
    resources: z.array(resource).describe("each thing that differs, once"),
    others: z.array(z.string()).describe("the keys of those that no router leads to"),
  }),
});

export type VersionRow = z.infer<typeof version>;
export type HistoryAnswer = z.infer<typeof HISTORY.answer>;
export type DiffQuery = z.output<typeof DIFF.query>;
export type DiffAnswer = z.infer<typeof DIFF.answer>;
