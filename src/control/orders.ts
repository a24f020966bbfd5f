import { z } from "zod";

/**
 * An order that a running portolan takes over its control socket. A new one is a row here, an action in
 * app/control-actions.ts that does it, and a command that gives it.
 */
export interface Order<Parameters, Answer> {
  /** Method and path. */
  readonly route: string;
  readonly parameters: z.ZodType<Parameters>;
  /** How parameters of another form are refused; default: E_CONTROL_BODY. */
  readonly malformed?: { readonly code: string; readonly message: string };
  readonly answer: z.ZodType<Answer>;
}

function defineOrder<Parameters, Answer>(order: Order<Parameters, Answer>): Order<Parameters, Answer> {
  return order;
}

/** Of an order that takes none: whatever is sent is ignored. */
const NO_PARAMETERS = z.unknown();

/** A hold or a rollback that has ended. */
const released = z.object({
  chart: z.string(),
  catalog: z.string().exactOptional(),
  kind: z.string(),
  /** Of a rollback. */
  version: z.number().exactOptional(),
  routers: z.array(z.string()),
});

export type Released = z.infer<typeof released>;

/**
 * Ends what is held and rollbacks, in all charts; or of what is held only these routers, by their names as `HOLDS` has them;
 * or (`kept`) what services keep by their tags in place of these. Answers with what has ended. Parameters of another form are
 * refused: a misspelt one must not end everything.
 */
export const RELEASE = defineOrder({
  route: "POST /v1/release",
  parameters: z
    .strictObject({ kept: z.boolean().exactOptional(), routers: z.array(z.string()).min(1).exactOptional() })
    .or(z.undefined().transform((): { kept?: boolean; routers?: string[] } => ({}))),
  malformed: {
    code: "E_RELEASE",
    message: 'a release is nothing at all, {"kept": true}, or {"routers": ["NAME", …]}',
  },
  answer: z.object({ released: z.array(released) }),
});

/** Publishes an earlier version of a chart again; answers with the chart and the version. */
export const ROLLBACK = defineOrder({
  route: "POST /v1/rollback",
  parameters: z.strictObject({ number: z.int().positive(), chart: z.string().exactOptional() }),
  malformed: {
    code: "E_ROLLBACK",
    message: 'a rollback is {"number": N, "chart": "NAME"}; the chart may be left out',
  },
  answer: z.object({ chart: z.string(), version: z.number() }),
});

/** Lists the versions of all charts that are kept, the newest first. */
export const VERSIONS = defineOrder({
  route: "GET /v1/versions",
  parameters: NO_PARAMETERS,
  answer: z.object({
    charts: z.array(
      z.object({
        chart: z.string(),
        rolledBackTo: z.number().nullable(),
        versions: z.array(
          z.object({ number: z.number(), publishedAt: z.string(), hash: z.string(), reason: z.string() }),
        ),
      }),
    ),
  }),
});
