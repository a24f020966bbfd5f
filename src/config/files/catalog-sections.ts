import { z } from "zod";
import { address, durationMs, shortName, text, unique } from "./field-kinds.ts";
import { namespaces } from "./namespaces.ts";

const loginFields = {
  login: z
    .strictObject({
      authMethod: text.describe("name of Consul's auth method, of type `jwt`"),
      jwtFile: text.describe("file with the JWT, usually a workload identity that Nomad writes and renews"),
      meta: z
        .record(text, z.string())
        .default({})
        .describe("names and values that Consul shows with the token, for instance the node"),
    })
    .exactOptional()
    .describe("log in with a JWT in place of a token that an operator has to make: [identity.md](identity.md)"),
};

function tokenFields() {
  return {
    token: text.exactOptional().describe("ACL token; prefer `tokenFile` or the environment"),
    tokenFile: text
      .exactOptional()
      .describe("file with the ACL token, read again when it changes and when a token is refused; wins over `token`"),
  };
}

/** Which certificates are trusted and shown, for a section that names an address. */
export function tlsFields(product: string) {
  return {
    tls: z
      .strictObject({
        caFile: text
          .exactOptional()
          .describe(`PEM file with the authorities that may have signed ${product}'s certificate`),
        certFile: text.exactOptional().describe("PEM file with our client certificate"),
        keyFile: text.exactOptional().describe("PEM file with our client certificate's key"),
        serverName: text.exactOptional().describe(`name to expect in ${product}'s certificate`),
        insecureSkipVerify: z.boolean().default(false).describe("accept any certificate: for trying things out only"),
      })
      .prefault({}),
  };
}

/**
 * @param limit what the product says about connections
 * @param strategies `auto`, and the product's by name
 */
function connectionFields<const S extends readonly ["auto", ...string[]]>(
  product: string,
  { budget, limit }: { readonly budget: number; readonly limit: string },
  strategies: S,
) {
  return {
    ...tlsFields(product),
    wait: durationMs("60s").describe(
      `how long ${product} may hold a blocking query, longer where there are very many; keep it below the idle timeout of any proxy in between`,
    ),
    connectionBudget: z
      .number()
      .int()
      .min(8)
      .default(budget)
      .describe(`most connections to ${product} at a time; ${limit}`),
    strategy: z
      .enum(strategies)
      .default("auto")
      .describe("how changes are watched; `auto` takes what costs the catalog least and fits into the connections"),
    resync: durationMs("5m").describe("how often everything is read again beside the watch, as a second net"),
    maxStale: durationMs("30s").describe(
      `an answer of a server that last heard from its leader longer ago is not believed: what was read before stays`,
    ),
    parallelReads: z.number().int().min(1).max(64).default(8).describe("most plain reads at a time"),
  };
}

const consulFields = z.strictObject({
  address: address
    .prefault("http://127.0.0.1:8500")
    .describe(
      "Consul's HTTP API: a URL, or `unix://` and a socket's path; `CONSUL_HTTP_SSL=true` makes it https where no scheme is named",
    ),
  ...tokenFields(),
  ...loginFields,
  datacenter: text.exactOptional().describe("datacenter to ask for; default: the agent's own"),
  namespace: text.exactOptional().describe("Consul Enterprise namespace"),
  partition: text.exactOptional().describe("Consul Enterprise admin partition"),
  cached: z
    .boolean()
    .default(false)
    .describe("let the local agent answer from its cache, which several of its clients share (Consul 1.10 and later)"),
  ...connectionFields(
    "Consul",
    { budget: 64, limit: "Consul allows 200 a client address and shares them with Nomad" },
    ["auto", "per-service", "multiplexed", "per-node", "sweep"],
  ),
});

const draining = z
  .enum(["leave", "keep"])
  .default("leave")
  .describe(
    "what becomes of an instance whose allocation is to be moved elsewhere: `leave`: no traffic as soon as others of its service serve all that it serves; `keep`: it is as good as any until it is stopped",
  );

const nomadFields = z.strictObject({
  address: address
    .exactOptional()
    .describe(
      "Nomad's HTTP API, as for Consul; naming it charts Nomad's native services in place of Consul's, usually `http://127.0.0.1:4646`",
    ),
  ...tokenFields(),
  region: text.exactOptional().describe("region to ask; default: the agent's own"),
  namespace: namespaces
    .exactOptional()
    .describe(
      "namespace to read, a list of them, or `*` for all that the token may read; default: Nomad's own `default`",
    ),
  health: z
    .enum(["checks", "deployment", "none"])
    .default("checks")
    .describe(
      "which instances get traffic: `checks`: those whose checks succeed, where their allocations have any; `deployment`: those that their deployment has found healthy; `none`: all that are registered, as by Traefik. What the token may not read falls back, and the log says so",
    ),
  draining,
  ...connectionFields("Nomad", { budget: 32, limit: "Nomad allows 100 a client address" }, [
    "auto",
    "per-service",
    "multiplexed",
    "stream",
    "sweep",
  ]),
});

/** Consul: the catalog that is watched unless Nomad's address is named. */
export const consulSection = consulFields.prefault({});

/** Nomad's native services. It has no default address, because naming one chooses Nomad. */
export const nomadSection = nomadFields.prefault({});

/** Nomads that are asked what they have given to whom, and not charted. */
export const schedulerList = z
  .array(
    z.strictObject({
      address: address.prefault("http://127.0.0.1:4646").describe("Nomad's HTTP API, as for `nomad.address`"),
      tokenFile: text
        .exactOptional()
        .describe(
          "file with an ACL token that has `node:read` and `read-job`, read again when it changes and when it is refused",
        ),
      region: text.exactOptional().describe("region to ask; default: the agent's own"),
      draining,
      ...tlsFields("Nomad"),
    }),
  )
  .min(1)
  .exactOptional()
  .describe(
    "Nomads that run the services of the catalogs, asked which ports are dynamic, and of which job an allocation is and whether it is a canary; default: the catalogs that are Nomad's. No variables count for them. Until 0.1.0 called `ports.nomad`, which is still read",
  );

const namedCatalog = z
  .strictObject({
    name: shortName.describe("what logs, metrics, the status and the state directory call it"),
    consul: consulFields
      .exactOptional()
      .meta({ description: "a Consul catalog, with the fields of `consul` above", isDescribedElsewhere: true }),
    nomad: nomadFields
      .extend({ address: address.prefault("http://127.0.0.1:4646") })
      .exactOptional()
      .meta({
        description:
          "or Nomad's native services, with the fields of `nomad` above; the address has its usual default here",
        isDescribedElsewhere: true,
      }),
  })
  .refine(({ consul, nomad }) => (consul === undefined) !== (nomad === undefined), {
    message: "exactly one of consul and nomad is allowed; `consul: {}` is one at its usual address",
  });

/** Several catalogs, charted together. */
export const catalogList = z
  .array(namedCatalog)
  .min(1)
  .superRefine(unique("name", "catalog"))
  .exactOptional()
  .describe("several catalogs in one chart, in place of `consul` and `nomad`; their variables do not count then");
