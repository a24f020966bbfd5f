import { z } from "zod";
import { address, durationMs, shortName, text, unique } from "./field-kinds.ts";

function tokenFields() {
  return {
    token: text.exactOptional().describe("ACL token; prefer `tokenFile` or the environment"),
    tokenFile: text
      .exactOptional()
      .describe(
        "file with the ACL token, read for every request, so that a rotated token counts at once; wins over `token`",
      ),
  };
}

/** @param limit what the product says about connections */
function connectionFields(product: string, limit: string) {
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
    wait: durationMs("60s").describe(
      `how long ${product} may hold a blocking query; keep it below the idle timeout of any proxy in between`,
    ),
    connectionBudget: z
      .number()
      .int()
      .min(8)
      .default(64)
      .describe(`most connections to ${product} at a time; ${limit}`),
    parallelReads: z.number().int().min(1).max(64).default(8).describe("most plain reads at a time"),
  };
}

const consulFields = z.strictObject({
  address: address
    .prefault("http://127.0.0.1:8500")
    .describe("Consul's HTTP API: a URL, or `unix://` and a socket's path"),
  ...tokenFields(),
  datacenter: text.exactOptional().describe("datacenter to ask for; default: the agent's own"),
  namespace: text.exactOptional().describe("Consul Enterprise namespace"),
  partition: text.exactOptional().describe("Consul Enterprise admin partition"),
  ...connectionFields("Consul", "Consul allows 200 a client address and shares them with Nomad"),
});

const nomadFields = z.strictObject({
  address: address
    .exactOptional()
    .describe(
      "Nomad's HTTP API, as for Consul; naming it charts Nomad's native services in place of Consul's, usually `http://127.0.0.1:4646`",
    ),
  ...tokenFields(),
  region: text.exactOptional().describe("region to ask; default: the agent's own"),
  namespace: text
    .exactOptional()
    .describe("namespace to read; `*` for all that the token may read; default: Nomad's own `default`"),
  ...connectionFields("Nomad", "Nomad allows 100 a client address"),
});

/** Consul: the catalog that is watched unless Nomad's address is named. */
export const consulSection = consulFields.prefault({});

/** Nomad's native services. It has no default address, because naming one chooses Nomad. */
export const nomadSection = nomadFields.prefault({});

const namedCatalog = z
  .strictObject({
    name: shortName.describe("what logs, metrics, the status and the state directory call it"),
    consul: consulFields.exactOptional().describe("a Consul catalog, with the fields of `consul` above"),
    nomad: nomadFields
      .extend({ address: address.prefault("http://127.0.0.1:4646") })
      .exactOptional()
      .describe("or Nomad's native services, with the fields of `nomad` above; the address has its usual default here"),
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
