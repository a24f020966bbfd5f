import { z } from "zod";
import { name, oneOf, PAGE, PAGED } from "../parameters.ts";
import { defineResource } from "../resource.ts";
import { INSTANCE_LABEL } from "./instance-label.ts";
import { ROUTE_STATES } from "./words.ts";

/** An instance behind a server, where it is known. */
const instance = z.object({
  server: z.string(),
  ...INSTANCE_LABEL,
  health: z
    .string()
    .describe("`passing`, `warning`, `critical` and their kind, as explain tells it; `unknown` where nothing does"),
  links: z.object({ consul: z.string().exactOptional(), nomad: z.string().exactOptional() }).exactOptional(),
});

const route = z.object({
  id: z.string().describe("chart, section and name, for `after`"),
  chart: z.string(),
  router: z.string(),
  protocol: z.enum(["http", "tcp", "udp"]),
  rule: z.string().describe("without secrets; empty for UDP"),
  hosts: z.array(z.string()).describe("that the rule can match; `*` is any"),
  paths: z.array(z.string()).describe("that the rule can match; none where it takes all"),
  entryPoints: z.array(z.string()).describe("none where Traefik's default ones count"),
  service: z.string().describe("Traefik's, which the router leads to"),
  servers: z.array(z.string()),
  state: z.enum(ROUTE_STATES),
  since: z.string().describe("since when it has been in this state"),
  isSinceStart: z.boolean().describe("it was so before this portolan started, which does not know since when"),
  owner: z.string().nullable().describe("the catalog's service that it belongs to"),
  definedIn: z.string().nullable().describe("the operator's file or setting that defines it"),
  dashboard: z
    .string()
    .exactOptional()
    .describe("the router in Traefik's dashboard, where `links.traefik` says where that is"),
  instances: z.array(instance),
});

/** The routers of all charts. */
export const ROUTES = defineResource({
  path: "/v1/routes",
  summary: "the published routers, in the order of chart, protocol and name",
  query: z.strictObject({
    host: name.exactOptional().describe("those whose rule can match this host"),
    service: name
      .exactOptional()
      .describe("those of this service of the catalog, or that lead to Traefik's of this name"),
    router: name.exactOptional().describe("those of this name"),
    state: oneOf(ROUTE_STATES).exactOptional().describe("those in this state"),
    chart: name.exactOptional().describe("those of this chart: `main`, or an edge's name"),
    ...PAGE,
  }),
  answer: z.object({ routes: z.array(route), ...PAGED }),
});

export type RouteRow = z.infer<typeof route>;
export type RoutesQuery = z.output<typeof ROUTES.query>;
export type RoutesAnswer = z.infer<typeof ROUTES.answer>;
