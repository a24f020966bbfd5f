import { z } from "zod";
import { EXPOSURES, PORT_SCOPES, PROTOCOLS } from "../../../core/ports/ledger/ledger.ts";
import { isMetricsPath, METRICS_PATH_ALLOWED, METRICS_SCHEMES } from "../../../core/ports/ledger/metrics-endpoint.ts";
import { text } from "../field-kinds.ts";
import { networks } from "../networks.ts";
import { portRange } from "../port-range.ts";
import { clientPattern, servicePatterns } from "../service-pattern.ts";
import { endpointHost, variables } from "./environment.ts";

const entry = z.strictObject({
  ports: portRange,
  protocol: z.enum([...PROTOCOLS, "both"]).default("tcp"),
  owner: servicePatterns.describe(
    "service of the catalog, or what else has the port; several as a list, `*` stands for any characters",
  ),
  namespace: text.exactOptional(),
  exposure: z.enum(EXPOSURES).describe("from where it may be reached; `ingress` may be routed, `never` never is"),
  nodes: z.array(text).min(1).exactOptional().describe("only there; default: everywhere"),
  from: z.array(z.string()).exactOptional().describe("networks that may reach it, by name or as such"),
  clients: z
    .array(clientPattern)
    .min(1)
    .exactOptional()
    .describe("services that connect to it: their nodes may reach it"),
  env: variables("env")
    .exactOptional()
    .describe("variables of the owner's process, `{port}` in them; default: OWNER_PORT"),
  clientEnv: variables("clientEnv")
    .exactOptional()
    .describe("variables of its clients, `{host}` and `{port}` in them; default: OWNER_ENDPOINT"),
  internalPort: z
    .number()
    .int()
    .min(1)
    .max(65_535)
    .exactOptional()
    .describe("what the process listens on at an address of its own, where `ports` is the node's"),
  scope: z
    .enum(PORT_SCOPES)
    .exactOptional()
    .describe("where it is the owner's alone; default: the group's, or the ledger's"),
  purpose: text,
  status: z.enum(["reserved", "active"]).exactOptional(),
  scheme: z
    .string()
    .regex(/^[a-z][a-z0-9+.-]*$/, { message: "a scheme such as http, https or postgres is allowed" })
    .exactOptional(),
  metrics: z
    .literal(true)
    .or(
      z.strictObject({
        path: z
          .string()
          .refine(isMetricsPath, { message: `${METRICS_PATH_ALLOWED} is allowed` })
          .default("/metrics"),
        scheme: z.enum(METRICS_SCHEMES).default("http"),
      }),
    )
    .exactOptional()
    .describe("it has metrics: Prometheus is told of a target on each of its nodes; for what never registers"),
});

const group = z.strictObject({
  name: text,
  ports: portRange,
  spacing: z.number().int().min(1).default(1),
  scope: z.enum(PORT_SCOPES).exactOptional().describe("of its entries that have none; default: the ledger's"),
  purpose: text,
});

/** The schema of a ledger's file. */
export const ledgerFile = z.strictObject({
  scope: z.enum(PORT_SCOPES).default("node").describe("`cluster`: a port that is taken on any node is taken on all"),
  range: portRange.exactOptional(),
  nodes: z.record(text, text).default({}),
  ingress: z.array(text).default([]),
  networks: networks.prefault([]).describe("the site's own, as a list, or by name"),
  endpointHost: endpointHost
    .exactOptional()
    .describe("where clients find a service, for `portolan env`; default: `{owner}.service.consul`"),
  groups: z.array(group).default([]),
  ports: z.array(entry).default([]),
});

export type LedgerFile = z.infer<typeof ledgerFile>;
