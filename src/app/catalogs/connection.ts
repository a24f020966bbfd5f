import { systemClock } from "../../base/clock.ts";
import type { CatalogClient } from "../../sources/catalog/catalog-client.ts";
import type { Product } from "../../sources/catalog/product.ts";
import type { CredentialReporter } from "../../sources/credentials/credential-reporter.ts";
import type { TokenReader } from "../../sources/credentials/token.ts";
import { createTokenFile } from "../../sources/credentials/token-file.ts";
import type { CatalogConnection } from "../../sources/http/catalog-http.ts";
import { openEndpoint } from "../../sources/http/client/endpoint.ts";
import { openConnections } from "../../sources/http/client/open.ts";
import { createConnectionBudget } from "../../sources/http/connection-budget.ts";
import { createVisibility } from "../../sources/watch/visibility.ts";
import type { WatchedSourceOptions } from "../../sources/watch/watched-source.ts";
import type { ChosenCatalog } from "./chosen.ts";
import type { SourceParts } from "./parts.ts";

/** The largest answer that is read: the largest one that is expected, a service with thousands of instances, has 2 MB. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/** What every client and every source gets from a catalog's settings. */
export interface Connection {
  readonly client: CatalogConnection;
  readonly source: Pick<
    WatchedSourceOptions<CatalogClient>,
    "budget" | "visibility" | "parallelReads" | "resyncMs" | "strategy" | "clock" | "random" | keyof SourceParts
  >;
}

/** The part of a section of the settings by which a client asks. */
export type ClientSettings = Pick<
  ChosenCatalog["settings"],
  "address" | "token" | "tokenFile" | "tls" | "wait" | "connectionBudget" | "maxStale"
>;

/**
 * What a client needs to ask a product. Opens no connection yet. Throws AppError (exit code 78) where a TLS file cannot be used.
 *
 * @param answered is called with what each answer says about itself
 */
export function clientConnection(
  settings: ClientSettings,
  product: Product,
  reporter: Pick<SourceParts["reporter"], "requested"> & CredentialReporter,
  answered: CatalogConnection["answered"] = () => {},
): CatalogConnection {
  const { connectionBudget, wait, maxStale } = settings;
  const endpoint = openEndpoint(settings.address, settings.tls, product, { clock: systemClock, reporter });
  const connections = openConnections(endpoint, connectionBudget);
  return {
    connections,
    budget: createConnectionBudget(connectionBudget, {
      requestsPerConnection: () => connections.requestsPerConnection,
      nowMs: () => systemClock.nowMs(),
    }),
    // Since the process began, by which the catalog may still hold queries of the one before.
    ageMs: () => performance.now(),
    readToken: tokenReader(settings, product, reporter),
    waitMs: wait,
    maxStaleMs: maxStale,
    maxAnswerBytes: MAX_ANSWER_BYTES,
    requested: (path) => reporter.requested(path),
    answered,
  };
}

/**
 * What a source and its client need to watch a catalog. Opens no connection yet. Throws AppError (exit code 78) where a TLS
 * file cannot be used.
 */
export function connectionTo(settings: ChosenCatalog["settings"], product: Product, parts: SourceParts): Connection {
  const { parallelReads, resync, strategy } = settings;
  const visibility = createVisibility(product.serversName);
  const client = clientConnection(settings, product, parts.reporter, (facts) => visibility.saw(facts));
  return {
    client,
    source: {
      ...parts,
      budget: client.budget,
      visibility,
      parallelReads,
      resyncMs: resync,
      ...(strategy === "auto" ? {} : { strategy }),
      clock: systemClock,
      random: Math.random,
    },
  };
}

/** A token file wins over a token, as in Consul's own tools: Nomad sets both for a task with a workload identity. */
function tokenReader(
  { token = "", tokenFile }: ClientSettings,
  { section }: Product,
  reporter: CredentialReporter,
): TokenReader {
  if (tokenFile === undefined) return () => token;
  return createTokenFile({ setting: `${section}.tokenFile`, path: tokenFile, token, clock: systemClock, reporter });
}
